package compare

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Row is what the desk exports of one item: one JSON object a line.
type Row struct {
	Item       string    `json:"item"`
	Location   string    `json:"location"`
	Provider   string    `json:"provider"`
	State      string    `json:"state"`
	Verdict    string    `json:"verdict"`
	Ground     string    `json:"ground"`
	Letter     string    `json:"letter"` // the latest; empty: in none
	Line       string    `json:"line"`
	SentAt     time.Time `json:"sent_at"`
	Delivered  bool      `json:"delivered"` // the channel took the letter
	TheySay    string    `json:"they_say"`
	WeSaw      string    `json:"we_saw"`
	WeSawCause string    `json:"we_saw_cause"`
	WeSawAt    time.Time `json:"we_saw_at"`
	GoneAt     time.Time `json:"gone_at"`
	ReturnOf   string    `json:"return_of"` // location of what it goes back to, when a person confirmed that
	Doubled    bool      `json:"doubled"`   // asked about twice at a time
}

// maxRow bounds one row in bytes.
const maxRow = 1 << 20

// ReadRows reads the desk's rows.
func ReadRows(in io.Reader) ([]Row, error) {
	var out []Row
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), maxRow)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var r Row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("reading row %d of the desk: %w", len(out)+1, err)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the desk's rows: %w", err)
	}
	return out, nil
}

// Figures are the numbers only the desk knows.
type Figures struct {
	Assessed        int  `json:"assessed"`
	DeliveryUnknown int  `json:"delivery_unknown"`
	OfficerMinutes  *int `json:"officer_minutes"` // nil where too few people gave them to be told
	Lost            int  `json:"lost"`            // messages that should have left, have not, and will not
}
