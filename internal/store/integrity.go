package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with the database.
type Fault struct {
	Check string   `json:"check"`          // what was looked for
	N     int      `json:"n"`              // in how many rows
	Some  []string `json:"some,omitempty"` // identifiers of the first few
}

// law is something that holds of a sound database. Its query lists the identifiers of rows that break it.
type law struct {
	name  string
	query string
}

// laws are what the write path keeps: a database that breaks one was changed by another hand, or by a defect of ours.
var laws = []law{
	{"every item of a lead exists", `SELECT l.id FROM leads l LEFT JOIN items i ON i.id = l.item WHERE l.item <> '' AND i.id IS NULL`},
	{"every taken lead has an item", `SELECT id FROM leads WHERE state = 'taken' AND item = ''`},
	{"every capture has its item", `SELECT c.id FROM captures c LEFT JOIN items i ON i.id = c.item WHERE i.id IS NULL`},
	{"every exhibit of an item has its item and capture", `SELECT e.id FROM exhibits e LEFT JOIN items i ON i.id = e.item LEFT JOIN captures c ON c.id = e.capture WHERE e.item <> '' AND i.id IS NULL OR e.capture <> '' AND c.id IS NULL`},
	{"every captured item has a capture", `SELECT i.id FROM items i WHERE i.state = 'captured' AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.item = i.id)`},
	{"every finding has its item", `SELECT a.id FROM assessments a LEFT JOIN items i ON i.id = a.item WHERE i.id IS NULL`},
	{"every decided item rests on a finding with its verdict", `SELECT i.id FROM items i LEFT JOIN assessments a ON a.id = i.assessment WHERE i.state = 'assessed' AND (a.id IS NULL OR a.verdict <> i.verdict OR a.item <> i.id)`},
	{"no officer looked twice at one item", `SELECT MIN(id) FROM assessments WHERE state <> 'draft' AND turn <> 'first' GROUP BY item, officer, answers HAVING count(*) > 1`},
	{"no second officer is the first", `SELECT s.id FROM assessments s JOIN assessments f ON f.id = s.answers WHERE s.officer = f.officer AND s.state <> 'draft'`},
	{"every line has its letter and item", `SELECT n.id FROM lines n LEFT JOIN letters l ON l.id = n.letter LEFT JOIN items i ON i.id = n.item WHERE l.id IS NULL OR i.id IS NULL`},
	{"every letter has between 1 and 200 lines, and as many as it says", `SELECT l.id FROM letters l LEFT JOIN (SELECT letter, count(*) AS n FROM lines WHERE state <> 'withdrawn' GROUP BY letter) c ON c.letter = l.id WHERE l.state NOT IN ('draft', 'withdrawn') AND (c.n IS NULL OR c.n <> l.lines OR c.n > 200)`},
	{"who drafted a letter did not approve it", `SELECT id FROM letters WHERE approved_by <> '' AND approved_by = drafted_by`},
	{"nothing was sent that nobody approved", `SELECT id FROM letters WHERE sent_at <> 0 AND approved_by = ''`},
	{"nothing was sent before its hour", `SELECT id FROM letters WHERE sent_at <> 0 AND sent_at < send_after`},
	{"every message has its letter", `SELECT m.id FROM messages m LEFT JOIN letters l ON l.id = m.letter WHERE l.id IS NULL`},
	{"every answer has its letter", `SELECT a.id FROM answers a LEFT JOIN letters l ON l.id = a.letter WHERE l.id IS NULL`},
	{"every check has its item", `SELECT c.id FROM checks c LEFT JOIN items i ON i.id = c.item WHERE i.id IS NULL`},
	{"what was seen gone was seen by a check", `SELECT i.id FROM items i WHERE i.gone_at <> 0 AND NOT EXISTS (SELECT 1 FROM checks c WHERE c.item = i.id AND c.verdict = 'gone')`},
	{"every return names two items", `SELECT r.id FROM returns r LEFT JOIN items a ON a.id = r.item LEFT JOIN items b ON b.id = r.of_item WHERE a.id IS NULL OR b.id IS NULL`},
	{"every confirmed return was confirmed by somebody", `SELECT id FROM returns WHERE state = 'confirmed' AND decided_by = ''`},
	{"every generation has its lineage and item", `SELECT g.id FROM generations g LEFT JOIN lineages l ON l.id = g.lineage LEFT JOIN items i ON i.id = g.item WHERE l.id IS NULL OR i.id IS NULL`},
	{"every person has an authority", `SELECT p.id FROM people p LEFT JOIN authorities a ON a.id = p.owner WHERE a.id IS NULL`},
	{"every token has its person", `SELECT t.id FROM tokens t LEFT JOIN people p ON p.id = t.person WHERE p.id IS NULL`},
	{"every item has an event", `SELECT i.id FROM items i WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.subject = i.id)`},
	{"every letter has an event", `SELECT l.id FROM letters l WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.subject = l.id)`},
}

// Integrity reads the whole database and lists what is wrong with it: first what the engine itself finds, then each law of
// ours. progress is told what is looked for next.
func (s *Store) Integrity(ctx context.Context, progress func(check string)) ([]Fault, error) {
	var found []Fault
	say := func(check string) {
		if progress != nil {
			progress(check)
		}
	}
	if s.engine == sqliteEngine {
		say("the file is sound")
		f, err := s.fileIntegrity(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, f...)
	}
	for _, l := range laws {
		say(l.name)
		f, err := s.breaks(ctx, l)
		if err != nil {
			return nil, err
		}
		if f.N > 0 {
			found = append(found, f)
		}
	}
	return found, nil
}

// fileIntegrity asks SQLite to read every page and every index.
func (s *Store) fileIntegrity(ctx context.Context) ([]Fault, error) {
	rows, err := s.read.QueryContext(ctx, `PRAGMA integrity_check(20)`)
	if err != nil {
		return nil, fmt.Errorf("checking the file: %w", err)
	}
	said, err := texts(rows)
	if err != nil {
		return nil, fmt.Errorf("checking the file: %w", err)
	}
	if len(said) == 1 && said[0] == "ok" {
		return nil, nil
	}
	return []Fault{{Check: "the file is sound", N: len(said), Some: said}}, nil
}

// few is how many identifiers a fault names.
const few = 5

func (s *Store) breaks(ctx context.Context, l law) (Fault, error) {
	f := Fault{Check: l.name}
	n, err := count(ctx, s.pool, "SELECT count(*) FROM ("+l.query+") broken")
	if err != nil || n == 0 {
		return f, err
	}
	f.N = n
	rows, err := s.pool.query(ctx, strings.TrimSpace(l.query)+fmt.Sprintf(" LIMIT %d", few))
	if err != nil {
		return f, fmt.Errorf("looking for rows that break %q: %w", l.name, err)
	}
	f.Some, err = texts(rows)
	return f, err
}

// texts reads one column of text and closes the rows.
func texts(rows *sql.Rows) ([]string, error) {
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// SchemaVersion is the number of the newest migration that the database has.
func (s *Store) SchemaVersion(ctx context.Context) (int, error) {
	return count(ctx, s.pool, `SELECT COALESCE(max(version_id), 0) FROM goose_db_version WHERE is_applied`)
}
