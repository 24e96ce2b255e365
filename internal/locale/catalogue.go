package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"golang.org/x/text/feature/plural"
)

//go:embed catalogue
var catalogues embed.FS

// loaded holds every language's messages. The catalogues are part of the binary: an error in one is a defect that
// the package's tests find, never something a user could mend.
var loaded = sync.OnceValue(func() map[Lang]map[string]message {
	all := map[Lang]map[string]message{}
	for _, l := range Langs {
		messages, err := load(catalogues, l)
		if err != nil {
			panic(fmt.Sprintf("locale: loading the %s catalogue: %v", l, err))
		}
		all[l] = messages
	}
	return all
})

// load reads all files of one language; a key may be in one file only.
func load(source fs.FS, l Lang) (map[string]message, error) {
	names, err := fs.Glob(source, path.Join("catalogue", string(l), "*.json"))
	if err != nil {
		return nil, err
	}
	messages := map[string]message{}
	for _, name := range names {
		body, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, err
		}
		var entries map[string]json.RawMessage
		if err := json.Unmarshal(body, &entries); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, raw := range entries {
			if _, twice := messages[key]; twice {
				return nil, fmt.Errorf("%s: key %s is in another file too", name, key)
			}
			if messages[key], err = parseEntry(l, raw); err != nil {
				return nil, fmt.Errorf("%s: key %s: %w", name, key, err)
			}
		}
	}
	return messages, nil
}

// parseEntry reads one message: a string, or an object with exactly the plural forms of the language.
func parseEntry(l Lang, raw json.RawMessage) (message, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		pieces, err := parsePattern(text)
		return message{plain: pieces}, err
	}
	var forms map[string]string
	if err := json.Unmarshal(raw, &forms); err != nil {
		return message{}, fmt.Errorf("neither a text nor plural forms: %w", err)
	}
	wanted := formsOf(l)
	m := message{forms: map[plural.Form][]piece{}}
	for _, name := range wanted {
		text, ok := forms[name]
		if !ok {
			return message{}, fmt.Errorf("the form %q is missing", name)
		}
		pieces, err := parsePattern(text)
		if err != nil {
			return message{}, err
		}
		m.forms[formNames[name]] = pieces
	}
	for name := range forms {
		if !slices.Contains(wanted, name) {
			return message{}, fmt.Errorf("%s has no form %q", l, name)
		}
	}
	return m, nil
}
