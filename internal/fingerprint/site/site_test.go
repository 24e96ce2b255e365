package site

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown/internal/fingerprint/exact"
	"github.com/staydown/staydown/internal/htmltext"
)

// draft describes a made-up site; build writes it as a page.
type draft struct {
	domain   string
	path     string
	title    string
	topic    uint64 // chooses the words
	platform uint64 // chooses the template
	extra    string // markup put in: identifiers, links
	block    string // the tag articles are made of
	icon     string
	media    []Media
}

func (d draft) build(t *testing.T) Signature {
	t.Helper()
	words, shape := rand.New(rand.NewPCG(d.topic, 1)), rand.New(rand.NewPCG(d.platform, 2))
	vocabulary := strings.Fields("exercise drill bulletin morning harbour lantern بيان تدريب صباح ميناء report weather second window garden copper river نشرة خبر طريق")
	if d.block == "" {
		d.block = "div"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<html><head><title>%s</title></head><body><header><a href='https://%s/'>%s</a></header>%s", d.title, d.domain, d.domain, d.extra)
	inner := []string{"h2", "p", "span", "figure", "ul", "blockquote", "time", "em"}
	for range 12 {
		fmt.Fprintf(&b, "<%s class=c%d>", d.block, shape.IntN(9))
		for range 3 + shape.IntN(4) {
			tag := inner[shape.IntN(len(inner))]
			fmt.Fprintf(&b, "<%s class=k%d>", tag, shape.IntN(9))
			for range 8 {
				fmt.Fprintf(&b, "%s ", vocabulary[words.IntN(len(vocabulary))])
			}
			fmt.Fprintf(&b, "</%s>", tag)
		}
		fmt.Fprintf(&b, "<a href='https://%s/more'>%s</a></%s>", d.domain, d.domain, d.block)
	}
	b.WriteString("</body></html>")
	address := "https://" + d.domain + "/" + d.path
	page, err := htmltext.Read([]byte(b.String()), "text/html; charset=utf-8", address)
	if err != nil {
		t.Fatal(err)
	}
	return Of(Page{Address: address, HTML: []byte(b.String()), Page: page, Icon: []byte(d.icon), Media: d.media})
}

const carried = `<a href="https://t.me/exercise_channel">channel</a> mail drill@exercise.example <script>gtag('config','UA-1234567-1')</script>`

func picture(n byte, bits ...int) Media {
	m := Media{SHA256: exact.Of([]byte{n}).SHA256, Quality: 90}
	rnd := rand.New(rand.NewPCG(uint64(n), 9))
	for i := range m.PDQ {
		m.PDQ[i] = byte(rnd.Uint32())
	}
	for _, k := range bits {
		m.PDQ[k/8] ^= 1 << (k % 8)
	}
	return m
}

func TestCompare(t *testing.T) {
	original := draft{domain: "news1.example", title: "Morning Bulletin", topic: 1, platform: 1, extra: carried, icon: "icon A", media: []Media{picture(1), picture(2), picture(3)}}
	recoded := picture(2, 5, 77, 130)
	recoded.SHA256 = exact.Of([]byte("another encoding")).SHA256
	for _, tt := range []struct {
		name        string
		change      func(d *draft)
		least, most float64
	}{
		{"the same page", func(d *draft) {}, 0.99, 1},
		{"another domain throughout", func(d *draft) { d.domain = "news2.example" }, 0.97, 1},
		{"new text on the same template, same makers", func(d *draft) { d.domain, d.topic, d.media = "news2.example", 2, nil }, 0.8, 1},
		{"rebuilt with other tags, same text", func(d *draft) { d.domain, d.block, d.platform, d.extra, d.icon = "news2.example", "section", 1, "", "" }, 0.7, 1},
		{"only the pictures, one of them encoded anew", func(d *draft) {
			*d = draft{domain: "other.example", title: "Else", topic: 5, platform: 5, media: []Media{recoded, picture(3)}}
		}, 0.55, 0.8},
		{"another page of one platform", func(d *draft) {
			*d = draft{domain: "news1.example", path: "x", title: "Garden", topic: 7, platform: 1, icon: "icon A"}
		}, 0, 0.2},
		{"another site with the same software", func(d *draft) { *d = draft{domain: "garden.example", title: "Garden", topic: 7, platform: 1} }, 0.1, 0.5},
		{"an unrelated site", func(d *draft) {
			*d = draft{domain: "garden.example", title: "Garden", topic: 7, platform: 8, extra: `x@garden.example`, icon: "icon B"}
		}, 0, 0.15},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changed := original
			tt.change(&changed)
			a, b := original.build(t), changed.build(t)
			there, back := Compare(a, b, nil), Compare(b, a, nil)
			if there.Total < tt.least || there.Total > tt.most {
				t.Errorf("total %.3f, want %.2f to %.2f\n%+v", there.Total, tt.least, tt.most, there.Signals)
			}
			if there.Total != back.Total {
				t.Errorf("the comparison is %.3f one way and %.3f the other", there.Total, back.Total)
			}
			for _, s := range there.Signals {
				if s.Why == "" || s.Score < 0 || s.Score > 1 || s.Weight < 0 || s.Weight > 1 {
					t.Errorf("signal %+v", s)
				}
			}
		})
	}
}

// TestCommonFeaturesConvinceLess: what forty other sites carry proves nothing.
func TestCommonFeaturesConvinceLess(t *testing.T) {
	a := draft{domain: "a.example", title: "A", topic: 1, platform: 1, extra: carried, icon: "software's own", media: []Media{picture(1)}}.build(t)
	b := draft{domain: "b.example", title: "B", topic: 2, platform: 2, extra: carried, icon: "software's own", media: []Media{picture(1)}}.build(t)
	rare := Compare(a, b, nil)
	common := Compare(a, b, func(string) int { return 40 })
	if rare.Total < Threshold || common.Total > 0.2 {
		t.Errorf("rare features: %.2f, common ones: %.2f", rare.Total, common.Total)
	}
}

func TestIdentifiers(t *testing.T) {
	const html = `<meta property="fb:app_id" content="998877"><a href="https://t.me/exercise_channel?x=1">c</a><a href="https://www.t.me/exercise_channel/">c</a>
<a href="https://t.me/exercise_channel/5">a posting</a><a href="https://t.me/share/url?url=x">share</a><a href="https://own.example/about-us">own</a>
<script>ga('create','UA-1234567-1');gtag('config','G-ABCDEFGH12');ym(12345678,"init");fbq('init', '1234567890123');</script>
<img src="logo@2x.png"> Write to Drill@Exercise.example, or bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq
-----BEGIN PGP PUBLIC KEY BLOCK-----
` + "mQENBFexerciseexerciseexerciseexerciseexerciseexerciseexercise\nexerciseexercise" + `
-----END PGP PUBLIC KEY BLOCK-----`
	page, err := htmltext.Read([]byte(html), "", "https://own.example/")
	if err != nil {
		t.Fatal(err)
	}
	got := identifiers(Page{Address: "https://own.example/", HTML: []byte(html), Page: page})
	want := []string{
		"account:t.me/exercise_channel",
		"bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
		"google-analytics:G-ABCDEFGH12", "google-analytics:UA-1234567-1",
		"mail:drill@exercise.example",
		"meta-pixel:1234567890123",
		"meta:fb:app_id=998877",
		"yandex-metrika:12345678",
	}
	var rest []string
	for _, id := range got {
		if !strings.HasPrefix(id, "pgp:") {
			rest = append(rest, id)
		}
	}
	if d := cmp.Diff(want, rest); d != "" || len(rest) != len(got)-1 {
		t.Errorf("identifiers (-want +got):\n%s", d)
	}
}

// The values of MurmurHash3_x86_32 with seed 0 are those of its author's code.
func TestMurmur3(t *testing.T) {
	for in, want := range map[string]uint32{
		"": 0, "hello": 0x248bfa47, "hello, world": 0x149bbb7f, "The quick brown fox jumps over the lazy dog": 0x2e4ff723,
	} {
		if got := murmur3([]byte(in)); got != want {
			t.Errorf("murmur3(%q) = %08x, want %08x", in, got, want)
		}
	}
}

func TestSignatureThroughJSON(t *testing.T) {
	want := draft{domain: "a.example", title: "A", topic: 1, platform: 1, extra: carried, icon: "x", media: []Media{picture(1), picture(1), picture(2)}}.build(t)
	data, err := json.Marshal(want)
	var got Signature
	if err != nil || json.Unmarshal(data, &got) != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" || len(want.Media) != 2 {
		t.Errorf("%d media; through JSON (-want +got):\n%s", len(want.Media), d)
	}
}

func FuzzOf(f *testing.F) {
	f.Add([]byte(carried), []byte("icon"))
	f.Add([]byte("-----BEGIN PGP PUBLIC KEY BLOCK-----<a href=https://t.me/x>"), []byte{})
	f.Fuzz(func(t *testing.T, html, icon []byte) {
		page, err := htmltext.Read(html, "", "https://a.example/")
		if err != nil {
			return
		}
		s := Of(Page{Address: "https://a.example/", HTML: html, Page: page, Icon: icon})
		if c := Compare(s, s, nil); c.Total < 0 || c.Total > 1 {
			t.Fatalf("compared with itself: %v", c.Total)
		}
	})
}
