package api

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

type callerKey struct{}
type providerKey struct{}

// person lets in who shows a person's token.
func (a *API) person(ctx huma.Context, next func(huma.Context)) {
	c, err := a.SignIn.Bearer(ctx.Context(), bearer(ctx))
	if err != nil {
		a.turnAway(ctx, err)
		return
	}
	next(huma.WithValue(ctx, callerKey{}, c))
}

// provider lets in who shows the key of a provider's system.
func (a *API) provider(ctx huma.Context, next func(huma.Context)) {
	p, err := a.SignIn.Provider(ctx.Context(), bearer(ctx))
	if err != nil {
		a.turnAway(ctx, err)
		return
	}
	next(huma.WithValue(ctx, providerKey{}, p))
}

func callerOf(ctx context.Context) access.Caller {
	c, _ := ctx.Value(callerKey{}).(access.Caller)
	return c
}

func providerOf(ctx context.Context) staydown.Provider {
	p, _ := ctx.Value(providerKey{}).(staydown.Provider)
	return p
}

func bearer(ctx huma.Context) string {
	scheme, token, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// turnAway answers who was not let in.
func (a *API) turnAway(ctx huma.Context, err error) {
	p := a.asProblem(ctx.Context(), err)
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", "application/json")
	ctx.SetStatus(p.status)
	if err := a.huma.Marshal(ctx.BodyWriter(), "application/json", p); err != nil {
		a.Log.WarnContext(ctx.Context(), "api: answering", "err", err)
	}
}
