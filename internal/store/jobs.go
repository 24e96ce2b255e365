package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/access"
)

var jobTable = newWork[staydown.Job]("jobs")

// Job leaves work for later, in the same transaction. A job whose kind and key are open already is not left twice.
func (tx *Tx) Job(j staydown.Job) error {
	if j.ID == "" {
		j.ID = tx.NewID()
	}
	if j.RunAt.IsZero() {
		j.RunAt = tx.now
	}
	j.RunAt = staydown.At(j.RunAt)
	if j.MaxTries == 0 {
		j.MaxTries = 8
	}
	key := j.Key
	if key == "" {
		key = string(j.ID)
	}
	_, err := tx.q.exec(tx.ctx, `INSERT INTO jobs (id, kind, key, subject, payload, run_at, tries, max_tries, token, state, lease_until, error)
		VALUES (?, ?, ?, ?, ?, ?, 0, ?, '', 'ready', 0, '') ON CONFLICT (kind, key) DO NOTHING`,
		string(j.ID), j.Kind, key, string(j.Subject), clean(j.Payload), millis(j.RunAt), j.MaxTries)
	if err != nil {
		return fmt.Errorf("leaving a job %s: %w", j.Kind, err)
	}
	return nil
}

// DropJob takes back an open job by kind and key; one that is being done is left alone.
func (tx *Tx) DropJob(kind, key string) error {
	_, err := tx.q.exec(tx.ctx, `DELETE FROM jobs WHERE kind = ? AND key = ? AND state <> 'leased'`, kind, key)
	if err != nil {
		return fmt.Errorf("dropping a job %s: %w", kind, err)
	}
	return nil
}

// Finish commits the effect of a job together with its end, and only if the lease still holds: a handler that was
// overtaken gets ErrLeaseLost and nothing of it is kept. The job ends first, so that fn may leave the next of the same
// kind and key.
func (s *Store) Finish(ctx context.Context, c access.Caller, j staydown.Job, fn func(*Tx) error) error {
	return s.Act(ctx, c, func(tx *Tx) error {
		if err := tx.endJob(j); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (tx *Tx) endJob(j staydown.Job) error {
	res, err := tx.q.exec(tx.ctx, `DELETE FROM jobs WHERE id = ? AND token = ? AND state = 'leased'`, string(j.ID), j.Token)
	if err != nil {
		return fmt.Errorf("ending job %s: %w", j.ID, err)
	}
	if n, _ := res.RowsAffected(); n != 1 {
		return fmt.Errorf("ending job %s: %w", j.ID, ErrLeaseLost)
	}
	return nil
}

// TakeJobs leases up to n due jobs of the given kinds under one token. Leases run on the machine's clock, due times on the
// desk's.
func (s *Store) TakeJobs(ctx context.Context, kinds []string, n int, token string, lease time.Duration) ([]staydown.Job, error) {
	var out []staydown.Job
	err := s.commit(ctx, access.System("jobs"), func(tx *Tx) error {
		out = nil
		args := []any{token, time.Now().Add(lease).UnixMilli()}
		for _, k := range kinds {
			args = append(args, k)
		}
		args = append(args, millis(tx.now), n)
		skip := ""
		if s.engine == postgresEngine {
			skip = " FOR UPDATE SKIP LOCKED"
		}
		rows, err := tx.q.query(tx.ctx, `UPDATE jobs SET state = 'leased', token = ?, lease_until = ?, tries = tries + 1 WHERE id IN (
			SELECT id FROM jobs WHERE state = 'ready' AND kind IN `+in(len(kinds))+` AND run_at <= ? ORDER BY run_at, id LIMIT ?`+skip+`)
			RETURNING `+columns(jobTable), args...)
		if err != nil {
			return fmt.Errorf("taking jobs: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			j, err := jobTable.scan(rows)
			if err != nil {
				return fmt.Errorf("taking jobs: %w", err)
			}
			out = append(out, j)
		}
		return rows.Err()
	})
	return out, err
}

// DueKinds lists the kinds of which a job is due. It changes nothing and waits for nobody.
func (s *Store) DueKinds(ctx context.Context) ([]string, error) {
	rows, err := s.pool.query(ctx, `SELECT DISTINCT kind FROM jobs WHERE state = 'ready' AND run_at <= ?`, millis(s.Now()))
	if err != nil {
		return nil, fmt.Errorf("looking for due jobs: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			return nil, fmt.Errorf("looking for due jobs: %w", err)
		}
		out = append(out, k)
	}
	return out, rows.Err()
}

// RenewJobs extends the leases of a token and tells how many it still holds.
func (s *Store) RenewJobs(ctx context.Context, token string, lease time.Duration) (int, error) {
	var n int64
	err := s.commit(ctx, access.System("jobs"), func(tx *Tx) error {
		res, err := tx.q.exec(tx.ctx, `UPDATE jobs SET lease_until = ? WHERE token = ? AND state = 'leased'`, time.Now().Add(lease).UnixMilli(), token)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return int(n), err
}

// RetryJob puts a leased job back, due at the given time, with what went wrong; or buries it when its tries are used up.
func (s *Store) RetryJob(ctx context.Context, j staydown.Job, at time.Time, why string) error {
	return s.commit(ctx, access.System("jobs"), func(tx *Tx) error {
		state := "ready"
		if j.Tries >= j.MaxTries {
			state = "dead"
		}
		res, err := tx.q.exec(tx.ctx, `UPDATE jobs SET state = ?, token = '', run_at = ?, error = ? WHERE id = ? AND token = ? AND state = 'leased'`,
			state, millis(staydown.At(at)), clean(why), string(j.ID), j.Token)
		if err != nil {
			return fmt.Errorf("putting job %s back: %w", j.ID, err)
		}
		if n, _ := res.RowsAffected(); n != 1 {
			return fmt.Errorf("putting job %s back: %w", j.ID, ErrLeaseLost)
		}
		return nil
	})
}

// FreeJobs gives back leases that have run out, or all leases when no other worker can be alive.
func (s *Store) FreeJobs(ctx context.Context, all bool) (int, error) {
	var n int64
	err := s.commit(ctx, access.System("jobs"), func(tx *Tx) error {
		q, args := `UPDATE jobs SET state = 'ready', token = '' WHERE state = 'leased' AND lease_until < ?`, []any{time.Now().UnixMilli()}
		if all {
			q, args = `UPDATE jobs SET state = 'ready', token = '' WHERE state = 'leased'`, nil
		}
		res, err := tx.q.exec(tx.ctx, q, args...)
		if err != nil {
			return fmt.Errorf("freeing jobs: %w", err)
		}
		n, err = res.RowsAffected()
		return err
	})
	return int(n), err
}

// JobCount is how many jobs of a kind stand in a state.
type JobCount struct {
	Kind  string `json:"kind"`
	State string `json:"state"` // ready | leased | dead
	N     int    `json:"n"`
}

// JobCounts counts the open jobs.
func (s *Store) JobCounts(ctx context.Context) ([]JobCount, error) {
	rows, err := s.pool.query(ctx, `SELECT kind, state, count(*) FROM jobs GROUP BY kind, state ORDER BY kind, state`)
	if err != nil {
		return nil, fmt.Errorf("counting jobs: %w", err)
	}
	defer rows.Close()
	var out []JobCount
	for rows.Next() {
		var c JobCount
		if err := rows.Scan(&c.Kind, &c.State, &c.N); err != nil {
			return nil, fmt.Errorf("counting jobs: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// NextJob tells when the next job is due, and how many are being done now. Zero time: none waits.
func (s *Store) NextJob(ctx context.Context) (next time.Time, leased int, err error) {
	leased, err = count(ctx, s.pool, `SELECT count(*) FROM jobs WHERE state = 'leased'`)
	if err != nil {
		return
	}
	ms, err := count(ctx, s.pool, `SELECT COALESCE(min(run_at), 0) FROM jobs WHERE state = 'ready'`)
	return fromMillis(int64(ms)), leased, err
}

// DeadJob is a job whose tries are used up.
type DeadJob struct {
	staydown.Job
	Error string
}

// DeadJobs lists jobs whose tries are used up, with their last error.
func (s *Store) DeadJobs(ctx context.Context, limit int) ([]DeadJob, error) {
	rows, err := s.pool.query(ctx, `SELECT `+columns(jobTable)+`, error FROM jobs WHERE state = 'dead' ORDER BY id LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("reading dead jobs: %w", err)
	}
	defer rows.Close()
	var out []DeadJob
	for rows.Next() {
		var d DeadJob
		if d.Job, err = jobTable.scan(rows, &d.Error); err != nil {
			return nil, fmt.Errorf("reading dead jobs: %w", err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

func columns[T any](t *table[T]) string {
	names := make([]string, len(t.fields))
	for i, f := range t.fields {
		names[i] = f.col
	}
	return strings.Join(names, ", ")
}
