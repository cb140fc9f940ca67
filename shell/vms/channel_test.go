package vms_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/proctest"
)

// hostEnd is the host's end of a session's channel.
type hostEnd struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
	said []string // all that the session has told
}

// newHost returns the host's end of a channel, and the session's.
func newHost(t *testing.T) (*hostEnd, *os.File) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours := os.NewFile(uintptr(fds[0]), "host")
	conn, err := net.FileConn(ours)
	if err := errors.Join(err, ours.Close()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the session may have been first
	return &hostEnd{t: t, conn: conn, in: bufio.NewReader(conn)}, os.NewFile(uintptr(fds[1]), "session")
}

// say says an event.
func (h *hostEnd) say(event string) {
	h.t.Helper()
	if _, err := fmt.Fprintln(h.conn, "RAYOS_HOST_EVENT_V0:"+event); err != nil {
		h.t.Fatal(err)
	}
}

// hear takes lines until one is as wanted; one that ends in a star begins so.
func (h *hostEnd) hear(want string) {
	h.t.Helper()
	h.hears(want)
}

// hears reads until all of these lines were told, in any order.
func (h *hostEnd) hears(want ...string) {
	h.t.Helper()
	if err := h.conn.SetReadDeadline(time.Now().Add(proctest.Patience)); err != nil {
		h.t.Fatal(err)
	}
	for {
		line, err := h.in.ReadString('\n')
		if err != nil {
			h.t.Fatalf("%q were not told: %v\n%s", want, err, strings.Join(h.said, "\n"))
		}
		line = strings.TrimSuffix(line, "\n")
		h.said = append(h.said, line)
		i := slices.IndexFunc(want, func(w string) bool {
			begin, open := strings.CutSuffix(w, "*")
			return line == w || open && strings.HasPrefix(line, begin)
		})
		if i < 0 {
			continue
		}
		if want = slices.Delete(slices.Clone(want), i, i+1); len(want) == 0 {
			return
		}
	}
}

// TestControlEndToEnd has the host show, type, press, click and shut down. Each
// is acknowledged after its effect, and what happens meanwhile is told in the
// order in which it happens.
func TestControlEndToEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	host, theirs := newHost(t)
	w := newWorldWith(t, microID, proctest.Options{Args: []string{"--host-fd", "3"}, Files: []*os.File{theirs}})
	if err := theirs.Close(); err != nil {
		t.Fatal(err)
	}
	host.hear("RAYOS_READY")
	host.say("BUILD_LINUX:linux-micro")
	host.hear("RAYOS_HOST_ACK:BUILD_LINUX:ok:" + microID)

	for _, event := range []string{"LINUX_SENDTEXT:PING", "LINUX_CLICK:left", "HIDE_LINUX_DESKTOP", "LINUX_SHUTDOWN"} {
		op, _, _ := strings.Cut(event, ":")
		host.say(event)
		host.hear("RAYOS_HOST_ACK:" + op + ":err:desktop_not_running")
	}

	host.say("SHOW_LINUX_DESKTOP")
	for _, line := range []string{
		"RAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:off:default_off",
		"@ack LINUX_DESKTOP ok starting",
		"RAYOS_LINUX_DESKTOP_PRESENTED:ok:*",
		"RAYOS_HOST_MARKER:LINUX_DESKTOP_PRESENTED:ok:*",
		"RAYOS_PRESENTATION:on vm=" + microID + " kind=linux",
		"RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:PRESENTED",
		"RAYOS_LINUX_DESKTOP_FIRST_FRAME:ok:*",
		"@ack FIRST_FRAME_PRESENTED ok initial_frame",
		"RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented",
	} {
		host.hear(line)
	}
	// Linux' console begins with a black screen.
	w.Until("pixels that are not blank", func() bool { return !blank(w.content()) })
	pid := w.vm().PID
	w.Until("the guest's text", func() bool { return reads(w.content(), 0, "RAYOS_LINUX_AGENT_READY") })
	host.say("LINUX_SENDTEXT:PING")
	host.hear("RAYOS_HOST_ACK:LINUX_SENDTEXT:ok:sent")
	w.Until("the answer", func() bool { return reads(w.content(), 2, "RAYOS_LINUX_AGENT_PONG") })
	host.say("LINUX_SENDKEY:shift+p")
	host.hear("RAYOS_HOST_ACK:LINUX_SENDKEY:ok:sent")
	w.Until("the key", func() bool { return reads(w.content(), 3, "P") })
	host.say("LINUX_MOUSE_ABS:0.5:0.25")
	host.hear("RAYOS_HOST_ACK:LINUX_MOUSE_ABS:ok:0.5:0.25")
	host.say("LINUX_CLICK:left")
	host.hear("RAYOS_HOST_ACK:LINUX_CLICK:ok:left")

	host.say("LINUX_CONSOLE:PING")
	// The guest may be faster than the word that it was told.
	host.hears("RAYOS_HOST_ACK:LINUX_CONSOLE:ok:sent", "RAYOS_GUEST_LOG:"+microID+":RAYOS_LINUX_AGENT_PONG")

	// What the guest prints is told as its word, and its windows are written
	// down.
	host.say("LINUX_SENDKEY:enter")
	host.hear("RAYOS_HOST_ACK:LINUX_SENDKEY:ok:sent")
	host.say("LINUX_SENDTEXT:SURFACE_TREE_TEST")
	host.hear("RAYOS_GUEST_LOG:" + microID + ":RAYOS_LINUX_SURFACE_TREE_END")
	w.Until("the registry of the guest's windows", func() bool {
		b, err := os.ReadFile(filepath.Join(w.data, "vm", "linux", microID, "surfaces", "registry.json"))
		return err == nil && strings.Contains(string(b), `"parent_window_id": "win-10"`) && strings.Contains(string(b), `"modal"`)
	})

	// Hidden it lives on, and is not typed to.
	host.say("HIDE_LINUX_DESKTOP")
	host.hear("RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:HIDDEN")
	host.hear("RAYOS_HOST_ACK:HIDE_LINUX_DESKTOP:ok:hidden")
	host.say("HIDE_LINUX_DESKTOP")
	host.hear("RAYOS_HOST_ACK:HIDE_LINUX_DESKTOP:ok:already_hidden")
	host.say("LINUX_SENDTEXT:PING")
	host.hear("RAYOS_HOST_ACK:LINUX_SENDTEXT:err:desktop_not_running")
	host.say("SHOW_LINUX_DESKTOP")
	host.hear("RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented")
	if now := w.vm().PID; now != pid {
		t.Errorf("QEMU is %d after hide and show; it was %d", now, pid)
	}

	host.say("LINUX_SHUTDOWN")
	host.hear("RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:HIDDEN")
	host.hear("RAYOS_HOST_ACK:LINUX_SHUTDOWN:ok:stopped")
	presentedFirst(t, host.said)

	// The channel's end is not the session's.
	if err := host.conn.Close(); err != nil {
		t.Fatal(err)
	}
	w.Call("version", nil)
}

// presentedFirst looks whether frames are told of behind PRESENTED alone.
func presentedFirst(t *testing.T, lines []string) {
	t.Helper()
	presented, frames := false, 0
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "RAYOS_LINUX_DESKTOP_PRESENTED:"):
			presented = true
		case strings.HasPrefix(line, "RAYOS_PRESENTATION:off"):
			presented = false
		case strings.HasPrefix(line, "RAYOS_LINUX_DESKTOP_FIRST_FRAME:"), strings.HasPrefix(line, "@ack FIRST_FRAME_PRESENTED"):
			frames++
			if !presented {
				t.Errorf("%q while nothing is presented:\n%s", line, strings.Join(lines, "\n"))
			}
		}
	}
	if frames < 2 {
		t.Errorf("no frame was told of:\n%s", strings.Join(lines, "\n"))
	}
}

// blank reports whether a picture has one colour, or none.
func blank(p proctest.Picture) bool {
	for i := range p.Pix {
		if p.Pix[i] != p.Pix[i%4] {
			return false
		}
	}
	return true
}
