package htmltext

import (
	"testing"
	"time"
)

func TestPublished(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"meta", `<meta property="article:published_time" content="2019-11-22T10:00:00+02:00"><time datetime="2018-01-01">`, "2019-11-22T08:00:00Z"},
		{"linked data", `<script type="application/ld+json">{"@type":"Article","datePublished" : "2019-11-22T08:00:00Z"}</script><time datetime="2018-01-01T00:00:00Z">`, "2019-11-22T08:00:00Z"},
		{"time element", `<body><time datetime="2019-11-22 08:00:00">yesterday</time>`, "2019-11-22T08:00:00Z"},
		{"only the day", `<meta name="date" content="2019-11-22">`, "2019-11-22T23:59:59Z"},
		{"the second one can be read", `<time datetime="soon"></time><time datetime="2019-11-22T08:00Z"></time>`, "2019-11-22T08:00:00Z"},
		{"not a date", `<meta name="date" content="0001-01-01"><time datetime="P3D">`, ""},
		{"a script is no date", `<script>{"datePublished":"2019-11-22T08:00:00Z"}</script>`, ""},
	} {
		p, err := Read([]byte(tt.in), "text/html; charset=utf-8", "https://relay.example/")
		got := ""
		if !p.Published.IsZero() {
			got = p.Published.Format(time.RFC3339)
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, want %q, %v", tt.name, got, tt.want, err)
		}
	}
}

func TestMainPart(t *testing.T) {
	const in = `<header>Brand</header><nav>home</nav><main><article><header><h1>Title</h1></header><p>Words</p><aside>more</aside></article></main>
<form>say something <button>send</button></form><p>beside</p><footer>imprint</footer>`
	p, err := Read([]byte(in), "", "https://relay.example/")
	if err != nil || p.Main != "Title\nWords\nbeside" {
		t.Errorf("main part %q, %v", p.Main, err)
	}
}
