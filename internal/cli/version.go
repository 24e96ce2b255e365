package cli

import (
	"runtime"
	"runtime/debug"

	"github.com/staydown/staydown/internal/api"
	"github.com/staydown/staydown/internal/app"
)

type versionCmd struct{}

// formats are what the installation writes and reads with others, by name.
var formats = map[string]string{
	"api":        api.Version,
	"letter":     "staydown-letter/1",
	"log":        "staydown-log/1",
	"practice":   "staydown-practice/1",
	"warc":       "1.1",
	"telegram":   "Telegram Desktop export",
	"pdq":        "256 bit",
	"checkpoint": "sumdb/note",
}

func (versionCmd) Run(out *Out) error {
	commit, dirty := "unknown", false
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				commit = s.Value
			case "vcs.modified":
				dirty = s.Value == "true"
			}
		}
	}
	return out.Row(map[string]any{"version": app.Version(), "commit": commit, "dirty": dirty, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH, "formats": formats},
		"staydown %s (commit %s, %s, %s/%s)", app.Version(), commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
