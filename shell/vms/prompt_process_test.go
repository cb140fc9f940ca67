package vms_test

import (
	"image"
	"strings"
	"syscall"
	"testing"

	"rayos/internal/proctest"
	"rayos/shell/theme"
)

// keys types chords and text into the session, as a person does.
func (w *world) key(chords ...string) {
	w.t.Helper()
	for _, c := range chords {
		w.Call("input key", proctest.Args{"chord": c})
	}
}

func (w *world) enter(line string) {
	w.t.Helper()
	w.Call("input type", proctest.Args{"text": line})
	w.key("Return")
}

// TestPromptShowsAMachine does by keys alone what rayctl does elsewhere: shows
// a machine, and starts it again from its card when QEMU has died.
func TestPromptShowsAMachine(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	w := newWorld(t, microID)
	if err := w.Try("vm build", proctest.Args{"image": "linux-micro"}, nil); err != nil {
		t.Fatal(err)
	}
	pal := theme.For(theme.Dark)
	// The panel; its last line says ok or err in colours of their own.
	panel := image.Rect(340, 198, 1020, 900)
	ok := panel
	has := func(r image.Rectangle, color uint32) bool {
		_, n := w.Shoot(nil).Part(r).Find(color)
		return n > 0
	}
	bare := w.Shoot(nil)
	w.key("super+space")
	w.Until("the prompt is open", func() bool { return has(panel, uint32(pal.Surface2)) })
	if has(ok, uint32(pal.Good)) {
		t.Error("ok before anything was asked")
	}
	w.enter("show linux desktop")
	w.Until("the acknowledgement is seen", func() bool { return has(ok, uint32(pal.Good)) })
	if v := w.vm(); !v.Shown || len(w.Windows()) != 1 {
		t.Errorf("it says ok of a machine that isn't shown: %+v", v)
	}
	w.enter("show windows desktop")
	w.Until("the refusal is seen", func() bool { return has(ok, uint32(pal.Bad)) })
	w.key("Escape")
	w.Until("the prompt is gone", func() bool { return !has(panel, uint32(pal.Surface2)) })

	w.Until("the machine answers", func() bool { return w.vm().State == "running" })
	v := w.vm()
	if err := syscall.Kill(v.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	w.Until("a card says so", func() bool { return has(panel, uint32(pal.Accent)) })
	w.key("Return") // Start now
	w.Until("it is another one", func() bool { n := w.vm(); return n.State == "running" && n.PID != v.PID && n.Shown })
	w.Until("the card is gone", func() bool { return !has(panel, uint32(pal.Surface2)) })

	// The session that ends keeps what was entered.
	w.key("super+space", "Up", "Up", "ctrl+a")
	w.Call("input type", proctest.Args{"text": "hide linux"})
	w.key("Return")
	w.Until("it is hidden", func() bool { return len(w.Windows()) == 0 })
	w.key("Escape")
	w.Until("the desktop is bare", func() bool { return proctest.Diff(bare, w.Shoot(nil)).Empty() })
	if strings.Contains(w.Log(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", w.Log())
	}
	w.do("shutdown")
}
