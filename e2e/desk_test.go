package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// served is a desk that "staydown serve" has opened.
type served struct {
	Listening string `json:"listening"`
	Mode      string `json:"mode"`
	Enter     string `json:"enter"`
	pid       int
	log       *strings.Builder // standard error; to be read after stop
	token     string
	stop      func()
}

// serve opens the desk of a data directory until the test, or stop, ends it.
func serve(t *testing.T, dir string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, "serve", "--listen", "127.0.0.1:0", "--data", dir, "--json", "--verbose")
	cmd.Env, cmd.Dir = cleanEnv(), t.TempDir()
	d := &served{log: &strings.Builder{}}
	cmd.Stderr = d.log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	d.stop = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		io.Copy(io.Discard, out)
		cmd.Wait()
	}
	t.Cleanup(d.stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		err = json.Unmarshal([]byte(line), d)
	}
	if err != nil {
		d.stop()
		t.Fatalf("serve did not say where it listens: %v\n%s", err, d.log)
	}
	d.pid = cmd.Process.Pid
	return d
}

// as makes a token with which the story reads as a person.
func (d *served) as(t *testing.T, dir, login string) {
	t.Helper()
	row := run(t, nil, "admin", "token", login, "--name", "story", "--data", dir, "--json").ends(t, 0).rows(t)[0]
	d.token, _ = row["token"].(string)
	if d.token == "" {
		t.Fatal("no token was made")
	}
}

// get asks the API and decodes the answer.
func (d *served) get(t *testing.T, path string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.Listening+"/api/v1"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s %v\n%.500s", path, res.Status, err, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("GET %s: %v\n%.500s", path, err, body)
	}
}

// letter is a letter with its messages and lines, as the API shows it.
type letter struct {
	Head     head      `json:"letter"`
	Messages []message `json:"messages"`
	Lines    []struct {
		Location string `json:"location"`
	} `json:"lines"`
}

type head struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Channel string `json:"channel"`
}

type message struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Channel string `json:"channel"`
	State   string `json:"state"`
	Tries   int    `json:"tries"`
	Detail  string `json:"detail"`
}

// letters reads every letter of the desk.
func (d *served) letters(t *testing.T) []letter {
	t.Helper()
	const most = 500
	var all []letter
	for after := ""; ; {
		var page struct {
			Rows []head `json:"rows"`
		}
		d.get(t, fmt.Sprintf("/letters?limit=%d&after=%s", most, after), &page)
		for _, h := range page.Rows {
			var l letter
			d.get(t, "/letters/"+h.ID, &l)
			all = append(all, l)
		}
		if len(page.Rows) < most {
			return all
		}
		after = page.Rows[len(page.Rows)-1].ID
	}
}
