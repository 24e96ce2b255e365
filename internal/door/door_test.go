package door_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// house is a desk with one letter whose link opens the door, on a clock of its own.
type house struct {
	*door.Desk
	store *store.Store
	dir   string
	token string
	mu    sync.Mutex
	now   time.Time
}

var (
	key    = bytes.Repeat([]byte{7}, 32)
	letter = staydown.ID("01J00000000000000000000001")
)

// onEach runs a test on every engine there is.
func onEach(t *testing.T, run func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { run(t, build(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { run(t, build(t, storetest.Database(t))) })
}

func build(t *testing.T, dsn string) *house {
	t.Helper()
	h := &house{dir: dsn, now: time.Date(2019, 11, 22, 9, 0, 0, 0, time.UTC), token: door.Token(key, letter)}
	s, err := store.Open(context.Background(), dsn, h.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h.store, h.Desk = s, &door.Desk{Store: s.ProviderDoor(), Key: key}
	err = s.Act(context.Background(), access.System("test"), func(tx *store.Tx) error {
		if err := tx.AddLetter(staydown.Letter{ID: letter, Owner: "unit", Circle: "unit", Provider: "relay", State: staydown.LetterDelivered}); err != nil {
			return err
		}
		if err := tx.AddDoorToken(door.TokenHash(h.token), letter, "relay", tx.Now().AddDate(0, 0, 90)); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "draft", Noun: "letter", Subject: letter, Circle: "unit"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) knock(t *testing.T) (cookie, code string) {
	t.Helper()
	cookie, code, p, err := h.Knock(context.Background(), h.token)
	if err != nil || p.Letter != letter || p.Provider != "relay" {
		t.Fatalf("knocking: %+v, %v", p, err)
	}
	return cookie, code
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if staydown.CodeOf(err) != code {
		t.Errorf("got %v, wanted %s", err, code)
	}
}

// other is a code that is not the one given.
func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestTheWayIn(t *testing.T) { onEach(t, testTheWayIn) }

func testTheWayIn(t *testing.T, h *house) {
	ctx := context.Background()
	cookie, code := h.knock(t)
	if _, err := h.Enter(ctx, cookie); staydown.CodeOf(err) != "door.session" {
		t.Errorf("in without the code: %v", err)
	}
	if err := h.Keep(ctx, cookie, "draft"); staydown.CodeOf(err) != "door.session" {
		t.Errorf("kept a draft without the code: %v", err)
	}
	fresh, s, err := h.Prove(ctx, cookie, code)
	if err != nil || s.Letter != letter || fresh == cookie {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, err := h.Enter(ctx, cookie); err == nil {
		t.Error("the cookie from before the code still opens")
	}
	if err := h.Keep(ctx, fresh, "draft"); err != nil {
		t.Fatal(err)
	}
	if s, err := h.Enter(ctx, fresh); err != nil || s.Draft != "draft" {
		t.Errorf("%+v, %v", s, err)
	}
	h.wait(door.SessionLife)
	if _, err := h.Enter(ctx, fresh); staydown.CodeOf(err) != "door.session" {
		t.Errorf("a session that is over opens: %v", err)
	}
}

// TestOneCodeOpensOneSession: a code is of no use in another session, nor twice.
func TestOneCodeOpensOneSession(t *testing.T) { onEach(t, testOneCodeOpensOneSession) }

func testOneCodeOpensOneSession(t *testing.T, h *house) {
	ctx := context.Background()
	first, code := h.knock(t)
	second, code2 := h.knock(t)
	if code != code2 {
		_, _, err := h.Prove(ctx, second, code)
		wantCode(t, err, "door.code")
	}
	if _, _, err := h.Prove(ctx, first, code); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Prove(ctx, first, code); err == nil {
		t.Error("a spent cookie took the code again")
	}
}

func TestCodeExpires(t *testing.T) { onEach(t, testCodeExpires) }

func testCodeExpires(t *testing.T, h *house) {
	cookie, code := h.knock(t)
	h.wait(door.CodeLife)
	_, _, err := h.Prove(context.Background(), cookie, code)
	wantCode(t, err, "door.spent")
}

// TestGuesses: after five wrong codes the right one is of no use either, also when
// they come side by side.
func TestGuesses(t *testing.T) { onEach(t, testGuesses) }

func testGuesses(t *testing.T, h *house) {
	ctx := context.Background()
	cookie, code := h.knock(t)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, _, err := h.Prove(ctx, cookie, other(code)); err == nil {
				t.Error("a wrong code opened")
			}
		})
	}
	wait.Wait()
	_, _, err := h.Prove(ctx, cookie, code)
	wantCode(t, err, "door.spent")
	s, err := h.Waiting(ctx, cookie)
	if err != nil || s.CodeTries != door.CodeTries {
		t.Errorf("%d tries counted, %v", s.CodeTries, err)
	}
}

// TestAllGuesses: how many guesses the holder of a link has at the most.
func TestAllGuesses(t *testing.T) { onEach(t, testAllGuesses) }

func testAllGuesses(t *testing.T, h *house) {
	ctx := context.Background()
	guesses, codes := 0, 0
	for range 90 * 24 { // an hour at a time, as long as the link lasts
		cookie, code, _, err := h.Knock(ctx, h.token)
		if err == nil {
			codes++
			for range 2 * door.CodeTries {
				_, _, err := h.Prove(ctx, cookie, other(code))
				if staydown.CodeOf(err) == "door.code" {
					guesses++
				}
			}
		}
		h.wait(time.Hour)
	}
	if codes != door.CodesInAll || guesses != door.CodesInAll*door.CodeTries {
		t.Errorf("%d codes, %d guesses", codes, guesses)
	}
}

func TestLimits(t *testing.T) { onEach(t, testLimits) }

func testLimits(t *testing.T, h *house) {
	ctx := context.Background()
	for range 3 * door.CodesADay { // a contact that uses its codes
		cookie, code := h.knock(t)
		if _, _, err := h.Prove(ctx, cookie, code); err != nil {
			t.Fatal(err)
		}
	}
	for range door.CodesADay {
		h.knock(t)
	}
	_, _, _, err := h.Knock(ctx, h.token)
	wantCode(t, err, "door.day")
	h.wait(24 * time.Hour)
	h.knock(t)
}

// TestForget: a code that never left counts for nothing.
func TestForget(t *testing.T) { onEach(t, testForget) }

func testForget(t *testing.T, h *house) {
	ctx := context.Background()
	for range 2 * door.CodesInAll {
		cookie, code := h.knock(t)
		if err := h.Forget(ctx, cookie); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.Prove(ctx, cookie, code); staydown.CodeOf(err) != "door.session" {
			t.Fatalf("a forgotten session took its code: %v", err)
		}
	}
}

// TestEnd: leaving ends a proven session, and gives nobody fresh tries.
func TestEnd(t *testing.T) { onEach(t, testEnd) }

func testEnd(t *testing.T, h *house) {
	ctx := context.Background()
	for range door.CodesADay {
		cookie, _ := h.knock(t)
		if err := h.End(ctx, cookie); err != nil {
			t.Fatal(err)
		}
	}
	_, _, _, err := h.Knock(ctx, h.token)
	wantCode(t, err, "door.day")
	h.wait(24 * time.Hour)
	cookie, code := h.knock(t)
	fresh, _, err := h.Prove(ctx, cookie, code)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.End(ctx, fresh); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Enter(ctx, fresh); staydown.CodeOf(err) != "door.session" {
		t.Errorf("in after leaving: %v", err)
	}
}

// TestLinksThatOpenNothing: unknown, expired and revoked links give one answer.
func TestLinksThatOpenNothing(t *testing.T) { onEach(t, testLinksThatOpenNothing) }

func testLinksThatOpenNothing(t *testing.T, h *house) {
	ctx := context.Background()
	for _, token := range []string{"", "x", strings.Repeat("A", 32), h.token[:31], h.token + "A", door.Token(key, "01J00000000000000000000002"), door.TokenHash(h.token)} {
		_, err := h.Look(ctx, token)
		wantCode(t, err, "door.unknown")
		_, _, _, err = h.Knock(ctx, token)
		wantCode(t, err, "door.unknown")
	}
	if _, err := h.Look(ctx, h.token); err != nil {
		t.Fatal(err)
	}
	h.wait(90 * 24 * time.Hour)
	_, err := h.Look(ctx, h.token)
	wantCode(t, err, "door.unknown")
	if got := fmt.Sprint(err); strings.Contains(got, h.token) {
		t.Errorf("the error tells the token: %s", got)
	}
}

// TestNothingReadableAtRest looks for token, cookies and codes in the database's files.
func TestNothingReadableAtRest(t *testing.T) {
	h, ctx := build(t, t.TempDir()), context.Background()
	cookie, code := h.knock(t)
	fresh, _, err := h.Prove(ctx, cookie, code)
	if err != nil {
		t.Fatal(err)
	}
	waiting, _ := h.knock(t)
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(h.dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%v, %v", names, err)
	}
	found := false
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		found = found || bytes.Contains(data, []byte(door.TokenHash(waiting)))
		for what, secret := range map[string]string{"token": h.token, "cookie": cookie, "proven cookie": fresh, "waiting cookie": waiting} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds the %s", filepath.Base(name), what)
			}
		}
	}
	if !found {
		t.Error("the digest is not there either: this test sees nothing")
	}
}

// TestDoorLeavesTheLetterAlone: no way through the door up to the code changes a
// record or leaves an act in the log.
func TestDoorLeavesTheLetterAlone(t *testing.T) { onEach(t, testDoorLeavesTheLetterAlone) }

func testDoorLeavesTheLetterAlone(t *testing.T, h *house) {
	ctx := context.Background()
	before, err := h.store.Letter(ctx, letter)
	if err != nil {
		t.Fatal(err)
	}
	cookie, code := h.knock(t)
	for range 10 {
		_, _, _ = h.Prove(ctx, cookie, other(code))
		_, _ = h.Look(ctx, h.token)
	}
	after, err := h.store.Letter(ctx, letter)
	if err != nil || fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("the letter changed: %+v, %v", after, err)
	}
}
