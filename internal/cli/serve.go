package cli

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/app"
	"github.com/staydown/staydown/internal/jobs"
	"github.com/staydown/staydown/internal/signin"
)

type serveCmd struct {
	Listen           string   `help:"Address and port to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	URL              string   `help:"The desk's address as people and providers reach it; left out, it is made from --listen." placeholder:"URL"`
	DoorURL          string   `help:"The address of the provider's door, on a host of its own." placeholder:"URL"`
	Role             []string `help:"What this process does: all, web (pages and API), worker (background work), match (lookups only, as a replacement for HMA)." default:"all" enum:"all,web,worker,match"`
	Only             []string `help:"Carry out these kinds of job only, such as capture,fingerprint." placeholder:"KIND"`
	Edition          string   `help:"Whose desk it is." default:"authority" enum:"authority,provider"`
	MailHost         string   `help:"The desk's own mail server." placeholder:"HOST"`
	MailPort         int      `help:"Its port." default:"587"`
	MailUser         string   `help:"Its user." placeholder:"NAME"`
	MailPasswordFile string   `help:"A file with the user's password." type:"path" placeholder:"FILE"`
	Proxy            []string `help:"A place to look from, as NAME=COUNTRY@HOST:PORT." placeholder:"NAME=COUNTRY@HOST:PORT"`
	HMATrust         []string `name:"hma-trust" help:"Let programs at these addresses ask under HMA's paths without a token: loopback, an address, or a network such as 10.1.0.0/16." placeholder:"ADDRESS"`
	HMAUnit          string   `name:"hma-unit" help:"The authority whose banks they reach, by name or desk code." placeholder:"NAME"`
	HMAKeep          bool     `name:"hma-keep" help:"Let them change banks, too; without it they only look up."`
	HMAURL           []string `name:"hma-url" help:"Hosts that url= may name under HMA's paths: HOST, HOST:PORT or .DOMAIN; IP:PORT for one that is not public. Without it: any public host." placeholder:"HOST"`
}

// Listening is what serve says when it is ready.
type Listening struct {
	Listening string `json:"listening"`
	Mode      string `json:"mode"`
	SetUp     string `json:"set_up,omitempty"` // a one-time link, until an administrator exists
	Enter     string `json:"enter,omitempty"`  // a one-time link into an exercise, as any officer
}

func (s *serveCmd) Run(ctx context.Context, g *Globals, out *Out) error {
	o, err := s.options(g, out)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := s.narrow(a); err != nil {
		return err
	}
	if err := s.openHMA(ctx, a); err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	if err := s.greet(ctx, a, out); err != nil {
		return err
	}
	<-ctx.Done()
	out.Note("stopping")
	return a.Close()
}

// does tells whether this process has a role.
func (s *serveCmd) does(role string) bool {
	return slices.Contains(s.Role, "all") || slices.Contains(s.Role, role)
}

func (s *serveCmd) options(g *Globals, out *Out) (app.Options, error) {
	o := g.options(out)
	if s.Edition != "authority" {
		return o, staydown.Errorf(staydown.Usage, "serve.edition", "the provider edition is not part of this version").At("--edition")
	}
	o.BaseURL, o.DoorURL = strings.TrimSuffix(s.URL, "/"), strings.TrimSuffix(s.DoorURL, "/")
	o.Work = s.does("worker") || s.alone() // alone: the looking back that new entries of banks leave
	if s.does("web") || s.does("match") {
		o.Listen = s.Listen
	}
	o.Mail = app.Mail{Host: s.MailHost, Port: s.MailPort, Username: s.MailUser}
	if s.MailPasswordFile != "" {
		password, err := os.ReadFile(s.MailPasswordFile)
		if err != nil {
			return o, staydown.Errorf(staydown.Usage, "serve.mail_password", "the file cannot be read: %v", err).At("--mail-password-file")
		}
		o.Mail.Password = strings.TrimRight(string(password), "\r\n")
	}
	for _, p := range s.Proxy {
		proxy, err := proxyOf(p)
		if err != nil {
			return o, err
		}
		o.Proxies = append(o.Proxies, proxy)
	}
	return o, nil
}

// proxyOf reads NAME=COUNTRY@HOST:PORT.
func proxyOf(text string) (app.Proxy, error) {
	name, rest, ok1 := strings.Cut(text, "=")
	country, address, ok2 := strings.Cut(rest, "@")
	_, port, ok3 := strings.Cut(address, ":")
	if n, err := strconv.Atoi(port); !ok1 || !ok2 || !ok3 || err != nil || n < 1 || n > 65535 || name == "" || len(country) != 2 {
		return app.Proxy{}, staydown.Errorf(staydown.Usage, "serve.proxy", "%q is not NAME=COUNTRY@HOST:PORT, such as paris=FR@192.0.2.7:3128", text).At("--proxy")
	}
	return app.Proxy{Name: name, Country: strings.ToUpper(country), Address: address}, nil
}

// narrow leaves only the kinds of job that were asked for.
func (s *serveCmd) narrow(a *app.App) error {
	if s.alone() && !s.does("worker") && len(s.Only) == 0 {
		s.Only = []string{"rematch"}
	}
	if len(s.Only) == 0 {
		return nil
	}
	var names []string
	for _, k := range a.Runner.Kinds {
		names = append(names, k.Name)
	}
	for _, name := range s.Only {
		if !slices.Contains(names, name) {
			return staydown.Errorf(staydown.Usage, "serve.only", "there is no kind of job %q; there are %s", name, strings.Join(names, ", ")).At("--only")
		}
	}
	a.Runner.Kinds = slices.DeleteFunc(a.Runner.Kinds, func(k jobs.Kind) bool { return !slices.Contains(s.Only, k.Name) })
	return nil
}

// greet says where the desk is, and the one link that opens it: nobody who merely
// finds the page can set it up.
func (s *serveCmd) greet(ctx context.Context, a *app.App, out *Out) error {
	l := Listening{Listening: a.BaseURL, Mode: string(a.Mode)}
	if a.Address() == "" {
		return out.Row(l, "Working on %s; not listening.", a.DataDir)
	}
	if s.alone() {
		return out.Row(l, "Answering lookups on %s (HMA's paths, and /api/v1/lookups); no pages.", l.Listening)
	}
	if a.Mode == app.Exercising {
		token, err := a.Desks.SignIn.OneTime(ctx, signin.Terminal(), "")
		if err != nil {
			return err
		}
		l.Enter = a.BaseURL + "/enter/" + token
		return out.Row(l, "Exercise, its clock stopped: nothing here leaves this machine.\nSign in as any officer, once, within 12 hours:\n  %s", l.Enter)
	}
	need, err := a.Desks.SignIn.NeedsSetUp(ctx)
	if err != nil {
		return err
	}
	if !need {
		return out.Row(l, "Listening on %s", l.Listening)
	}
	secret, err := a.Desks.SignIn.SetUpSecret(ctx)
	if err != nil {
		return err
	}
	l.SetUp = a.BaseURL + "/set-up/" + secret
	return out.Row(l, "Listening on %s\nNobody administers this desk yet. Set it up, once, within 24 hours:\n  %s", l.Listening, l.SetUp)
}
