package wire_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// TestWaylandInfo lets a libwayland client judge the server role.
func TestWaylandInfo(t *testing.T) {
	path, err := exec.LookPath("wayland-info")
	if err != nil {
		t.Skip("wayland-info is not installed (package wayland-utils)")
	}
	var trace []string
	a, b := socketpair(t)
	c, err := wire.NewConn(a, wire.Options{Trace: func(l string) { trace = append(trace, l) }})
	if err != nil {
		t.Fatal(err)
	}
	m := &room{globals: []string{"wl_output", "wl_compositor", "wl_data_device_manager"}}
	server.NewWlDisplay(c, 1, 1).Handler = displayH{m}
	served := make(chan error, 1)
	go func() { served <- serveUntilClosed(c) }()

	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path)
	end := os.NewFile(uintptr(b), "wayland socket")
	cmd.ExtraFiles = []*os.File{end}
	cmd.Env = append(os.Environ(), "WAYLAND_SOCKET=3")
	out, err := cmd.CombinedOutput()
	if err := end.Close(); err != nil {
		t.Error(err)
	}
	if serr := <-served; serr != nil {
		t.Errorf("server: %v", serr)
	}
	if err != nil {
		t.Fatalf("wayland-info: %v\n%s\n%s", err, out, strings.Join(trace, "\n"))
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{
		"interface: 'wl_output', version: 4, name: 0",
		"interface: 'wl_data_device_manager', version: 4, name: 2",
		"name: TEST-1",
		"width: 1280 px, height: 720 px, refresh: 60.000 Hz",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("wayland-info does not say %q:\n%s", want, out)
		}
	}
	if c.Objects() != 0 {
		t.Errorf("%d objects after the client is gone", c.Objects())
	}
}

// TestForeignConventions replays what another client library does: one request
// a write, string lengths that count padding, ids that are never reused.
func TestForeignConventions(t *testing.T) {
	c, m, s := newRoom(t, wire.Options{})
	var got []byte
	send := func(b []byte) {
		t.Helper()
		if err := turn(t, c, s, b); err != nil {
			t.Fatal(err)
		}
		got = append(got, receive(t, s)...)
	}
	send(msg(1, 1, 2))
	send(msg(2, 0, 1, raw("\x10\x00\x00\x00wl_compositor\x00\x00\x00"), 4, 3))
	id := uint32(4)
	for range 300 {
		send(msg(3, 0, id))
		send(msg(id, 3, id+1))
		m.callbacks[0].SendDone(0)
		m.callbacks = m.callbacks[:0]
		send(msg(id, 0))
		id += 2
	}
	if c.Objects() != 3 || m.ended != 300 {
		t.Errorf("%d objects, %d surfaces ended; want 3, 300", c.Objects(), m.ended)
	}
	for _, want := range []uint32{4, 5, id - 2, id - 1} {
		if !strings.Contains(string(got), string(msg(1, 1, want))) {
			t.Error(fmt.Sprint("no delete_id ", want))
		}
	}
	if _, err := unix.Write(s, msg(id-2, 6)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(); err != nil {
		t.Fatal(err)
	}
	if c.Dispatch() == nil {
		t.Error("a request to a destroyed surface was accepted")
	}
}
