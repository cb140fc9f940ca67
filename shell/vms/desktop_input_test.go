package vms_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"rayos/internal/proctest"
)

// copies makes a text the session's clipboard.
func (w *world) copies(text string) {
	w.t.Helper()
	cmd := exec.Command("wl-copy", "--type", "text/plain;charset=utf-8")
	cmd.Env, cmd.Stdin = w.Env(), strings.NewReader(text)
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("wl-copy: %v", err)
	}
}

// pastes returns the session's clipboard, or why there is nothing in it.
func (w *world) pastes() string {
	w.t.Helper()
	cmd := exec.Command("wl-paste", "--no-newline")
	var out bytes.Buffer
	cmd.Env, cmd.Stdout = w.Env(), &out
	if err := cmd.Run(); err != nil {
		return "wl-paste: " + err.Error()
	}
	return out.String()
}

// TestDesktopTakesTextAndKeys: what is copied on one side is pasted on the
// other, any text is typed, and the guest holds the keys while the person says
// so.
func TestDesktopTakesTextAndKeys(t *testing.T) {
	proctest.Need(t, "wl-copy", "wl-paste")
	w := newDesktop(t)
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	w.policy("[linux]\nclipboard = \"both\"\n")
	w.begin()
	w.Until("its compositor takes clients", func() bool { return w.vm().State == "running" })
	w.do("show")
	w.prompted()
	w.Until("qemu-guest-agent answers", func() bool {
		return strings.Contains(w.Log(), "RAYOS_HOST_MARKER:LINUX_DESKTOP_GUEST_AGENT:ok:Debian")
	})

	// The terminal copies what comes with this sequence, which is pasted into it.
	w.copies(`printf '\033]52;c;%s\a' "$(printf 'von innen: ü' | base64)"; echo pasted >paste`)
	// No keyboard of ours has these.
	w.write("echo grüße Ω “𝄞” >typed")
	w.holds("typed", "grüße Ω “𝄞”")

	w.Call("input key", proctest.Args{"chord": "ctrl+shift+V"})
	w.Settle()
	if got := w.pastes(); !strings.HasPrefix(got, "printf") {
		t.Errorf("the session's clipboard is %q before anybody in the guest has copied", got)
	}
	w.Until("the text is on the guest's screen", func() bool {
		p := w.content()
		box, _ := find(p, terminalColor)
		text, _ := find(p.Part(box), textColor)
		return text.Dx() > 400
	})
	w.Call("input key", proctest.Args{"chord": "Return"})
	w.holds("paste", "pasted")
	w.Until("the session pastes what the guest has copied", func() bool { return w.pastes() == "von innen: ü" })

	// The session's chords are the guest's while it holds the keys; the one that
	// hides it never is.
	window := w.Windows()[0].ID
	w.Call("input key", proctest.Args{"chord": "super+Escape"})
	w.Call("input key", proctest.Args{"chord": "alt+F4"})
	w.Until("the guest has closed its terminal", func() bool { _, n := w.terminals(); return n < 1000 })
	if w.Get(window) == nil {
		t.Error("the session has closed the window")
	}
	w.Call("input key", proctest.Args{"chord": "F12"})
	w.Until("F12 has hidden it", func() bool { return !w.vm().Shown })
	w.do("kill")
}
