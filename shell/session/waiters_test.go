package session

import "testing"

// TestWhoIsToldMayWaitAgain: an owner that waits for the next thing while it is
// told of one isn't forgotten.
func TestWhoIsToldMayWaitAgain(t *testing.T) {
	var w waiters
	first, second, told := false, false, ""
	w.add(func() bool {
		if !first {
			return false
		}
		told += "first "
		w.add(func() bool {
			if second {
				told += "second"
			}
			return second
		})
		return true
	})
	last := w.add(func() bool { return false })
	if w.check() {
		t.Error("somebody was told of nothing")
	}
	first = true
	if !w.check() {
		t.Error("nobody was told")
	}
	second = true
	last()
	if !w.check() || told != "first second" || len(w.list) != 0 {
		t.Errorf("told of %q, %d still wait", told, len(w.list))
	}
}
