package session

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAgentsGetAProcessEach(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, mcpProgram), []byte("#!/bin/sh\necho \"$@\"\nexec cat\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	d := newDesk(t)
	d.session.opt.Runtime, d.session.socket = dir, "wayland-7"
	a := &d.session.agents
	path := filepath.Join(dir, "rayos-wayland-7.mcp")
	if err := a.set("read"); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", st, err)
	}
	connect := func() (net.Conn, *bufio.Reader) {
		t.Helper()
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		return c, bufio.NewReader(c)
	}
	c, r := connect()
	if line, err := r.ReadString('\n'); err != nil || strings.Contains(line, "--act") || !strings.Contains(line, "rayos-wayland-7.sock") {
		t.Errorf("who may read is served with %q, %v", line, err)
	}
	if _, err := c.Write([]byte("hello\n")); err != nil {
		t.Fatal(err)
	}
	if line, err := r.ReadString('\n'); line != "hello\n" {
		t.Errorf("%q, %v", line, err)
	}
	// Whoever is connected goes when less, or more, is allowed.
	if err := a.set("act"); err != nil {
		t.Fatal(err)
	}
	if line, err := r.ReadString('\n'); err == nil {
		t.Errorf("it is served on: %q", line)
	}
	_, r = connect()
	if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, "--act") {
		t.Errorf("who may act is served with %q, %v", line, err)
	}
	for range 2 * maxAgents {
		connect()
	}
	d.eventually("all that may be are served", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		if len(a.conn) > maxAgents {
			t.Fatalf("%d are served", len(a.conn))
		}
		return len(a.conn) == maxAgents
	})
	if err := a.set("off"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the socket is still there")
	}
}
