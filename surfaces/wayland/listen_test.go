package wayland

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces"
	"rayos/surfaces/protocol/client"
)

func TestListen(t *testing.T) {
	f := newFixture(t)
	dir := t.TempDir()
	name, err := f.srv.Listen(dir, "")
	if err != nil || name != "wayland-0" {
		t.Fatalf("Listen = %q, %v", name, err)
	}
	// Two clients at once, told apart by the kernel.
	n := f.srv.Clients()
	for range 2 {
		d, err := client.Connect(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
	}
	for range 4 {
		f.turn()
	}
	if got := f.srv.Clients() - n; got != 2 {
		t.Fatalf("%d clients came in", got)
	}
	o := f.srv.clients[len(f.srv.clients)-1].Owner()
	if int(o.PID) != os.Getpid() || int(o.UID) != os.Getuid() || o.Trust != surfaces.TrustSession || o.Label == "" {
		t.Errorf("owner = %+v", o)
	}
	// Another session takes the next name, and can't take this one.
	g := newFixture(t)
	if name, err := g.srv.Listen(dir, ""); err != nil || name != "wayland-1" {
		t.Errorf("second Listen = %q, %v", name, err)
	}
	h := newFixture(t)
	if _, err := h.srv.Listen(dir, "wayland-0"); !errors.Is(err, ErrNameTaken) {
		t.Errorf("Listen on a taken name: %v", err)
	}
	f.srv.Close()
	if _, err := os.Stat(filepath.Join(dir, "wayland-0")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left: %v", err)
	}
	// What a killed session has left is taken over.
	if err := os.WriteFile(filepath.Join(dir, "wayland-0"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.srv.Listen(dir, "wayland-0"); err != nil {
		t.Errorf("Listen over a stale socket: %v", err)
	}
}

func TestListenFails(t *testing.T) {
	dir := t.TempDir()
	full := t.TempDir()
	var locks []int
	for i := range 33 {
		fd, err := unix.Open(filepath.Join(full, "wayland-"+itoa(i)+".lock"), unix.O_CREAT|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.Flock(fd, unix.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		locks = append(locks, fd)
	}
	defer func() {
		for _, fd := range locks {
			_ = unix.Close(fd)
		}
	}()
	if err := os.Mkdir(filepath.Join(dir, "busy"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "busy", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ what, dir, name, want string }{
		{"no directory", "", "", "XDG_RUNTIME_DIR is not set"},
		{"a slash", dir, "a/b", "without slashes"},
		{"a missing directory", filepath.Join(dir, "missing"), "", "is the directory yours and writable?"},
		{"a long path", dir, strings.Repeat("x", 120), "shorter"},
		{"all taken", full, "", "are taken"},
		{"something in the way", dir, "busy", "busy"},
	} {
		f := newFixture(t)
		_, err := f.srv.Listen(tc.dir, tc.name)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v; want %q in it", tc.what, err, tc.want)
		}
	}
}

func TestOwnerOfNothing(t *testing.T) {
	if o := ownerOf(-1); o.Trust != surfaces.TrustUnknown {
		t.Errorf("owner of no socket = %+v", o)
	}
}

func TestClientOnABadSocket(t *testing.T) {
	f := newFixture(t)
	if _, err := f.srv.AddClient(-1); err == nil {
		t.Error("a closed descriptor was served")
	}
	if n := f.srv.Clients(); n != 0 {
		t.Errorf("%d clients", n)
	}
}

// TestListenOutOfDescriptors: clients that can't be taken wait, and don't keep
// the session awake.
func TestListenOutOfDescriptors(t *testing.T) {
	f := newFixture(t)
	f.faults = true // the refusal is logged
	dir := t.TempDir()
	name, err := f.srv.Listen(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	c := f.connect()
	d, err := client.Connect(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	low := old
	low.Cur = 3
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	n := f.srv.Clients()
	for range 5 {
		f.turn()
	}
	err = unix.Setrlimit(unix.RLIMIT_NOFILE, &old)
	if err != nil {
		t.Fatal(err)
	}
	if f.srv.Clients() != n || strings.Count(f.log.String(), "level=ERROR") != 1 {
		t.Errorf("%d clients more; log:\n%s", f.srv.Clients()-n, f.log.String())
	}
	c.disconnect()
	for range 3 {
		f.turn()
	}
	if f.srv.Clients() != n {
		t.Errorf("%d clients; want %d: one gone, one come", f.srv.Clients(), n)
	}
}

// TestDeadClientsAreForgotten: the last of a list would stay behind it, with
// all that the client had.
func TestDeadClientsAreForgotten(t *testing.T) {
	f := newFixture(t)
	f.connect()
	c := f.connect()
	c.bindSeat(9).GetKeyboard()
	c.disconnect()
	n := len(f.srv.clients)
	for _, gone := range f.srv.clients[n:cap(f.srv.clients)] {
		if gone != nil {
			t.Error("a client that has left is still in memory")
		}
	}
}
