package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// cluster is a PostgreSQL server that lives for one stage: its own folder, its
// own port on loopback, a password nobody else knows.
type cluster struct {
	url    string
	dir    string
	server *exec.Cmd
	ended  chan error
}

// openCluster makes and starts one. Sorting is by language (ICU) as on most real
// installations, so that SQL which forgets to name its collation is noticed.
func openCluster(ctx context.Context, bin string) (*cluster, error) {
	dir, err := os.MkdirTemp("", "staydown-postgres-")
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, ended: make(chan error, 1)}
	if err := c.open(ctx, bin); err != nil {
		c.close()
		return nil, fmt.Errorf("opening a PostgreSQL cluster: %w", err)
	}
	return c, nil
}

func (c *cluster) open(ctx context.Context, bin string) error {
	as, err := unprivileged(c.dir)
	if err != nil {
		return err
	}
	password := rand.Text()
	secret := filepath.Join(c.dir, "password")
	if err := os.WriteFile(secret, []byte(password), 0o644); err != nil { // the folder itself is closed to others
		return err
	}
	data := filepath.Join(c.dir, "data")
	initdb := as(start(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "staydown", "-A", "scram-sha-256", "--pwfile", secret,
		"--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"))
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	c.url = fmt.Sprintf("postgres://staydown:%s@127.0.0.1:%d/postgres?sslmode=disable", password, port)
	c.server = as(start(ctx, filepath.Join(bin, "postgres"), "-D", data, "-k", c.dir, "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200"))
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.server.Stdout, c.server.Stderr = log, log
	if err := c.server.Start(); err != nil {
		c.server = nil
		return err
	}
	go func() { c.ended <- c.server.Wait() }()
	return c.ready(ctx, port)
}

// ready waits until the server takes connections.
func (c *cluster) ready(ctx context.Context, port int) error {
	for range 300 {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-c.ended:
			c.server = nil
			said, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("the server ended: %w\n%s", errors.Join(err, errors.New("see its log")), said)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errors.New("the server did not open its port within 30 s")
}

// close stops the server (fast shutdown, then by force) and removes its folder.
func (c *cluster) close() error {
	if c.server != nil {
		c.server.Process.Signal(syscall.SIGINT)
		select {
		case <-c.ended:
		case <-time.After(20 * time.Second):
			syscall.Kill(-c.server.Process.Pid, syscall.SIGKILL)
			<-c.ended
		}
	}
	return os.RemoveAll(c.dir)
}

// unprivileged gives a folder to the user postgres when we are root, because the
// server refuses to run as root, and says how to run a command as that user.
func unprivileged(dir string) (func(*exec.Cmd) *exec.Cmd, error) {
	if os.Geteuid() != 0 {
		return func(cmd *exec.Cmd) *exec.Cmd { return cmd }, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return func(cmd *exec.Cmd) *exec.Cmd {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		cmd.Dir = dir
		return cmd
	}, nil
}

// freePort asks the system for a port that nobody holds at the moment.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
