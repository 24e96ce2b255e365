package practice

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/staydown/staydown/internal/exercise/world"
)

// maxControl bounds what the control door reads.
const maxControl = 1 << 20

// serveControl runs the exercise's own door: the time, the introduction of
// the desk, what the units hand in, the figures.
func (h *House) serveControl(ip string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		return "", fmt.Errorf("listening for control: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /now", h.controlNow)
	mux.HandleFunc("POST /connect", h.controlConnect)
	mux.HandleFunc("GET /world", h.controlWorld)
	mux.HandleFunc("GET /world/lists/{name}", h.controlList)
	mux.HandleFunc("GET /finds", h.controlFinds)
	mux.HandleFunc("GET /summary", h.controlSummary)
	mux.HandleFunc("GET /file", func(w http.ResponseWriter, _ *http.Request) { reply(w, h.file) })
	mux.HandleFunc("POST /shutdown", h.controlShutdown)
	h.serveHTTP(l, h.guarded(mux), h.ctx)
	return l.Addr().String(), nil
}

// guarded lets nobody in without the token of this run.
func (h *House) guarded(next http.Handler) http.Handler {
	want := []byte("Bearer " + h.token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			http.Error(w, "the control token is missing or wrong", http.StatusUnauthorized)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxControl)
		next.ServeHTTP(w, r)
	})
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func (h *House) controlNow(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Now time.Time `json:"now"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Now.IsZero() {
		http.Error(w, "want {\"now\": RFC 3339}", http.StatusBadRequest)
		return
	}
	step, err := h.Advance(r.Context(), in.Now)
	if err != nil {
		h.log.Warn("an answer stays due", "error", err)
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	reply(w, step)
}

func (h *House) controlConnect(w http.ResponseWriter, r *http.Request) {
	var desk Desk
	if err := json.NewDecoder(r.Body).Decode(&desk); err != nil {
		http.Error(w, "cannot read the introduction: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := h.Connect(desk); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply(w, map[string]bool{"connected": true})
}

// Connect introduces the desk under test.
func (h *House) Connect(desk Desk) error {
	client, err := desk.client()
	if err != nil {
		return err
	}
	client.CloseIdleConnections()
	if desk, err = desk.unpack(); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.desk = desk
	return nil
}

// Programme is what the officers' side may know of the world: who hands in
// what and when, and which holds exist. Nothing of the truth is in it.
type Programme struct {
	Scenario string          `json:"scenario"`
	Seed     uint64          `json:"seed"`
	Items    int             `json:"items"`
	Start    time.Time       `json:"start"`
	Release  time.Time       `json:"release"`
	End      time.Time       `json:"end"`
	Horizon  time.Time       `json:"horizon"`
	Units    []ProgrammeUnit `json:"units"`
	Lists    []ProgrammeList `json:"lists"`
	Holds    []ProgrammeHold `json:"holds"`
}

// ProgrammeUnit is one of the twelve units.
type ProgrammeUnit struct {
	Code  string   `json:"code"`
	Name  string   `json:"name"`
	Desk  string   `json:"desk"`
	Reads []string `json:"reads"`
}

// ProgrammeList is a list of leads; its bytes are at /world/lists/{name}.
type ProgrammeList struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit"`
	At     time.Time `json:"at"`
	Format string    `json:"format"` // "urls" or "csv"
	Leads  int       `json:"leads"`
}

// ProgrammeHold is a hold by an authority outside the action.
type ProgrammeHold struct {
	URL    string    `json:"url"`
	Since  time.Time `json:"since"`
	Reason string    `json:"reason"`
}

// Programme lists what the units of a world do.
func programme(w *world.World) Programme {
	p := Programme{Scenario: "november", Seed: w.Seed, Items: w.Count, Start: world.Start, Release: world.Release, End: world.End, Horizon: world.Horizon}
	for _, u := range w.Units {
		p.Units = append(p.Units, ProgrammeUnit{u.Code, u.Name, u.Desk, u.Reads})
	}
	for _, b := range w.Batches {
		p.Lists = append(p.Lists, ProgrammeList{b.Name, w.Units[b.Unit].Code, b.At, b.Format, len(b.Leads)})
	}
	for _, hold := range w.Holds {
		p.Holds = append(p.Holds, ProgrammeHold{hold.URL, hold.Since, hold.Reason})
	}
	return p
}

func (h *House) controlWorld(w http.ResponseWriter, _ *http.Request) { reply(w, programme(h.world)) }

func (h *House) controlList(w http.ResponseWriter, r *http.Request) {
	for _, b := range h.world.Batches {
		if b.Name == r.PathValue("name") {
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Write(h.world.File(b))
			return
		}
	}
	http.NotFound(w, r)
}

// controlFinds lists the returns units have come upon, after a number.
func (h *House) controlFinds(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(r.URL.Query().Get("after"))
	if err != nil && r.URL.Query().Get("after") != "" {
		http.Error(w, "after: not a number", http.StatusBadRequest)
		return
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	after = min(max(after, 0), len(h.state.finds))
	type find struct { // without item numbers, which are the truth's
		N    int       `json:"n"`
		At   time.Time `json:"at"`
		Unit string    `json:"unit"`
		URL  string    `json:"url"`
	}
	out := []find{}
	for _, f := range h.state.finds[after:] {
		out = append(out, find{f.N, f.At, f.Unit, f.URL})
	}
	reply(w, map[string]any{"finds": out})
}

func (h *House) controlSummary(w http.ResponseWriter, _ *http.Request) {
	truth, err := ReadTruth(h.world, h.journal.path)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	reply(w, map[string]any{"summary": truth.Summary(), "probes": h.Probes()})
}

// Probes counts the pages asked for, by host and country of the proxy ("" is
// without one). They are counters of this process, not part of the truth.
func (h *House) Probes() map[string]map[string]int64 {
	out := map[string]map[string]int64{}
	for key, n := range h.probes {
		country, host, _ := strings.Cut(key, " ")
		if out[host] == nil {
			out[host] = map[string]int64{}
		}
		if count := n.Load(); count > 0 {
			out[host][country] = count
		}
	}
	return out
}

// controlShutdown asks for the end. The reply is out, whole, before anybody acts
// on it.
func (h *House) controlShutdown(w http.ResponseWriter, _ *http.Request) {
	const closing = `{"closing":true}`
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(closing)))
	_, _ = io.WriteString(w, closing)
	_ = http.NewResponseController(w).Flush()
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.done:
	default:
		close(h.done)
	}
}
