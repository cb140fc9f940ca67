package launcher

import (
	"fmt"
	"strings"
	"time"

	"rayos/gpu/render"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/prompt"
	trust "rayos/shell/theme"
)

// Width is how wide the panel is, in logical pixels.
const Width = trust.PromptWidth

// Heights of the parts, in logical pixels.
const (
	lineH = 56
	chipH = 36
	rowH  = trust.PromptRow
	footH = 36
	edge  = 20 // from the sides
)

// Panel is the view of a model.
type Panel struct {
	Model *Model
	// Theme is the one that the root draws with; nil is dark.
	Theme *theme.Theme
	// Do carries out what was chosen. If the act doesn't stay, the panel goes.
	Do func(Chosen)
	// Close takes the panel away.
	Close func()
	// Changed is called when the line is another: slow proposers are to be
	// asked. It may be nil.
	Changed func(line string, asking uint64)
}

// Focus gives the keyboard to the line.
func (p *Panel) Focus(r *ui.Root) {
	r.Layout()
	if r.Focused() == nil {
		r.FocusNext(false)
	}
}

func (p *Panel) theme() *theme.Theme {
	if p.Theme == nil {
		p.Theme = theme.New(theme.Dark, 0)
	}
	return p.Theme
}

// View describes the panel, Width wide and as high as it needs.
func (p *Panel) View() ui.Node {
	m := p.Model
	parts := ui.Nodes{p.line()}
	if c := m.picked(); c != nil && len(c.Chips) > 0 && !m.acting && strings.TrimSpace(m.line) != "" {
		parts = append(parts, p.chips(c))
	}
	parts = append(parts, ui.Divider{}, p.rows(), ui.Divider{}, p.foot())
	return ui.Labelled{Name: "Launcher", Role: ui.RoleDialog, Child: ui.Sized{W: Width, Child: ui.Surface{
		Outline: true, Radius: theme.RadiusPrompt, Child: ui.Column{Align: ui.Stretch, Children: parts},
	}}}
}

func (p *Panel) line() ui.Node {
	return ui.Sized{H: lineH, Child: ui.Padding{Insets: ui.Sides(edge, 0), Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		ui.Icon{Name: icon.ChevronRight, Size: theme.IconMedium, Color: p.theme().Accent},
		ui.Expand{Child: ui.Key("line", ui.TextField{
			Text: p.Model.line, Name: "Find or command", Placeholder: "Find, calculate, or say what to do", Bare: true, Size: theme.Heading,
			Ghost: p.Model.ghost(), OnChange: p.typed, OnKey: p.key, MaxBytes: 1024,
		})},
	}}}}
}

func (p *Panel) typed(line string) {
	p.Model.Type(line)
	p.changed()
}

func (p *Panel) changed() {
	if p.Changed != nil {
		p.Changed(p.Model.Line())
	}
}

// key takes the keys that are not for editing.
func (p *Panel) key(k *ui.Keystroke) bool {
	if k.Release {
		return false
	}
	m, before := p.Model, p.Model.asking
	ctrl := k.Mods&ui.Ctrl != 0
	switch k.Sym {
	case ui.KeyUp:
		m.Up()
	case ui.KeyDown:
		m.Down()
	case ui.KeyTab, ui.KeyBackTab:
		m.Complete(k.Sym == ui.KeyBackTab || k.Mods&ui.Shift != 0)
	case ui.KeyEnter, ui.KeyPadEnter:
		if !k.Repeat {
			p.enter(ctrl)
		}
	case ui.KeyEscape:
		if !m.Cancel() && p.Close != nil {
			p.Close()
		}
	case 'k', 'K':
		if !ctrl {
			return false
		}
		m.Actions()
	default:
		return false
	}
	if m.asking != before {
		p.changed()
	}
	return true
}

func (p *Panel) enter(second bool) {
	c, ok := p.Model.Enter(second)
	if !ok {
		return
	}
	if p.Do != nil {
		p.Do(c)
	}
	if !c.Stays() && p.Close != nil {
		p.Close()
	}
}

func (p *Panel) dot(t trust.Trust) render.Color {
	scheme := trust.Dark
	if p.theme().Light() {
		scheme = trust.Light
	}
	return trust.For(scheme).Trust[min(t, trust.Unknown)]
}

func (p *Panel) chips(c *Proposal) ui.Node {
	row := ui.Nodes{}
	for _, chip := range c.Chips {
		n := ui.Chip{Text: chip.Text}
		if chip.Guest {
			n.Text, n.Dot = chip.Text+" · "+chip.Trust.Word(), p.dot(chip.Trust)
		}
		row = append(row, n)
	}
	hint := "↵ " + strings.ToLower(c.Acts[0].Name)
	if p.Model.ghost() != "" {
		hint = "⇥ complete   " + hint
	}
	row = append(row, ui.Spacer{}, ui.Label{Text: hint, Size: theme.Caption, Color: p.theme().Text3, Lines: 1})
	return ui.Sized{H: chipH, Child: ui.Padding{Insets: ui.Insets{Start: edge, End: edge, Bottom: theme.Space3}, Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: row}}}
}

// rows are the proposals, or the actions of one.
func (p *Panel) rows() ui.Node {
	m := p.Model
	name := "Results"
	var list ui.Nodes
	n := len(m.rows)
	if m.acting {
		name = "Actions for " + m.picked().Title
		n = len(m.actions())
	}
	for i := range n {
		r := row{i: i, count: n, theme: p.theme(), press: func() {
			m.Point(i)
			p.enter(false)
		}}
		if m.acting {
			r.action(m.actions()[i], i, m.act == i)
		} else {
			r.proposal(&m.rows[i], p.dot(m.rows[i].Trust), m.pick == i)
		}
		list = append(list, ui.Key(r.key, r))
	}
	body := ui.Nodes{ui.Labelled{Name: name, Role: ui.RoleList, Child: ui.Column{Align: ui.Stretch, Children: list}}}
	switch {
	case n == 0:
		body = ui.Nodes{p.words(rowH, ui.Label{Text: m.reason(), Color: p.theme().Text2, Lines: 1})}
	case m.acting:
		body = append(ui.Nodes{p.words(28, ui.Label{Text: name, Size: theme.Caption, Color: p.theme().Text2, Lines: 1})}, body...)
	}
	return ui.Padding{Insets: ui.All(theme.Space2), Child: ui.Column{Align: ui.Stretch, Children: body}}
}

// words is a line of text between rows.
func (p *Panel) words(h int32, l ui.Label) ui.Node {
	return ui.Sized{H: h, Child: ui.Padding{Insets: ui.Sides(edge-theme.Space2, 0), Child: ui.Aligned{Y: ui.Centre, Child: l}}}
}

// foot has what came of the last line, and the keys that do more.
func (p *Panel) foot() ui.Node {
	th := p.theme()
	keys := "Ctrl+K actions"
	if p.Model.acting {
		keys = "Esc back"
	}
	return ui.Sized{H: footH, Child: ui.Padding{Insets: ui.Sides(edge, 0), Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		ui.Expand{Child: ui.Aligned{Y: ui.Centre, Child: p.answer()}},
		ui.Label{Text: keys, Size: theme.Caption, Color: th.Text3, Lines: 1},
	}}}}
}

func (p *Panel) answer() ui.Node {
	th, q := p.theme(), &p.Model.asked
	if q.ID == 0 {
		return ui.Label{Text: "? help", Size: theme.Caption, Color: th.Text3}
	}
	ink, words := th.Text2, q.Line
	switch q.Progress {
	case prompt.OK:
		ink, words = th.Good, fmt.Sprintf("%s %s %d ms", q.Op, q.Detail, q.Took.Round(time.Millisecond).Milliseconds())
	case prompt.Failed:
		ink, words = th.Bad, q.Op+" "+q.Detail
		if q.Why != "" {
			words += ": " + clean(q.Why)
		}
	}
	return ui.Labelled{Name: q.Progress.String() + " " + words, Role: ui.RoleAlert, Child: ui.Row{Gap: theme.Space2, Children: ui.Nodes{
		ui.Label{Text: q.Progress.String(), Mono: true, Size: theme.Caption, Color: ink},
		ui.Expand{Child: ui.Label{Text: words, Mono: true, Size: theme.Caption, Color: th.Text2, Lines: 1}},
	}}}
}
