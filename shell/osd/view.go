package osd

import (
	"fmt"
	"time"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Sizes in logical pixels, and times.
const (
	Width  = 264
	Height = 48
	// Above is how far the panel is above the taskbar.
	Above = theme.Space5
	// Lasts is how long it is shown after the last change, Fades how much of
	// that it takes to go.
	Lasts = 1200 * time.Millisecond
	Fades = theme.MotionPress
)

// State is what a display says.
type State struct {
	Icon icon.Name
	Text string // what it is about; beside a level only who can't see it hears it
	// Level is 0 to 1, or more for what is louder than it was made; NoLevel for
	// what has none.
	Level float64
	// Off shows the level without effect: the sound is muted.
	Off bool
}

// NoLevel is the level of what is no number.
const NoLevel = -1

// Volume is the state for a volume.
func Volume(level float64, muted bool) State {
	s := State{Icon: icon.Volume, Text: lang.T("Volume"), Level: max(level, 0), Off: muted}
	switch {
	case muted:
		s.Icon, s.Text = icon.VolumeOff, lang.T("Volume, muted")
	case level < 0.5:
		s.Icon = icon.VolumeLow
	}
	return s
}

// Microphone is the state for a microphone.
func Microphone(muted bool) State {
	if muted {
		return State{Icon: icon.MicrophoneOff, Text: lang.T("Microphone off"), Level: NoLevel}
	}
	return State{Icon: icon.Microphone, Text: lang.T("Microphone on"), Level: NoLevel}
}

// View is the display.
type View struct {
	state   State
	shown   int // how often it came up
	leaving bool
}

// Show makes s what is said; fresh says that it comes up now.
func (v *View) Show(s State, fresh bool) {
	v.state, v.leaving = s, false
	if fresh {
		v.shown++
	}
}

// Leave begins to fade it out.
func (v *View) Leave() { v.leaving = true }

// Place returns where the display is on an output, above a bar of a height.
func (v *View) Place(area geom.Rect, bar int32) geom.Rect {
	w := min(Width, area.W())
	return geom.XYWH(area.X0+(area.W()-w)/2, area.Y1-bar-Above-Height, w, Height)
}

// View describes it on a root as large as the output.
func (v *View) View(bar int32) ui.Node {
	return ui.Aligned{X: ui.Centre, Y: ui.End, Child: ui.Padding{
		Insets: ui.Insets{Bottom: bar + Above},
		Child:  ui.Key(fmt.Sprint(v.shown), pill{state: v.state, leaving: v.leaving}),
	}}
}

// pill is the panel.
type pill struct {
	state   State
	leaving bool
}

type pillState struct {
	since   time.Duration // of the motion
	begun   bool
	leaving bool
	layered bool
}

// NewState implements ui.Stater.
func (pill) NewState() any { return new(pillState) }

// Build implements ui.Parent.
func (p pill) Build(e *ui.Element) []ui.Node {
	th, s := e.Theme(), p.state
	ink := th.Text1
	if s.Off {
		ink = th.Text3
	}
	row := ui.Nodes{ui.Icon{Name: s.Icon, Size: theme.IconMedium, Color: ink}}
	if s.Level < 0 {
		row = append(row, ui.Label{Text: s.Text, Size: theme.Heading, Lines: 1})
		return []ui.Node{ui.Row{Gap: theme.Space3, Align: ui.Centre, Justify: ui.Centre, Children: row}}
	}
	row = append(row,
		ui.Expand{Child: level{s}},
		ui.Sized{W: 36, Child: ui.Aligned{X: ui.End, Child: ui.Label{Text: percent(s.Level), Tabular: true, Lines: 1, Color: ink}}},
	)
	return []ui.Node{ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: row}}
}

func percent(v float64) string { return lang.F("{percent}%", "percent", lang.Number(int(v*100+0.5))) }

// Layout implements ui.Node.
func (pill) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := geom.Size{W: min(Width, c.MaxW), H: Height}
	e.Child(0).Layout(ui.Tight(geom.Size{W: s.W - 2*theme.Space4, H: s.H}))
	e.Child(0).Place(theme.Space4, 0)
	return s
}

// Paint implements ui.Node.
func (v pill) Paint(e *ui.Element, p *ui.Painter) {
	s, now := e.State().(*pillState), e.Root().Now()
	if !s.begun || s.leaving != v.leaving {
		s.begun, s.since, s.leaving = true, now, v.leaving
	}
	alpha := int64(255)
	if age := now - s.since; !e.Theme().Still && age < Fades {
		alpha = int64(age) * 255 / int64(Fades)
		e.Again(now)
		if v.leaving {
			alpha = 255 - alpha
		}
	} else if v.leaving {
		alpha = 0
	}
	s.layered = alpha < 255
	if s.layered {
		p.Builder().PushOpacity(uint8(max(alpha, 1)))
	}
	p.Popover(e.Box(), theme.RadiusPrompt)
}

// PaintOver implements ui.Overpainter.
func (pill) PaintOver(e *ui.Element, p *ui.Painter) {
	if s := e.State().(*pillState); s.layered {
		p.Builder().Pop()
	}
}

// Describe implements ui.Describer.
func (p pill) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleAlert, p.state.Text
	if p.state.Level >= 0 {
		i.Value = percent(p.state.Level)
	}
}

// level is the bar. What is beyond 1 is drawn over it in another colour.
type level struct{ s State }

const thick = 6

// Layout implements ui.Node.
func (level) Layout(_ *ui.Element, c ui.Constraints) geom.Size { return geom.Size{W: c.MaxW, H: thick} }

// Paint implements ui.Node.
func (l level) Paint(e *ui.Element, p *ui.Painter) {
	th, w := e.Theme(), e.Size().W
	fill := th.Accent
	if l.s.Off {
		fill = th.Text3
	}
	p.Round(e.Box(), thick/2, theme.Fade(th.Edge, 80))
	part := func(v float64) int32 { return int32(min(max(v, 0), 1)*float64(w) + 0.5) }
	if done := part(l.s.Level); done > 0 {
		p.Round(e.Mirror(geom.XYWH(0, 0, max(done, thick), thick)), thick/2, fill)
	}
	if over := part(l.s.Level - 1); over > 0 && !l.s.Off {
		p.Round(e.Mirror(geom.XYWH(0, 0, max(over, thick), thick)), thick/2, th.Warn)
	}
}
