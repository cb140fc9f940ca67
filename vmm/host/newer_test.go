package host_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/proctest"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/qemu"
)

// newerQEMU is a QEMU that gives its pictures as memory: $RAYOS_QEMU, or that
// of Debian's backports, unpacked beside the images.
var newerQEMU = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("RAYOS_QEMU"); path != "" {
		return path, nil
	}
	cache, err := imageCache()
	if err != nil {
		return "", err
	}
	cmd := exec.Command("../../scripts/qemu-backports", filepath.Join(filepath.Dir(cache), "qemu"))
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
})

// TestNewerQEMU runs a machine by a QEMU of today beside the system's: its
// pictures come as memory and reach the compositor without a copy, and a saved
// state goes through a file.
func TestNewerQEMU(t *testing.T) {
	program, err := newerQEMU()
	if err != nil {
		t.Skipf("no newer QEMU: %v", err)
	}
	v := newVM(t)
	v.run("--qemu", program)
	s := startSession(t)
	v.attach(s)
	w := v.window(s)
	v.ask(host.Request{Op: host.OpStart})
	v.heard("the agent", 0, ready("agent"))
	st := v.status()
	major, _, _ := strings.Cut(st.Process.Version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < 9 {
		t.Fatalf("QEMU %s; want 9 or newer", st.Process.Version)
	}
	var text console
	v.reads(s, w.ID, &text, "RAYOS_LINUX_AGENT_READY")
	noCopies := func(when string) {
		t.Helper()
		if f := v.status().Frames; !f.Mapped || f.Copied != 0 || f.Shown == 0 {
			t.Errorf("%s: %+v; want pictures mapped, shown, and none copied", when, f)
		}
	}
	noCopies("after the boot")
	ping := func(window uint32) {
		t.Helper()
		row, _ := text.last(content(s, window), "RAYOS_LINUX_AGENT_PONG")
		v.ask(host.Request{Op: host.OpType, Text: "PING\n"})
		s.Until("an answer on the screen", func() bool {
			text.learn(content(s, window), "RAYOS_LINUX_AGENT_PONG")
			now, ok := text.last(content(s, window), "RAYOS_LINUX_AGENT_PONG")
			return ok && now > row
		})
	}
	ping(w.ID)
	noCopies("after text")
	before := content(s, w.ID)

	v.kill()
	v.run("--qemu", program)
	v.attach(s)
	w = v.window(s)
	s.Until("the same pixels are back", func() bool { return sameScreen(content(s, w.ID), before) })
	noCopies("found again")

	s.Until("the agent answers again", func() bool { return v.status().State == vmm.Running })
	a := v.ask(host.Request{Op: host.OpSuspend})
	t.Logf("suspend: %s; state %d KiB", a.Detail, v.size("saved")>>10)
	a = v.ask(host.Request{Op: host.OpResume})
	t.Logf("resume: %s", a.Detail)
	if st := v.status(); st.State != vmm.Running || st.Generation != 1 || st.Saved != nil {
		t.Fatalf("after resume: %+v", st)
	}
	s.Until("the same pixels are back", func() bool { return sameScreen(content(s, w.ID), before) })
	s.Until("the agent answers again", func() bool { return len(v.status().Ready) > 1 })
	ping(w.ID)
	noCopies("after resume")
	t.Logf("rayos-vm: PSS %d KiB; %+v", pss(t, v.cmd.Process.Pid), v.status().Frames)
	v.ask(host.Request{Op: host.OpShutdown, DeadlineMS: 60000})
}

// TestTouchReachesTheGuest: a newer QEMU has a touch screen for the guest.
func TestTouchReachesTheGuest(t *testing.T) {
	program, err := newerQEMU()
	if err != nil {
		t.Skipf("no newer QEMU: %v", err)
	}
	v := newVM(t)
	v.run("--qemu", program)
	v.ask(host.Request{Op: host.OpStart})
	v.heard("the agent", 0, ready("agent"))
	ctx, cancel := context.WithTimeout(context.Background(), proctest.Patience)
	defer cancel()
	m, err := qemu.DialMonitor(ctx, v.dir.Socket("qmp2"), func(qemu.MonitorEvent) {})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	d, err := qemu.OpenDisplay(ctx, m, blind{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if !d.Touch || !d.Mapped {
		t.Fatalf("touch %v, mapped %v; want both", d.Touch, d.Mapped)
	}
	const heard = "RAYOS_LINUX_INPUT_EVENT_RX"
	look := time.NewTicker(100 * time.Millisecond) // the log is a file
	defer look.Stop()
	for !strings.Contains(v.logText("serial.log"), heard) {
		// It may not have opened the device when it is tapped first.
		if err := errors.Join(d.TouchDown(0, 100, 100), d.TouchUp(0, 100, 100)); err != nil {
			t.Fatal(err)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("the guest hears of no touch:\n%s", v.logText("serial.log"))
		}
	}
}

// blind is a screen that nobody looks at.
type blind struct{}

func (blind) Scanout(qemu.Picture, []byte)                   {}
func (blind) Update(geom.Rect, int, []byte)                  {}
func (blind) ScanoutMap(_ qemu.Picture, f *os.File, _ int64) { f.Close() }
func (blind) UpdateMap(geom.Rect)                            {}
func (blind) Disable()                                       {}
func (blind) CursorImage(qemu.Cursor)                        {}
func (blind) CursorMoved(geom.Point, bool)                   {}

// TestPicturesAreCopiedOnce: the older QEMU sends pictures as bytes, which are
// copied into the compositor's memory and nowhere else.
func TestPicturesAreCopiedOnce(t *testing.T) {
	v := newVM(t)
	v.run()
	v.ask(host.Request{Op: host.OpStart})
	v.heard("a picture", 0, ready("first-scanout"))
	st := v.status()
	if st.Frames.Mapped {
		t.Skipf("QEMU %s gives its pictures as memory", st.Process.Version)
	}
	// Nobody reads, so each change is written once, where it is.
	v.heard("the agent", 0, ready("agent"))
	if f := v.status().Frames; f.Copied == 0 || f.Copied > f.Received*1280*800*4 {
		t.Errorf("%+v; want at most a picture copied for each change", f)
	}
}
