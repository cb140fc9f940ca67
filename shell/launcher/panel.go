package launcher

import (
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control/grammar"
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
	// Stop ends what slow proposers say about the line. It may be nil.
	Stop func()
	// Abort gives up the line that was run last, if that is still possible, and
	// reports whether it was. It may be nil.
	Abort func(id uint64) bool
	// Grown is called while the view is laid out, when it needs another view
	// because something in it has become higher or lower. It may be nil.
	Grown func()

	lines  int   // that the field is high; 0 is one
	proseH int32 // how high the text of the Reply is
}

// maxGrow is how many lines the line may be high.
const maxGrow = 6

// lineHigh is how high one more line is.
var lineHigh = func() int32 {
	st := text.Style{Size: text.Px(theme.Heading)}
	return st.Height().Int()
}()

func (p *Panel) lineHeight() int32 { return lineH + int32(max(p.lines-1, 0))*lineHigh }

func (p *Panel) setLines(n int) {
	if n = max(n, 1); n != max(p.lines, 1) {
		p.lines = n
		p.grown()
	}
}

func (p *Panel) grown() {
	if p.Grown != nil {
		p.Grown()
	}
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
	case m.reply() != nil && !m.acting:
		h = p.replyHeight(m.reply())
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
	h := p.lineHeight() + 1 + 2*theme.Space2 + 1 + p.footHeight()
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
	if c := m.picked(); c != nil && len(c.Chips) > 0 && !m.acting && m.card == nil && m.reading == "" && strings.TrimSpace(m.line) != "" {
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
	case p.Model.reply() != nil && !p.Model.acting:
		body = p.reply
	case p.printed() > 0:
		body = p.output
	}
	parts = append(parts, ui.Divider{}, body(), ui.Divider{}, p.foot())
	return ui.Labelled{Name: lang.T("Launcher"), Role: ui.RoleDialog, Child: ui.Sized{W: p.width(), Child: ground{
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
	return combo{ui.Sized{H: p.lineHeight(), Child: ui.Padding{Insets: ui.Sides(edge, 0), Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		ui.Padding{ // beside the first line
			Insets: ui.Insets{Bottom: p.lineHeight() - lineH},
			Child:  ui.Icon{Name: icon.ChevronRight, Size: theme.IconMedium, Color: p.theme().Accent},
		},
		ui.Expand{Child: ui.Key("line", ui.TextField{
			Text: p.Model.line, Name: lang.T("Find or command"), Placeholder: lang.T("Find, calculate, or say what to do"), Bare: true, Size: theme.Heading,
			Ghost: p.Model.ghost(), OnChange: p.typed, OnKey: p.key, MaxBytes: grammar.MaxLine, Grow: maxGrow, OnLines: p.setLines,
		})},
	}}}}}
}

// combo is the line as a reader knows it: a text with a list that it fills.
type combo struct{ child ui.Node }

// Build implements ui.Parent.
func (c combo) Build(*ui.Element) []ui.Node { return []ui.Node{c.child} }

// Layout implements ui.Node.
func (combo) Layout(e *ui.Element, c ui.Constraints) geom.Size { return e.Children()[0].Layout(c) }

// Paint implements ui.Node.
func (combo) Paint(*ui.Element, *ui.Painter) {}

// Describe implements ui.Describer.
func (combo) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleComboBox, lang.T("Prompt")
	i.Traits |= ui.IsExpandable | ui.IsExpanded | ui.HasPopup
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
	case ui.KeyUp, ui.KeyDown:
		p.upDown(k.Sym == ui.KeyDown)
	case ui.KeyPageUp, ui.KeyPageDown:
		r := m.reply()
		if r == nil {
			return false
		}
		page := p.proseView(r) - lineHigh
		if k.Sym == ui.KeyPageUp {
			page = -page
		}
		p.scrolled(page)
	case ui.KeyTab, ui.KeyBackTab:
		m.Complete(k.Sym == ui.KeyBackTab || k.Mods&ui.Shift != 0)
	case ui.KeyEnter, ui.KeyPadEnter:
		if !k.Repeat {
			p.enter(ctrl)
		}
	case ui.KeyEscape:
		p.escape()
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
		p.do(Chosen{Act: Act{Verb: Undo, Name: lang.F("Undo: {what}", "what", m.undo)}})
	case 'c', 'C':
		words, ok := m.Reading()
		if !ctrl || !ok || k.Mods&ui.Shift != 0 {
			return false
		}
		p.perform(Chosen{Act: Act{Verb: Copy, Name: lang.T("Copy the answer"), Of: words}})
	case 'l', 'L':
		if !ctrl || m.asked.Progress != Failed {
			return false
		}
		p.do(Chosen{Act: Act{Verb: Perform, Name: lang.T("See the log"), Of: SeeLog}})
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
	if p.perform(c) && !c.Stays() && p.Close != nil {
		p.Close()
	}
}

// perform carries out what was chosen, and reports whether it did.
func (p *Panel) perform(c Chosen) bool {
	if p.Do == nil {
		return true
	}
	if err := p.Do(c); err != nil {
		p.Model.Fail(c.Name, err.Error())
		return false
	}
	return true
}

func (p *Panel) upDown(down bool) {
	m := p.Model
	r := m.reply()
	switch {
	case r != nil && !m.acting && len(r.Sources) == 0 && down:
		p.scrolled(lineHigh)
	case r != nil && !m.acting && len(r.Sources) == 0:
		p.scrolled(-lineHigh)
	case down:
		m.Down()
	default:
		m.Up()
	}
}

// escape gives up one thing: what is asked, the list of actions, an answer that
// is still growing, the answer, the line that runs. If there is none of it the
// panel goes.
func (p *Panel) escape() {
	m := p.Model
	switch {
	case m.Cancel():
	case m.growing():
		if p.Stop != nil {
			p.Stop()
		}
		m.Stopped()
	case m.reply() != nil:
		m.leave()
	case m.line == "" && m.asked.ID != 0 && m.asked.Progress == Starting && p.Abort != nil && p.Abort(m.asked.ID):
	case p.Close != nil:
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
			n.Text, n.Dot = lang.F("{name} · {trust}", "name", chip.Text, "trust", chip.Trust.Name()), p.dot(chip.Trust)
		}
		row = append(row, n)
	}
	hint := "↵ " + aside(c.Acts[0].Name)
	if p.Model.ghost() != "" {
		hint = lang.T("⇥ complete") + "   " + hint
	}
	row = append(row, ui.Spacer{}, ui.Label{Text: hint, Size: theme.Caption, Color: p.theme().Text3, Lines: 1})
	return ui.Sized{H: chipH, Child: ui.Padding{Insets: ui.Insets{Start: edge, End: edge, Bottom: theme.Space3}, Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: row}}}
}

// aside is what an act is called beside its key: in small letters, where the
// language has them for no other reason.
func aside(name string) string {
	if lang.Now().Language == "en" {
		return strings.ToLower(name)
	}
	return name
}

// rows are the proposals, or the actions of one.
func (p *Panel) rows() ui.Node {
	m := p.Model
	name := lang.T("Results")
	var list ui.Nodes
	from, n := p.shown()
	all := len(m.rows)
	if m.acting {
		name = lang.F("Actions for {what}", "what", m.picked().Title)
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
