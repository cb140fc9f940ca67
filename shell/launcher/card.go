package launcher

import (
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control/grammar"
	trust "rayos/shell/theme"
)

// Card asks before something that can't be taken back. It says what will happen
// by the arguments of what will run, never in a program's words.
type Card struct {
	Title string
	Facts []Fact
	Do    string // on the button
}

// Fact is an argument of what will run.
type Fact struct {
	Name, Value string
	Trust       trust.Trust
	Guest       bool // it names a machine
}

// losses are what a command loses for good.
var losses = map[grammar.Verb]struct{ do, lost string }{
	grammar.Shutdown: {lang.M("Shut down"), lang.M("what its programs haven’t saved")},
	grammar.Kill:     {lang.M("End at once"), lang.M("what hasn’t reached its disk; nothing in it is asked")},
}

// cardFor returns the card of an act that can't be taken back, nil for others.
func (m *Model) cardFor(a Act) *Card {
	switch a.Verb {
	case Run:
		r := grammar.Parse(a.Of, m.world.Env)
		loss, ok := losses[r.Command.Verb]
		if r.Outcome != grammar.Matched || !ok {
			return nil
		}
		c := &r.Command
		who, t := m.world.who(c)
		title, state := m.world.title(c)
		card := &Card{Title: asking(title), Do: lang.T(loss.do), Facts: []Fact{{lang.T("Machine"), who, t, true}}}
		if state != "" {
			card.Facts = append(card.Facts, Fact{Name: lang.T("Now"), Value: state})
		}
		card.Facts = append(card.Facts, Fact{Name: lang.T("Lost"), Value: lang.T(loss.lost)})
		return card
	case Perform:
		for i := range m.world.Deeds {
			if d := &m.world.Deeds[i]; d.ID == a.Of && d.Loses != "" {
				title := lang.T(d.Title)
				return &Card{Title: asking(title), Do: title, Facts: []Fact{{Name: lang.T("Lost"), Value: lang.T(d.Loses)}}}
			}
		}
	}
	return nil
}

// asking makes a question of what a command does.
func asking(deed string) string { return lang.F("{deed}?", "deed", deed) }

// Heights of a card, in logical pixels.
const (
	cardTitleH = 40
	factH      = 24
	buttonsH   = 52
)

func (c *Card) height() int32 { return cardTitleH + int32(len(c.Facts))*factH + buttonsH }

// card shows what is asked. Its first button is the one that does nothing.
func (p *Panel) card() ui.Node {
	m, th := p.Model, p.theme()
	c := m.card
	list := ui.Nodes{ui.Sized{H: cardTitleH, Child: ui.Aligned{Y: ui.Centre, Child: ui.Label{Text: c.Title, Size: theme.Heading, Bold: true, Lines: 1}}}}
	for _, f := range c.Facts {
		value := ui.Node(ui.Label{Text: f.Value, Lines: 1})
		if f.Guest {
			value = ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
				ui.Chip{Text: lang.F("{name} · {trust}", "name", f.Value, "trust", f.Trust.Name()), Dot: p.dot(f.Trust)},
			}}
		}
		list = append(list, ui.Sized{H: factH, Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
			ui.Sized{W: 72, Child: ui.Label{Text: f.Name, Color: th.Text2, Lines: 1}}, ui.Expand{Child: ui.Aligned{X: ui.Start, Y: ui.Centre, Child: value}},
		}}})
	}
	choose := func(yes bool) func() {
		return func() {
			m.yes = yes
			p.enter(false)
		}
	}
	list = append(list, ui.Sized{H: buttonsH, Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		choice{text: lang.T("Cancel"), picked: !m.yes, theme: th, press: choose(false)},
		choice{text: c.Do, picked: m.yes, danger: true, theme: th, press: choose(true)},
		ui.Spacer{},
		ui.Label{Text: lang.T("← →   ↵ choose   Esc cancel"), Size: theme.Caption, Color: th.Text3, Lines: 1},
	}}})
	return ui.Labelled{Name: c.Title, Role: ui.RoleAlert, Child: ui.Padding{
		Insets: ui.Sides(edge-theme.Space2, 0), Child: ui.Column{Align: ui.Stretch, Children: list},
	}}
}
