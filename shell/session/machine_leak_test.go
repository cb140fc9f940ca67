package session

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// TestAThousandShowsLeaveNothing shows and hides a machine a thousand times, and
// counts what could be left behind.
func TestAThousandShowsLeaveNothing(t *testing.T) {
	d := newDesk(t)
	m := d.machine(nil)
	type counts struct{ nodes, fds, goroutines, windows, waiters int }
	count := func() counts {
		runtime.GC() // finalizers close what is only collected
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return counts{d.session.scene.Nodes(), len(fds), runtime.NumGoroutine(), len(d.session.windows), len(d.session.waiters.list)}
	}
	round := func() {
		m.view.Show()
		m.win.draw()
		d.pass(20 * time.Millisecond)
		m.expect("presented")
		m.view.Hide()
		d.pass(20 * time.Millisecond)
	}
	for range 20 { // caches fill
		round()
	}
	before := count()
	for range 1000 {
		round()
		m.win.configures, m.keys = nil, nil
	}
	if after := count(); after != before {
		t.Errorf("after a thousand shows %+v; before %+v", after, before)
	}
	if !d.session.memory.timer.Armed() {
		t.Error("a machine was hidden, and no memory will be given back")
	}
}
