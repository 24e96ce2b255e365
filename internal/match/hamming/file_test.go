package hamming

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/match/hamming/hammingdata"
)

// mixed is an index with several parts, dead entries and a tail.
func mixed(t testing.TB, n int) *Index {
	t.Helper()
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	x := New()
	x.sealAt = n/5 + 1
	for i, h := range hammingdata.Poisoned(rnd, n) {
		x.Put(uint64(i), h)
		if i%7 == 0 {
			x.Withdraw(rnd.Uint64N(uint64(i + 1)))
		}
	}
	x.settle()
	return x
}

// settle waits until nothing is being sealed.
func (x *Index) settle() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for x.sealing || x.merging {
		x.done.Wait()
	}
}

func (x *Index) everything() []Match { return x.Find([32]byte{}, 256, 0) }

func TestSavedAndOpened(t *testing.T) {
	for _, n := range []int{0, 1, 100, 20_000} {
		x := mixed(t, n)
		path := filepath.Join(t.TempDir(), "pictures.index")
		if err := x.Save(path); err != nil {
			t.Fatal(err)
		}
		y, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x.everything(), y.everything()) || y.Len() != x.Len() {
			t.Errorf("%d entries saved, %d opened", x.Len(), y.Len())
		}
		if err := y.Verify(); err != nil {
			t.Error(err)
		}
		for _, m := range x.everything() {
			if !y.Withdraw(m.Key) {
				t.Fatalf("the key %d cannot be withdrawn once opened", m.Key)
			}
		}
		if y.Len() != 0 || len(y.everything()) != 0 {
			t.Errorf("%d left after all were withdrawn", y.Len())
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.tmp")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening what is not there: %v", err)
	}
}

// TestDamagedFileIsRefused cuts the file anywhere and turns bits anywhere.
func TestDamagedFileIsRefused(t *testing.T) {
	file := saved(t, mixed(t, 3000))
	rnd := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		cut := file[:rnd.IntN(len(file))]
		if _, err := read(bytes.NewReader(cut), int64(len(cut))); !refused(err) {
			t.Fatalf("cut to %d of %d bytes: %v", len(cut), len(file), err)
		}
		turned := slices.Clone(file)
		at := rnd.IntN(len(file))
		turned[at] ^= 1 << rnd.IntN(8)
		// Between the sections stand zeros that mean nothing.
		if x, err := read(bytes.NewReader(turned), int64(len(file))); !refused(err) && (err != nil || x.Verify() != nil) {
			t.Fatalf("a bit turned at %d: %v", at, err)
		}
	}
}

// TestLyingFileIsRefused changes numbers and puts the checksums right again.
func TestLyingFileIsRefused(t *testing.T) {
	file := saved(t, mixed(t, 6000))
	rnd := rand.New(rand.NewPCG(3, 3))
	n := int(binary.LittleEndian.Uint32(file[20:]))
	caught := 0
	for range 120 {
		lie := slices.Clone(file)
		row := headerSize + sectionSize*rnd.IntN(n)
		at, length := binary.LittleEndian.Uint64(lie[row+16:]), binary.LittleEndian.Uint64(lie[row+24:])
		if length == 0 {
			continue
		}
		section := lie[at : at+length]
		section[rnd.IntN(len(section))] ^= 1 << rnd.IntN(8)
		putSumsRight(lie)
		x, err := read(bytes.NewReader(lie), int64(len(lie)))
		if err == nil {
			err = x.Verify()
		}
		switch {
		case refused(err):
			caught++
		case err != nil:
			t.Fatal(err)
		default: // a hash or key that happens to fit: it must be usable
			x.everything()
			x.Find([32]byte{1}, 31, 5)
		}
	}
	if caught < 30 {
		t.Errorf("only %d lies were caught", caught)
	}
}

func refused(err error) bool {
	code := staydown.CodeOf(err)
	return code == CodeForeign || code == CodeTorn || code == CodeLying
}

func saved(t testing.TB, x *Index) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "index")
	if err := x.Save(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// putSumsRight makes the checksums those of what stands in the file.
func putSumsRight(file []byte) {
	if len(file) < headerSize {
		return
	}
	n := int(binary.LittleEndian.Uint32(file[20:]))
	end := headerSize + n*sectionSize
	if n < 0 || n > 10_000 || end+4 > len(file) {
		return
	}
	for row := headerSize; row < end; row += sectionSize {
		at, length := binary.LittleEndian.Uint64(file[row+16:]), binary.LittleEndian.Uint64(file[row+24:])
		if at <= uint64(len(file)) && length <= uint64(len(file))-at {
			binary.LittleEndian.PutUint32(file[row+12:], crc32.Checksum(file[at:at+length], castagnoli))
		}
	}
	binary.LittleEndian.PutUint32(file[end:], crc32.Checksum(file[:end], castagnoli))
}

// FuzzOpen reads any bytes, as they are and with checksums and length put right,
// so that what lies behind these is reached too.
func FuzzOpen(f *testing.F) {
	f.Add(saved(f, New()))
	f.Add(saved(f, mixed(f, 60)))
	x := New()
	x.Load(func(yield func(uint64, pdq.Hash) bool) { yield(7, pdq.Hash{1}) }) //nolint:errcheck // one key
	f.Add(saved(f, x))
	f.Add([]byte(fileMagic))
	f.Fuzz(func(t *testing.T, file []byte) {
		for range 2 {
			x, err := read(bytes.NewReader(file), int64(len(file)))
			if err == nil {
				x.everything()
				x.Find([32]byte{}, 31, 3)
				x.Put(1, [32]byte{2})
				x.Withdraw(7)
			} else if !refused(err) {
				t.Fatalf("an error without a code: %v", err)
			}
			file = slices.Clone(file)
			if len(file) >= headerSize {
				binary.LittleEndian.PutUint64(file[24:], uint64(len(file)))
			}
			putSumsRight(file)
		}
	})
}

const saverPath = "HAMMING_TEST_SAVE"

// TestMain lets the test run itself as a process that saves until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(saverPath); path != "" {
		saveForEver(path)
	}
	os.Exit(m.Run())
}

// saveForEver saves indexes of rising size: the one numbered n holds the keys
// up to n.
func saveForEver(path string) {
	x := New()
	rnd := rand.New(rand.NewPCG(4, 4))
	for n := uint64(0); ; n++ {
		x.Put(n, hammingdata.Random(rnd))
		if n%64 > 0 {
			continue
		}
		if err := x.Save(path); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Stdout.WriteString("s")
	}
}

// TestKilledWhileSaving kills a process that saves, again and again: what is
// under the name is always a whole index, never an older one than the last
// whose saving was acknowledged.
func TestKilledWhileSaving(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	acknowledged := 0
	for range 12 {
		path := filepath.Join(t.TempDir(), "index")
		var out, errs bytes.Buffer
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), saverPath+"="+path)
		c.Stdout, c.Stderr = &out, &errs
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(20+rnd.IntN(180)) * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait()
		if errs.Len() > 0 {
			t.Fatal(errs.String())
		}
		saves := strings.Count(out.String(), "s")
		x, err := Open(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && saves == 0:
			continue
		case err != nil:
			t.Fatalf("after %d acknowledged: %v", saves, err)
		case x.Len() < (saves-1)*64+1 || x.Verify() != nil:
			t.Errorf("%d entries after %d acknowledged", x.Len(), saves)
		}
		acknowledged += saves
	}
	if acknowledged == 0 {
		t.Error("no saving was ever finished before the kill")
	}
}
