package app

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/assess"
	"github.com/staydown/staydown/internal/blob"
	"github.com/staydown/staydown/internal/capture"
	"github.com/staydown/staydown/internal/connector/all"
	"github.com/staydown/staydown/internal/connector/email"
	"github.com/staydown/staydown/internal/connector/webhook"
	"github.com/staydown/staydown/internal/consult"
	"github.com/staydown/staydown/internal/deconflict"
	"github.com/staydown/staydown/internal/dial"
	"github.com/staydown/staydown/internal/door"
	"github.com/staydown/staydown/internal/evidence"
	"github.com/staydown/staydown/internal/fingerprint"
	"github.com/staydown/staydown/internal/intake"
	"github.com/staydown/staydown/internal/match"
	"github.com/staydown/staydown/internal/match/bank"
	"github.com/staydown/staydown/internal/referral"
	"github.com/staydown/staydown/internal/report"
	"github.com/staydown/staydown/internal/signin"
	"github.com/staydown/staydown/internal/verify"
	"github.com/staydown/staydown/internal/watch"
	"github.com/staydown/staydown/internal/web/portal"
)

// Desks are the capabilities, each wired with what it needs.
type Desks struct {
	SignIn   *signin.Desk
	Consult  *consult.Desk
	Intake   *intake.Desk
	Capture  *capture.Desk
	Prints   *fingerprint.Desk
	Match    *match.Desk
	Banks    *bank.Desk
	Assess   *assess.Desk
	Conflict *deconflict.Desk
	Referral *referral.Desk
	Verify   *verify.Desk
	Watch    *watch.Desk
	Report   *report.Desk
	Door     *door.Desk
	Vault    *evidence.Vault
	wires    all.Wires
	mail     *email.Email
	good     referral.KnownGood
}

// wire makes the desks, in the order of what happens to an item.
func (a *App) wire(ctx context.Context) error {
	if err := a.wireVault(); err != nil {
		return err
	}
	key, err := signin.LoadKey(filepath.Join(a.DataDir, "keys", "signin.key"))
	if err != nil {
		return err
	}
	remember := time.Duration(0)
	if a.Exercise != nil { // scripted officers at work
		remember = time.Second
	}
	if a.Desks.SignIn, err = signin.New(signin.Options{Store: a.Store.SignIn(), Key: key, Exercise: a.Mode == Exercising, Remember: remember}); err != nil {
		return err
	}
	pseudonyms, err := signin.LoadKey(filepath.Join(a.DataDir, "keys", "pseudonym.key"))
	if err != nil {
		return err
	}
	a.Desks.Intake = &intake.Desk{Store: a.Store.Intake(), Vault: a.Desks.Vault, PseudonymKey: pseudonyms, Rejects: intake.RejectsIn(filepath.Join(a.DataDir, "rejects")), Scratch: a.tempDir()}
	a.wireCapture()
	a.Desks.Conflict = &deconflict.Desk{Store: a.Store.Deconflict()}
	a.Desks.Consult = &consult.Desk{Store: a.Store.Consult()}
	a.Desks.good = referral.DefaultKnownGood(a.knownGood()...)
	a.Desks.Assess = &assess.Desk{Store: a.Store.Assess(), KnownGood: a.Desks.good.Has}
	a.wireSight()
	a.Desks.Watch = &watch.Desk{Store: a.Store.Watch()}
	a.Desks.Report = &report.Desk{Store: a.Store.Report()}
	a.wireChannels()
	return a.wireLetters()
}

func (a *App) wireVault() error {
	var opts []blob.Option
	if a.Mode == Exercising {
		// An exercise's exhibits can be made again from its seed: they need not survive a power cut.
		opts = append(opts, blob.Unsynced())
	}
	folder, err := blob.OpenFolder(filepath.Join(a.DataDir, "vault"), opts...)
	if err != nil {
		return err
	}
	a.Desks.Vault = evidence.Open(folder)
	return nil
}

// wireCapture makes what fetches, recognises and compares. Everything is fetched through the guard, and says who fetches.
func (a *App) wireCapture() {
	route := capture.Route{Name: "direct", Country: a.Country, Transport: a.Guard.Transport(dial.Capture, dial.Options{})}
	a.Desks.Capture = &capture.Desk{Store: a.Store.Captures(), Recorder: capture.NewRecorder(capture.Recorder{Vault: a.Desks.Vault, Route: route,
		Headers: capture.Headers{UserAgent: "Staydown/" + Version() + " (evidence capture)"}, Tool: "staydown " + Version(), Now: a.Clock.Now, TempDir: a.tempDir()})}
	read := func(ctx context.Context, sha256 string) (io.ReadCloser, error) {
		return a.Desks.Vault.Read(ctx, sha256)
	}
	a.Desks.Prints = &fingerprint.Desk{Store: a.Store.Fingerprints(), Open: read, Log: a.Log}
	a.Desks.Match = &match.Desk{Store: a.Store.Match()}
	a.Desks.Banks = &bank.Desk{Store: a.Store.Banks(), Seen: a.Desks.Match, Now: a.Clock.Now, Log: a.Log}
}

// wireSight makes what looks again: directly, and from every named place.
func (a *App) wireSight() {
	places := []verify.Vantage{{Name: "direct", Country: a.Country, Client: a.Guard.Client(dial.Probe, dial.Options{})}}
	for _, p := range a.Proxies {
		via := dial.Via{Name: p.Name, Country: p.Country, Address: p.Address}
		places = append(places, verify.Vantage{Name: p.Name, Country: p.Country, Client: a.Guard.Client(dial.Probe, dial.Options{Via: &via})})
	}
	looker := verify.NewLooker(places, capture.Headers{UserAgent: "Staydown/" + Version() + " (availability check)"}, a.Clock.Now)
	a.Desks.Verify = &verify.Desk{Store: a.Store.Verify(), Looker: looker}
}

// tempDir is where captures that do not fit into memory wait; it lies in the data directory, so that nothing of them is left
// elsewhere on the machine.
func (a *App) tempDir() string {
	dir := filepath.Join(a.DataDir, "tmp")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	return dir
}

func (a *App) knownGood() []string {
	if a.Exercise == nil {
		return nil
	}
	return a.Exercise.KnownGood
}

// wireChannels opens the wires to providers; mail only where a mail server is configured.
func (a *App) wireChannels() {
	keys := &authorityKeys{a: a}
	o := all.Options{Webhook: webhook.Options{Client: a.Guard.Client(dial.Webhook, dial.Options{}), Signer: keys, Now: a.Clock.Now}}
	host, port := a.mailServer()
	if host != "" {
		o.Email = email.Options{Host: host, Port: port, Dial: a.Guard.Dialer(dial.Mail), Hello: a.domain(), Username: a.Mail.Username, Password: a.Mail.Password,
			Roots: a.mailRoots(), Certificates: keys, Now: a.Clock.Now}
	}
	a.Desks.wires = all.Open(o)
	if w, ok := a.Desks.wires[email.Name].(*email.Email); ok {
		a.Desks.mail = w
	}
}

// mailRoots vouch for the mail server: the machine's, or in an exercise the practice providers' own.
func (a *App) mailRoots() *x509.CertPool {
	if a.Exercise == nil {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(a.Exercise.CA))
	return pool
}

func (a *App) mailServer() (string, int) {
	if a.Exercise != nil {
		host, port, ok := strings.Cut(a.Exercise.SMTP, ":")
		var n int
		if _, err := fmt.Sscanf(port, "%d", &n); ok && err == nil {
			return host, n
		}
		return "", 0
	}
	return a.Mail.Host, a.Mail.Port
}

// domain is the name of the desk in Message-IDs and in mail's greeting.
func (a *App) domain() string {
	u, err := url.Parse(a.BaseURL)
	if err != nil || u.Hostname() == "" {
		return "desk.invalid"
	}
	if a.Mode == Exercising {
		return "desk.example"
	}
	return u.Hostname()
}

func (a *App) wireLetters() error {
	key, err := a.Keys.DoorKey()
	if err != nil {
		return err
	}
	a.Desks.Door = &door.Desk{Store: a.Store.ProviderDoor(), Key: key}
	a.Desks.Referral = &referral.Desk{Store: a.Store.Referral(), Connectors: a.Desks.wires, KnownGood: a.Desks.good,
		AnswerURL:  func(l staydown.ID) string { return a.BaseURL + "/api/v1/provider/letters/" + string(l) + "/answers" },
		DoorLink:   func(l staydown.ID) string { return a.doorURL() + portal.Root + "/" + door.Token(key, l) },
		DoorHash:   func(l staydown.ID) string { return door.TokenHash(door.Token(key, l)) },
		MailDomain: a.domain(), NoOversight: true, Log: a.Log}
	return nil
}

// doorURL is where the provider's door stands: on a host of its own where one is configured.
func (a *App) doorURL() string {
	if a.DoorURL != "" {
		return a.DoorURL
	}
	return a.BaseURL
}

// authorityKeys makes an authority's keys when they are first needed, so that no authority is ever without.
type authorityKeys struct {
	a  *App
	mu sync.Mutex
}
