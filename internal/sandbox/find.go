package sandbox

import (
	"os"
	"path/filepath"

	"github.com/staydown/staydown"
)

// folders are where tools are looked for. The environment's PATH is not asked:
// what runs over foreign bytes is what the system's packages installed.
var folders = []string{"/usr/bin", "/usr/local/bin", "/bin", "/opt/homebrew/bin"}

// Find looks for a tool by name and returns its path with links resolved. With
// none installed it returns an error of code [CodeMissing], which says what to
// install.
func Find(name, from string) (string, error) {
	for _, dir := range folders {
		path, err := filepath.EvalSymlinks(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			return path, nil
		}
	}
	return "", staydown.Errorf(staydown.Refused, CodeMissing, "%s is not installed here: install the package %s", name, from)
}
