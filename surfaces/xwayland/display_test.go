package xwayland

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shortDir makes a folder whose sockets have short paths.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "rayos-x-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestDisplayNumbers(t *testing.T) {
	dir := shortDir(t)
	a, err := openDisplay(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := openDisplay(dir)
	if err != nil {
		t.Fatal(err)
	}
	if a.String() != ":0" || b.String() != ":1" {
		t.Errorf("displays %v and %v; want :0 and :1", a, b)
	}
	lock, err := os.ReadFile(filepath.Join(dir, ".X0-lock"))
	if want := fmt.Sprintf("%10d\n", os.Getpid()); err != nil || string(lock) != want {
		t.Errorf("lock file %q, %v; want %q", lock, err, want)
	}
	for _, name := range []string{a.path, "@" + a.path} {
		c, err := net.Dial("unix", name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.Close()
	}
	if st, err := os.Stat(filepath.Join(dir, ".X11-unix")); err != nil || st.Mode()&os.ModeSticky == 0 || st.Mode().Perm() != 0o777 {
		t.Errorf("folder of sockets: %v, %v", st.Mode(), err)
	}
	a.close()
	if c, err := openDisplay(dir); err != nil || c.String() != ":0" {
		t.Errorf("after the first has gone %v, %v; want :0", c, err)
	} else {
		c.close()
	}
	b.close()
	left, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	locks, _ := filepath.Glob(filepath.Join(dir, ".X*-lock"))
	if err != nil || len(left)+len(locks) > 0 {
		t.Errorf("left behind: %v %v %v", left, locks, err)
	}
}

// TestStaleLock: what a dead server has left is taken over, and what can't be
// read is not.
func TestStaleLock(t *testing.T) {
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		lock string
		free bool
	}{
		{fmt.Sprintf("%10d\n", dead.Process.Pid), true},
		{fmt.Sprintf("%10d\n", os.Getpid()), false},
		{"nonsense", false},
		{"", false},
		{"-1\n", false},
	} {
		dir := shortDir(t)
		path := filepath.Join(dir, ".X0-lock")
		if err := os.WriteFile(path, []byte(tt.lock), 0o444); err != nil {
			t.Fatal(err)
		}
		err := takeLock(path)
		if tt.free && err != nil || !tt.free && !errors.Is(err, errTaken) {
			t.Errorf("lock %q: %v; want it free: %v", tt.lock, err, tt.free)
		}
	}
}

// TestAbstractSocketIsEnough: a server without a lock file holds its number.
func TestAbstractSocketIsEnough(t *testing.T) {
	dir := shortDir(t)
	l, err := net.Listen("unix", "@"+filepath.Join(dir, ".X11-unix", "X0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d, err := openDisplay(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if d.String() != ":1" {
		t.Errorf("display %v; want :1", d)
	}
}

func TestAllNumbersTaken(t *testing.T) {
	dir := shortDir(t)
	for n := range maxDisplay {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf(".X%d-lock", n)), []byte("held"), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if d, err := openDisplay(dir); err == nil || !strings.Contains(err.Error(), "stale") {
		t.Errorf("openDisplay = %v, %v; want an error that says what to do", d, err)
	}
}
