package fingerprint_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
	"github.com/staydown/staydown/internal/fingerprint/site"
	"github.com/staydown/staydown/internal/fingerprint/text"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// rig is the desk over a real store; the bytes of exhibits lie in a map.
type rig struct {
	*testing.T
	ctx     context.Context
	store   *store.Store
	clock   *storetest.Clock
	desk    *fingerprint.Desk
	bytes   map[string][]byte
	opened  int
	opening func() // called before bytes are handed out
}

func each(t *testing.T, story func(r *rig)) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		r := &rig{T: t, ctx: t.Context(), store: s, clock: c, bytes: map[string][]byte{}, opening: func() {}}
		r.desk = &fingerprint.Desk{Store: s.Fingerprints(), Open: r.open}
		story(r)
	})
}

func (r *rig) open(_ context.Context, sha256 string) (io.ReadCloser, error) {
	r.opened++
	r.opening()
	b, ok := r.bytes[sha256]
	if !ok {
		return nil, errNoBytes
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

var errNoBytes = errors.New("no such bytes")

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// file is bytes that a capture kept.
type file struct {
	kind, mediaType string
	data            []byte
	margin          bool
}

const item = staydown.ID("item")

// newItem puts an item into the store.
func (r *rig) newItem(kind string) {
	r.Helper()
	r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		i := staydown.Item{ID: item, Circle: "unit", Owner: "unit", Location: "https://relay.example/c/lamp/1", Host: "relay.example", State: staydown.ItemCaptured, Kind: kind, SeenAt: tx.Now()}
		if err := tx.AddItem(i); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "see", Noun: "item", Subject: item, Circle: "unit"})
	}))
}

// capture adds a capture of the item and leaves the job.
func (r *rig) capture(words string, files ...file) {
	r.Helper()
	r.clock.At = r.clock.At.Add(time.Minute)
	r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
		var media []map[string]any
		c := staydown.Capture{ID: tx.NewID(), Item: item, Owner: "unit", Circle: "unit", Reached: "https://relay.example/c/lamp/1", Outcome: "content", Text: words, StartedAt: tx.Now(), EndedAt: tx.Now()}
		for _, f := range files {
			d := exact.Of(f.data)
			r.bytes[d.SHA256.String()] = f.data
			if f.kind == "media" {
				media = append(media, map[string]any{"sha256": d.SHA256, "shown": !f.margin})
			}
			x := staydown.Exhibit{ID: tx.NewID(), Item: item, Owner: "unit", Circle: "unit", Capture: c.ID, Kind: f.kind, SHA256: d.SHA256.String(), Bytes: d.Bytes, MediaType: f.mediaType, KeptAt: tx.Now()}
			if err := tx.AddExhibit(x); err != nil {
				return err
			}
		}
		facts, err := json.Marshal(map[string]any{"media": media})
		if err != nil {
			return err
		}
		c.Facts = string(facts)
		if err := tx.AddCapture(c); err != nil {
			return err
		}
		if err := tx.Event(staydown.Event{Act: "capture", Noun: "item", Subject: item, Circle: "unit"}); err != nil {
			return err
		}
		return tx.Job(staydown.Job{Kind: "fingerprint", Key: string(item), Subject: item})
	}))
}

// work does the one fingerprint job there is.
func (r *rig) work() error {
	r.Helper()
	jobs, err := r.store.TakeJobs(r.ctx, []string{"fingerprint"}, 5, "token", time.Minute)
	r.must(err)
	if len(jobs) != 1 {
		r.Fatalf("%d jobs to fingerprint", len(jobs))
	}
	err = r.desk.HandleFingerprint(r.ctx, jobs[0])
	if err != nil {
		r.must(r.store.RetryJob(r.ctx, jobs[0], r.clock.At, err.Error()))
	}
	return err
}

func (r *rig) prints() map[string][]staydown.Fingerprint {
	r.Helper()
	all, err := r.store.FingerprintsOf(r.ctx, []staydown.ID{item})
	r.must(err)
	out := map[string][]staydown.Fingerprint{}
	for _, f := range all {
		out[f.Kind] = append(out[f.Kind], f)
	}
	return out
}

func (r *rig) open1(kind string) int {
	r.Helper()
	counts, err := r.store.JobCounts(r.ctx)
	r.must(err)
	for _, c := range counts {
		if c.Kind == kind {
			return c.N
		}
	}
	return 0
}

func (r *rig) changes() int {
	r.Helper()
	all, err := r.store.Match().FingerprintChanges(r.ctx, 0, 100)
	r.must(err)
	for n, c := range all {
		if c.N != int64(n+1) || c.Item != item {
			r.Errorf("change %d is %+v", n+1, c)
		}
	}
	return len(all)
}

// scene draws a picture from a seed.
func scene(seed int) image.Image {
	img := image.NewGray(image.Rect(0, 0, 200, 160))
	for n := range 40 {
		h := (seed*7919 + n*104729) * 2654435761 >> 7
		x0, y0, w, d := h%180, h/180%140, 10+h/25200%90, 10+h/2268000%70
		for y := y0; y < min(160, y0+d); y++ {
			for x := x0; x < min(200, x0+w); x++ {
				img.SetGray(x, y, color.Gray{uint8(h / 13 % 256)})
			}
		}
	}
	return img
}

func pngOf(seed int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, scene(seed)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const sentence = "An exercise text that names nobody and stands for nothing at all, written for a drill."

func page(head, body string) file {
	return file{kind: "page", mediaType: "text/html", data: []byte("<html><head><title>Drill</title>" + head + "</head><body><header>Brand</header><main><p>" + body + "</p></main></body></html>")}
}

func TestAPageWithAPicture(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("post")
		picture, logo := pngOf(1), pngOf(2)
		r.capture("frame and all: "+sentence, page(`<meta property="article:published_time" content="2019-11-20T08:00:00Z">`, sentence),
			file{"media", "image/png", picture, false}, file{"media", "image/png", logo, true})
		r.must(r.work())
		got := r.prints()
		sha := exact.Of(picture).SHA256.String()
		if len(got[fingerprint.SHA256]) != 1 || got[fingerprint.SHA256][0].Value != sha {
			r.Errorf("sha256: %+v; the logo in the margin must not count", got[fingerprint.SHA256])
		}
		want, quality := pdq.SumTurned(pdq.FromImage(scene(1)))
		if p := got[fingerprint.PDQ]; len(p) != 1 || p[0].Value != want[0].String() || p[0].Quality != quality || p[0].Circle != "unit" || p[0].Exhibit == "" {
			r.Errorf("pdq: %+v", p)
		}
		if turned, err := fingerprint.ParseTurned(got[fingerprint.Turned][0].Value); err != nil || turned != want {
			r.Errorf("turned: %v", err)
		}
		if sig, err := text.Parse(got[fingerprint.Text][0].Value); err != nil || sig != text.Of(sentence) {
			r.Errorf("text: the signature is not that of the main part: %v", err)
		}
		var s site.Signature
		r.must(json.Unmarshal([]byte(got[fingerprint.Site][0].Value), &s))
		if s.Host != "relay.example" || len(s.Media) != 1 || s.Media[0].SHA256.String() != sha {
			r.Errorf("site: %+v", s)
		}
		i, err := r.store.Item(r.ctx, item)
		r.must(err)
		if i.MediaSHA256 != sha {
			r.Errorf("the content is %s, want the picture", i.MediaSHA256)
		}
		published, err := r.store.PublishedAt(r.ctx, []staydown.ID{item})
		r.must(err)
		if d := cmp.Diff(map[staydown.ID]time.Time{item: time.Date(2019, 11, 20, 8, 0, 0, 0, time.UTC)}, published); d != "" {
			r.Errorf("published: %s", d)
		}
		if r.open1("match") != 1 || r.open1("fingerprint") != 0 || r.changes() != 1 {
			r.Errorf("%d jobs to match, %d changes told", r.open1("match"), r.changes())
		}
	})
}

func TestAMessageWithoutPageOrMedium(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("post")
		r.capture(sentence)
		r.must(r.work())
		got := r.prints()
		sha := exact.Of([]byte(sentence)).SHA256.String()
		i, err := r.store.Item(r.ctx, item)
		r.must(err)
		if i.MediaSHA256 != sha || len(got[fingerprint.SHA256]) != 1 || got[fingerprint.SHA256][0].Value != sha || len(got[fingerprint.Text]) != 1 || len(got[fingerprint.Site]) != 0 {
			r.Errorf("content %s, prints %+v", i.MediaSHA256, got)
		}
	})
}

func TestWhatCannotBeReadIsNoFailure(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("post")
		r.capture("short", file{"media", "image/png", pngOf(1)[:200], false}, file{"media", "video/mp4", []byte("....ftypisom"), false})
		r.must(r.work())
		got := r.prints()
		if len(got[fingerprint.SHA256]) != 2 || len(got[fingerprint.PDQ]) != 0 || len(got[fingerprint.Text]) != 0 {
			r.Errorf("prints %+v", got)
		}
		history, err := r.store.History(r.ctx, item, 10)
		r.must(err)
		if last := string(history[len(history)-1].Leaf); !strings.Contains(last, `"unread":2`) {
			r.Errorf("the log does not say that a picture and a video could not be read: %s", last)
		}
	})
}

func TestMissingBytesAreAFailure(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("post")
		picture := pngOf(1)
		r.capture("short", file{"media", "image/png", picture, false})
		clear(r.bytes)
		if err := r.work(); !errors.Is(err, errNoBytes) {
			r.Errorf("error %v", err)
		}
		r.bytes[exact.Of(picture).SHA256.String()] = picture
		r.must(r.work())
	})
}

func TestTheSameAgainChangesNothing(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("post")
		files := []file{page("", sentence), {"media", "image/png", pngOf(1), false}}
		r.capture(sentence, files...)
		r.must(r.work())
		before := r.prints()
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
			return tx.Job(staydown.Job{Kind: "fingerprint", Key: string(item), Subject: item})
		}))
		opened := r.opened
		r.must(r.work())
		if d := cmp.Diff(before, r.prints()); d != "" || r.changes() != 1 {
			r.Errorf("%d changes; prints differ: %s", r.changes(), d)
		}
		if n := r.opened - opened; n != 1 { // the page; the picture's hashes are known
			r.Errorf("%d exhibits read again", n)
		}
		history, err := r.store.History(r.ctx, item, 20)
		r.must(err)
		n := 0
		for _, e := range history {
			if e.Act == "fingerprint" {
				n++
			}
		}
		if n != 1 {
			r.Errorf("%d events for one change", n)
		}
	})
}

// TestALaterCaptureReplacesTheText keeps what earlier captures showed, for
// copies of that may appear too, but the text is that of the newest.
func TestALaterCaptureReplacesTheText(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("post")
		r.capture(sentence, page("", sentence), file{"media", "image/png", pngOf(1), false})
		r.must(r.work())
		const changed = "Quite another exercise text, for the posting was edited after the first capture was taken."
		r.capture(changed, page("", changed), file{"media", "image/png", pngOf(2), false})
		r.must(r.work())
		got := r.prints()
		if len(got[fingerprint.PDQ]) != 2 || len(got[fingerprint.Text]) != 1 || got[fingerprint.Text][0].Value != text.Of(changed).String() || r.changes() != 2 {
			r.Errorf("%d pictures, %d texts, %d changes", len(got[fingerprint.PDQ]), len(got[fingerprint.Text]), r.changes())
		}
		i, err := r.store.Item(r.ctx, item)
		r.must(err)
		if i.MediaSHA256 != exact.Of(pngOf(1)).SHA256.String() {
			r.Error("what the item's content is was changed behind an officer's back")
		}
	})
}

// TestACaptureThatComesMeanwhileIsNotForgotten: its job could not be left,
// since one was open.
func TestACaptureThatComesMeanwhileIsNotForgotten(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("post")
		r.capture(sentence, page("", sentence))
		r.opening = func() {
			r.opening = func() {}
			r.capture("later", file{"media", "image/png", pngOf(3), false})
		}
		r.must(r.work())
		if r.open1("fingerprint") != 1 {
			r.Fatal("no job for the later capture")
		}
		r.must(r.work())
		if got := r.prints(); len(got[fingerprint.PDQ]) != 1 {
			r.Errorf("prints %+v", got)
		}
	})
}

func TestFramesThatDifferAreKept(t *testing.T) {
	each(t, func(r *rig) {
		r.newItem("video")
		g := &gif.GIF{}
		var grey color.Palette
		for v := range 256 {
			grey = append(grey, color.Gray{uint8(v)})
		}
		for _, seed := range []int{1, 1, 2, 1, 3} {
			p := image.NewPaletted(image.Rect(0, 0, 200, 160), grey)
			copy(p.Pix, scene(seed).(*image.Gray).Pix)
			g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
		}
		var b bytes.Buffer
		r.must(gif.EncodeAll(&b, g))
		r.capture("short", file{"media", "image/gif", b.Bytes(), false})
		r.must(r.work())
		var frames []int
		for _, f := range r.prints()[fingerprint.PDQ] {
			frames = append(frames, f.Frame)
		}
		if fmt.Sprint(frames) != "[0 2 4]" || len(r.prints()[fingerprint.Turned]) != 1 {
			r.Errorf("frames %v", frames)
		}
	})
}

func TestMarksAreThoseOfSites(t *testing.T) {
	for kind, want := range map[string]int{"site": 1, "post": 0} {
		each(t, func(r *rig) {
			r.newItem(kind)
			r.capture("short", page("", `<a href="https://t.me/exercise_channel">c</a>`))
			r.must(r.work())
			if got := r.prints()[fingerprint.Mark]; len(got) != want {
				r.Errorf("%s: marks %+v", kind, got)
			}
		})
	}
}

func TestAnItemThatIsNotThereEndsTheJob(t *testing.T) {
	each(t, func(r *rig) {
		r.must(r.store.Act(r.ctx, access.System("test"), func(tx *store.Tx) error {
			return tx.Job(staydown.Job{Kind: "fingerprint", Subject: "nobody"})
		}))
		r.must(r.work())
		if r.open1("fingerprint") != 0 {
			r.Error("the job is still there")
		}
	})
}
