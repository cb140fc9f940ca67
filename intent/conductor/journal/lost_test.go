package journal

import (
	"fmt"
	"slices"
	"testing"

	"rayos/internal/atomicfile"
	"rayos/internal/atomicfile/crash"
)

// told is what a journal said to whoever writes to it.
type told struct {
	said []string // what was written, in its order
	safe int      // how many of them were acknowledged as on disk
	anew bool     // the journal was rewritten, of one record that stands for all before
}

// use writes a journal, and rewrites it.
func (c *told) use(fs atomicfile.FS) error {
	f, _, err := OpenFS(fs, func([]byte) error { return nil })
	if err != nil {
		return err
	}
	write := func(sync bool) error {
		c.said = append(c.said, fmt.Sprint("record ", len(c.said)))
		if err := f.Write(AppendFrame(nil, []byte(c.said[len(c.said)-1]))); err != nil || !sync {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		c.safe = len(c.said)
		return nil
	}
	for i := range 4 {
		if err := write(i%2 > 0); err != nil {
			return err
		}
	}
	if err := write(false); err != nil {
		return err
	}
	all := fmt.Sprint(c.said)
	if err := f.Rewrite(AppendFrame(nil, []byte(all))); err != nil {
		return err
	}
	c.said, c.safe, c.anew = []string{all}, 1, true
	for range 2 {
		if err := write(true); err != nil {
			return err
		}
	}
	return write(false)
}

// fits reports whether what a journal has is what was acknowledged, and at most
// what was said besides.
func (c *told) fits(got []string) bool {
	if !c.anew && len(got) == 1 && got[0] == fmt.Sprint(c.said) {
		return true // Rewrite was on its way
	}
	if len(got) < c.safe || !slices.Equal(got[:c.safe], c.said[:c.safe]) {
		return false
	}
	rest := c.said[c.safe:]
	for _, g := range got[c.safe:] {
		i := slices.Index(rest, g)
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

// lost stops a journal at each step, has the machine crash there, and counts the
// states that don't fit what was acknowledged; the first is told.
func lost(t *testing.T, skip string) (bad int, first string) {
	t.Helper()
	for n := 1; ; n++ {
		d := crash.NewDisk()
		var c told
		done := c.use(crash.Steps(crash.Skip(d, skip), crash.StopAt(n)))
		for what, left := range d.Left() {
			var got []string
			_, _, err := OpenFS(left, func(p []byte) error { got = append(got, string(p)); return nil })
			if err != nil || !c.fits(got) {
				if bad++; first == "" {
					first = fmt.Sprintf("stopped at step %d, %s: %q, %v; %d of %q were acknowledged", n, what, got, err, c.safe, c.said)
				}
			}
		}
		if done == nil {
			if skip == "" && n < 20 {
				t.Errorf("it took %d steps", n)
			}
			return bad, first
		}
	}
}

// TestNothingAcknowledgedIsLost: whatever a disk forgets that wasn't synced, at
// whatever step.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	if bad, first := lost(t, ""); bad > 0 {
		t.Errorf("%d states, the first: %s", bad, first)
	}
	// The test would see each sync that is missing.
	for _, skip := range []string{"sync", "sync names"} {
		if bad, _ := lost(t, skip); bad == 0 {
			t.Errorf("a journal without %s loses nothing on the tests' disk", skip)
		}
	}
}
