package taskbar

import (
	"fmt"
	"strconv"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// most is the largest count that the bell shows as it is.
const most = 99

// bell shows how many notifications nobody has seen; a press shows them.
func (b *Bar) bell() ui.Node {
	sign, name, ink := icon.Bell, lang.T("Notifications"), b.theme.Text2
	if b.state.Quiet {
		sign, name = icon.BellOff, lang.T("Notifications, do not disturb")
	}
	var count ui.Node
	if n := b.state.Unread; n > 0 {
		text := strconv.Itoa(n)
		if n > most {
			text = fmt.Sprint(most, "+")
		}
		name, ink = lang.N("{what}, {n} unread", "{what}, {n} unread", n, "what", name), b.theme.Text1
		count = ui.Label{Text: text, Size: theme.Caption, Bold: true, Tabular: true, Lines: 1, Color: b.theme.Accent}
	}
	return ui.Tooltip{Text: name, Child: ui.Pressable{
		Name: name, Radius: theme.RadiusControl, OnPress: b.act.Notifications,
		Child: ui.Padding{Insets: ui.Sides(theme.Space2, 6), Child: ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
			ui.Icon{Name: sign, Color: ink}, count,
		}}},
	}}
}
