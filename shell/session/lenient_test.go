package session

import (
	"slices"
	"testing"

	"rayos/geom"
)

// TestFirstConfigure: a window hears at once that it will be active, so that
// it draws once. A lenient session says so when it is.
func TestFirstConfigure(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		d := newDesk(t)
		d.session.opt.Lenient = lenient
		w := d.connect().open(geom.Size{W: 200, H: 100})
		first := slices.Contains([]string{"0x0 activated"}, w.configures[0])
		if first == lenient || lenient && len(w.configures) < 2 {
			t.Errorf("Lenient %v: configures %q", lenient, w.configures)
		}
	}
}
