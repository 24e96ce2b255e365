package app

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/staydown/staydown"
	"github.com/staydown/staydown/internal/store"
)

// settingExercise says which exercise a data directory holds, for good.
const settingExercise = "exercise"

// Claim marks a data directory as an exercise's, before anything else of the exercise is put there. It refuses a directory
// that holds a real authority's data, or another exercise, and leaves both as they are. What names the exercise: the same
// words again are the same exercise; empty words leave it unnamed for now.
func Claim(ctx context.Context, o Options, what string) error {
	if err := os.MkdirAll(o.DataDir, 0o700); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	s, err := store.Open(ctx, o.dsn(), func() time.Time { return staydown.At(time.Now()) })
	if err != nil {
		return err
	}
	defer s.Close()
	if err := claimMode(ctx, s, o.DataDir); err != nil || what == "" {
		return err
	}
	have, err := s.Setting(ctx, settingExercise)
	if err != nil {
		return err
	}
	if have == "" {
		return s.SetSetting(ctx, settingExercise, what)
	}
	if have != what {
		return staydown.Errorf(staydown.Refused, "exercise.other", "%s holds another exercise (%s): name a new directory with --data, or remove this one", o.DataDir, have)
	}
	return nil
}

// claimMode settles that a directory is an exercise's.
func claimMode(ctx context.Context, s *store.Store, dir string) error {
	have, err := s.Setting(ctx, settingMode)
	if err != nil {
		return err
	}
	switch Mode(have) {
	case "":
		return s.SetSetting(ctx, settingMode, string(Exercising))
	case Exercising:
		return nil
	}
	return staydown.Errorf(staydown.Refused, "exercise.real_data", "%s holds a real authority's data: give the exercise a directory of its own with --data", dir)
}

// dsn is where the database is.
func (o Options) dsn() string {
	if o.Database != "" {
		return o.Database
	}
	return o.DataDir
}
