package bench

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/internal/bench/rawclient"
)

func newLauncher(t *testing.T) *Launcher {
	t.Helper()
	l, err := NewLauncher()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func shell(script string) Compositor {
	return Compositor{Name: "script", command: func(*Compositor, Setup) invocation {
		return invocation{args: []string{"/bin/sh", "-c", script}}
	}}
}

func TestACompositorThatEndsIsReportedWithItsWords(t *testing.T) {
	c := shell("echo no such display; exit 3")
	_, err := newLauncher(t).Start(&c, Setup{})
	if err == nil || !strings.Contains(err.Error(), "ended before it had a socket") || !strings.Contains(err.Error(), "no such display") {
		t.Errorf("Start = %v; want its end and what it said", err)
	}
}

func TestWaylandSocketSkipsLocks(t *testing.T) {
	event := func(name string) []byte {
		b := make([]byte, unix.SizeofInotifyEvent+32)
		binary.NativeEndian.PutUint32(b[12:], 32)
		copy(b[unix.SizeofInotifyEvent:], name)
		return b
	}
	events := append(append(event("wayland-1.lock"), event("sway-ipc.1.sock")...), event("wayland-1")...)
	if got := waylandSocket(events); got != "wayland-1" {
		t.Errorf("waylandSocket = %q; want wayland-1", got)
	}
	if got := waylandSocket(event("wayland-1.lock")); got != "" {
		t.Errorf("waylandSocket of a lock = %q", got)
	}
	if got := waylandSocket(event("wayland-1")[:20]); got != "" {
		t.Errorf("waylandSocket of half an event = %q", got)
	}
}

// TestPeer starts whichever peer is installed and drives it through the parts
// that all probes stand on.
func TestPeer(t *testing.T) {
	peers, err := Peers()
	if err != nil {
		t.Fatal(err)
	}
	if len(peers) == 0 {
		t.Skip("no weston, sway or cage installed")
	}
	l := newLauncher(t)
	for i := range peers {
		t.Run(peers[i].Name, func(t *testing.T) {
			s, err := l.Start(&peers[i], Setup{})
			if err != nil {
				t.Fatal(err)
			}
			dir := s.dir
			err = s.withWindow(rawclient.WindowOptions{Title: "test", Width: 64, Height: 64, Buffers: 2, Format: rawclient.XRGB8888},
				func(c *rawclient.Conn, w *rawclient.Window) error {
					return errors.Join(frames(w, 3, rawclient.FullDamage), w.Resize(80, 40, rawclient.ARGB8888, 0), frames(w, 2, patch),
						w.Destroy(), c.Sync())
				})
			if err := errors.Join(err, s.Alive()); err != nil {
				t.Error(err)
			}
			if s.Accepted <= 0 || s.Answered < s.Accepted {
				t.Errorf("accepted after %v, answered after %v", s.Accepted, s.Answered)
			}
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("runtime directory after Stop: %v", err)
			}
			if err := unix.Kill(s.PID, 0); err != unix.ESRCH {
				t.Errorf("process after Stop: %v", err)
			}
		})
	}
}

func TestRayosNeedsABinary(t *testing.T) {
	if _, err := Rayos("/nonexistent/rayos-session"); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("Rayos = %v; want an error that says what to do", err)
	}
}

func TestStageCopiesAnExecutable(t *testing.T) {
	l := newLauncher(t)
	path, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	copied, err := l.Stage(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(copied).Run(); err != nil {
		t.Error(err)
	}
}
