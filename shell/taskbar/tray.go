package taskbar

import (
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

// TrayItem is what a program has put into the tray.
type TrayItem struct {
	Key       string
	Name      string // of the item, one line
	Icon      *paint.Image
	Attention bool
	Passive   bool // it doesn't want to be seen now
	MenuOnly  bool // a press opens its menu
}

// TrayMenu is the open menu of an item.
type TrayMenu struct {
	Key     string
	Page    string // another one for each part of a menu that is shown
	Entries []TrayEntry
}

// TrayEntry is a line of a menu.
type TrayEntry struct {
	ID             int32
	Text           string
	Separator      bool
	Disabled       bool
	Check, Checked bool
	Danger         bool
	Open           bool // there is a menu below it, which opens
	Back           bool // it leads back to the menu above
}

// TrayVerb is what can be asked of an item.
type TrayVerb uint8

// Verbs of the tray.
const (
	TrayActivate TrayVerb = iota
	TraySecondary
	TrayOpenMenu
	TrayCloseMenu
)

// trayWidth is what an item takes of the bar; traySpare is what the tray leaves
// for everything else.
const (
	trayWidth = 32
	traySpare = 500
)

// tray shows the items that there is room for, and a button for the others.
func (b *Bar) tray() ui.Nodes {
	items, more := b.trayParts()
	nodes := func(items []*TrayItem) (out ui.Nodes) {
		for _, it := range items {
			out = append(out, ui.Key("tray "+it.Key, b.trayItem(it)))
		}
		return out
	}
	shown, rest := nodes(items), nodes(more)
	if len(rest) == 0 {
		b.Sheet(Spilled, false)
		return shown
	}
	return append(ui.Nodes{ui.Popover{
		Open: b.open[Spilled], Name: lang.T("More of the tray"), OnClose: func() { b.Sheet(Spilled, false) }, Content: ui.Row{Gap: theme.Space1, Children: rest},
		Child: ui.Tooltip{Text: lang.T("More of the tray"), Child: ui.IconButton(icon.ChevronUp, lang.T("More of the tray"), func() { b.Sheet(Spilled, !b.open[Spilled]) })},
	}}, shown...)
}

// trayParts are the items that have a place on the bar, and the others.
func (b *Bar) trayParts() (shown, rest []*TrayItem) {
	room := max(int(b.width-traySpare)/(3*trayWidth), 1)
	for i := range b.state.Tray {
		it := &b.state.Tray[i]
		if it.Passive || len(shown) >= room && !it.Attention {
			rest = append(rest, it)
		} else {
			shown = append(shown, it)
		}
	}
	return shown, rest
}

func (b *Bar) trayItem(it *TrayItem) ui.Node {
	name, press := it.Name, TrayActivate
	if it.MenuOnly {
		press = TrayOpenMenu
	}
	if it.Attention {
		name = lang.F("{what} (asks for attention)", "what", name)
	}
	face := b.badge(letter(it.Name), trust.Session)
	if it.Icon != nil {
		face = ui.Image{Image: it.Icon, W: IconSize, H: IconSize, Fit: ui.Contain}
	}
	button := task{
		done: -1, wheel: func(x, y float64) { b.act.TrayScroll(it.Key, x, y) },
		mark: b.theme.Warn, bare: !it.Attention, middle: func() { b.act.Tray(it.Key, TraySecondary) },
		child: ui.Pressable{
			Name: name, Radius: theme.RadiusControl, Child: ui.Sized{W: trayWidth, H: 32, Child: ui.Centred(face)},
			OnPress: func() { b.act.Tray(it.Key, press) }, OnMenu: func() { b.act.Tray(it.Key, TrayOpenMenu) },
		},
	}
	m := b.state.TrayMenu
	open := m != nil && m.Key == it.Key
	menu := ui.Menu{Child: button, Open: open, Name: it.Name, OnClose: func() { b.act.Tray(it.Key, TrayCloseMenu) }}
	if open {
		menu.Items, menu.Page = b.trayEntries(m), m.Page
	}
	return ui.Tooltip{Text: name, Child: menu}
}

func (b *Bar) trayEntries(m *TrayMenu) []ui.MenuItem {
	items := make([]ui.MenuItem, len(m.Entries))
	for i, e := range m.Entries {
		it := &items[i]
		*it = ui.MenuItem{
			Text: e.Text, Separator: e.Separator, Disabled: e.Disabled, Check: e.Check, Checked: e.Checked, Danger: e.Danger,
			OnPress: func() { b.act.TrayEntry(m.Key, e.ID) },
		}
		switch {
		case e.Back:
			it.Icon = icon.ChevronLeft
		case e.Open:
			it.Shortcut = "›"
		}
	}
	return items
}
