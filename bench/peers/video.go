package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/staydown/staydown/internal/fingerprint/video"
)

// clips are made by ffmpeg itself: moving test pictures with grain.
var clips = []struct {
	name, source string
	frames       int
}{
	{"640x360, 250 frames", "testsrc2=s=640x360:r=25:d=10", 250},
	{"1280x720, 150 frames", "testsrc2=s=1280x720:r=25:d=6", 150},
}

// videos compares decoding alone with decoding and hashing every frame.
func (m *meeting) videos() []row {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		err = fmt.Errorf("ffmpeg: %w", errAbsent)
	}
	var rows []row
	for i, clip := range clips {
		r := row{What: "video to PDQ of every frame", Data: clip.name + ", H.264", Peer: "ffmpeg, decoding alone, one thread", Work: clip.frames, Unit: "frames",
			Note: "the product decodes by the same ffmpeg, here outside of its walls; processor time is that of both programs"}
		path := filepath.Join(m.dir, fmt.Sprintf("clip-%d.mp4", i))
		if err == nil {
			err = makeClip(ffmpeg, clip.source, path)
		}
		if err != nil {
			r.fail(err)
		} else {
			r.duel(m.rounds, func() (cost, error) { return decodeAlone(ffmpeg, path) }, func() (cost, error) { return hashVideo(ffmpeg, path, clip.frames) })
		}
		rows = append(rows, r)
	}
	return rows
}

func makeClip(ffmpeg, source, path string) error {
	cmd := exec.Command(ffmpeg, "-v", "error", "-y", "-f", "lavfi", "-i", source, "-vf", "noise=alls=10:allf=t:all_seed=1", "-pix_fmt", "yuv420p",
		"-c:v", "libx264", "-preset", "veryfast", "-threads", "1", path)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("making a clip: %w: %s", err, firstLine(string(out)))
	}
	return nil
}

func decodeAlone(ffmpeg, path string) (cost, error) {
	cmd := exec.Command(ffmpeg, "-v", "error", "-nostdin", "-threads", "1", "-i", path, "-map", "0:v:0", "-f", "null", "-")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("decoding: %w: %s", err, firstLine(string(out)))
	}
	return cost{time.Since(began).Seconds(), used(cmd)}, nil
}

func used(cmd *exec.Cmd) float64 {
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
}

func hashVideo(ffmpeg, path string, frames int) (cost, error) {
	f, err := os.Open(path)
	if err != nil {
		return cost{}, err
	}
	defer f.Close()
	decoder := 0.0
	run := func(ctx context.Context, args []string, in io.Reader, read func(io.Reader) error) error {
		cmd := exec.CommandContext(ctx, ffmpeg, args...)
		cmd.Stdin = in
		out, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		err = read(out)
		io.Copy(io.Discard, out) //nolint:errcheck // what is left
		err = errors.Join(err, cmd.Wait())
		decoder = used(cmd)
		return err
	}
	c, err := timed(func() error {
		p, err := video.Hash(context.Background(), video.Runner{Run: run, Input: "/proc/self/fd/0"}, f, video.Options{})
		if err == nil && len(p.Frames) != frames {
			err = fmt.Errorf("%d frames were hashed, %d are in the clip", len(p.Frames), frames)
		}
		return err
	})
	c.cpu += decoder
	return c, err
}
