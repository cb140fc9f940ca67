package host_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/shell/control"
	"rayos/vmm"
	"rayos/vmm/host"
)

// window is the machine's window in a session.
func (v *vm) window(s *proctest.Session) (w control.Window) {
	v.t.Helper()
	s.Until("the machine has a window", func() bool {
		for _, w = range s.Windows() {
			if w.AppID == "rayos-vm."+string(v.id) {
				return true
			}
		}
		return false
	})
	return w
}

// reads waits until the guest's screen has a line.
func (v *vm) reads(s *proctest.Session, window uint32, c *console, line string) (row int) {
	v.t.Helper()
	s.Until("the guest's screen says "+line, func() (ok bool) {
		row, ok = c.learn(content(s, window), line)
		return ok
	})
	return row
}

// logged waits until the guest has written to its serial console.
func (v *vm) logged(s *proctest.Session, text string) {
	v.t.Helper()
	s.Until("the serial log says "+text, func() bool { return strings.Contains(v.logText("serial.log"), text) })
}

func startSession(t *testing.T) *proctest.Session {
	t.Helper()
	return proctest.StartWith(t, proctest.Options{Args: []string{"--headless", "--output", "1600x1000"}})
}

// TestMachineLivesOn is the life of a machine: it boots into a window, takes
// keys, outlives its session and its rayos-vm, sleeps, wakes and shuts down.
func TestMachineLivesOn(t *testing.T) {
	v := newVM(t)
	v.run()
	first := startSession(t)
	v.attach(first)
	w := v.window(first)
	begin := time.Now()
	v.ask(host.Request{Op: host.OpStart})
	v.heard("the agent", 0, ready("agent"))
	t.Logf("agent answers %v after start", time.Since(begin))
	var text console
	v.reads(first, w.ID, &text, "RAYOS_LINUX_AGENT_READY")
	t.Logf("text on the screen %v after start", time.Since(begin))

	first.Call("focus", proctest.Args{"window": w.ID})
	first.Call("input type", proctest.Args{"text": "PING\n"})
	v.reads(first, w.ID, &text, "PING")
	row := v.reads(first, w.ID, &text, "RAYOS_LINUX_AGENT_PONG")
	v.logged(first, "RAYOS_LINUX_AGENT_PONG")
	v.logged(first, "RAYOS_LINUX_INPUT_EVENT_RX")
	pid := v.status().Process.PID
	before := content(first, w.ID)

	n := v.count()
	first.Kill()
	v.heard("the session is gone", n, event(host.EventDetached))
	second := startSession(t)
	begin = time.Now()
	n = v.count()
	v.attach(second)
	v.heard("a picture in the new session", n, event(host.EventShown))
	t.Logf("first picture %v after attach", time.Since(begin))
	w = v.window(second)
	second.Until("the same pixels are back", func() bool { return sameScreen(content(second, w.ID), before) })

	v.kill()
	v.run()
	if s := v.status(); s.Process == nil || s.Process.PID != pid || s.State != vmm.Running && s.State != vmm.Starting {
		t.Fatalf("after rayos-vm was killed: %+v; want pid %d", s, pid)
	}
	v.events = nil
	v.attach(second)
	w = v.window(second)
	second.Until("the same pixels are back", func() bool { return sameScreen(content(second, w.ID), before) })
	second.Until("the agent answers again", func() bool { return v.status().State == vmm.Running })

	a := v.ask(host.Request{Op: host.OpSuspend})
	t.Logf("suspend: %s; state %d KiB", a.Detail, v.size("saved")>>10)
	if s := v.status(); s.State != vmm.Suspended || s.Process != nil || s.Saved == nil {
		t.Fatalf("after suspend: %+v", s)
	}
	begin = time.Now()
	a = v.ask(host.Request{Op: host.OpResume})
	t.Logf("resume: %s, %v in all", a.Detail, time.Since(begin))
	if s := v.status(); s.State != vmm.Running || s.Generation != 1 || s.Saved != nil {
		t.Fatalf("after resume: %+v", s)
	}
	second.Until("the same pixels are back", func() bool { return sameScreen(content(second, w.ID), before) })
	second.Until("the agent answers again", func() bool { return len(v.status().Ready) > 1 })
	if a := v.ask(host.Request{Op: host.OpType, Text: "PING\n"}); a.Detail != "5 characters by keys" {
		t.Errorf("type: %s", a.Detail)
	}
	second.Until("keys arrive after resume", func() bool {
		r, ok := text.last(content(second, w.ID), "RAYOS_LINUX_AGENT_PONG")
		return ok && r > row
	})
	t.Logf("rayos-vm: PSS %d KiB; %+v", pss(t, v.cmd.Process.Pid), v.status().Frames)

	n = v.count()
	a = v.ask(host.Request{Op: host.OpShutdown, DeadlineMS: 60000})
	t.Log("shutdown:", a.Detail)
	n = v.heard("stage agent", n, func(e host.Event) bool { return e.Stage == host.StageAgent && e.OK })
	n = v.heard("stage off", n, func(e host.Event) bool { return e.Stage == host.StageOff && e.OK })
	v.heard("stopped", n, state(vmm.Stopped))
	if s := v.status(); s.State != vmm.Stopped || s.Process != nil {
		t.Errorf("after shutdown: %+v", s)
	}
}

// TestShownByHand runs rayos-vm in a terminal of a session, as a person would,
// closes its window, and finds the machine again.
func TestShownByHand(t *testing.T) {
	v := newVM(t)
	s := startSession(t)
	v.env = s.Env()
	v.run("--start", "--show")
	w := v.window(s)
	if w.Title != "Linux micro — starting" && w.Title != "Linux micro" {
		t.Errorf("title %q", w.Title)
	}
	var text console
	v.reads(s, w.ID, &text, "RAYOS_LINUX_AGENT_READY")
	pid := v.status().Process.PID
	s.Call("close", proctest.Args{"window": w.ID})
	if err := v.cmd.Wait(); err != nil {
		t.Errorf("rayos-vm after its window was closed: %v", err)
	}
	v.run("--show")
	w = v.window(s)
	if got := v.status().Process; got == nil || got.PID != pid {
		t.Errorf("found %+v; want pid %d", got, pid)
	}
	v.reads(s, w.ID, &text, "RAYOS_LINUX_AGENT_READY")
	// A second one leaves the machine alone.
	out, err := exec.Command(filepath.Join(binaries, "rayos-vm"), "--root", v.root.Dir, string(id)).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != host.StatusRunning {
		t.Errorf("a second rayos-vm: %v\n%s", err, out)
	}
}
