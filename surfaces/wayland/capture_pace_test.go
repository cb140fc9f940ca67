package wayland

import (
	"testing"
	"time"
)

func TestCapturedWindowsDrawOutOfSight(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0x123456)
	f.draw()
	r := f.recorder()
	frames := 0
	ask := func() {
		w.surf.Frame().OnDone = func(uint32) { frames++ }
		w.surf.Commit()
		c.ok()
	}
	want := func(what string, n int) {
		t.Helper()
		c.ok()
		if frames != n {
			t.Fatalf("%s: %d frame callbacks; want %d", what, frames, n)
		}
	}
	w.guest().Node.SetEnabled(false)
	ask()
	f.loop.Advance(time.Second)
	want("hidden, captured by nobody", 0)

	f.shell.take()
	s := r.window(0)
	r.c.ok()
	compare(t, "shell", f.shell.take(), "changed capture")
	if !f.srv.Captured(w.guest()) {
		t.Error("the window is not said to be captured")
	}
	f.loop.Advance(time.Millisecond)
	want("captured", 1)
	ask()
	f.loop.Advance(time.Millisecond)
	want("too soon", 1)
	f.loop.Advance(capturePeriod)
	want("a refresh later", 2)
	f.loop.Advance(time.Second)
	if f.srv.pictures.pace.timer.Armed() {
		t.Error("a timer runs that nobody waits for")
	}
	// Of what is seen, the output tells.
	w.guest().Node.SetEnabled(true)
	ask()
	f.loop.Advance(time.Second)
	want("seen", 2)
	f.draw()
	want("drawn", 3)
	w.guest().Node.SetEnabled(false)
	s.Destroy()
	r.c.ok()
	compare(t, "shell", f.shell.take(), "changed capture")
	ask()
	f.loop.Advance(time.Second)
	want("no longer captured", 3)
}
