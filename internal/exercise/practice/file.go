package practice

// File is the providers file: all a desk must know to work with these
// providers, and nothing of the truth.
type File struct {
	Format       string            `json:"format"`
	CA           string            `json:"ca"`
	Control      string            `json:"control"`
	ControlToken string            `json:"control_token"`
	SMTP         string            `json:"smtp"`
	Hosts        map[string]string `json:"hosts"`
	Proxies      []Proxy           `json:"proxies"`
	Providers    []ProviderEntry   `json:"providers"`
}

// Proxy gives the view of one country.
type Proxy struct {
	Name    string `json:"name"`
	Country string `json:"country"`
	Address string `json:"address"`
}

// ProviderEntry is one provider as the desk's register takes it.
type ProviderEntry struct {
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

// FileFormat names the format of a providers file.
const FileFormat = "staydown-practice/1"

// File returns where everything is.
func (h *House) File() File { return h.file }

func (h *House) describe(pages, smtp, control string, proxies []Proxy) File {
	f := File{Format: FileFormat, CA: h.ca, Control: "http://" + control, ControlToken: h.token, SMTP: smtp, Hosts: map[string]string{}, Proxies: proxies}
	for _, host := range h.hosts() {
		f.Hosts[host] = pages
	}
	for _, p := range h.world.Providers {
		f.Providers = append(f.Providers, ProviderEntry{Name: p.Name, Host: p.Host, Hosts: p.Hosts, Kind: p.Kind, Country: p.Country, Channel: string(p.Channel),
			Webhook: p.Webhook, Email: p.Email, Language: p.Language, TZ: p.TZ, ContactHours: p.ContactHours, Batch: p.Batch, PerHour: p.PerHour, Clause: p.Clause})
	}
	return f
}
