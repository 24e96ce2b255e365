package world

// Provider is one of the nine practice providers: how it presents itself, how
// it takes letters and how it behaves.
type Provider struct {
	Name         string   // "relay"
	Host         string   // the host letters are addressed to
	Hosts        []string // every host its content may be served from
	Kind         string   // "messaging", "video", ...
	Country      string   // of main establishment, ISO 3166-1 alpha-2
	Language     string   // of correspondence
	TZ           string
	ContactHours string // local, "09:00-17:00"
	Channel      Channel
	AnswersBy    AnswerDoor
	Email        string // registered contact point
	Webhook      string // only of Channel webhook
	Batch        int    // lines it takes in one letter
	PerHour      int    // lines it takes in one hour
	Clause       string // of its terms, "Terms 4.2"
	Gone         GoneStyle
	Rhythm       int // minutes between two rounds of answers to one letter

	share    int    // weight among the nine, in thousandths
	delays   [6]int // minutes to its own act: least, quarter, half, three quarters, 95 %, longest
	outcomes [7]int // weights, by Outcome
}

// Channel says how letters reach a provider.
type Channel string

// The channels of the practice providers.
const (
	ByWebhook Channel = "webhook"
	ByEmail   Channel = "email"
)

// AnswerDoor says how a provider answers.
type AnswerDoor string

// The doors a provider may answer through.
const (
	AnswerAPI   AnswerDoor = "api"   // JSON to the address given in the letter
	AnswerForm  AnswerDoor = "door"  // the desk's door, line by line
	AnswerSheet AnswerDoor = "sheet" // the desk's door, a spreadsheet
)

// GoneStyle is how a platform shows that something is not there any more.
type GoneStyle string

// The styles seen on real platforms, one per practice provider.
const (
	GoneMessage  GoneStyle = "message"   // 200 and an error box in place of the message; cause shown
	GoneNotFound GoneStyle = "not_found" // 404 and a tombstone; cause shown
	GoneSoft     GoneStyle = "soft"      // 200 and a general page; no cause
	GoneHome     GoneStyle = "home"      // 302 to the front page; no cause
	GoneBare     GoneStyle = "bare"      // 404 without any text of its own; no cause
	GoneLegal    GoneStyle = "legal"     // 451 with a Link header; cause shown
	GoneGone     GoneStyle = "gone"      // 410 and a sentence; cause shown
)

// ShowsCause says whether a platform tells who removed something.
func (g GoneStyle) ShowsCause() bool {
	return g == GoneMessage || g == GoneNotFound || g == GoneLegal || g == GoneGone
}

// Outcome is what a provider will do with a line that is well founded.
type Outcome string

// The outcomes, in the order of Provider.outcomes.
const (
	Removed    Outcome = "removed"         // takes it down and says so
	Silent     Outcome = "silent"          // takes it down and says nothing
	Disabled   Outcome = "disabled"        // shuts it off in some countries
	Refused    Outcome = "refused"         // says no, with a reason
	NeedMore   Outcome = "need_more"       // asks; takes it down at the next letter
	Misdirects Outcome = "wrong_addressee" // says it is not theirs
	Ignored    Outcome = "ignored"         // neither acts nor answers
	Lies       Outcome = "lies"            // says removed and leaves it up
)

var outcomeOrder = [7]Outcome{Removed, Silent, Disabled, Refused, NeedMore, Misdirects, Ignored}

// LiarName is the provider that says "removed" and mostly leaves things up.
const LiarName = "drop"

// liarPermille is how often the liar lies when it says "removed".
const liarPermille = 720

// SiteName is the provider whose whole site falls with the first letter and
// comes back under another name.
const SiteName = "wire"

func providers() []Provider {
	return []Provider{
		{Name: "relay", Host: "relay.example", Kind: "messaging", Country: "NL", Language: "en", TZ: "Europe/Amsterdam", ContactHours: "09:00-17:00",
			Channel: ByWebhook, AnswersBy: AnswerAPI, Batch: 200, PerHour: 2000, Clause: "Terms 4.2", Gone: GoneMessage, Rhythm: 60, share: 530,
			delays: [6]int{3, 45, 180, 700, 2900, 7200}, outcomes: [7]int{850, 40, 25, 15, 15, 5, 50}},
		{Name: "tube", Host: "tube.example", Kind: "video", Country: "IE", Language: "en", TZ: "Europe/Dublin", ContactHours: "00:00-24:00",
			Channel: ByWebhook, AnswersBy: AnswerAPI, Batch: 100, PerHour: 1000, Clause: "Community Rules 3", Gone: GoneNotFound, Rhythm: 30, share: 120,
			delays: [6]int{2, 12, 40, 150, 900, 2880}, outcomes: [7]int{870, 25, 70, 10, 10, 0, 15}},
		{Name: "clips", Host: "clips.example", Kind: "video", Country: "FR", Language: "fr", TZ: "Europe/Paris", ContactHours: "09:00-18:00",
			Channel: ByWebhook, AnswersBy: AnswerAPI, Batch: 50, PerHour: 300, Clause: "Conditions 7", Gone: GoneSoft, Rhythm: 120, share: 60,
			delays: [6]int{30, 400, 1300, 3000, 8000, 14400}, outcomes: [7]int{700, 120, 0, 20, 20, 10, 130}},
		{Name: "chirp", Host: "chirp.example", Kind: "microblog", Country: "IE", Language: "en", TZ: "Europe/Dublin", ContactHours: "09:00-17:00",
			Channel: ByWebhook, AnswersBy: AnswerAPI, Batch: 100, PerHour: 600, Clause: "Rules: violent groups", Gone: GoneNotFound, Rhythm: 60, share: 110,
			delays: [6]int{10, 90, 300, 900, 4000, 10000}, outcomes: [7]int{790, 60, 70, 30, 10, 0, 40}},
		{Name: "stills", Host: "stills.example", Kind: "photo", Country: "SE", Language: "en", TZ: "Europe/Stockholm", ContactHours: "09:00-16:00",
			Channel: ByEmail, AnswersBy: AnswerForm, Batch: 50, PerHour: 300, Clause: "Guidelines 2", Gone: GoneHome, Rhythm: 720, share: 50,
			delays: [6]int{60, 300, 900, 2400, 6000, 11000}, outcomes: [7]int{880, 40, 10, 20, 10, 0, 40}},
		{Name: LiarName, Host: "drop.example", Kind: "file_host", Country: "PL", Language: "en", TZ: "Europe/Warsaw", ContactHours: "10:00-16:00",
			Channel: ByEmail, AnswersBy: AnswerAPI, Batch: 100, PerHour: 400, Clause: "Terms 9", Gone: GoneBare, Rhythm: 60, share: 40,
			delays: [6]int{1, 6, 15, 30, 60, 120}, outcomes: [7]int{930, 0, 0, 0, 0, 0, 70}},
		{Name: "shelf", Host: "shelf.example", Kind: "archive", Country: "DE", Language: "de", TZ: "Europe/Berlin", ContactHours: "09:00-15:00",
			Channel: ByEmail, AnswersBy: AnswerSheet, Batch: 25, PerHour: 100, Clause: "Nutzungsbedingungen 5", Gone: GoneLegal, Rhythm: 1440, share: 40,
			delays: [6]int{240, 1200, 2800, 5600, 12000, 20000}, outcomes: [7]int{640, 50, 20, 130, 40, 20, 100}},
		{Name: "paste", Host: "paste.example", Kind: "paste", Country: "ES", Language: "es", TZ: "Europe/Madrid", ContactHours: "09:00-14:00",
			Channel: ByEmail, AnswersBy: AnswerForm, Batch: 20, PerHour: 60, Clause: "Condiciones 6", Gone: GoneGone, Rhythm: 720, share: 30,
			delays: [6]int{30, 200, 800, 2000, 5000, 9000}, outcomes: [7]int{850, 50, 0, 20, 10, 10, 60}},
		{Name: SiteName, Host: "wire.example", Hosts: []string{"wire.example", "wire2.example", "wire3.example", "wire4.example"}, Kind: "site", Country: "RO", Language: "en", TZ: "Europe/Bucharest", ContactHours: "09:00-17:00",
			Channel: ByEmail, AnswersBy: AnswerSheet, Batch: 100, PerHour: 200, Clause: "Hosting terms 11", Gone: GoneGone, Rhythm: 1440, share: 20,
			delays: [6]int{300, 900, 1500, 2100, 2800, 2880}, outcomes: [7]int{1000, 0, 0, 0, 0, 0, 0}},
	}
}

// finish fills what follows from the rest.
func (p Provider) finish() Provider {
	p.Email = "legal@" + p.Host
	if p.Channel == ByWebhook {
		p.Webhook = "https://" + p.Host + "/legal/referrals"
	}
	if len(p.Hosts) == 0 {
		p.Hosts = []string{p.Host}
	}
	return p
}

// delay draws minutes from the provider's own distribution for a question.
func (p Provider) delay(d dice, question string, about ...int) int {
	at := d.below(1000, question, about...)
	marks := [6]int{0, 250, 500, 750, 950, 1000}
	for i := 1; i < len(marks); i++ {
		if at < marks[i] {
			low, high := p.delays[i-1], p.delays[i]
			return low + (high-low)*(at-marks[i-1])/(marks[i]-marks[i-1])
		}
	}
	return p.delays[5]
}
