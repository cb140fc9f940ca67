package launcher

import (
	"fmt"
	"strings"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

// Width is how wide the panel is, in logical pixels.
const Width = trust.PromptWidth

// Heights of the parts, in logical pixels.
const (
	lineH    = 56
	chipH    = 36
	rowH     = trust.PromptRow
	footH    = 36
	captionH = 28
	outH     = 20
	edge     = 20 // from the sides
)

// Panel is the view of a model.
type Panel struct {
	Model *Model
	// Theme is the one that the root draws with; nil is dark.
	Theme *theme.Theme
	// Do carries out what was chosen. If the act doesn't stay, the panel goes,
	// unless there is an error, which is shown.
	Do func(Chosen) error
	// Face returns the picture of a program by the name of its icon, nil if there
	// is none, or not yet. It may be nil.
	Face func(name string) *paint.Image
	// Width is 0 for Width; Height bounds that of the panel, 0 is unbounded.
	// What doesn't fit scrolls with the picked row.
	Width, Height int32
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

func (p *Panel) width() int32 {
	if p.Width > 0 {
		return p.Width
	}
	return Width
}

// Size returns how large the panel is now.
func (p *Panel) Size() geom.Size {
	_, n := p.shown()
	h := max(int32(n), 1) * rowH
	switch m := p.Model; {
	case m.card != nil:
		h = m.card.height()
	case p.printed() > 0:
		h = int32(p.printed()) * outH
	}
	return geom.Size{W: p.width(), H: p.around() + h}
}

// printed is how many lines of an answer stand in place of the rows.
func (p *Panel) printed() int {
	m := p.Model
	if m.line != "" || m.card != nil || m.held {
		return 0
	}
	return len(m.asked.Out)
}

// around is how high all is but the rows.
func (p *Panel) around() int32 {
	h := int32(lineH + 1 + 2*theme.Space2 + 1 + footH)
	if p.chipped() != nil {
		h += chipH
	}
	if p.Model.acting && p.Model.card == nil {
		h += captionH
	}
	return h
}

// shown returns which rows, or actions, there is room for: the picked one is
// among them.
func (p *Panel) shown() (from, n int) {
	m := p.Model
	n, pick := len(m.rows), m.pick
	if m.acting {
		n, pick = len(m.actions()), m.act
	}
	if p.Height > 0 {
		n = min(n, max(int((p.Height-p.around())/rowH), 1))
	}
	return max(pick-n+1, 0), n
}

// chipped is the row whose chips are shown, or nil.
func (p *Panel) chipped() *Proposal {
	m := p.Model
	if c := m.picked(); c != nil && len(c.Chips) > 0 && !m.acting && m.card == nil && strings.TrimSpace(m.line) != "" {
		return c
	}
	return nil
}

// View describes the panel, as large as Size says.
func (p *Panel) View() ui.Node {
	parts := ui.Nodes{p.line()}
	if c := p.chipped(); c != nil {
		parts = append(parts, p.chips(c))
	}
	body := p.rows
	switch {
	case p.Model.card != nil:
		body = func() ui.Node { return ui.Pad(theme.Space2, p.card()) }
	case p.printed() > 0:
		body = p.output
	}
	parts = append(parts, ui.Divider{}, body(), ui.Divider{}, p.foot())
	return ui.Labelled{Name: "Launcher", Role: ui.RoleDialog, Child: ui.Sized{W: p.width(), Child: ground{
		ui.Column{Align: ui.Stretch, Children: parts},
	}}}
}

// Ground is what the shell's panels lie on.
func Ground(child ui.Node) ui.Node { return ground{child} }

// ground is what the panel lies on.
type ground struct{ child ui.Node }

// Build implements ui.Parent.
func (g ground) Build(*ui.Element) []ui.Node { return []ui.Node{g.child} }

// Layout implements ui.Node.
func (g ground) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	return e.Children()[0].Layout(c)
}

// Paint implements ui.Node.
func (ground) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusPrompt) }

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
	case ui.KeyLeft, ui.KeyRight:
		if m.card == nil {
			return false
		}
		m.Move(1)
	case 'k', 'K':
		if !ctrl {
			return false
		}
		m.Actions()
	case 'z', 'Z':
		if !ctrl || m.undo == "" || m.line != "" {
			return false
		}
		p.do(Chosen{Act: Act{Verb: Undo, Name: "Undo " + m.undo}})
	case 'l', 'L':
		if !ctrl || m.asked.Progress != Failed {
			return false
		}
		p.do(Chosen{Act: Act{Verb: Perform, Name: "See the log", Of: SeeLog}})
	default:
		return false
	}
	if m.asking != before {
		p.changed()
	}
	return true
}

func (p *Panel) enter(second bool) {
	if c, ok := p.Model.Enter(second); ok {
		p.do(c)
	}
}

// SeeLog is the deed that shows the log, for what has failed.
const SeeLog = "log"

func (p *Panel) do(c Chosen) {
	if p.Do != nil {
		if err := p.Do(c); err != nil {
			p.Model.Fail(c.Name, err.Error())
			return
		}
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
	from, n := p.shown()
	all := len(m.rows)
	if m.acting {
		name = "Actions for " + m.picked().Title
		all = len(m.actions())
	}
	for i := from; i < from+n; i++ {
		r := row{i: i, count: all, theme: p.theme(), press: func() {
			m.Point(i)
			p.enter(false)
		}}
		if m.acting {
			r.action(m.actions()[i], i, m.act == i)
		} else {
			if name := m.rows[i].Icon; name != "" && p.Face != nil {
				r.face = p.Face(name)
			}
			r.proposal(&m.rows[i], p.dot(m.rows[i].Trust), m.pick == i)
		}
		list = append(list, ui.Key(r.key, r))
	}
	body := ui.Nodes{ui.Labelled{Name: name, Role: ui.RoleList, Child: ui.Column{Align: ui.Stretch, Children: list}}}
	switch {
	case n == 0:
		body = ui.Nodes{p.words(rowH, ui.Label{Text: m.reason(), Color: p.theme().Text2, Lines: 1})}
	case m.acting:
		body = append(ui.Nodes{p.words(captionH, ui.Label{Text: name, Size: theme.Caption, Color: p.theme().Text2, Lines: 1})}, body...)
	}
	return ui.Padding{Insets: ui.All(theme.Space2), Child: ui.Column{Align: ui.Stretch, Children: body}}
}

// output is what a command has answered.
func (p *Panel) output() ui.Node {
	var list ui.Nodes
	for _, line := range p.Model.asked.Out {
		list = append(list, p.words(outH, ui.Label{Text: line, Mono: true, Size: theme.Caption, Color: p.theme().Text1, Lines: 1}))
	}
	return ui.Padding{Insets: ui.All(theme.Space2), Child: ui.Labelled{Name: p.Model.asked.Line, Role: ui.RoleAlert, Child: ui.Column{Align: ui.Stretch, Children: list}}}
}

// words is a line of text between rows.
func (p *Panel) words(h int32, l ui.Label) ui.Node {
	return ui.Sized{H: h, Child: ui.Padding{Insets: ui.Sides(edge-theme.Space2, 0), Child: ui.Aligned{Y: ui.Centre, Child: l}}}
}

// foot has what came of the last line, and the keys that do more.
func (p *Panel) foot() ui.Node {
	th := p.theme()
	keys := "Ctrl+K actions"
	switch m := p.Model; {
	case m.card != nil:
		keys = ""
	case m.acting:
		keys = "Esc back"
	case m.asked.Progress == Failed:
		keys = "Ctrl+L see log"
	case m.undo != "" && m.line == "":
		keys = "Ctrl+Z undo"
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
	case OK:
		ink = th.Good
		if q.Op == "" {
			words = fmt.Sprintf("%s %d ms", q.Line, q.Took.Round(time.Millisecond).Milliseconds())
			break
		}
		words = fmt.Sprintf("%s %s %d ms", q.Op, q.Detail, q.Took.Round(time.Millisecond).Milliseconds())
	case Failed:
		ink, words = th.Bad, q.Op+" "+q.Detail
		switch {
		case q.Op == "":
			words = q.Line + ": " + q.Why
		case q.Why != "":
			words += ": " + clean(q.Why)
		}
	}
	return ui.Labelled{Name: q.Progress.String() + " " + words, Role: ui.RoleAlert, Child: ui.Row{Gap: theme.Space2, Children: ui.Nodes{
		ui.Label{Text: q.Progress.String(), Mono: true, Size: theme.Caption, Color: ink},
		ui.Expand{Child: ui.Label{Text: words, Mono: true, Size: theme.Caption, Color: th.Text2, Lines: 1}},
	}}}
}
