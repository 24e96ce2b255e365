package app

import (
	"log/slog"
	"time"
)

// Mode is what a data directory is used for. It is written into it at first use and never changes.
type Mode string

// The modes.
const (
	Real       Mode = "real"
	Exercising Mode = "exercise" // can never dial a real host
)

// Options say what to open.
type Options struct {
	DataDir  string
	Database string // a postgres:// URL; empty: SQLite in DataDir
	Listen   string // host:port of the desk; "127.0.0.1:0" lets the system choose
	BaseURL  string // as outsiders reach the desk; empty: from Listen
	DoorURL  string // where the provider's door stands, on a host of its own; empty: below BaseURL
	Log      *slog.Logger
	Exercise *Exercise // not nil: an exercise

	Mail    Mail
	Country string  // where the desk's own line comes out, two letters
	Proxies []Proxy // named vantage points beside the direct one

	Work bool // carry out jobs; an exercise that is only looked at does not
}

// Mail is the desk's own mail server; empty Host: no mail.
type Mail struct {
	Host               string
	Port               int
	Username, Password string
}

// Proxy is a named vantage point.
type Proxy struct {
	Name    string
	Country string
	Address string // host:port
}

// Exercise is what an exercise may dial: exactly these pairs, in memory only, for the run.
type Exercise struct {
	Start     time.Time         // of the simulated time
	CA        string            // PEM of the practice providers' own authority
	Hosts     map[string]string // practice host name to loopback host:port, reached at port 443 of the name
	SMTP      string            // loopback host:port
	KnownGood []string          // practice hosts that count as known-good publishers
}
