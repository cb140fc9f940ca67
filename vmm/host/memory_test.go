package host

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestMemoryIsGivenBackOnce hides a machine, now and then for a moment only.
func TestMemoryIsGivenBackOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		freed := 0
		m := newMemory(func() { freed++ })
		for _, tc := range []struct {
			what string
			do   func()
			want int
		}{
			{"never shown", func() {}, 0},
			{"shown", m.shown, 0},
			{"hidden", m.hidden, 1},
			{"still hidden", func() {}, 1},
			{"shown again", m.shown, 1},
			{"hidden and shown", func() { m.hidden(); m.shown() }, 1},
			{"hidden twice", func() { m.hidden(); m.hidden() }, 2},
		} {
			tc.do()
			time.Sleep(2 * tidyAfter)
			synctest.Wait()
			if freed != tc.want {
				t.Errorf("%s: given back %d times; want %d", tc.what, freed, tc.want)
			}
		}
	})
}
