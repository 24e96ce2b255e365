package arch

import "strings"

// door says which rooms may import a foreign module directly. A module without a
// row may be imported anywhere below the root; a row is for the modules whose
// reach must stay small, so that they can be replaced, guarded or left out.
type door struct {
	module string
	by     []string
	why    string
}

var doors = []door{
	{"code.dny.dev/ssrf", []string{"internal/dial"}, "one guard for every address from outside"},
	{"github.com/alecthomas/kong", []string{"internal/cli", "cmd"}, "the command line's own business"},
	{"github.com/chromedp", []string{"internal/capture", "e2e"}, "a young API, wrapped once; Chromium is the largest attack surface"},
	{"github.com/danielgtaylor/huma/v2", []string{"internal/api"}, "the API describes itself; nothing else needs to know how"},
	{"github.com/jackc/pgx/v5", []string{"internal/store"}, "the engine stays behind database/sql"},
	{"github.com/pressly/goose/v3", []string{"internal/store"}, "migrations belong to the keeper"},
	{"modernc.org/sqlite", []string{"internal/store"}, "the engine stays behind database/sql"},
}

func doorOf(importPath string) (door, bool) {
	for _, d := range doors {
		if importPath == d.module || strings.HasPrefix(importPath, d.module+"/") {
			return d, true
		}
	}
	return door{}, false
}
