package store

import (
	"context"
	"fmt"
)

// question is a short one that the writer answers between two commits.
type question struct {
	ctx  context.Context
	fn   func(context.Context, querier) error
	done chan error
}

// ask runs a short question on the writer's connection when it stands idle, else on a reader. After every commit a reader
// forgets its pages and fetches them again; the writer's are warm. What it sees is the same: what is committed.
//
// The writer's connection is not interrupted when the caller goes away: the next commit is its.
func (p *pool) ask(ctx context.Context, fn func(context.Context, querier) error) error {
	if p.idle == nil {
		return fn(ctx, p)
	}
	q := &question{context.WithoutCancel(ctx), fn, make(chan error, 1)}
	select {
	case p.idle <- q:
		return <-q.done
	default:
		return fn(ctx, p)
	}
}

// answer runs a question; one that breaks off is an error, as it is in a handler.
func (q *question) answer(l *lite) {
	defer func() {
		if p := recover(); p != nil {
			q.done <- fmt.Errorf("a question broke off: %v", p)
		}
	}()
	q.done <- q.fn(q.ctx, l)
}

// briefly asks for a few rows, by way of ask when q stands outside of any change.
func briefly[T any](ctx context.Context, q querier, t *table[T], clause string, args ...any) (out []T, err error) {
	p, ok := q.(*pool)
	if !ok {
		return list(ctx, q, t, clause, args...)
	}
	err = p.ask(ctx, func(ctx context.Context, q querier) (err error) {
		out, err = list(ctx, q, t, clause, args...)
		return err
	})
	return out, err
}
