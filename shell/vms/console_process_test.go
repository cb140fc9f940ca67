package vms_test

import (
	"os/exec"
	"strings"
	"testing"

	"rayos/internal/proctest"
)

// tells says a line on the guest's console, and waits until the guest has told
// something.
func (w *world) tells(line, answer string) {
	w.t.Helper()
	want := "RAYOS_GUEST_LOG:" + w.id + ":" + answer + "\n"
	before := strings.Count(w.Log(), want)
	if out, err := w.rayctl("vm", "console", w.id, line); err != nil || !strings.HasPrefix(out, "sent: ") {
		w.t.Fatalf("vm console: %q, %v", out, err)
	}
	w.Until(line+": "+answer, func() bool { return strings.Count(w.Log(), want) > before })
}

// TestLinuxDesktopConsole brings a desktop up, launches applications by lines on
// the console of its agent, presses Ctrl+Alt+Delete, and shuts it down by a line
// too.
func TestLinuxDesktopConsole(t *testing.T) {
	w := newDesktop(t)
	w.do("start")
	w.Until("its console says that it takes Wayland clients", func() bool {
		return strings.Contains(w.Log(), "RAYOS_GUEST_LOG:"+desktopID+":RAYOS_LINUX_DESKTOP_READY")
	})
	ordered(w, "RAYOS_GUEST_LOG:"+desktopID+":RAYOS_LINUX_DESKTOP_INIT_START", "RAYOS_GUEST_LOG:"+desktopID+":RAYOS_LINUX_AGENT_READY", "RAYOS_GUEST_LOG:"+desktopID+":RAYOS_LINUX_DESKTOP_READY")
	w.do("show")
	w.prompted()
	first, pixels := w.terminals()

	w.tells("PING", "RAYOS_LINUX_AGENT_PONG")
	w.tells("LAUNCH_APP:", "RAYOS_LINUX_APP_LAUNCH_ERR reason=empty")
	w.tells("LAUNCH_APP:rm", "RAYOS_LINUX_APP_LAUNCH_ERR reason=not_allowed name=rm")
	w.tells("LAUNCH_APP:foot", "RAYOS_LINUX_APP_LAUNCH_OK name=foot")
	w.Until("a second terminal is on the screen", func() bool {
		box, n := w.terminals()
		return n > pixels && box.Max.X > first.Max.X && box.Max.Y > first.Max.Y
	})
	w.write("echo launched >proof; sync")
	w.Until("qemu-guest-agent answers", func() bool {
		return strings.Contains(w.Log(), "RAYOS_HOST_MARKER:LINUX_DESKTOP_GUEST_AGENT:ok:Debian")
	})
	w.holds("proof", "launched")
	const weston = "weston-terminal"
	if w.guest("/bin/sh", "-c", "ls /usr/share/applications/"+weston+".desktop 2>/dev/null || true") == "" {
		w.tells("LAUNCH_APP:"+weston, "RAYOS_LINUX_APP_LAUNCH_ERR reason=not_allowed name="+weston)
	} else {
		w.tells("LAUNCH_APP:"+weston, "RAYOS_LINUX_APP_LAUNCH_OK name="+weston)
	}

	// Ctrl+Alt+Delete is the guest's, whoever presses it.
	w.guest("/bin/sh", "-c", `sed -i 's|<default />|&<keybind key="C-A-Delete"><action name="Execute" command="sh -c \&apos;echo $RANDOM pressed >>/home/rayos/pressed\&apos;" /></keybind>|' /home/rayos/.config/labwc/rc.xml
for p in /proc/[0-9]*; do [ "$(cat $p/comm 2>/dev/null)" = labwc ] && kill -HUP ${p#/proc/}; done; true`)
	presses := func() int {
		return strings.Count(w.guest("/bin/sh", "-c", "cat /home/rayos/pressed 2>/dev/null || true"), "pressed")
	}
	for n, press := range []func() error{
		func() error { _, err := w.rayctl("vm", "key", desktopID, "ctrl+alt+delete"); return err },
		func() error { _, err := w.rayctl("prompt", "linux press ctrl+alt+del"); return err },
		func() error { return w.Try("input key", proctest.Args{"chord": "ctrl+alt+Delete"}, nil) },
	} {
		if err := press(); err != nil {
			t.Fatal(err)
		}
		w.Until("the guest has Ctrl+Alt+Delete", func() bool { return presses() == n+1 })
	}

	w.tells("SHUTDOWN", "RAYOS_LINUX_AGENT_SHUTDOWN_ACK")
	w.Until("it is off", func() bool { return w.vm().State == "stopped" })
	if v := w.vm(); v.Detail != "the guest has shut down" || v.Restarts != 0 || v.Shown {
		t.Errorf("after SHUTDOWN: %+v", v)
	}
	if out, err := exec.Command("e2fsck", "-f", "-n", w.disk()).CombinedOutput(); err != nil {
		t.Errorf("the disk isn't whole: %v: %s", err, out)
	}
	if got := w.onDisk("/home/rayos/proof"); got != "launched\n" {
		t.Errorf("on the disk: %q", got)
	}
	if out, err := w.rayctl("vm", "console", desktopID, "PING"); err == nil || !strings.Contains(out, "desktop_not_running") {
		t.Errorf("a line for a machine that is off: %q, %v", out, err)
	}
}
