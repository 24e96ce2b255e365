package hma

import (
	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

// noHasher is what HMA says where hashing is no part of the instance.
const noHasher = "Hashing is disabled, missing role"

// mayHash refuses in the words that clients look for, and lets the refusal be noted.
func mayHash(c access.Caller) error {
	err := c.May(access.Lookup)
	if err == nil {
		return nil
	}
	return staydown.Errorf(staydown.Refused, "access.hash", noHasher+": %v", err)
}

func (s *Surface) hashURL(q *call) (answer, error) {
	types := q.URL.Query().Get("types")
	if _, err := typesFor("", types); err != nil {
		return answer{}, err
	}
	if err := mayHash(q.caller); err != nil {
		return answer{}, err
	}
	f, err := s.fetched(q)
	if err != nil {
		return answer{}, err
	}
	return hashed(f, types)
}

func (s *Surface) hashFile(q *call) (answer, error) {
	if err := mayHash(q.caller); err != nil {
		return answer{}, err
	}
	f, _, err := s.upload(q)
	if err != nil {
		return answer{}, err
	}
	return hashed(f, q.URL.Query().Get("types"))
}

func hashed(f file, asked string) (answer, error) {
	types, err := typesFor(f.content, asked)
	if err != nil {
		return answer{}, err
	}
	return ok(f.values(types))
}
