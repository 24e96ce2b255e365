package world

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Batch is one list of leads that one unit hands in at one time.
type Batch struct {
	Name   string // "be-1121-0900.csv"
	Unit   int
	At     time.Time
	Format string // "urls" or "csv"
	Leads  []Lead
}

// Lead is one row of a list.
type Lead struct {
	Item     int
	Spelling int // 0: the canonical URL; otherwise a way to write the same
}

// duplicatePermille are the leads that come on top because another unit has
// found the same.
const duplicatePermille = 300

// Hold is an investigation's wish that a posting stays up, placed before the
// action by an authority outside it.
type Hold struct {
	Item   int
	URL    string
	Since  time.Time
	Reason string
}

// drawBatches hands every posting in once, and three in ten a second time from
// another unit, in lists at fixed hours.
func (w *World) drawBatches() {
	weights := make([]int, len(w.Units))
	for i, u := range w.Units {
		weights[i] = u.weight
	}
	byList := map[[3]int][]Lead{} // unit, day, hour
	add := func(lead Lead, unit int, question string) {
		day := w.dice.weighted(dayWeights, question+" day", lead.Item)
		hour := w.dice.below(len(handInHours), question+" hour", lead.Item)
		key := [3]int{unit, day, hour}
		byList[key] = append(byList[key], lead)
	}
	all := make([]int, w.Count)
	first := make([]int, w.Count)
	for n := range w.Items {
		all[n] = n
		first[n] = w.dice.weighted(weights, "unit", n)
		add(Lead{Item: n}, first[n], "handed in")
	}
	for _, n := range w.dice.deal(all, share(w.Count, duplicatePermille, 4), "duplicate") {
		other := w.dice.below(len(w.Units)-1, "second unit", n)
		if other >= first[n] {
			other++
		}
		spelling := 0
		if w.dice.chance(300, "spelled otherwise", n) {
			spelling = 1 + w.dice.below(spellings, "spelling", n)
		}
		add(Lead{Item: n, Spelling: spelling}, other, "handed in again")
	}
	w.makeBatches(byList)
	for n := range w.Items {
		if w.Items[n].Held {
			w.Holds = append(w.Holds, Hold{Item: n, URL: w.Items[n].URL(), Since: Start.Add(-time.Duration(1+w.dice.below(40, "hold since", n)) * 24 * time.Hour), Reason: "Exercise investigation: evidence is being collected."})
		}
	}
}

func (w *World) makeBatches(byList map[[3]int][]Lead) {
	for key, leads := range byList {
		sort.Slice(leads, func(i, j int) bool { return leads[i].Item < leads[j].Item })
		unit, day, hour := key[0], key[1], key[2]
		at := time.Date(2019, 11, 21+day, handInHours[hour], 2*unit, 0, 0, time.UTC)
		b := Batch{Unit: unit, At: at, Format: "csv", Leads: leads}
		if (unit+hour)%2 == 0 {
			b.Format = "urls"
		}
		ext := map[string]string{"csv": "csv", "urls": "txt"}[b.Format]
		b.Name = fmt.Sprintf("%s-%s.%s", strings.ToLower(w.Units[unit].Code), at.Format("0102-1504"), ext)
		w.Batches = append(w.Batches, b)
	}
	sort.Slice(w.Batches, func(i, j int) bool {
		if !w.Batches[i].At.Equal(w.Batches[j].At) {
			return w.Batches[i].At.Before(w.Batches[j].At)
		}
		return w.Batches[i].Unit < w.Batches[j].Unit
	})
}

const spellings = 4

// Spell writes a location in one of the ways people copy it.
func Spell(it Item, spelling int) string {
	switch spelling {
	case 1:
		return "https://" + strings.ToUpper(it.Host[:1]) + it.Host[1:] + it.Path
	case 2:
		return "https://" + it.Host + ":443" + it.Path
	case 3:
		return it.URL() + "#top"
	case 4:
		separator := "?"
		if strings.Contains(it.Path, "?") {
			separator = "&"
		}
		return it.URL() + separator + "utm_source=share"
	default:
		return it.URL()
	}
}

// File writes a list as the unit hands it in.
func (w *World) File(b Batch) []byte {
	if b.Format == "urls" {
		return w.urlList(b)
	}
	return w.spreadsheet(b)
}

func (w *World) urlList(b Batch) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s, %s. %s\n", w.Units[b.Unit].Name, b.At.Format("2006-01-02 15:04"), Mark("en"))
	for _, lead := range b.Leads {
		out.WriteString(Spell(w.Item(lead.Item), lead.Spelling))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// spreadsheet writes one of three layouts: a unit's own, an investigator's
// log, and the columns of a social-media collector.
func (w *World) spreadsheet(b Batch) []byte {
	var out bytes.Buffer
	table := csv.NewWriter(&out)
	headers := [][]string{
		{"url", "language", "note"},
		{"timestamp", "item", "source URL", "method", "hash", "path", "operator", "notes"},
		{"id", "thread_id", "author", "body", "timestamp", "url"},
	}
	layout := b.Unit % len(headers)
	// Writing into memory cannot fail.
	_ = table.Write(headers[layout])
	for i, lead := range b.Leads {
		it := w.Item(lead.Item)
		url := Spell(it, lead.Spelling)
		at := b.At.Add(-time.Duration(len(b.Leads)-i) * time.Second).Format("2006-01-02 15:04:05")
		switch layout {
		case 0:
			_ = table.Write([]string{url, it.Language, Mark("en")})
		case 1:
			_ = table.Write([]string{at, strconv.Itoa(i + 1), url, "manual", "", "", "desk " + w.Units[b.Unit].Desk, Mark("en")})
		default:
			_ = table.Write([]string{w.dice.code(8, "row", lead.Item, b.Unit), "exercise", w.Handle(it), w.Title(it), at, url})
		}
	}
	table.Flush()
	return out.Bytes()
}

// Handle is the publisher's name as the posting's page shows it.
func (w *World) Handle(it Item) string { return w.handle(w.Accounts[it.Account], it.Generation) }
