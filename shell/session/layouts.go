package session

import (
	"strings"

	"rayos/shell/control"
	"rayos/shell/taskbar"
)

// layouts are those of the keyboard. Their signs are what XKB calls them; where
// that isn't known, for a keymap came from elsewhere, their names begin so.
func (s *Session) layouts() []taskbar.Layout {
	km := s.seat.State().Keymap()
	codes := strings.Split(s.prefs.names().Layout, ",")
	list := make([]taskbar.Layout, km.Groups())
	for i := range list {
		l := &list[i]
		l.Name = km.GroupName(i)
		if len(codes) == len(list) {
			l.Sign = strings.TrimSpace(codes[i])
		} else {
			l.Sign = l.Name
		}
		l.Sign = strings.ToUpper(string([]rune(l.Sign)[:min(2, len([]rune(l.Sign)))]))
	}
	return list
}

// setLayout makes the keyboard one of its layouts; less than 0 is the next. It
// reports whether there is one of that number.
func (s *Session) setLayout(n int) bool {
	st := s.seat.State()
	groups := st.Keymap().Groups()
	if n < 0 && groups > 0 {
		n = (st.Group() + 1) % groups
	}
	if n >= groups {
		return false
	}
	s.seat.SetGroup(n)
	return true
}

// Layouts implements control.Preferences.
func (p *preferences) Layouts() []control.Layout {
	at := p.s.seat.State().Group()
	list := []control.Layout{}
	for i, l := range p.s.layouts() {
		list = append(list, control.Layout{N: i, Name: l.Name, Used: i == at})
	}
	return list
}

// SetLayout implements control.Preferences.
func (p *preferences) SetLayout(n int) error {
	if !p.s.setLayout(n) {
		return control.Errorf(control.CodeBadArgs, "there is no layout %d; layouts lists them", n)
	}
	return nil
}
