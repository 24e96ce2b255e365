package staydown

import "time"

// Capture is one attempt to fetch and freeze what is at a location.
type Capture struct {
	ID        ID        `db:"id"`
	Item      ID        `db:"item"`
	Owner     ID        `db:"owner"`
	Circle    ID        `db:"circle"`
	Asked     string    `db:"asked"`   // URL asked
	Reached   string    `db:"reached"` // URL reached after redirects
	Outcome   string    `db:"outcome"` // content | the reason it is not
	Status    int       `db:"status"`  // HTTP status, 0 when none came
	Title     string    `db:"title"`
	Text      string    `db:"text"`  // visible text, at most 64 KiB
	Facts     string    `db:"facts"` // JSON: DNS answer, remote address, TLS chain, headers, redirects
	WARC      string    `db:"warc"`  // SHA-256 of the WARC file in the vault
	Tool      string    `db:"tool"`  // name and version
	Vantage   string    `db:"vantage"`
	Why       string    `db:"why"` // who asked and what for
	StartedAt time.Time `db:"started_at"`
	EndedAt   time.Time `db:"ended_at"`
}

// Exhibit is bytes kept, by hash.
type Exhibit struct {
	ID        ID        `db:"id"`
	Item      ID        `db:"item"`
	Owner     ID        `db:"owner"`
	Circle    ID        `db:"circle"`
	Capture   ID        `db:"capture"`
	Kind      string    `db:"kind"` // page | media | warc | file
	URL       string    `db:"url"`
	SHA256    string    `db:"sha256"`
	MD5       string    `db:"md5"`
	Bytes     int64     `db:"bytes"`
	MediaType string    `db:"media_type"` // sniffed, not believed
	KeptAt    time.Time `db:"kept_at"`
}

// Fingerprint is what an exhibit can be recognised by.
type Fingerprint struct {
	ID      ID     `db:"id"`
	Exhibit ID     `db:"exhibit"`
	Item    ID     `db:"item"`
	Owner   ID     `db:"owner"`
	Circle  ID     `db:"circle"`
	Kind    string `db:"kind"` // sha256 | pdq | text | site
	Value   string `db:"value"`
	Quality int    `db:"quality"` // of a PDQ hash, 0-100
	Frame   int    `db:"frame"`
}

// Candidate says that an item looks like one seen before. It proposes; it never decides.
type Candidate struct {
	ID       ID        `db:"id"`
	Item     ID        `db:"item"`
	Other    ID        `db:"other"`
	Owner    ID        `db:"owner"`
	Circle   ID        `db:"circle"`
	Kind     string    `db:"kind"`     // sha256 | pdq | text
	Distance int       `db:"distance"` // bits for PDQ, 0 for exact, percent unlike for text
	At       time.Time `db:"at"`
}
