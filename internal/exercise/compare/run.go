package compare

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/staydown/staydown/internal/exercise/practice"
	"github.com/staydown/staydown/internal/exercise/world"
)

// ErrNoTruth says that there is no truth to compare with: other practice
// providers keep theirs elsewhere.
var ErrNoTruth = errors.New("the providers left no truth here")

// Run compares what a desk exports at the end of an exercise with the truth in a
// directory: rows are one JSON object a line (Row), figures one JSON object
// (Figures; nil when there is none). The world is drawn anew from seed and size.
func Run(rows io.Reader, figures []byte, truthDir string, seed uint64, items int) (Result, error) {
	w, err := world.New(seed, items)
	if err != nil {
		return Result{}, err
	}
	t, err := practice.ReadTruth(w, filepath.Join(truthDir, practice.TruthName))
	if errors.Is(err, os.ErrNotExist) {
		return Result{}, ErrNoTruth
	}
	if err != nil {
		return Result{}, err
	}
	list, err := ReadRows(rows)
	if err != nil {
		return Result{}, err
	}
	var f Figures
	if len(figures) > 0 {
		if err := json.Unmarshal(figures, &f); err != nil {
			return Result{}, fmt.Errorf("reading the desk's figures: %w", err)
		}
	}
	return Compare(w, t, list, f), nil
}
