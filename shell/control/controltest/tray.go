package controltest

import "rayos/shell/control"

type tray struct{ s *Session }

// Tray returns one with an item; what is done with it is logged.
func (s *Session) Tray() control.Tray { return tray{s} }

func (t tray) Items() []control.TrayItem {
	return []control.TrayItem{{Key: ":1.2/Item", Name: "mail \x1b[31m", Status: "attention", Menu: true}}
}

func (t tray) Press(item, button string) error { return t.s.do("tray %s %s", item, button) }

func (t tray) Scroll(item string, x, y float64) error { return t.s.do("tray %s %v,%v", item, x, y) }

func (t tray) Menu(item string, done func([]control.TrayLine, error)) func() {
	yes := true
	done([]control.TrayLine{
		{ID: 1, Text: "New \x1b[31m", Checked: &yes},
		{ID: 2},
		{ID: 3, Text: "More", Lines: []control.TrayLine{{ID: 4, Text: "Quit", Disabled: true}}},
	}, t.s.do("tray menu %s", item))
	return nil
}

func (t tray) Click(item string, line int32) error { return t.s.do("tray %s line %d", item, line) }
