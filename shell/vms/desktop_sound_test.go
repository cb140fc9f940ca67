package vms_test

import (
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
)

// TestLinuxDesktopIsHeard: what the person of a desktop plays by ALSA's own player,
// in a form that the card doesn't have, is heard at the sound server of the session.
func TestLinuxDesktopIsHeard(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	proctest.Need(t, "mmdebstrap", "mke2fs", "debugfs")
	ears := proctest.NewEars(t)
	ears.Serve()
	w := newWorldWith(t, desktopID, proctest.Options{Env: []string{"PULSE_SERVER=unix:" + ears.Socket()}})
	w.build("linux-desktop")
	w.policy("[vm." + desktopID + "]\naudio = true\n")
	w.do("start")
	w.Until("qemu-guest-agent answers", func() bool {
		return strings.Contains(w.Log(), "RAYOS_HOST_MARKER:LINUX_DESKTOP_GUEST_AGENT:ok:Debian")
	})
	w.Until("its sound has a server", func() bool { return strings.HasPrefix(w.vm().Sound, "idle") })
	ears.Listen()
	w.guest("/bin/su", "rayos", "-c", `perl -e 'print pack "s<", 8000 * sin(2 * 3.14159265 * 440 * $_ / 44100) for 0 .. 88199' |
		aplay -q -t raw -f S16_LE -r 44100 -c 1`)
	if hz := ears.Hears(250 * time.Millisecond); hz < 436 || hz > 444 {
		t.Errorf("heard %.1f Hz; want 440", hz)
	}
	w.do("kill")
}
