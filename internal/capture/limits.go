package capture

import "time"

// Limits bound what one capture may take. Zero fields mean the standard ones.
type Limits struct {
	Page      int64         // bytes of a page, after decompression
	Medium    int64         // bytes of one medium, after decompression
	AllMedia  int64         // bytes of all media together
	Media     int           // how many media are fetched
	Redirects int           // how many redirects are followed
	Ratio     int64         // how much longer a body may become by decompression, beyond its first MiB
	Exchange  time.Duration // for one request and its response
	Whole     time.Duration // for the whole capture
}

// Standard are the limits of an ordinary capture.
func Standard() Limits {
	return Limits{
		Page: 8 << 20, Medium: 64 << 20, AllMedia: 128 << 20, Media: 8, Redirects: 10, Ratio: 200,
		Exchange: 30 * time.Second, Whole: 2 * time.Minute,
	}
}

// withDefaults fills what the caller left open.
func (l Limits) withDefaults() Limits {
	s := Standard()
	l.Page = orElse(l.Page, s.Page)
	l.Medium = orElse(l.Medium, s.Medium)
	l.AllMedia = orElse(l.AllMedia, s.AllMedia)
	l.Media = orElse(l.Media, s.Media)
	l.Redirects = orElse(l.Redirects, s.Redirects)
	l.Ratio = orElse(l.Ratio, s.Ratio)
	l.Exchange = orElse(l.Exchange, s.Exchange)
	l.Whole = orElse(l.Whole, s.Whole)
	return l
}

// orElse is n, or the default when n is not set.
func orElse[N int | int64 | time.Duration](n, otherwise N) N {
	if n <= 0 {
		return otherwise
	}
	return n
}

// maxHead bounds the header of a request or response, in bytes.
const maxHead = 64 << 10
