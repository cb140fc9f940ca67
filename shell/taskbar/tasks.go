package taskbar

import (
	"fmt"
	"strconv"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

// tasks are the windows and the machines.
func (b *Bar) tasks() ui.Node {
	kids := make(ui.Nodes, 0, len(b.groups)+len(b.state.Machines))
	for i := range b.groups {
		g := &b.groups[i]
		kids = append(kids, ui.Key(fmt.Sprint("window ", g.windows[0].ID), b.group(g)))
	}
	for i := range b.state.Machines {
		m := &b.state.Machines[i]
		kids = append(kids, ui.Key("machine "+m.ID, b.machine(m)))
	}
	return shelf{kids}
}

func (b *Bar) group(g *group) ui.Node {
	name, title := g.name(), g.windows[0].title()
	tip := title
	if len(g.windows) > 1 {
		title = name + "  " + lang.Number(len(g.windows))
		tip = lang.N("{app}: {n} window", "{app}: {n} windows", len(g.windows), "app", name)
	}
	hidden := true
	for i := range g.windows {
		hidden = hidden && g.windows[i].Minimised
	}
	mark := b.theme.Edge
	switch {
	case g.attention():
		mark, tip = b.theme.Warn, lang.F("{what} (asks for attention)", "what", tip)
	case g.active() >= 0:
		mark = b.theme.Accent
	}
	ink := b.theme.Text1
	if hidden {
		ink, tip = b.theme.Text2, lang.F("{what} (minimised)", "what", tip)
	}
	if t := g.windows[0].Trust; t != trust.Session {
		tip = t.Name() + ": " + tip
	}
	var pill ui.Node
	if n := g.count(); n > 0 {
		tip = lang.N("{what}, {n} waiting", "{what}, {n} waiting", n, "what", tip)
		pill = b.pill(n)
	}
	done := -1
	if w, ok := g.busy(); ok {
		done = w.Percent
		tip = lang.F("{what}, {percent} %", "what", tip, "percent", lang.Number(done))
	}
	t := task{
		done: done, mark: mark, active: g.active() >= 0,
		middle: func() { b.act.Close(g.windows[max(g.active(), 0)].ID) },
		child: ui.Pressable{
			Name: tip, Radius: theme.RadiusControl, Selected: g.active() >= 0, OnPress: func() { b.press(g) },
			Child: face{b.sign(name, &g.windows[0]), pill, ui.Label{Text: title, Lines: 1, Color: ink}},
		},
	}
	// A picture says more than a tooltip.
	return hovering{windows: g.ids(), tell: b.hover, child: ui.ContextMenu{
		Name: name, Items: func() []ui.MenuItem { return b.windowMenu(g) }, Child: t,
	}}
}

// press shows the window that was used last, hides the only one when it has the
// focus, and goes around several.
func (b *Bar) press(g *group) {
	i := g.active()
	switch {
	case i >= 0 && len(g.windows) == 1:
		b.act.Minimise(g.windows[0].ID)
	default:
		b.act.Activate(g.windows[(i+1)%len(g.windows)].ID)
	}
}

// sign is the icon of an application, or its badge. What isn't the session's own
// has a badge, whose colour says whose it is.
func (b *Bar) sign(name string, w *Window) ui.Node {
	if w.Icon == nil || w.Trust != trust.Session {
		return b.badge(letter(name), w.Trust)
	}
	return ui.Image{Image: w.Icon, W: IconSize, H: IconSize, Fit: ui.Contain}
}

// pill is a number of things that wait.
func (b *Bar) pill(n int) ui.Node {
	text := strconv.Itoa(n)
	if n > 99 {
		text = "99+"
	}
	return ui.Surface{Fill: b.theme.Accent, Radius: 8, Child: ui.Sized{W: int32(8 + 8*len(text)), H: 16, Child: ui.Centred(
		ui.Label{Text: text, Size: theme.Caption, Bold: true, Tabular: true, Color: b.theme.OnAccent},
	)}}
}

// badge is the first letter of an application.
func (b *Bar) badge(text string, t trust.Trust) ui.Node {
	fill, ink := b.theme.Surface3, b.theme.Text2
	if t != trust.Session {
		fill = theme.Mix(fill, b.trust(t), 70)
		ink = b.theme.Text1
	}
	return ui.Surface{Fill: fill, Outline: true, Radius: theme.RadiusSmall, Child: ui.Sized{W: 20, H: 20, Child: ui.Centred(
		ui.Label{Text: text, Size: theme.Caption, Bold: true, Color: ink},
	)}}
}

func (b *Bar) windowMenu(g *group) []ui.MenuItem {
	i := max(g.active(), 0)
	w := g.windows[i]
	var items []ui.MenuItem
	if len(g.windows) > 1 {
		for _, w := range g.windows {
			items = append(items, ui.MenuItem{Text: short(w.title()), Check: true, Checked: w.Active, OnPress: func() { b.act.Activate(w.ID) }})
		}
		items = append(items, ui.MenuItem{Separator: true})
	}
	if w.Minimised {
		items = append(items, ui.MenuItem{Text: lang.T("Show"), Icon: icon.Window, OnPress: func() { b.act.Activate(w.ID) }})
	} else {
		items = append(items, ui.MenuItem{Text: lang.T("Minimise"), Icon: icon.Minimise, OnPress: func() { b.act.Minimise(w.ID) }})
	}
	grow := ui.MenuItem{Text: lang.T("Maximise"), Icon: icon.Maximise, OnPress: func() { b.act.Maximise(w.ID) }}
	if w.Maximised {
		grow.Text, grow.Icon = lang.T("Restore size"), icon.Restore
	}
	items = append(items, grow, ui.MenuItem{Separator: true})
	for n, s := range b.state.Workspaces {
		if n != w.Workspace {
			items = append(items, ui.MenuItem{Text: lang.F("Move to workspace {name}", "name", lang.Digits(s.Name)), OnPress: func() { b.act.MoveTo(w.ID, n) }})
		}
	}
	items = append(items, ui.MenuItem{Separator: true}, ui.MenuItem{
		Text: lang.T("Close"), Icon: icon.Close, Danger: true, OnPress: func() { b.act.Close(w.ID) },
	})
	if len(g.windows) > 1 {
		items = append(items, ui.MenuItem{Text: lang.T("Close all"), Danger: true, OnPress: func() {
			for _, w := range g.windows {
				b.act.Close(w.ID)
			}
		}})
	}
	return items
}

// short keeps titles, which are the programs' own, to one line of a menu.
func short(s string) string {
	const most = 48
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func (b *Bar) machine(m *Machine) ui.Node {
	tip := fmt.Sprintf("%s: %s (%s)", m.Trust.Name(), m.Name, m.State)
	mark := b.theme.Edge
	if m.Active {
		mark = b.theme.Accent
	}
	press := func() {
		if m.Active {
			b.act.Machine(m.ID, Hide)
		} else {
			b.act.Machine(m.ID, Show)
		}
	}
	ink := b.theme.Text1
	if !m.Alive {
		ink = b.theme.Text2
	}
	node := ui.ContextMenu{Name: m.Name, Items: func() []ui.MenuItem { return b.machineMenu(m) }, Child: task{
		done: -1, mark: mark, active: m.Active, bare: !m.Shown, middle: func() { b.act.Machine(m.ID, Hide) },
		child: ui.Pressable{
			Name: tip, Radius: theme.RadiusControl, Selected: m.Active, OnPress: press,
			Child: face{lead: dot{color: b.trust(m.Trust), full: m.Alive, bad: m.Failed}, label: ui.Label{Text: m.Name, Lines: 1, Color: ink}},
		},
	}}
	if m.Shown {
		return hovering{machine: m.ID, tell: b.hover, child: node}
	}
	return ui.Tooltip{Text: tip, Child: node}
}

func (b *Bar) machineMenu(m *Machine) []ui.MenuItem {
	do := func(text string, i icon.Name, v Verb, disabled bool) ui.MenuItem {
		return ui.MenuItem{Text: text, Icon: i, Disabled: disabled, OnPress: func() { b.act.Machine(m.ID, v) }}
	}
	show := do(lang.T("Show"), icon.Eye, Show, false)
	if !m.Alive {
		show = do(lang.T("Start"), icon.Play, Show, false)
	}
	items := []ui.MenuItem{
		show, do(lang.T("Hide"), icon.EyeOff, Hide, !m.Shown),
	}
	switch {
	case m.Sound && m.Muted:
		items = append(items, do(lang.T("Unmute"), icon.Volume, Unmute, !m.Alive))
	case m.Sound:
		items = append(items, do(lang.T("Mute"), icon.VolumeOff, Mute, !m.Alive))
	}
	items = append(items,
		ui.MenuItem{Separator: true},
		do(lang.T("Suspend"), icon.Pause, Suspend, !m.Alive), do(lang.T("Shut down"), icon.Power, ShutDown, !m.Alive),
	)
	items[len(items)-1].Danger = true
	return items
}
