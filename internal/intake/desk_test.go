package intake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
	"github.com/staydown/staydown/internal/blob"
	"github.com/staydown/staydown/internal/evidence"
	"github.com/staydown/staydown/internal/intake"
	"github.com/staydown/staydown/internal/store"
	"github.com/staydown/staydown/internal/store/storetest"
)

// rig is a desk over a real store and a real vault.
type rig struct {
	t     *testing.T
	s     *store.Store
	clock *storetest.Clock
	vault *evidence.Vault
	desk  *intake.Desk
	dir   string
}

func each(t *testing.T, run func(t *testing.T, r *rig)) {
	storetest.Each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		dir := t.TempDir()
		blobs, err := blob.OpenFolder(filepath.Join(dir, "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		v := evidence.Open(blobs)
		run(t, &rig{t, s, c, v, &intake.Desk{Store: s.Intake(), Vault: v, PseudonymKey: []byte("a key for tests")}, dir})
	})
}

func officer(unit string, circles ...staydown.ID) access.Caller {
	return access.Caller{Actor: staydown.Actor{Person: staydown.ID("P-" + unit), Authority: staydown.ID(unit)},
		Roles: []staydown.Role{staydown.RoleAnalyst}, Circles: append(circles, staydown.ID(unit))}
}

func (r *rig) file(name, content string) intake.Source {
	r.t.Helper()
	at := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(content), 0o644)); err != nil {
		r.t.Fatal(err)
	}
	return r.source(at)
}

func (r *rig) source(at string) intake.Source {
	r.t.Helper()
	src, err := intake.PathSource(at)
	if err != nil {
		r.t.Fatal(err)
	}
	return src
}

// run imports and gives the outcomes as "result location" or "rejected reason".
func (r *rig) run(c access.Caller, src intake.Source, o intake.ImportOptions) (intake.Report, []string) {
	r.t.Helper()
	rep, out, err := r.try(r.t.Context(), c, src, o)
	if err != nil {
		r.t.Fatalf("importing %s: %v", src.Name, err)
	}
	return rep, out
}

func (r *rig) try(ctx context.Context, c access.Caller, src intake.Source, o intake.ImportOptions) (intake.Report, []string, error) {
	var out []string
	each := o.Each
	o.Each = func(x intake.Outcome) error {
		if x.Result == intake.Rejected {
			out = append(out, x.Result+" "+x.Reason)
		} else {
			out = append(out, x.Result+" "+x.Location)
		}
		if each != nil {
			return each(x)
		}
		return nil
	}
	rep, err := r.desk.ImportSource(ctx, c, src, o)
	return rep, out, err
}

// counts is everything that an import may add to.
func (r *rig) counts() map[string]int {
	r.t.Helper()
	out := map[string]int{}
	events, _, err := r.s.LogCounts(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	out["events"] = int(events)
	jobs, err := r.s.JobCounts(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	for _, j := range jobs {
		out["jobs "+j.Kind] += j.N
	}
	imports, err := r.s.Imports(r.t.Context(), []staydown.ID{"be", "fr", "day"}, 100)
	if err != nil {
		r.t.Fatal(err)
	}
	out["imports"] = len(imports)
	return out
}

func (r *rig) item(id staydown.ID) staydown.Item {
	r.t.Helper()
	i, err := r.s.Item(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return i
}

func (r *rig) lead(id staydown.ID) staydown.Lead {
	r.t.Helper()
	l, err := r.s.Lead(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return l
}

func (r *rig) handIn(c access.Caller, campaign staydown.ID, leads ...staydown.Lead) []intake.Result {
	r.t.Helper()
	out, err := r.desk.HandIn(r.t.Context(), c, campaign, leads)
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

func (r *rig) act(fn func(*store.Tx) error) {
	r.t.Helper()
	if err := r.s.Act(r.t.Context(), access.System("test"), fn); err != nil {
		r.t.Fatal(err)
	}
}

// campaign keeps a campaign of both units.
func (r *rig) campaign(state staydown.CampaignState) {
	r.act(func(tx *store.Tx) error {
		p := staydown.Campaign{ID: "day", Owner: "be", Name: "Exercise day", State: state, Units: []staydown.ID{"be", "fr"}, CreatedAt: tx.Now()}
		return errors.Join(tx.AddCampaign(p), tx.Join("day", "be"), tx.Join("day", "fr"), tx.Event(staydown.Event{Act: "plan", Noun: "campaign", Subject: p.ID, Circle: p.ID}))
	})
}

func TestHandIn(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.act(func(tx *store.Tx) error {
			return errors.Join(tx.AddProvider(staydown.Provider{ID: "relay", Name: "Relay", Host: "relay.example", Hosts: []string{"www.relay.example"}}),
				tx.Event(staydown.Event{Act: "register", Noun: "provider", Subject: "relay"}))
		})
		be := officer("be")
		lead := staydown.Lead{URL: " hxxps://WWW.relay[.]example:443/example_room/12?utm_source=x ", Language: "ar", Source: "hotline", Reliability: "a", Credibility: "1", Reference: "R-1", Note: "as seen"}
		got := r.handIn(be, "", lead)
		if len(got) != 1 || got[0].Result != intake.New {
			t.Fatalf("results %+v", got)
		}
		i, l := r.item(got[0].Item), r.lead(got[0].Lead)
		if i.Location != "https://www.relay.example/example_room/12" || i.Host != "www.relay.example" || i.Provider != "relay" || i.State != staydown.ItemSeen || i.Circle != "be" ||
			i.Owner != "be" || i.Kind != "post" || i.Account != "example_room" || i.Language != "ar" || i.Leads != 1 || !i.SeenAt.Equal(r.clock.At) {
			t.Errorf("item %+v", i)
		}
		if l.State != staydown.LeadTaken || l.Item != i.ID || l.Owner != "be" || l.Location != i.Location || l.Reliability != "A" || l.Place != string(l.ID) || l.Note != "as seen" {
			t.Errorf("lead %+v", l)
		}
		if d := cmp.Diff([]string{"reliable_source"}, i.PriorityWhy); d != "" || i.Priority != 4 {
			t.Errorf("priority %d, %v", i.Priority, i.PriorityWhy)
		}
		before := r.counts()
		if before["jobs capture"] != 1 {
			t.Errorf("left %v, want one capture", before)
		}

		again := r.handIn(be, "", lead)
		if again[0] != (intake.Result{Result: intake.Known, Item: i.ID, Lead: l.ID}) {
			t.Errorf("the same lead again: %+v", again)
		}
		if d := cmp.Diff(before, r.counts()); d != "" {
			t.Errorf("the same lead again changed something:\n%s", d)
		}

		lead.Reference = "R-2"
		other := r.handIn(be, "", lead)
		if i = r.item(i.ID); other[0].Result != intake.Known || other[0].Lead == l.ID || i.Leads != 2 || len(i.PriorityWhy) != 1 {
			t.Errorf("another lead of the same unit: %+v, item %+v", other, i)
		}
		if n := r.counts()["jobs capture"]; n != 1 {
			t.Errorf("%d captures", n)
		}
	})
}

func TestHandInBetweenUnits(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.campaign(staydown.CampaignCollecting)
		be, fr := officer("be", "day"), officer("fr", "day")
		lead := staydown.Lead{URL: "https://relay.example/v/1"}
		first := r.handIn(be, "day", lead)[0]
		second := r.handIn(fr, "day", staydown.Lead{URL: "https://relay.example/v/1#top", Place: "list:1"})[0]
		if second.Result != intake.Known || second.Item != first.Item || second.Lead == first.Lead {
			t.Fatalf("first %+v, second %+v", first, second)
		}
		i := r.item(first.Item)
		if i.Circle != "day" || i.Campaign != "day" || i.Owner != "be" || i.Leads != 2 || i.Priority != 5 || i.PriorityWhy[0] != "several_units" {
			t.Errorf("item %+v", i)
		}
		if l := r.lead(second.Lead); l.Owner != "fr" || l.Circle != "day" {
			t.Errorf("each unit's lead is its own: %+v", l)
		}
		alone := r.handIn(fr, "", lead)[0]
		if alone.Result != intake.New || r.item(alone.Item).Circle != "fr" {
			t.Errorf("two circles never see each other's item: %+v", alone)
		}
		// The same name of a place in the lists of two units is two places; in one unit it is one.
		if x := r.handIn(be, "day", staydown.Lead{URL: "https://relay.example/v/2", Place: "list:1"})[0]; x.Result != intake.New {
			t.Errorf("another unit's place: %+v", x)
		}
		if x := r.handIn(be, "day", staydown.Lead{URL: "https://relay.example/v/3", Place: "list:1"})[0]; x.Result != intake.Known {
			t.Errorf("the same place again: %+v", x)
		}
	})
}

func TestHandInRefused(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.campaign(staydown.CampaignPlanned)
		lead := []staydown.Lead{{URL: "https://relay.example/v/1"}}
		lawyer := officer("be", "day")
		lawyer.Roles = []staydown.Role{staydown.RoleLegal}
		tests := []struct {
			name     string
			c        access.Caller
			campaign staydown.ID
			leads    []staydown.Lead
			code     string
		}{
			{"no permission", lawyer, "", lead, "access.permission"},
			{"another's circle", officer("be"), "day", lead, "access.circle"},
			{"a campaign that has not opened", officer("be", "day"), "day", lead, "intake.campaign_state"},
			{"no unit", access.Caller{Roles: []staydown.Role{staydown.RoleAnalyst}}, "", lead, "intake.no_unit"},
			{"too many", officer("be"), "", make([]staydown.Lead, intake.MostAtOnce+1), "intake.too_many"},
		}
		for _, tt := range tests {
			if _, err := r.desk.HandIn(t.Context(), tt.c, tt.campaign, tt.leads); staydown.CodeOf(err) != tt.code {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
			}
		}
		if n := r.counts()["jobs capture"]; n != 0 {
			t.Errorf("%d captures were left", n)
		}
	})
}

func TestHandInRejectsOneAndTakesTheRest(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		be := officer("be")
		leads := []staydown.Lead{{URL: "https://relay.example/v/1"}, {URL: "nothing \x00 here \xff"}, {URL: ""}, {URL: "https://a.example/ https://b.example/"},
			{URL: "https://relay.example/v/2", Reliability: "Q"}, {URL: "https://relay.example/v/3", Credibility: "9"}, {URL: "https://relay.example/v/4"}}
		got := r.handIn(be, "", leads...)
		var results []string
		for _, x := range got {
			results = append(results, x.Result)
			if x.Result == intake.Rejected && (x.Reason == "" || r.lead(x.Lead).State != staydown.LeadRejected || r.lead(x.Lead).Reason != x.Reason) {
				t.Errorf("a rejected lead is kept with its reason: %+v", x)
			}
		}
		if d := cmp.Diff([]string{"new", "rejected", "rejected", "rejected", "rejected", "rejected", "new"}, results); d != "" {
			t.Errorf("results (-want +got):\n%s", d)
		}
		before := r.counts()
		r.handIn(be, "", leads...)
		if d := cmp.Diff(before, r.counts()); d != "" {
			t.Errorf("the same again changed something:\n%s", d)
		}
	})
}

func TestHandInToAMergedItem(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		be := officer("be")
		got := r.handIn(be, "", staydown.Lead{URL: "https://relay.example/v/1"}, staydown.Lead{URL: "https://relay.example/v/2"})
		r.act(func(tx *store.Tx) error {
			i, err := tx.Item(got[0].Item)
			if err != nil {
				return err
			}
			e, err := i.Merge(got[1].Item)
			return errors.Join(err, tx.PutItem(i), tx.Event(e))
		})
		x := r.handIn(officer("be"), "", staydown.Lead{URL: "https://relay.example/v/1", Reference: "R-9"})[0]
		if x.Result != intake.Merged || x.Item != got[1].Item || r.item(got[1].Item).Leads != 2 {
			t.Errorf("got %+v", x)
		}
	})
}

// Somebody has just seen what could not be captured: it is tried again.
func TestHandInLooksAgain(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		x := r.handIn(officer("be"), "", staydown.Lead{URL: "https://relay.example/v/1"})[0]
		r.act(func(tx *store.Tx) error {
			i, err := tx.Item(x.Item)
			if err != nil {
				return err
			}
			e, err := i.FailCapture("timeout")
			return errors.Join(err, tx.PutItem(i), tx.DropJob("capture", string(i.ID)), tx.Event(e))
		})
		if n := r.counts()["jobs capture"]; n != 0 {
			t.Fatalf("%d captures", n)
		}
		r.handIn(officer("be"), "", staydown.Lead{URL: "https://relay.example/v/1", Reference: "seen today"})
		if n := r.counts()["jobs capture"]; n != 1 {
			t.Errorf("%d captures, want 1", n)
		}
	})
}

// openRejects keeps rejects in a file of the test's own.
func (r *rig) openRejects(_ staydown.ID, length int64) (io.WriteCloser, error) {
	f, err := os.OpenFile(filepath.Join(r.dir, "rejects.jsonl"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Seek(length, io.SeekStart)
	return f, errors.Join(err, f.Truncate(length))
}

func (r *rig) rejected() []string {
	r.t.Helper()
	b, err := os.ReadFile(filepath.Join(r.dir, "rejects.jsonl"))
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for line := range bytes.Lines(b) {
		var x struct {
			Offset int64
			Reason string
		}
		if err := json.Unmarshal(line, &x); err != nil {
			r.t.Fatalf("%q: %v", line, err)
		}
		out = append(out, fmt.Sprintf("%d %s", x.Offset, x.Reason))
	}
	return out
}

func TestImport(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		be := officer("be")
		text := "# a list\nhttps://relay.example/v/1\nnothing\nhttps://relay.example/v/2 https://relay.example/v/3\nhttps://relay.example/v/1\n"
		src := r.file("list.txt", text)
		rep, out := r.run(be, src, intake.ImportOptions{Rejects: r.openRejects, Given: intake.Given{Reliability: "B", Credibility: "2", Source: "hotline"}})
		want := []string{"new https://relay.example/v/1", "rejected no_address", "new https://relay.example/v/2", "new https://relay.example/v/3", "known https://relay.example/v/1"}
		if d := cmp.Diff(want, out); d != "" {
			t.Errorf("outcomes (-want +got):\n%s", d)
		}
		if i := rep.Import; i.Rows != 4 || i.New != 3 || i.Known != 1 || i.Rejected != 1 || !i.Done || i.Name != "list.txt" || i.Format != "urls" || rep.Again || rep.Resumed {
			t.Errorf("import %+v", rep)
		}
		if d := cmp.Diff([]string{"35 no_address"}, r.rejected()); d != "" {
			t.Errorf("rejects (-want +got):\n%s", d)
		}
		before := r.counts()

		// The same bytes again, under whatever name, change nothing.
		for _, again := range []intake.Source{src, r.file("other/name.txt", text)} {
			rep, out := r.run(be, again, intake.ImportOptions{Rejects: r.openRejects, Given: intake.Given{Reliability: "B", Credibility: "2", Source: "hotline"}})
			for i := range want {
				want[i] = strings.Replace(want[i], "new ", "known ", 1)
			}
			if d := cmp.Diff(want, out); d != "" || !rep.Again {
				t.Errorf("again %v (-want +got):\n%s", rep.Again, d)
			}
		}
		if d := cmp.Diff(before, r.counts()); d != "" {
			t.Errorf("the same import changed something:\n%s", d)
		}
		// In another unit it is another import.
		if rep, _ := r.run(officer("fr"), src, intake.ImportOptions{}); rep.Again || rep.Import.New != 3 {
			t.Errorf("another unit's import: %+v", rep)
		}
	})
}

// Stopped at any moment, an import goes on where it stood, and ends as if it had never been stopped.
func TestImportResumes(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		var sb strings.Builder
		for n := range 600 {
			switch {
			case n%10 == 3:
				fmt.Fprintf(&sb, "nothing %d\n", n)
			case n%10 == 7:
				fmt.Fprintf(&sb, "https://relay.example/v/%d https://relay.example/w/%d\n", n, n)
			default:
				fmt.Fprintf(&sb, "https://relay.example/v/%d\n", n)
			}
		}
		src := r.file("list.txt", sb.String())
		be := officer("be")
		var all []string
		stops := 0
		for round := range 50 {
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			rep, out, err := r.try(ctx, be, src, intake.ImportOptions{Rejects: r.openRejects, Each: func(intake.Outcome) error {
				if n++; n == 70*(round+1) {
					cancel()
				}
				return nil
			}})
			cancel()
			all = append(all, out...)
			if err == nil {
				if i := rep.Import; i.Rows != 600 || i.New != 600 || i.Rejected != 60 || !i.Done {
					t.Errorf("import %+v", i)
				}
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			stops++
			// What a killed process leaves behind in the rejects file is cut off.
			f, err := os.OpenFile(filepath.Join(r.dir, "rejects.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(f, "{\"half a li")
			f.Close()
		}
		if stops < 2 {
			t.Errorf("stopped %d times: the test shows nothing", stops)
		}
		seen := map[string]bool{}
		for _, o := range all {
			if strings.HasPrefix(o, "new ") && seen[o] {
				t.Errorf("%s twice", o)
			}
			seen[o] = true
		}
		if len(all) != 660 || len(r.rejected()) != 60 {
			t.Errorf("%d outcomes, %d rejects", len(all), len(r.rejected()))
		}
		if n := r.counts()["jobs capture"]; n != 600 {
			t.Errorf("%d captures", n)
		}
	})
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func TestImportFolder(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		picture := "\x89PNG\r\n\x1a\n a picture"
		r.file("case/a.png", picture)
		r.file("case/copy of a.png", picture)
		r.file("case/b.png", "\x89PNG\r\n\x1a\n another")
		r.file("case/b.png.url", "[InternetShortcut]\nURL=https://relay.example/v/1\n")
		src := r.source(filepath.Join(r.dir, "case"))
		be := officer("be")
		var items []staydown.ID
		_, out := r.run(be, src, intake.ImportOptions{Each: func(o intake.Outcome) error { items = append(items, o.Item); return nil }})
		urn := "urn:sha256:" + sum(picture)
		if d := cmp.Diff([]string{"new " + urn, "new https://relay.example/v/1", "known " + urn}, out); d != "" {
			t.Fatalf("outcomes (-want +got):\n%s", d)
		}
		alone, there := r.item(items[0]), r.item(items[1])
		if alone.State != staydown.ItemCaptured || alone.MediaSHA256 != sum(picture) || alone.Kind != "image" || alone.Title != "a.png" || alone.Host != "" || alone.Provider != "" || alone.Leads != 2 {
			t.Errorf("a file without an address: %+v", alone)
		}
		if there.State != staydown.ItemSeen || there.Host != "relay.example" {
			t.Errorf("a file with one: %+v", there)
		}
		if n := r.counts(); n["jobs capture"] != 1 || n["jobs fingerprint"] != 2 {
			t.Errorf("left %v", n)
		}
		kept, err := r.vault.Read(t.Context(), sum(picture))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(kept)
		kept.Close()
		if err != nil || string(b) != picture {
			t.Errorf("the vault holds %q, %v", b, err)
		}
		before := r.counts()
		if rep, _ := r.run(be, src, intake.ImportOptions{}); !rep.Again {
			t.Errorf("again: %+v", rep)
		}
		// Files copied elsewhere are the same files.
		now := time.Now().Add(time.Hour)
		if err := os.Chtimes(filepath.Join(r.dir, "case", "a.png"), now, now); err != nil {
			t.Fatal(err)
		}
		rep, out := r.run(be, src, intake.ImportOptions{})
		if rep.Again || rep.Import.New != 0 || rep.Import.Known != 3 {
			t.Errorf("copied: %+v %v", rep.Import, out)
		}
		after := r.counts()
		delete(before, "events")
		delete(after, "events")
		before["imports"]++
		if d := cmp.Diff(before, after); d != "" {
			t.Errorf("the same files changed something:\n%s", d)
		}
	})
}

const room = `{"name":"Example room","type":"private_supergroup","id":7,"messages":[
{"id":1,"type":"message","date_unixtime":"1574326800","from":"Reader One","from_id":"user5","text":"words, see https://relay.example/v/1"},
{"id":4,"type":"message","date_unixtime":"1574326801","from":"Reader One","from_id":"user5","photo":"photos/1.png","text":""},
{"id":5,"type":"message","date_unixtime":"1574326802","from":"Reader Two","from_id":"user6","photo":"","self_destruct_period_seconds":30,"text":""}]}`

// A closed room cannot be looked at from outside: what the export holds is the capture, and what it lacks is said.
func TestImportTelegram(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		picture := "\x89PNG\r\n\x1a\n a picture"
		r.file("ChatExport_2019-11-22/result.json", room)
		r.file("ChatExport_2019-11-22/photos/1.png", picture)
		src := r.source(filepath.Join(r.dir, "ChatExport_2019-11-22"))
		be := officer("be")
		var items, leads []staydown.ID
		rep, out := r.run(be, src, intake.ImportOptions{Each: func(o intake.Outcome) error {
			items, leads = append(items, o.Item), append(leads, o.Lead)
			return nil
		}})
		if d := cmp.Diff([]string{"new https://t.me/c/7/1", "new https://relay.example/v/1", "new https://t.me/c/7/4", "new https://t.me/c/7/5"}, out); d != "" {
			t.Fatalf("outcomes (-want +got):\n%s", d)
		}
		words, link, photo, gone := r.item(items[0]), r.item(items[1]), r.item(items[2]), r.item(items[3])
		if words.State != staydown.ItemCaptured || photo.State != staydown.ItemCaptured || photo.MediaSHA256 != sum(picture) || link.State != staydown.ItemSeen {
			t.Errorf("words %+v, photo %+v, link %+v", words, photo, link)
		}
		if gone.State != staydown.ItemNotCaptured || gone.Reason != "file_self_destruct" {
			t.Errorf("what vanished: %+v", gone)
		}
		text, err := r.s.Assess().CapturedText(t.Context(), words.ID)
		if err != nil || !strings.HasPrefix(text, "words, see") {
			t.Errorf("the officer reads %q, %v", text, err)
		}
		if n := r.counts(); n["jobs capture"] != 1 || n["jobs fingerprint"] != 2 {
			t.Errorf("left %v", n)
		}
		one, two, three := r.lead(leads[0]), r.lead(leads[2]), r.lead(leads[3])
		if one.Author == "" || one.Author != two.Author || one.Author == three.Author || !strings.HasPrefix(one.Author, "person-") {
			t.Errorf("pseudonyms %q, %q, %q", one.Author, two.Author, three.Author)
		}
		if strings.Contains(one.Note+one.Source, "Reader") || one.Source != "Telegram export of Example room" || !one.PostedAt.Equal(time.Unix(1574326800, 0)) {
			t.Errorf("lead %+v", one)
		}
		kept, err := r.desk.VanishedIn(t.Context(), be, rep.Import.ID)
		if err != nil || len(kept) != 1 || kept[0].Report.Missing != 2 || kept[0].Report.SelfDestruct != 1 || len(rep.Vanished) != 1 {
			t.Errorf("what vanished: %+v, %v", kept, err)
		}
		if _, err := r.desk.VanishedIn(t.Context(), officer("fr"), rep.Import.ID); staydown.KindOf(err) != staydown.NotFound {
			t.Errorf("another unit reads it: %v", err)
		}
		before := r.counts()
		if rep, _ := r.run(be, src, intake.ImportOptions{}); !rep.Again {
			t.Error("not known again")
		}
		if d := cmp.Diff(before, r.counts()); d != "" {
			t.Errorf("the same export changed something:\n%s", d)
		}
		// Taken again with the room's public name, the messages stand elsewhere: that is another import.
		named := intake.ImportOptions{Reading: intake.Options{Telegram: intake.TelegramOptions{PublicNames: map[string]string{"7": "example_room"}}}}
		if rep, _ := r.run(be, src, named); rep.Again || rep.Import.New != 3 || rep.Import.Known != 1 {
			t.Errorf("with a public name: %+v", rep.Import)
		}
		if n := r.counts(); n["jobs capture"] != 4 {
			t.Errorf("a public message is captured as well: %v", n)
		}
	})
}

// What cannot be read at all leaves no trace.
func TestImportRefused(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.campaign(staydown.CampaignClosed)
		be := officer("be", "day")
		before := r.counts()
		tests := []struct {
			name string
			c    access.Caller
			src  intake.Source
			o    intake.ImportOptions
			code string
		}{
			{"an account", be, r.file("result.json", `{"about":"x","contacts":{},"chats":{"list":[]}}`), intake.ImportOptions{}, "intake.telegram_account"},
			{"an archive", be, r.file("a.zip", "PK\x03\x04"), intake.ImportOptions{Reading: intake.Options{Format: intake.CSV}}, "intake.archive"},
			{"another's circle", officer("fr"), r.file("a.txt", "https://relay.example/\n"), intake.ImportOptions{Campaign: "day"}, "access.circle"},
			{"a closed campaign", be, r.file("a.txt", "https://relay.example/\n"), intake.ImportOptions{Campaign: "day"}, "intake.campaign_state"},
		}
		for _, tt := range tests {
			if _, _, err := r.try(t.Context(), tt.c, tt.src, tt.o); staydown.CodeOf(err) != tt.code {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
			}
		}
		after := r.counts()
		delete(before, "events") // refusals are logged
		delete(after, "events")
		if d := cmp.Diff(before, after); d != "" {
			t.Errorf("left behind:\n%s", d)
		}
	})
}

// Bytes that come over a wire are an import like a file: once, whatever they are called, and never more than the limit.
func TestImportStream(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.desk.Scratch, r.desk.Rejects = filepath.Join(r.dir, "scratch"), intake.RejectsIn(filepath.Join(r.dir, "rejects"))
		be := officer("be")
		text := "id,thread_id,author,body,timestamp\n1,1,A,see https://relay.example/v/1,2019-11-21 10:00:00\n2,1,A,nothing,2019-11-21 10:00:00\n"
		got, err := r.desk.Import(t.Context(), be, "", "../4cat.csv", "4cat", strings.NewReader(text))
		if err != nil || got.New != 1 || got.Rejected != 1 || !got.Done || got.Name != "4cat.csv" {
			t.Fatalf("%+v, %v", got, err)
		}
		before := r.counts()
		again, err := r.desk.Import(t.Context(), be, "", "again.csv", "csv", strings.NewReader(text))
		if err != nil || again.ID != got.ID {
			t.Errorf("again %+v, %v", again, err)
		}
		if d := cmp.Diff(before, r.counts()); d != "" {
			t.Errorf("again changed something:\n%s", d)
		}
		if b, err := os.ReadFile(filepath.Join(r.dir, "rejects", string(got.ID)+".jsonl")); err != nil || !strings.Contains(string(b), "no_address") {
			t.Errorf("rejects %q, %v", b, err)
		}
		if left, err := os.ReadDir(r.desk.Scratch); err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		_, err = r.desk.Import(t.Context(), be, "", "big.txt", "", io.LimitReader(endless{}, intake.MostBytes+1))
		if staydown.CodeOf(err) != "intake.too_big" {
			t.Errorf("too much: %v", err)
		}
		if _, err := r.desk.Import(t.Context(), be, "", "x", "docx", strings.NewReader("x")); staydown.CodeOf(err) != "intake.format" {
			t.Errorf("an unknown format: %v", err)
		}
		if _, err := r.desk.Import(t.Context(), be, "", "x", "folder", strings.NewReader("x")); staydown.CodeOf(err) != "intake.not_folder" {
			t.Errorf("a folder over the wire: %v", err)
		}
		lawyer := officer("be")
		lawyer.Roles = []staydown.Role{staydown.RoleLegal}
		if _, err := r.desk.Import(t.Context(), lawyer, "", "x", "", strings.NewReader(text)); staydown.CodeOf(err) != "access.permission" {
			t.Errorf("without permission: %v", err)
		}
	})
}

// endless gives lines without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "https://relay.example/\n"[i%23]
	}
	return len(p), nil
}
