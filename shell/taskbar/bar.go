package taskbar

import (
	"time"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Bar is the view.
type Bar struct {
	act    Actions
	state  State
	groups []group
	theme  *theme.Theme
	width  int32

	open    [sheets]bool
	month   time.Time // that the calendar shows
	hovered bool      // the pointer is over a task
}

// Sheet is what opens above the bar.
type Sheet uint8

// Sheets.
const (
	Calendar Sheet = iota
	Quick          // the quick settings
	Spilled        // the tray's items that have no place on the bar
	sheets
)

// Sheet opens or closes what is above the bar.
func (b *Bar) Sheet(s Sheet, open bool) {
	if b.open[s] == open {
		return
	}
	b.open[s] = open
	if s == Calendar {
		b.month = first(b.state.Now)
	}
	b.act.Opened(s, open)
}

// Opened reports whether a sheet is open.
func (b *Bar) Opened(s Sheet) bool { return b.open[s] }

// Has reports whether there is something on a sheet.
func (b *Bar) Has(s Sheet) bool {
	switch s {
	case Quick:
		return b.state.Status != (Status{})
	case Spilled:
		_, rest := b.trayParts()
		return len(rest) > 0
	}
	return true
}

// New returns a bar with nothing in it.
func New(th *theme.Theme, act Actions) *Bar { return &Bar{act: act, theme: th} }

// Resize tells how wide the output is, in logical pixels.
func (b *Bar) Resize(width int32) { b.width = width }

// Show makes s what the bar shows, and reports whether that differs.
func (b *Bar) Show(s State) bool {
	if b.state.Equal(&s) {
		return false
	}
	b.state, b.groups = s, groups(s.Windows)
	return true
}

// View describes the bar.
func (b *Bar) View() ui.Node {
	return ui.Column{Align: ui.Stretch, Children: ui.Nodes{
		ui.Spacer{},
		ui.Labelled{Name: lang.T("Taskbar"), Role: ui.RoleToolbar, Child: ground{b.row(), func() { b.hover(Hover{}) }}},
	}}
}

// Least widths of the output for parts that can be left away.
const (
	fieldFrom  = 900
	dateFrom   = 800
	spacesFrom = 560
)

func (b *Bar) row() ui.Node {
	kids := ui.Nodes{b.menu()}
	if b.width >= fieldFrom {
		kids = append(kids, b.field())
	} else {
		kids = append(kids, ui.Tooltip{Text: lang.T("Ask or search"), Child: ui.IconButton(icon.Search, lang.T("Ask or search"), b.act.Prompt)})
	}
	kids = append(kids, ui.Expand{Child: b.tasks()})
	if b.width >= spacesFrom {
		kids = append(kids, b.spaces())
	}
	if b.state.Recording {
		kids = append(kids, b.recording())
	}
	if b.state.Job.Name != "" {
		kids = append(kids, b.job())
	}
	kids = append(kids, b.tray()...)
	if len(b.state.Layouts) > 1 {
		kids = append(kids, b.keyboard())
	}
	if n := b.status(); n != nil {
		kids = append(kids, n)
	}
	kids = append(kids, b.clock(), b.bell())
	return ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: kids}
}

func (b *Bar) menu() ui.Node {
	button := ui.IconButton(icon.Apps, lang.T("Menu"), nil)
	return ui.MenuButton{Button: button, Items: []ui.MenuItem{
		{Text: lang.T("Ask or search"), Icon: icon.Search, Shortcut: "Super+Space", OnPress: b.act.Prompt},
		{Separator: true},
		{Text: lang.T("Tile windows"), Icon: icon.Workspaces, OnPress: b.act.Tile},
		{Text: lang.T("Frame statistics"), Icon: icon.Processor, Shortcut: "Super+Shift+F", OnPress: b.act.Statistics},
		{Separator: true},
		{Text: lang.T("End session…"), Icon: icon.Logout, OnPress: b.act.End},
	}}
}

// field looks like one line to write in; what is written there is the
// prompt's.
func (b *Bar) field() ui.Node {
	return ui.Pressable{Name: lang.T("Ask or search"), Radius: theme.RadiusControl, OnPress: b.act.Prompt, Child: ui.Surface{
		Fill: b.theme.Surface1, Outline: true, Radius: theme.RadiusControl, Insets: ui.Sides(theme.Space2, 5),
		Child: ui.Sized{W: 168, Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
			ui.Icon{Name: icon.Search, Color: b.theme.Text2}, ui.Label{Text: lang.T("Ask or search"), Color: b.theme.Text2, Lines: 1},
		}}},
	}}
}

func (b *Bar) spaces() ui.Node {
	kids := make(ui.Nodes, 0, len(b.state.Workspaces))
	for i, w := range b.state.Workspaces {
		ink := b.theme.Text2
		switch {
		case w.Urgent:
			ink = b.theme.Warn
		case w.Shown:
			ink = b.theme.Text1
		}
		kids = append(kids, ui.Tooltip{Text: lang.F("Workspace {name}", "name", lang.Digits(w.Name)), Child: ui.Pressable{
			Name: lang.F("Workspace {name}", "name", lang.Digits(w.Name)), Radius: theme.RadiusControl, Selected: w.Shown, OnPress: func() { b.act.Workspace(i) },
			Child: ui.Sized{W: 24, H: 28, Child: ui.Centred(ui.Label{Text: lang.Number(i + 1), Size: theme.Caption, Bold: w.Shown, Tabular: true, Color: ink})},
		}})
	}
	return ui.Padding{Insets: ui.Sides(theme.Space2, 0), Child: ui.Row{Children: kids}}
}
