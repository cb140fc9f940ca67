package session

import (
	"rayos/shell/control"
	"rayos/shell/taskbar"
	"rayos/shell/tray"
)

// Tray implements control.Session.
func (c *commands) Tray() control.Tray { return trayCommands{&c.s.bars.tray} }

// trayCommands is the tray as rayctl and the prompt see it.
type trayCommands struct{ t *trayArea }

// Items implements control.Tray.
func (c trayCommands) Items() []control.TrayItem {
	words := map[tray.Status]string{tray.Passive: "passive", tray.NeedsAttention: "attention"}
	var list []control.TrayItem
	for i := range c.t.items {
		it := &c.t.items[i]
		status := words[it.Status]
		if status == "" {
			status = "active"
		}
		list = append(list, control.TrayItem{Key: it.Key, Name: it.Name(), Status: status, Menu: it.Menu})
	}
	return list
}

// find returns an item by its key, or by a name that no other has.
func (c trayCommands) find(item string) (*tray.Item, error) {
	if it := c.t.item(item); it != nil && c.t.service != nil {
		return it, nil
	}
	var found *tray.Item
	for i := range c.t.items {
		switch it := &c.t.items[i]; {
		case it.Name() != item || c.t.service == nil:
		case found != nil:
			return nil, control.Errorf(control.CodeBadArgs, "several items are called %.60q: give the key that tray list has", item)
		default:
			found = it
		}
	}
	if found == nil {
		return nil, control.Errorf(control.CodeBadArgs, "there is no item %.60q in the tray; tray list has those that there are", item)
	}
	return found, nil
}

// Press implements control.Tray.
func (c trayCommands) Press(item, button string) error {
	it, err := c.find(item)
	if err != nil {
		return err
	}
	verb := taskbar.TrayActivate
	switch {
	case button == "middle":
		verb = taskbar.TraySecondary
	case it.MenuOnly:
		verb = taskbar.TrayOpenMenu
	}
	c.t.do(it.Key, verb)
	return nil
}

// Scroll implements control.Tray.
func (c trayCommands) Scroll(item string, x, y float64) error {
	it, err := c.find(item)
	if err == nil {
		c.t.scroll(it.Key, x, y)
	}
	return err
}

// Menu implements control.Tray.
func (c trayCommands) Menu(item string, done func([]control.TrayLine, error)) (cancel func()) {
	it, err := c.find(item)
	if err != nil {
		done(nil, err)
		return nil
	}
	loop := c.t.s.loop
	c.t.service.Menu(it.Key, func(list []tray.Entry, err error) {
		loop.Post(func() { done(trayLines(list), err) })
	})
	return nil
}

func trayLines(list []tray.Entry) []control.TrayLine {
	out := make([]control.TrayLine, 0, len(list))
	for _, e := range list {
		l := control.TrayLine{ID: e.ID, Text: e.Text, Disabled: e.Disabled, Lines: trayLines(e.Entries)}
		if e.Check {
			l.Checked = &e.Checked
		}
		out = append(out, l)
	}
	return out
}

// Click implements control.Tray.
func (c trayCommands) Click(item string, line int32) error {
	it, err := c.find(item)
	if err == nil {
		c.t.service.Click(it.Key, line)
	}
	return err
}
