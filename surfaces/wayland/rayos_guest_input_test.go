package wayland

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/seat"
)

// TestMachineHoldsTheKeysWhenThePersonSaysSo: what leads out always works.
func TestMachineHoldsTheKeysWhenThePersonSaysSo(t *testing.T) {
	f := newFixture(t)
	n := f.chord(t)
	out, err := seat.ParseChord("F12")
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	f.seat.Bind(out, seat.Unstealable, func(time.Duration) { left++ })
	c, _, _ := f.connectGuest()
	s := c.bindSeat(9)
	w := c.window("win", 100, 100, 0)
	c.inhibit(w.surf, s, "inhibitor")
	c.ok()
	c.take()
	for i, tc := range []struct {
		toggle string // what the machine hears
		chords int
	}{{"", 1}, {"inhibitor.active()", 1}, {"inhibitor.inactive()", 2}} {
		if tc.toggle != "" {
			f.srv.ToggleInput(f.seat)
			c.expect(tc.toggle)
		}
		f.superA()
		if *n != tc.chords {
			t.Errorf("step %d: the session has had %d chords; want %d", i, *n, tc.chords)
		}
		f.key(88, true)
		f.key(88, false)
		if left != i+1 {
			t.Errorf("step %d: the key that hides has worked %d times", i, left)
		}
		c.ok()
		c.take()
	}
}

// TestMachinesClipboardIsAsPolicySays in each direction, whatever its program
// asks for.
func TestMachinesClipboardIsAsPolicySays(t *testing.T) {
	for _, tc := range []struct {
		name           string
		pastes, copies bool
	}{{"both", true, true}, {"to the machine", true, false}, {"from the machine", false, true}} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			own := f.connect()
			a := own.clip(3)
			own.window("own", 100, 100, 0)
			f.click(5, 5)
			own.ok()
			src := a.source("text/plain")
			a.dev.SetSelection(src, own.serials["wl_pointer.button"])
			own.ok()

			c, _, _ := f.connectGuest(func(g *Guest) { g.AllowClipboard(tc.pastes, tc.copies) })
			b := c.clip(3)
			f.shell.at = geom.Point{X: 200}
			w := c.window("guest", 100, 100, 0)
			f.click(205, 5)
			c.ok()
			if got := b.sel != nil; got != tc.pastes {
				t.Errorf("the machine is offered the clipboard: %v; want %v", got, tc.pastes)
			}
			before := f.srv.Selection()
			b.dev.SetSelection(b.source("text/plain"), c.serials["wl_pointer.button"])
			c.ok()
			if got := f.srv.Selection() != before; got != tc.copies {
				t.Errorf("the machine has the clipboard: %v; want %v", got, tc.copies)
			}
			f.button(btnLeft, true)
			c.ok()
			b.dev.StartDrag(b.source("text/plain"), w.surf, nil, c.serials["wl_pointer.button"])
			c.ok()
			if f.srv.main.data.drag != nil {
				t.Error("a machine drags")
			}
		})
	}
	f := newFixture(t)
	c, _, _ := f.connectGuest()
	for _, g := range c.globals {
		if g.Interface == "wl_data_device_manager" {
			t.Error("a machine without a clipboard sees one")
		}
	}
}
