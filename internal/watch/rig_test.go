package watch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/location"
	"github.com/staydown/staydown/internal/match"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
	"github.com/staydown/staydown/internal/watch"
)

// rig is the chain from a captured item to a return, over a real store; the
// bytes of exhibits lie in a map.
type rig struct {
	*testing.T
	ctx    context.Context
	store  *store.Store
	clock  *storetest.Clock
	bytes  map[string][]byte
	prints *fingerprint.Desk
	match  *match.Desk
	watch  *watch.Desk
}

const unit = staydown.ID("unit")

func newRig(t *testing.T, s *store.Store, c *storetest.Clock) *rig {
	r := &rig{T: t, ctx: t.Context(), store: s, clock: c, bytes: map[string][]byte{}}
	r.prints = &fingerprint.Desk{Store: s.Fingerprints(), Open: r.open}
	r.match = &match.Desk{Store: s.Match()}
	r.watch = &watch.Desk{Store: s.Watch()}
	return r
}

func (r *rig) open(_ context.Context, sha256 string) (io.ReadCloser, error) {
	b, ok := r.bytes[sha256]
	if !ok {
		return nil, fmt.Errorf("no exhibit %s", sha256)
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (r *rig) wait(d time.Duration) { r.clock.At = r.clock.At.Add(d) }

func officer(name string) access.Caller { return who(name, unit, staydown.RoleOfficer) }

func who(name string, circle staydown.ID, role staydown.Role) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.ID(name), Authority: circle}, Roles: []staydown.Role{role}, Circles: []staydown.ID{circle}}
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) act(fn func(tx *store.Tx) error) {
	r.Helper()
	r.must(r.store.Act(r.ctx, access.System("test"), fn))
}

// posting is a made-up posting.
type posting struct {
	url       string
	circle    staydown.ID
	kind      string
	title     string
	words     string
	markup    string // put into the page
	published time.Time
	media     []medium
}

type medium struct {
	mediaType string
	data      []byte
	margin    bool // stands beside the main part
}

// capture puts an item into the store as a capture would, leaves its job, and
// does all jobs.
func (r *rig) capture(p posting) staydown.ID {
	r.Helper()
	if p.circle == "" {
		p.circle = unit
	}
	if p.kind == "" {
		p.kind = "post"
	}
	id := staydown.NewID(r.clock.Now())
	host := location.Host(p.url)
	page := "<html><head><title>" + p.title + "</title>"
	if !p.published.IsZero() {
		page += `<meta property="article:published_time" content="` + p.published.Format(time.RFC3339) + `">`
	}
	page += "</head><body><main><h1>" + p.title + "</h1>" + p.markup + "<p>" + p.words + "</p></main></body></html>"
	r.act(func(tx *store.Tx) error {
		i := staydown.Item{ID: id, Circle: p.circle, Owner: p.circle, Location: p.url, Host: host, State: staydown.ItemCaptured, Kind: p.kind, Title: p.title,
			SeenAt: tx.Now(), CapturedAt: tx.Now()}
		if err := tx.AddItem(i); err != nil {
			return err
		}
		if err := r.shoot(tx, i, p, page); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "capture", Noun: "item", Subject: id, Circle: p.circle})
	})
	r.settle()
	return id
}

func (r *rig) shoot(tx *store.Tx, i staydown.Item, p posting, page string) error {
	type fact struct {
		SHA256 string `json:"sha256"`
		Shown  bool   `json:"shown"`
	}
	var facts struct {
		Media []fact `json:"media"`
	}
	c := staydown.Capture{ID: tx.NewID(), Item: i.ID, Owner: i.Owner, Circle: i.Circle, Asked: i.Location, Reached: i.Location, Outcome: "content", Status: 200,
		Title: p.title, Text: p.title + "\n" + p.words, StartedAt: tx.Now(), EndedAt: tx.Now()}
	exhibit := func(kind, mediaType string, data []byte) error {
		d := exact.Of(data)
		r.bytes[d.SHA256.String()] = data
		return tx.AddExhibit(staydown.Exhibit{ID: tx.NewID(), Item: i.ID, Owner: i.Owner, Circle: i.Circle, Capture: c.ID, Kind: kind, URL: i.Location,
			SHA256: d.SHA256.String(), MD5: d.MD5.String(), Bytes: d.Bytes, MediaType: mediaType, KeptAt: tx.Now()})
	}
	if err := exhibit("page", "text/html", []byte(page)); err != nil {
		return err
	}
	for _, m := range p.media {
		facts.Media = append(facts.Media, fact{exact.Of(m.data).SHA256.String(), !m.margin})
		if err := exhibit("media", m.mediaType, m.data); err != nil {
			return err
		}
	}
	b, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	c.Facts = string(b)
	if err := tx.AddCapture(c); err != nil {
		return err
	}
	return tx.Job(staydown.Job{Kind: "fingerprint", Key: string(i.ID), Subject: i.ID, Payload: `{"capture":"` + string(c.ID) + `"}`})
}

// settle does all jobs that are due and returns how many of each kind.
func (r *rig) settle() map[string]int {
	r.Helper()
	handlers := map[string]func(context.Context, staydown.Job) error{
		"fingerprint": r.prints.HandleFingerprint, "match": r.match.HandleMatch, "watch": r.watch.HandleWatch,
	}
	done := map[string]int{}
	for {
		jobs, err := r.store.TakeJobs(r.ctx, []string{"fingerprint", "match", "watch"}, 10, "token", time.Minute)
		r.must(err)
		if len(jobs) == 0 {
			return done
		}
		for _, j := range jobs {
			done[j.Kind]++
			r.must(handlers[j.Kind](r.ctx, j))
		}
	}
}

// decide lets a finding stand on an item.
func (r *rig) decide(id staydown.ID) {
	r.Helper()
	r.act(func(tx *store.Tx) error {
		i, err := tx.Item(id)
		if err != nil {
			return err
		}
		e, err := i.Assess(staydown.Assessment{ID: tx.NewID(), Verdict: staydown.TerroristContent}, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.PutItem(i); err != nil {
			return err
		}
		return tx.Event(e)
	})
}

// look is what verification does when it sees an item up or gone.
func (r *rig) look(id staydown.ID, saw staydown.Sight) {
	r.Helper()
	r.act(func(tx *store.Tx) error {
		i, err := tx.Item(id)
		if err != nil {
			return err
		}
		first := saw == staydown.Gone && i.GoneAt.IsZero()
		i.WeSaw, i.WeSawAt = saw, tx.Now()
		if first {
			i.GoneAt = tx.Now()
			if err := tx.Job(staydown.Job{Kind: "watch", Key: string(id), Subject: id}); err != nil {
				return err
			}
		}
		c := staydown.Check{ID: tx.NewID(), Item: id, Owner: i.Owner, Circle: i.Circle, State: staydown.CheckDone, N: int(tx.Now().Unix()), At: tx.Now(), Verdict: saw}
		if err := tx.AddCheck(c); err != nil {
			return err
		}
		if err := tx.PutItem(i); err != nil {
			return err
		}
		return tx.Event(staydown.Event{Act: "look", Noun: "check", Subject: c.ID, Circle: i.Circle})
	})
	r.settle()
}

func (r *rig) item(id staydown.ID) staydown.Item {
	r.Helper()
	i, err := r.store.Item(r.ctx, id)
	r.must(err)
	return i
}

func (r *rig) returns(state staydown.ReturnState) []watch.Row {
	r.Helper()
	rows, err := r.watch.Returns(r.ctx, officer("o"), state, 0)
	r.must(err)
	return rows
}

// picture draws a scene from a seed; nothing in it comes from the world.
func picture(seed uint64) *image.RGBA {
	rnd := rand.New(rand.NewPCG(seed, 5))
	img := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for n := range 60 {
		w, h := 20+rnd.IntN(160), 20+rnd.IntN(120)
		if n == 0 {
			w, h = 640, 480
		}
		x0, y0 := rnd.IntN(320)-w/2, rnd.IntN(240)-h/2
		c := color.RGBA{uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), 255}
		for y := max(0, y0); y < min(240, y0+h); y++ {
			for x := max(0, x0); x < min(320, x0+w); x++ {
				img.SetRGBA(x, y, c)
			}
		}
	}
	return img
}

func flipped(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	for y := range 240 {
		for x := range 320 {
			out.SetRGBA(319-x, y, img.RGBAAt(x, y))
		}
	}
	return out
}

// captioned lays a dark band with light strokes over a picture, as a caption
// does.
func captioned(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for y := 172; y < 184; y++ {
		for x := 110; x < 210; x++ {
			p := out.RGBAAt(x, y)
			p.R, p.G, p.B = p.R/8*7, p.G/8*7, p.B/8*7
			if x%7 < 3 && y%9 < 5 {
				p.R, p.G, p.B = 230, 230, 230
			}
			out.SetRGBA(x, y, p)
		}
	}
	return out
}

func asPNG(img image.Image) medium {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return medium{mediaType: "image/png", data: b.Bytes()}
}

func asJPEG(img image.Image, quality int) medium {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return medium{mediaType: "image/jpeg", data: b.Bytes()}
}

// asGIF makes a clip of pictures, in grey.
func asGIF(frames ...*image.RGBA) medium {
	g := &gif.GIF{}
	var grey color.Palette
	for v := range 256 {
		grey = append(grey, color.Gray{uint8(v)})
	}
	for _, f := range frames {
		p := image.NewPaletted(f.Rect, grey)
		for y := range f.Rect.Dy() {
			for x := range f.Rect.Dx() {
				p.SetColorIndex(x, y, color.GrayModel.Convert(f.RGBAAt(x, y)).(color.Gray).Y)
			}
		}
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		panic(err)
	}
	return medium{mediaType: "image/gif", data: b.Bytes()}
}

// words makes n words of no meaning from a seed.
func words(seed uint64, n int) string {
	rnd := rand.New(rand.NewPCG(seed, 6))
	syllables := []string{"ba", "ko", "ri", "ten", "شم", "نو", "كر", "لي", "da", "مت"}
	out := make([]string, n)
	for i := range out {
		for range 2 + rnd.IntN(3) {
			out[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	return strings.Join(out, " ")
}
