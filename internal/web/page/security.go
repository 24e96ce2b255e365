package page

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
)

// Policy is the content security policy of every page: everything from this origin, nothing inline, no frames, no
// plug-ins, no base. Captured content is re-encoded before a browser gets it, so images need no wider rule.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers sets what every answer carries. A handler may set Cache-Control anew, for a file that never changes.
func (s *Site) headers(next http.Handler) http.Handler {
	referrer := s.Referrer
	if referrer == "" {
		// Not "no-referrer": under it a browser sends "Origin: null" with our own forms, and over plain HTTP the
		// origin check then has nothing to go by.
		referrer = "same-origin"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", referrer)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
		h.Set("Cache-Control", "no-store")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// ownHost refuses a request whose Host header is not a name of this site (a name that somebody pointed here).
func (s *Site) ownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.knowsHost(r.Host) {
			s.Fail(w, r, Problem{Status: http.StatusMisdirectedRequest, Code: "misdirected", Where: r.Host})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Site) knowsHost(asked string) bool {
	asked = strings.ToLower(strings.TrimSuffix(asked, "."))
	name := asked
	if host, _, err := net.SplitHostPort(asked); err == nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	hosts := s.Hosts
	if len(hosts) == 0 {
		hosts = []string{"localhost", "127.0.0.1", "::1"}
	}
	for _, h := range hosts {
		h = strings.ToLower(h)
		if h == asked || strings.Trim(h, "[]") == name {
			return true
		}
	}
	return false
}

// sameOrigin refuses a form that another site's page has sent.
func (s *Site) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	for _, origin := range s.Origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			s.log().Error("an origin in the configuration cannot be read and is not trusted", "origin", origin, "err", err)
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Fail(w, r, Problem{Status: http.StatusForbidden, Code: "cross_origin", Where: r.URL.Path})
	}))
	return protection.Handler(next)
}

// defaultMaxBody is enough for any form of the desk.
const defaultMaxBody = 1 << 20

// bounded cuts a request body off at the site's limit.
func (s *Site) bounded(next http.Handler) http.Handler {
	limit := s.MaxBody
	if limit <= 0 {
		limit = defaultMaxBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		whole := r.Body
		r.Body = http.MaxBytesReader(w, whole, limit)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), bodyKey{}, whole)))
	})
}

type bodyKey struct{}

// Upload widens the bound on this request's body to limit bytes, for a handler that takes files.
func Upload(w http.ResponseWriter, r *http.Request, limit int64) {
	if whole, ok := r.Context().Value(bodyKey{}).(interface {
		Read([]byte) (int, error)
		Close() error
	}); ok {
		r.Body = http.MaxBytesReader(w, whole, limit)
	}
}

// recovered turns a panic into an error page with a reference number, and logs it with its stack.
func (s *Site) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v) // the server's own way of breaking a connection off
			default:
				s.Fail(w, r, fmt.Errorf("serving %s: panic: %v\n%s", r.URL.Path, v, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
