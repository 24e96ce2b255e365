package evidence

import "github.com/staydown/staydown"

// Origin says how an exhibit came into the vault.
type Origin struct {
	Tool    string // name and version of what fetched or read it
	Vantage string // from where it was fetched; empty for a file handed in
	Why     string // who asked and what for
}

// Collected is the first entry in the custody of an exhibit: what it is, how it
// came in, and the hashes by which it will be known again. The address it came
// from and the reason may hold personal data, so they can be erased.
func Collected(e staydown.Exhibit, o Origin) staydown.Event {
	return staydown.Event{
		Stream: staydown.Acts, At: e.KeptAt, Circle: e.Circle, Act: "collect", Noun: "exhibit", Subject: e.ID,
		Data: map[string]any{
			"item": e.Item, "capture": e.Capture, "kind": e.Kind, "sha256": e.SHA256, "md5": e.MD5,
			"bytes": e.Bytes, "media_type": e.MediaType, "tool": o.Tool, "vantage": o.Vantage,
		},
		Personal: map[string]string{"url": e.URL, "why": o.Why},
	}
}

// Viewed is the entry for somebody who looked at an exhibit, as a still or in
// text. It is access, not an act.
// Law: LED 25.
func Viewed(e staydown.Exhibit, as Variant) staydown.Event {
	return touched(e, staydown.Access, "view", map[string]any{"sha256": e.SHA256, "as": string(as)})
}

// Exported is the entry for an exhibit whose bytes left the vault.
// Law: LED 25.
func Exported(e staydown.Exhibit, to string) staydown.Event {
	return touched(e, staydown.Access, "export", map[string]any{"sha256": e.SHA256, "to": to})
}

// Erased is the last entry: the bytes are gone, their hash is kept.
func Erased(e staydown.Exhibit, why string) staydown.Event {
	return touched(e, staydown.Acts, "erase", map[string]any{"sha256": e.SHA256, "bytes": e.Bytes, "why": why})
}

func touched(e staydown.Exhibit, s staydown.Stream, act staydown.Act, data map[string]any) staydown.Event {
	return staydown.Event{Stream: s, Circle: e.Circle, Act: act, Noun: "exhibit", Subject: e.ID, Data: data}
}
