package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/staydown/staydown/internal/fingerprint/exact"
)

const digestBytes = 64 << 20

// digests compares SHA-256, MD5 and both in one reading.
func (m *meeting) digests() []row {
	path, version, err := build(opensslProgram, m.dir)
	if err != nil {
		version = "OpenSSL"
	}
	data := make([]byte, digestBytes)
	rand.NewChaCha8([32]byte{1}).Read(data) //nolint:errcheck // never fails
	name := filepath.Join(m.dir, "bytes")
	if err == nil {
		err = os.WriteFile(name, data, 0o644)
	}
	ours := []struct {
		what, peer string
		ask        string
		do         func() error
	}{
		{"SHA-256", "EVP_sha256", "sha256", func() error { sha256.Sum256(data); return nil }},
		{"MD5", "EVP_md5", "md5", func() error { md5.Sum(data); return nil }},
		{"SHA-256 and MD5 in one reading", "both by turns over 64 KiB, one thread", "both", func() error {
			_, err := exact.Read(bytes.NewReader(data))
			return err
		}},
		{"SHA-256 and MD5 in one reading, against MD5 alone", "EVP_md5 alone, the slower of the two", "md5", func() error {
			_, err := exact.Read(bytes.NewReader(data))
			return err
		}},
	}
	var rows []row
	for _, o := range ours {
		r := row{What: o.what, Data: "64 MiB in memory", Peer: version + ", " + o.peer, Work: digestBytes, Unit: "bytes"}
		if err != nil {
			r.fail(err)
		} else {
			m.digesters(&r, path, name, o.ask, o.do)
		}
		rows = append(rows, r)
	}
	return rows
}

func (m *meeting) digesters(r *row, path, name, ask string, do func() error) {
	c, err := start(path, name)
	if err != nil {
		r.fail(err)
		return
	}
	defer c.end()
	r.duel(m.rounds, func() (cost, error) {
		a, err := c.ask(ask)
		return a.cost(), err
	}, func() (cost, error) { return timed(do) })
}
