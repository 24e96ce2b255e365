package practice

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/staydown/staydown/internal/exercise/world"
)

// tampering falsifies the truth on purpose, to prove that the comparison
// finds it: postings the truth calls removed that are still served, letters
// it has twice that came once, letters it does not have.
type tampering struct {
	on        bool
	unremoved int // still to do
	doubled   int
	dropped   int
	letters   int // webhook letters seen, in the order they came in
	world     *world.World
}

// Scaled to the size of the exercise: 50, 3 and 2 at 26,000 items.
func newTampering(on bool, w *world.World) tampering {
	scaled := func(n int) int { return max(1, (n*w.Count+13000)/26000) }
	return tampering{on: on, unremoved: scaled(50), doubled: scaled(3), dropped: scaled(2), world: w}
}

// takesBack says whether a posting that was just removed stays up after all.
// It follows from the order of the truth, so it is the same after a restart.
func (t *tampering) takesBack(item int) bool {
	if !t.on || t.unremoved == 0 {
		return false
	}
	it := t.world.Item(item)
	if it.Generation > 0 || it.Provider == t.world.Site() || t.world.Accounts[it.Account].Closes || t.world.Plan(it).Returns > 0 {
		return false
	}
	t.unremoved--
	return true
}

// falsify says what becomes of a webhook letter's record.
func (t *tampering) falsify() (drop, double bool) {
	if !t.on {
		return false, false
	}
	t.letters++
	switch {
	case t.letters%2 == 1 && t.doubled > 0:
		t.doubled--
		return false, true
	case t.letters%2 == 0 && t.dropped > 0:
		t.dropped--
		return true, false
	}
	return false, false
}

// dropList remembers, beside the truth, the receipts of letters the truth was
// robbed of.
type dropList struct {
	file     *os.File
	receipts map[string]string
}

func openDropList(path string) (*dropList, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the list of dropped letters: %w", err)
	}
	d := &dropList{file: file, receipts: map[string]string{}}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if receipt, key, ok := strings.Cut(lines.Text(), " "); ok {
			if key, err := strconv.Unquote(key); err == nil {
				d.receipts[key] = receipt
			}
		}
	}
	if err := lines.Err(); err != nil {
		file.Close()
		return nil, fmt.Errorf("reading the list of dropped letters: %w", err)
	}
	return d, nil
}

func (d *dropList) add(key, receipt string) error {
	if _, err := fmt.Fprintf(d.file, "%s %q\n", receipt, key); err != nil {
		return fmt.Errorf("noting a dropped letter: %w", err)
	}
	d.receipts[key] = receipt
	return nil
}
