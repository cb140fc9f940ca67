package lockscreen

import (
	"time"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// State is what there is to see beside the password.
type State struct {
	Now  time.Time
	Name string // the person's
	Caps bool   // Caps Lock is on
	// Layout is the keyboard's, "" where there is one only.
	Layout string
	// Busy says that a password is being checked, Message what came of the last
	// one; Bad makes it a failure.
	Busy    bool
	Message string
	Bad     bool
	// Wait is how many seconds no password is taken.
	Wait int
	// Sleep says that the machine can be suspended, which ends nothing.
	Sleep bool
}

// Actions is who carries out what a person does.
type Actions interface {
	// Submit is Enter: the password is to be taken.
	Submit()
	// Typed says that the password is another one: other outputs show it too.
	Typed()
	// NextLayout switches the keyboard's layout.
	NextLayout()
	// Sleep suspends the machine.
	Sleep()
}

// Sizes in logical pixels.
const (
	width     = 400
	height    = 560
	cardWidth = 360
	// cardHeight is that of a card with all that it may have to say.
	cardHeight = 216
	clockSize  = 72
	// short is the height under which there is no room for a clock.
	short = 480
)

// Screen is a lock screen.
type Screen struct {
	act    Actions
	state  State
	secret secret
	reveal bool
}

// New returns a screen without a password.
func New(act Actions) *Screen { return &Screen{act: act} }

// Show makes st what is shown.
func (s *Screen) Show(st State) { s.state = st }

// Take returns the password, which the caller overwrites, and leaves none.
func (s *Screen) Take() []byte {
	s.reveal = false
	return s.secret.take()
}

// Forget overwrites the password.
func (s *Screen) Forget() {
	s.reveal = false
	s.secret.forget()
}

// Empty reports whether nothing is typed.
func (s *Screen) Empty() bool { return s.secret.n == 0 }

// Place returns the part of an output that the screen takes. The rest is the
// background's.
func Place(area geom.Rect) geom.Rect {
	w, h := min(width, area.W()), min(height, area.H())
	return geom.XYWH(area.X0+(area.W()-w)/2, area.Y0+(area.H()-h)/2, w, h)
}

// View describes it on a root as large as an output of a height.
func (s *Screen) View(high int32) ui.Node {
	st := &s.state
	var col ui.Nodes
	if high >= short {
		col = append(col,
			ui.Label{Text: lang.Clock(st.Now), Size: clockSize, Tabular: true, Lines: 1},
			ui.Label{Text: lang.Day(st.Now), Size: theme.Heading, Lines: 1},
			ui.Sized{H: theme.Space6},
		)
	}
	// The field stays where it is when the card grows.
	col = append(col, ui.Sized{W: cardWidth, MinH: cardHeight, Child: ui.Aligned{Y: ui.Start, X: ui.Stretch, Child: card{s.card()}}})
	if st.Sleep {
		col = append(col, ui.Sized{H: theme.Space4}, ui.Button{Icon: icon.Moon, Text: lang.C("computer", "Suspend"), Tone: ui.Quiet, OnPress: s.act.Sleep})
	}
	return ui.Aligned{X: ui.Centre, Y: ui.Centre, Child: ui.Column{Align: ui.Centre, Children: col}}
}

// card is what asks.
func (s *Screen) card() ui.Node {
	st := &s.state
	name, look := icon.Eye, lang.T("Show the password")
	if s.reveal {
		name, look = icon.EyeOff, lang.T("Hide the password")
	}
	ask := ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
		ui.Expand{Child: ui.Key("password", field{s})},
		square(ui.Button{Icon: name, Name: look, Tone: ui.Quiet, Disabled: st.Busy, OnPress: func() { s.reveal = !s.reveal; s.act.Typed() }}),
		square(ui.Button{Icon: icon.ArrowRight, Name: lang.T("Unlock"), Tone: ui.Primary, Disabled: st.Busy || st.Wait > 0, OnPress: s.act.Submit}),
	}}
	rows := ui.Nodes{
		ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
			portrait{},
			ui.Expand{Child: ui.Label{Text: st.Name, Size: theme.Title, Bold: true, Lines: 1, Level: 1}},
			ui.Icon{Name: icon.Lock, Size: theme.IconMedium},
		}},
		ask,
	}
	if st.Message != "" || st.Wait > 0 {
		rows = append(rows, s.message())
	}
	if !st.Caps && st.Layout == "" {
		return ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: rows}
	}
	var hints ui.Nodes
	if st.Caps {
		hints = append(hints, ui.Icon{Name: icon.Warning}, ui.Label{Text: lang.T("Caps Lock is on"), Lines: 1})
	}
	hints = append(hints, ui.Spacer{})
	if st.Layout != "" {
		hints = append(hints, ui.Button{Icon: icon.Keyboard, Text: st.Layout, Tone: ui.Quiet, Description: lang.T("Switches the keyboard's layout"), OnPress: s.act.NextLayout})
	}
	return ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: append(rows,
		ui.Sized{H: theme.Space6, Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: hints}},
	)}
}

// square is a button as high as the field.
func square(b ui.Button) ui.Node { return ui.Sized{W: fieldHeight, H: fieldHeight, Child: b} }

// message is what came of the last password.
func (s *Screen) message() ui.Node {
	st := &s.state
	words := st.Message
	if st.Wait > 0 {
		words += " " + lang.F("Try again in {seconds} s.", "seconds", lang.Number(st.Wait))
	}
	return verdict{words, st.Bad}
}
