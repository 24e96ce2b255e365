package main

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"

	"github.com/staydown/staydown/bench/picture"
	"github.com/staydown/staydown/internal/fingerprint/pdq"
)

var jpegSizes = []struct{ width, height, files int }{{512, 512, 8}, {1280, 720, 4}, {1920, 1080, 3}, {4000, 3000, 1}}

// jpegs compares decoding alone with decoding and fingerprinting.
func (m *meeting) jpegs() []row {
	path, version, absent := build(jpegProgram, m.dir)
	var rows []row
	for _, s := range jpegSizes {
		var names []string
		var files [][]byte
		for i := range s.files {
			var out bytes.Buffer
			if err := jpeg.Encode(&out, picture.Draw(picture.Scene, 2, i, s.width, s.height), &jpeg.Options{Quality: 85}); err != nil {
				absent = err
			}
			name := filepath.Join(m.dir, fmt.Sprintf("%d-%d.jpg", s.width, i))
			if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
				absent = err
			}
			names, files = append(names, name), append(files, out.Bytes())
		}
		for _, mode := range []string{"rgb", "luma"} {
			r := row{What: "JPEG file to PDQ, eight turns", Data: fmt.Sprintf("%dx%d, %d KB each", s.width, s.height, len(files[0])/1000), Work: s.files, Unit: "files",
				Peer: version + ", decoding to " + mode + " alone, no fingerprint", Note: "the peer does a part of the work only: the reference of PDQ is in no registry"}
			if absent != nil {
				r.Peer = "libjpeg-turbo, decoding to " + mode + " alone, no fingerprint"
				r.fail(absent)
			} else {
				m.decoders(&r, path, mode, names, files)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func (m *meeting) decoders(r *row, path, mode string, names []string, files [][]byte) {
	c, err := start(path, names...)
	if err != nil {
		r.fail(err)
		return
	}
	defer c.end()
	r.duel(m.rounds, func() (cost, error) {
		a, err := c.ask(mode)
		return a.cost(), err
	}, func() (cost, error) {
		return timed(func() error {
			for _, f := range files {
				if _, err := pdq.Read(f, pdq.Limits{}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
