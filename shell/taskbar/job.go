package taskbar

import (
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// job says how far the session's own work is; a press shows all of it.
func (b *Bar) job() ui.Node {
	j := &b.state.Job
	text := lang.F("{what}, {percent} %", "what", j.Name, "percent", lang.Number(j.Percent))
	return ui.Tooltip{Text: text, Child: task{
		done: j.Percent, middle: func() {},
		child: ui.Pressable{
			Name: text, Radius: theme.RadiusControl, OnPress: b.act.Jobs,
			Child: ui.Sized{W: 32, H: 32, Child: ui.Centred(ui.Icon{Name: icon.Document, Color: b.theme.Text2})},
		},
	}}
}
