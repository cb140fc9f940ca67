package seat

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"rayos/geom"
)

// artist is a fake that takes tools, gestures and pads while it wants to, and
// checks that what it hears makes sense.
type artist struct {
	*fake
	wants   bool
	near    map[*Tool]bool
	down    map[*Tool]bool
	pressed map[*Tool]int
	pads    map[*Pad]bool
}

func (a *artist) check(ok bool, what string) {
	a.d.t.Helper()
	switch {
	case a.gone:
		a.d.t.Errorf("%s: forgotten, and hears %s", a.name, what)
	case !ok:
		a.d.t.Errorf("%s: hears %s at the wrong time", a.name, what)
	}
}

func (a *artist) TakesTools() bool { return a.wants }

func (a *artist) ToolEnter(_ uint32, u *Tool) {
	a.check(!a.near[u] && a.wants && !a.closed && u.Tablet() != nil && u.Focus() == Focus(a), "enter")
	a.near[u] = true
}

func (a *artist) ToolLeave(u *Tool) {
	a.check(a.near[u] && !a.down[u] && a.pressed[u] == 0, "leave")
	delete(a.near, u)
}

func (a *artist) ToolMotion(u *Tool, _ geom.FPoint) { a.check(a.near[u] && !a.closed, "motion") }

func (a *artist) ToolDown(_ uint32, u *Tool) {
	a.check(a.near[u] && !a.down[u] && !a.closed, "down")
	a.down[u] = true
}

func (a *artist) ToolUp(u *Tool) {
	a.check(a.near[u] && a.down[u], "up")
	delete(a.down, u)
}

func (a *artist) ToolAxes(u *Tool, _ *ToolAxes) { a.check(a.near[u] && !a.closed, "axes") }

func (a *artist) ToolButton(_ uint32, u *Tool, _ uint32, pressed bool) {
	a.check(a.near[u] && (pressed || a.pressed[u] > 0), "button")
	if pressed {
		a.pressed[u]++
	} else {
		a.pressed[u]--
	}
}

func (a *artist) ToolFrame(*Tool, time.Duration) { a.check(true, "frame") }

func (a *artist) PadEnter(_ uint32, p *Pad) {
	a.check(!a.pads[p] && !a.closed, "pad enter")
	a.pads[p] = true
}

func (a *artist) PadLeave(_ uint32, p *Pad) {
	a.check(a.pads[p], "pad leave")
	delete(a.pads, p)
}

func (a *artist) PadButton(_ time.Duration, p *Pad, _ uint32, _ bool) {
	a.check(a.pads[p] && !a.closed, "pad button")
}

func (a *artist) PadRing(_ time.Duration, p *Pad, _ int, _ PadTouch) {
	a.check(a.pads[p] && !a.closed, "ring")
}

func (a *artist) PadStrip(_ time.Duration, p *Pad, _ int, _ PadTouch) {
	a.check(a.pads[p] && !a.closed, "strip")
}

func (a *artist) PadMode(_ uint32, _ time.Duration, p *Pad, _ int) {
	a.check(a.pads[p] && !a.closed, "mode")
}

// studio is a desk of artists with a tablet, two tools and a pad.
type studio struct {
	*desk
	artists []*artist
	tablets []*Tablet
	tools   []*Tool
	pad     *Pad
	moves   int
}

func newStudio(t reporter) *studio {
	s := &studio{desk: newDesk(t)}
	s.cfg.Hit = func(p geom.FPoint) (Focus, geom.FPoint) {
		f, at := s.hit(p)
		for _, a := range s.artists {
			if f == Focus(a.fake) {
				return a, at
			}
		}
		return nil, at
	}
	for range 2 {
		s.tablets = append(s.tablets, s.NewTablet(TabletInfo{Name: "t"}))
	}
	s.tools = []*Tool{s.tablets[0].NewTool(ToolInfo{Type: Pen, Caps: ToolPressure}), s.tablets[0].NewTool(ToolInfo{Type: Eraser})}
	s.pad = s.tablets[1].NewPad(PadInfo{Buttons: 2, Groups: []PadGroup{{Rings: 1, Strips: 1, Modes: 2}}})
	return s
}

func (s *studio) addArtist(c *client, x, y float64) *artist {
	a := &artist{
		fake: s.add(string(rune('a'+len(s.artists)%26)), c, x, y, 40, 40), wants: true,
		near: map[*Tool]bool{}, down: map[*Tool]bool{}, pressed: map[*Tool]int{}, pads: map[*Pad]bool{},
	}
	s.artists = append(s.artists, a)
	return a
}

func (s *studio) remove(a *artist) {
	for i := range s.fakes {
		if s.fakes[i] == a.fake {
			s.fakes = append(s.fakes[:i:i], s.fakes[i+1:]...)
			break
		}
	}
	for i := range s.artists {
		if s.artists[i] == a {
			s.artists = append(s.artists[:i:i], s.artists[i+1:]...)
			break
		}
	}
	a.gone = true
	s.Forget(a)
	s.Refocus()
}

func TestToolsAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newStudio(t)
		clients := [2]*client{{"a"}, {"b"}}
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			s.step(t, clients[rapid.IntRange(0, 1).Draw(t, "client")])
			s.agree(t)
		}
		for _, tab := range s.tablets {
			tab.Remove()
		}
		s.CancelGrabs()
		if s.moves != 0 || s.ButtonsHeld() > 1 || len(s.Tools())+len(s.Pads())+len(s.Tablets()) != 0 {
			t.Errorf("left: %d moves, %d buttons, %d tools", s.moves, s.ButtonsHeld(), len(s.Tools()))
		}
	})
}

func (s *studio) step(t *rapid.T, c *client) {
	at := geom.FPoint{X: float64(rapid.IntRange(0, 120).Draw(t, "x")), Y: float64(rapid.IntRange(0, 120).Draw(t, "y"))}
	on := rapid.Bool().Draw(t, "on")
	u := s.tools[rapid.IntRange(0, 1).Draw(t, "tool")]
	var a *artist
	if n := len(s.artists); n > 0 {
		a = s.artists[rapid.IntRange(0, n-1).Draw(t, "artist")]
	}
	switch op := rapid.IntRange(0, 20).Draw(t, "op"); {
	case op <= 1:
		u.Near(s.now, s.tablets[rapid.IntRange(0, 1).Draw(t, "tablet")], at)
	case op <= 5:
		u.Move(s.now, at)
		u.Frame(s.now)
	case op <= 8:
		u.Tip(s.now, on)
	case op <= 10:
		u.Button(s.now, codeStylus+uint32(rapid.IntRange(0, 2).Draw(t, "button")), on)
	case op == 11:
		u.Measure(s.now, ToolAxes{Set: ToolPressure | ToolWheel, Pressure: 5, Clicks: 1})
	case op == 12:
		u.Away(s.now)
	case op == 13 && len(s.artists) < 6:
		s.addArtist(c, at.X, at.Y)
		s.Refocus()
	case op == 14 && a != nil:
		s.remove(a)
	case op == 15 && a != nil:
		a.closed = on
		if at.X < 60 {
			s.Refocus()
		}
	case op == 16 && a != nil:
		a.wants = on
		s.RefocusPads()
	case op == 17 && a != nil:
		s.Refocus()
		s.SetKeyboardFocus(a)
		s.pad.Button(s.now, 1, on)
		s.pad.Ring(s.now, 0, PadTouch{})
		s.pad.Strip(s.now, 0, PadTouch{})
		s.pad.SwitchMode(s.now, 0, 1)
	case op == 18:
		s.motion(at.X, at.Y)
	case op == 19 && u.serial != 0:
		m := &Move{Moved: func(geom.FPoint, geom.FPoint) {}, Done: func(bool) { s.moves-- }}
		s.moves++
		if err := s.StartMove(m, u.serial, u.Focus().Client()); err != nil {
			t.Errorf("StartMove: %v", err)
		}
	case op == 20:
		s.CancelGrabs()
	}
}

// agree checks that seat and artists say the same.
func (s *studio) agree(t *rapid.T) {
	for _, u := range s.tools {
		for _, a := range s.artists {
			if a.near[u] != (u.Focus() == Focus(a)) {
				t.Errorf("%s has the tool: it says %v, the seat says %v", a.name, a.near[u], u.Focus() == Focus(a))
			}
		}
		if u.Focus() != nil && u.Tablet() == nil {
			t.Error("a tool that is away is on somebody")
		}
	}
}
