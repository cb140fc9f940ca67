package overview

import (
	"unicode/utf8"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// key does what a key means.
func (s *Sheet) key(k *ui.Keystroke) bool {
	if k.Release {
		return false
	}
	switch k.Sym {
	case ui.KeyEscape:
		if s.state.Filter != "" {
			s.act.Filter("")
		} else {
			s.act.Cancel()
		}
	case ui.KeyEnter, ui.KeyPadEnter:
		s.enter()
	case ui.KeyTab:
		s.act.Next(k.Mods&ui.Shift != 0)
	case ui.KeyBackTab:
		s.act.Next(true)
	case ui.KeyBackspace:
		_, n := utf8.DecodeLastRuneInString(s.state.Filter)
		s.act.Filter(s.state.Filter[:len(s.state.Filter)-n])
	case ui.KeyDelete:
		if s.state.Chosen != 0 {
			s.act.Close(s.state.Chosen)
		}
	case ui.KeyPageDown, ui.KeyPageUp:
		s.turn(k.Sym == ui.KeyPageDown, k.Mods&ui.Shift != 0)
	case ui.KeyLeft, ui.KeyRight:
		if k.Mods&ui.Ctrl != 0 {
			s.turn((k.Sym == ui.KeyRight) != s.rtl, k.Mods&ui.Shift != 0)
			return true
		}
		s.move(k.Sym)
	case ui.KeyUp, ui.KeyDown:
		s.move(k.Sym)
	default:
		return k.Mods&(ui.Ctrl|ui.Alt|ui.Super) == 0 && s.typed(k.Text)
	}
	return true
}

// enter takes the chosen window, or the only one that fits.
func (s *Sheet) enter() {
	switch {
	case s.find(s.state.Chosen) >= 0:
		s.act.Take(s.state.Chosen)
	case s.state.Filter != "" && len(s.state.Windows) > 0:
		s.act.Take(s.state.Windows[0].ID)
	default:
		s.act.Cancel()
	}
}

// find returns the place of a window, or -1.
func (s *Sheet) find(id uint32) int {
	for i := range s.state.Windows {
		if s.state.Windows[i].ID == id {
			return i
		}
	}
	return -1
}

// turn goes to the next workspace or the one before, with the chosen window if
// it comes along.
func (s *Sheet) turn(ahead, along bool) {
	for i := range s.state.Spaces {
		if !s.state.Spaces[i].Shown {
			continue
		}
		if i--; ahead {
			i += 2
		}
		if i < 0 || i >= len(s.state.Spaces) {
			return
		}
		if along && s.state.Chosen != 0 {
			s.act.MoveTo(s.state.Chosen, i)
		}
		s.act.Workspace(i)
		return
	}
}

// move chooses the nearest card in the direction of an arrow.
func (s *Sheet) move(to ui.Sym) {
	from := s.find(s.state.Chosen)
	if from < 0 || from >= len(s.cards) {
		if len(s.cards) > 0 {
			s.act.Choose(s.state.Windows[0].ID)
		}
		return
	}
	middle := func(r geom.Rect) (x, y int64) { return int64(r.X0) + int64(r.X1), int64(r.Y0) + int64(r.Y1) }
	fx, fy := middle(s.cards[from])
	best, cost := -1, int64(0)
	for i, c := range s.cards {
		x, y := middle(c)
		f := s.cards[from]
		along, across, ahead := x-fx, y-fy, c.X0 >= f.X1
		switch to {
		case ui.KeyLeft:
			along, ahead = -along, c.X1 <= f.X0
		case ui.KeyUp:
			along, across, ahead = fy-y, x-fx, c.Y1 <= f.Y0
		case ui.KeyDown:
			along, across, ahead = y-fy, x-fx, c.Y0 >= f.Y1
		}
		if !ahead {
			continue
		}
		// What lies aside is further than what lies ahead.
		if d := along + 3*max(across, -across); best < 0 || d < cost {
			best, cost = i, d
		}
	}
	if best >= 0 {
		s.act.Choose(s.state.Windows[best].ID)
	}
}
