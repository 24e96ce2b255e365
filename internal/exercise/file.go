package exercise

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/staydown/staydown"
)

// File is the providers file: where the practice providers are and how they take letters. `staydown exercise providers`
// prints one; other providers that speak the same doors may write their own.
type File struct {
	Format       string            `json:"format"` // "staydown-practice/1"
	CA           string            `json:"ca"`     // PEM
	Control      string            `json:"control"`
	ControlToken string            `json:"control_token"`
	SMTP         string            `json:"smtp"`
	Hosts        map[string]string `json:"hosts"`
	Proxies      []struct {
		Name    string `json:"name"`
		Country string `json:"country"`
		Address string `json:"address"`
	} `json:"proxies"`
	Providers []Entry `json:"providers"`
}

// Entry is one provider of the file, as the register takes it.
type Entry struct {
	Name         string   `json:"name"`
	Host         string   `json:"host"`
	Hosts        []string `json:"hosts"`
	Kind         string   `json:"kind"`
	Country      string   `json:"country"`
	Channel      string   `json:"channel"`
	Webhook      string   `json:"webhook,omitempty"`
	Email        string   `json:"email"`
	Language     string   `json:"language"`
	TZ           string   `json:"tz"`
	ContactHours string   `json:"contact_hours"`
	Batch        int      `json:"batch"`
	PerHour      int      `json:"per_hour"`
	Clause       string   `json:"clause"`
}

// maxFile bounds a providers file, in bytes.
const maxFile = 4 << 20

// ReadFile reads a providers file.
func ReadFile(r io.Reader) (File, error) {
	var f File
	d := json.NewDecoder(io.LimitReader(r, maxFile))
	if err := d.Decode(&f); err != nil {
		return f, staydown.Errorf(staydown.Invalid, "providers.file", "this is no providers file: %v", err)
	}
	if f.Format != "staydown-practice/1" {
		return f, staydown.Errorf(staydown.Invalid, "providers.format", "the providers file has format %q, wanted staydown-practice/1", f.Format)
	}
	if f.Control == "" || len(f.Hosts) == 0 || len(f.Providers) == 0 || f.SMTP == "" {
		return f, staydown.Errorf(staydown.Invalid, "providers.file", "the providers file lacks control, hosts, providers or smtp")
	}
	return f, nil
}

func (f File) String() string { return fmt.Sprintf("%d practice providers", len(f.Providers)) }
