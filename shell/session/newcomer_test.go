package session

import (
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// focusOf returns the window with the focus, and whether w asks for attention.
func (w *deskWindow) focusOf() (focused, wants bool) {
	got := w.c.d.window(w.id)
	return got.Focused, slices.Contains(got.States, "attention")
}

// activation binds xdg_activation_v1.
func (c *deskClient) activation() *client.XdgActivationV1 {
	names := map[string]uint32{}
	reg := c.dpy.GetRegistry()
	reg.OnGlobal = func(name uint32, iface string, _ uint32) { names[iface] = name }
	c.d.talk()
	m := &client.XdgActivationV1{}
	reg.Bind(names["xdg_activation_v1"], m, &protocol.XdgActivationV1Interface, 1)
	return m
}

// openWith opens a window with a token.
func (c *deskClient) openWith(token string) *deskWindow {
	m := c.activation()
	c.opening = func(w *deskWindow) { m.Activate(token, w.surface) }
	defer func() { c.opening = nil }()
	return c.open(small)
}

func TestNewcomers(t *testing.T) {
	const keyA = 30
	for _, tc := range []struct {
		name string
		open func(d *desk, terminal *deskWindow) *deskWindow
		want bool
	}{
		{"started and waited for", func(d *desk, _ *deskWindow) *deskWindow {
			d.key("a")
			d.pass(50 * time.Millisecond)
			c := d.connect()
			d.pass(time.Second)
			return c.open(small)
		}, true},
		{"typed on since it was started", func(d *desk, _ *deskWindow) *deskWindow {
			c := d.connect()
			d.pass(time.Second)
			d.key("a")
			return c.open(small)
		}, false},
		{"clicked since it was started", func(d *desk, w *deskWindow) *deskWindow {
			c := d.connect()
			d.pass(time.Second)
			d.session.seat.Warp(w.inside().F())
			if err := d.ctl.Button(btnLeft, 0); err != nil {
				t.Fatal(err)
			}
			return c.open(small)
		}, false},
		{"moved the pointer since", func(d *desk, _ *deskWindow) *deskWindow {
			c := d.connect()
			d.pass(time.Second)
			if err := d.ctl.PointerMove(geom.FPoint{X: 5, Y: 5}, false); err != nil {
				t.Fatal(err)
			}
			return c.open(small)
		}, true},
		{"released a key since", func(d *desk, _ *deskWindow) *deskWindow {
			d.session.keyboard.Key(d.loop.Now(), keyA, true)
			d.pass(20 * time.Millisecond)
			c := d.connect()
			d.pass(time.Second)
			d.session.keyboard.Key(d.loop.Now(), keyA, false)
			return c.open(small)
		}, true},
		{"another window of the focused program", func(d *desk, w *deskWindow) *deskWindow {
			d.pass(time.Second)
			d.key("a")
			return w.c.open(small)
		}, true},
		{"a good token", func(d *desk, _ *deskWindow) *deskWindow {
			c := d.connect()
			d.pass(time.Second)
			d.key("a")
			return c.openWith(d.session.server.ActivationToken(""))
		}, true},
		{"a bad token", func(d *desk, _ *deskWindow) *deskWindow {
			c := d.connect()
			d.pass(time.Second)
			d.key("a")
			return c.openWith("made up")
		}, false},
		{"a token that is too old", func(d *desk, _ *deskWindow) *deskWindow {
			token := d.session.server.ActivationToken("")
			c := d.connect()
			d.loop.Advance(time.Minute)
			d.key("a")
			return c.openWith(token)
		}, false},
		{"an inherited token, waited for", func(d *desk, _ *deskWindow) *deskWindow {
			return d.connect().openWith("made up")
		}, true},
		{"whatever, for a session that wants it so", func(d *desk, _ *deskWindow) *deskWindow {
			d.session.opt.FocusNew = true
			c := d.connect()
			d.pass(time.Second)
			d.key("a")
			return c.open(small)
		}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t)
			terminal := d.connect().open(small)
			d.pass(100 * time.Millisecond)
			w := tc.open(d, terminal)
			if focused, wants := w.focusOf(); focused != tc.want || wants == tc.want {
				t.Errorf("focused %v, asks for attention %v; want %v", focused, wants, tc.want)
			}
			if had, _ := terminal.focusOf(); had == tc.want {
				t.Errorf("the window before is focused: %v", had)
			}
			top := d.session.stack[len(d.session.stack)-1]
			if below := uint32(top) != w.id; below == tc.want {
				t.Errorf("the new window is below the other: %v", below)
			}
		})
	}
}

func TestNewcomerOnAnEmptyDesk(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	d.pass(time.Second)
	d.key("a")
	if focused, _ := c.open(small).focusOf(); !focused {
		t.Error("the only window has no focus")
	}
	// Not even a bad token lets the keys go nowhere.
	if focused, wants := newDesk(t).connect().openWith("made up").focusOf(); !focused || wants {
		t.Errorf("the only window, with a bad token, is focused %v, asks for attention %v", focused, wants)
	}
}

func TestDialogsOfTheFocusedWindow(t *testing.T) {
	d := newDesk(t)
	a := d.connect()
	b := a.open(small)
	other := d.connect()
	w := other.open(small)
	d.pass(time.Second)
	d.key("a")
	// A dialog of a window behind does not interrupt.
	a.opening = func(n *deskWindow) { n.top.SetParent(b.top) }
	if focused, wants := a.open(small).focusOf(); focused || !wants {
		t.Errorf("a dialog of a window behind: focused %v, asks for attention %v", focused, wants)
	}
	other.opening = func(n *deskWindow) { n.top.SetParent(w.top) }
	if focused, _ := other.open(small).focusOf(); !focused {
		t.Error("a dialog of the focused window has no focus")
	}
}

func TestNewcomersOfVisitors(t *testing.T) {
	d := newDesk(t)
	a, b := d.connect().open(small), d.connect().open(small)
	g := d.guestSeat()
	d.pass(time.Second)
	d.key("a")
	g.v.focus(a.server())
	d.talk()
	n := a.c.open(small)
	if focused, wants := n.focusOf(); focused || wants {
		t.Errorf("a visitor's new window: focused %v, asks for attention %v", focused, wants)
	}
	if g.v.focused != n.server().id {
		t.Error("the visitor's new window does not have their keys")
	}
	if focused, _ := b.focusOf(); !focused {
		t.Error("the first seat has lost its focus")
	}
}
