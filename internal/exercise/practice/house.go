package practice

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// Config says which providers to run.
type Config struct {
	World  *world.World
	Dir    string // where truth.jsonl lies or will lie
	Listen string // loopback address without port; "127.0.0.1" when empty
	Tamper bool   // falsify the truth, see tampering
	Log    *slog.Logger
}

// TruthName is the file name of the truth in the directory of an exercise.
const TruthName = "truth.jsonl"

// House runs the nine providers. All of it is safe for concurrent use.
type House struct {
	world *world.World
	log   *slog.Logger
	token string
	cert  tls.Certificate
	ca    string

	mu      sync.RWMutex // guards everything up to the blank line
	state   *state
	journal *journal
	drops   *dropList
	now     time.Time
	desk    Desk
	codes   map[string]chan string // provider -> codes mailed to its contact

	turn    sync.Mutex // one POST /now at a time
	media   *mediaStore
	probes  map[string]*atomic.Int64 // country and host -> pages asked for; the keys never change
	servers []*http.Server
	mail    interface{ Close() error }
	group   sync.WaitGroup
	stop    context.CancelFunc
	ctx     context.Context
	done    chan struct{}
	file    File
}

// Countries whose view a proxy gives, besides the unit's own.
var Countries = []string{"DE", "FR", "BE"}

// HomeCountry is the view of whoever comes without a proxy.
const HomeCountry = "BE"

// everydayPosts are the harmless postings each channel has besides those
// anybody hands in.
const everydayPosts = 3

// Start opens or continues the truth and listens.
func Start(ctx context.Context, c Config) (*House, error) {
	if c.Listen == "" {
		c.Listen = "127.0.0.1"
	}
	if ip := net.ParseIP(c.Listen); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("starting the practice providers: %q is not a loopback address", c.Listen)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	h := &House{world: c.World, log: c.Log, codes: map[string]chan string{}, media: newMediaStore(c.World, mediaBytes), done: make(chan struct{})}
	h.ctx, h.stop = context.WithCancel(ctx)
	if err := h.open(c); err != nil {
		return nil, err
	}
	if err := h.listen(c.Listen); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// open reads the truth, or begins it.
func (h *House) open(c Config) error {
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return fmt.Errorf("starting the practice providers: %w", err)
	}
	drops, err := openDropList(filepath.Join(c.Dir, "truth.dropped"))
	if err != nil {
		return err
	}
	h.drops = drops
	h.state = newState(c.World)
	h.state.tamper = newTampering(c.Tamper, c.World)
	webhooks, copies := 0, 0
	h.journal, err = openJournal(filepath.Join(c.Dir, TruthName), func(e Event) error {
		if e.Kind == KindLetter && e.Channel == string(world.ByWebhook) {
			webhooks++
			if e.Reason == doubledMark {
				copies++
			}
		}
		if e.At.After(h.now) {
			h.now = e.At
		}
		return h.state.apply(e)
	})
	if err != nil {
		drops.file.Close()
		return err
	}
	t := &h.state.tamper
	t.letters, t.doubled, t.dropped = webhooks-copies+len(drops.receipts), t.doubled-copies, t.dropped-len(drops.receipts)
	if h.journal.n == 0 {
		return h.plant()
	}
	h.state.forget()
	return nil
}

// forget takes away what was planned and looked at before the last clock
// event: it was done, or something else came first.
func (s *state) forget() {
	for {
		a, ok := s.agenda.next()
		if !ok || a.at.After(s.clock) {
			return
		}
		s.agenda.drop()
	}
}

// plant writes the world as it is at the start.
func (h *House) plant() error {
	w := h.world
	before := world.Start.Add(-time.Hour)
	events := make([]Event, 0, w.Count+1)
	events = append(events, Event{Kind: KindWorld, At: before, Key: w.Token()})
	for n, it := range w.Items {
		events = append(events, Event{Kind: KindPlanted, At: before, Provider: w.Providers[it.Provider].Name, Item: number(n), URL: it.URL(),
			Class: string(it.Class), Ground: it.Ground, Purpose: string(it.Purpose), Held: it.Held, Family: number(it.Family), Transform: string(it.Transform)})
	}
	h.now = before
	return h.commit(events...)
}

// commit writes events into the truth and then makes them effective. The
// caller holds the lock, or is alone.
func (h *House) commit(events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	for i := range events {
		events[i].At = events[i].At.UTC().Truncate(time.Second)
	}
	if err := h.journal.append(events); err != nil {
		return err
	}
	for _, e := range events {
		if err := h.state.apply(e); err != nil {
			return err
		}
	}
	return nil
}

// listen opens every door and prints none of them: File says where they are.
func (h *House) listen(ip string) error {
	authority, err := newAuthority()
	if err != nil {
		return err
	}
	h.ca = authority.pem
	if h.cert, err = authority.certificate(h.hosts()); err != nil {
		return err
	}
	secret := make([]byte, 24)
	if _, err := rand.Read(secret); err != nil {
		return fmt.Errorf("drawing the control token: %w", err)
	}
	h.token = hex.EncodeToString(secret)
	h.probes = map[string]*atomic.Int64{}
	for _, country := range append([]string{""}, Countries...) {
		for _, host := range h.hosts() {
			h.probes[country+" "+host] = &atomic.Int64{}
		}
	}
	pages, err := h.serveTLS(ip, "")
	if err != nil {
		return err
	}
	var proxies []Proxy
	for _, country := range Countries {
		behind, err := h.serveTLS(ip, country)
		if err != nil {
			return err
		}
		address, err := h.serveProxy(ip, behind)
		if err != nil {
			return err
		}
		proxies = append(proxies, Proxy{Name: "direct-" + lower(country), Country: country, Address: address})
	}
	smtp, err := h.serveMail(ip)
	if err != nil {
		return err
	}
	control, err := h.serveControl(ip)
	if err != nil {
		return err
	}
	h.file = h.describe(pages, smtp, control, proxies)
	return nil
}

// hosts lists every host name of the nine.
func (h *House) hosts() []string {
	var out []string
	for _, p := range h.world.Providers {
		out = append(out, p.Hosts...)
	}
	return out
}

// serveHTTP runs a server until the house closes.
func (h *House) serveHTTP(l net.Listener, handler http.Handler, base context.Context) {
	s := &http.Server{
		Handler: handler, ReadHeaderTimeout: 20 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext:  func(net.Listener) context.Context { return base },
		ErrorLog:     slog.NewLogLogger(h.log.Handler(), slog.LevelDebug),
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, // one protocol is enough, and cheaper to look at
	}
	h.servers = append(h.servers, s)
	h.group.Go(func() {
		if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			h.log.Error("a practice server stopped", "error", err)
		}
	})
}

type countryKey struct{}

// serveTLS serves the nine providers' pages as one country sees them and
// returns the address; "" is whoever comes without a proxy.
func (h *House) serveTLS(ip, country string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		return "", fmt.Errorf("listening for pages: %w", err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{h.cert}, MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.X25519}}
	h.serveHTTP(tls.NewListener(l, config), http.HandlerFunc(h.pages), context.WithValue(h.ctx, countryKey{}, country))
	return l.Addr().String(), nil
}

// Done is closed when somebody asked for the end over the control door.
func (h *House) Done() <-chan struct{} { return h.done }

// Close stops everything. The truth is complete at any time.
func (h *House) Close() error {
	h.stop()
	for _, s := range h.servers {
		s.Close()
	}
	if h.mail != nil {
		h.mail.Close()
	}
	h.group.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drops.file.Close()
	return h.journal.close()
}
