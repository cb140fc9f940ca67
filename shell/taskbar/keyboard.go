package taskbar

import (
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// keyboard shows the layout of the keyboard. A press goes on to the next one,
// the menu has all.
func (b *Bar) keyboard() ui.Node {
	list := b.state.Layouts
	at := min(max(b.state.Layout, 0), len(list)-1)
	name := lang.F("Keyboard: {layout}", "layout", list[at].Name)
	return ui.ContextMenu{
		Name: lang.T("Layouts of the keyboard"),
		Items: func() []ui.MenuItem {
			items := make([]ui.MenuItem, len(list))
			for i, l := range list {
				items[i] = ui.MenuItem{Text: short(l.Name), Check: true, Checked: i == at, OnPress: func() { b.act.Layout(i) }}
			}
			return items
		},
		Child: ui.Tooltip{Text: name, Child: ui.Pressable{
			Name: name, Radius: theme.RadiusControl, OnPress: func() { b.act.Layout((at + 1) % len(list)) },
			Child: ui.Sized{W: 32, H: 32, Child: ui.Centred(ui.Label{
				Text: list[at].Sign, Size: theme.Caption, Bold: true, Color: b.theme.Text2, Lines: 1,
			})},
		}},
	}
}
