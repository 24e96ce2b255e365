package hma

import (
	"net/http"
	"slices"
	"strings"

	"github.com/staydown/staydown"
)

// The two kinds of content, which are also the names of the fields of an upload.
const (
	photo = "photo"
	video = "video"
)

// signalType is a kind of signal under HMA's name.
type signalType struct {
	name    string
	kind    string // ours
	content string // the kind of file it is made of; empty: it comes as a value only
	usual   bool   // made without being asked for, as HMA's own configuration has it
}

var signalTypes = []signalType{
	{name: "pdq", kind: staydown.SignalPDQ, content: photo, usual: true},
	{name: "video_md5", kind: staydown.SignalMD5, content: video, usual: true},
	{name: "video_sha256", kind: staydown.SignalSHA256, content: video},
	{name: "text_tlsh", kind: staydown.SignalTLSH},
	{name: "url", kind: staydown.SignalURL},
	{name: "url_md5", kind: staydown.SignalURLMD5},
}

func typeNamed(name string) (signalType, error) {
	i := slices.IndexFunc(signalTypes, func(t signalType) bool { return t.name == name })
	if i < 0 {
		return signalType{}, bad("No such SignalType '" + name + "'")
	}
	return signalTypes[i], nil
}

// typesFor lists the types that are made of a file of this kind: those asked for, or
// the usual ones.
func typesFor(content, asked string) (out []signalType, err error) {
	if asked == "" {
		for _, t := range signalTypes {
			if t.content == content && t.usual {
				out = append(out, t)
			}
		}
		return out, nil
	}
	for _, name := range listOf(asked) {
		t, err := typeNamed(name)
		if err != nil {
			return nil, err
		}
		if t.content == content && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out, nil
}

// fits reports whether a hit on this kind answers a question of this type: a still
// lies in one space with the frames of videos.
func (t signalType) fits(kind string) bool {
	return kind == t.kind || t.kind == staydown.SignalPDQ && kind == staydown.SignalFrame
}

// contentType tells a kind of content by its name.
func contentType(name string) (string, error) {
	if name != photo && name != video {
		return "", bad("No such content type '" + name + "'")
	}
	return name, nil
}

// contentOf tells the kind of content of a media type; "" where it is neither.
func contentOf(media string) string {
	switch {
	case strings.HasPrefix(media, "image/"):
		return photo
	case strings.HasPrefix(media, "video/"):
		return video
	}
	return ""
}

type signalTypeRow struct {
	Ratio ratio  `json:"enabled_ratio"`
	Name  string `json:"name"`
}

func (s *Surface) signalTypes(q *call) (answer, error) {
	share, err := s.Banks.Switches(q.Context(), q.caller)
	if err != nil {
		return answer{}, err
	}
	out := []signalTypeRow{}
	for _, t := range signalTypes {
		out = append(out, signalTypeRow{ratio(share[t.kind]), t.name})
	}
	return ok(out)
}

// switchSignalType turns a type off (0), or down to a share of requests.
func (s *Surface) switchSignalType(q *call) (answer, error) {
	t, err := typeNamed(q.args[0])
	if err != nil {
		return answer{}, problem{http.StatusNotFound, err.Error()}
	}
	f, err := q.object()
	if err != nil {
		return answer{}, err
	}
	share, err := f.share("enabled_ratio")
	if err != nil {
		return answer{}, err
	}
	if share == nil {
		return answer{}, bad("Field 'enabled_ratio' is required")
	}
	if err := s.Banks.Switch(q.Context(), q.caller, t.kind, *share); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, nil
}

type contentTypeRow struct {
	Enabled bool   `json:"enabled"`
	Name    string `json:"name"`
}

func (s *Surface) contentTypes(*call) (answer, error) {
	return ok([]contentTypeRow{{true, photo}, {true, video}})
}
