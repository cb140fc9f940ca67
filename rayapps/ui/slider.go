package ui

import (
	"math"
	"strconv"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// Slider is a number from a range.
type Slider struct {
	Name     string
	Value    float64
	Min, Max float64
	Step     float64 // 0 is a hundredth of the range
	Disabled bool
	// Format says the value aloud; nil is the number itself.
	Format   func(float64) string
	OnChange func(float64)
}

const (
	thumb       = 16
	track       = 4
	sliderWidth = 160
)

// NewState implements Stater.
func (Slider) NewState() any { return new(press) }

// Focus implements Focuser.
func (s Slider) Focus(*Element) FocusPolicy { return policy(s.Disabled) }

// Layout implements Node.
func (s Slider) Layout(e *Element, c Constraints) geom.Size {
	h := e.Theme().Control()
	e.controlLine(h)
	return geom.Size{W: max(c.MinW, min(sliderWidth, c.MaxW)), H: h}
}

func (s Slider) step() float64 {
	if s.Step > 0 {
		return s.Step
	}
	return (s.Max - s.Min) / 100
}

// fraction returns how far the value is, 0 to 1.
func (s Slider) fraction() float64 {
	if !(s.Max > s.Min) || math.IsNaN(s.Value) {
		return 0
	}
	return min(max((s.Value-s.Min)/(s.Max-s.Min), 0), 1)
}

// Paint implements Node.
func (s Slider) Paint(e *Element, p *Painter) {
	th := e.Theme()
	st := e.State().(*press)
	done, rest, knob := th.Accent, th.Edge, st.tint(e, th.Accent, th.OnAccent)
	if s.Disabled {
		done, rest, knob = theme.Disabled(th.Text3), theme.Fade(th.Edge, 90), theme.Mix(th.Surface1, th.Text3, 140)
	}
	y := (e.size.H - track) / 2
	x := part(s.fraction(), e.size.W-thumb)
	p.Round(e.Mirror(geom.XYWH(0, y, e.size.W, track)), track/2, theme.Fade(rest, 110))
	p.Round(e.Mirror(geom.XYWH(0, y, x+thumb/2, track)), track/2, done)
	box := e.Mirror(geom.XYWH(x, (e.size.H-thumb)/2, thumb, thumb))
	// A gap in the colour of the surface sets the thumb off.
	p.Disc(box, knob)
	p.Disc(box.Inset(4), th.Surface1)
	if e.FocusShown() {
		p.Ring(box, thumb/2)
	}
}

// set reports a value, on a step.
func (s Slider) set(e *Element, v float64) {
	if st := s.step(); st > 0 {
		v = s.Min + math.Round((v-s.Min)/st)*st
	}
	v = min(max(v, s.Min), s.Max)
	if v != s.Value && s.OnChange != nil && !math.IsNaN(v) {
		e.Call(func() { s.OnChange(v) })
	}
}

// Handle implements Handler.
func (s Slider) Handle(e *Element, ev Event) bool {
	if s.Disabled {
		return false
	}
	switch ev := ev.(type) {
	case *Pointer:
		switch {
		case ev.Kind == PointerPress && ev.Button == LeftButton, ev.Kind == PointerMove && e.Pressed():
			x := ev.Pos.X
			if e.RTL() {
				x = float64(e.size.W) - x
			}
			room := float64(max(e.size.W-thumb, 1))
			s.set(e, s.Min+(s.Max-s.Min)*min(max((x-thumb/2)/room, 0), 1))
			return true
		case ev.Kind == PointerRelease:
			return true
		case ev.Kind == PointerScroll && e.Focused() && ev.Scroll.Y != 0:
			s.set(e, s.Value-math.Copysign(s.step(), ev.Scroll.Y))
			return true
		}
	case *Keystroke:
		return s.key(e, ev)
	}
	return false
}

func (s Slider) key(e *Element, k *Keystroke) bool {
	if k.Release || k.Mods&(Ctrl|Alt|Super) != 0 {
		return false
	}
	across, down := e.step(k, true, false), e.step(k, false, true)
	switch {
	case across != 0:
		s.set(e, s.Value+float64(across)*s.step())
	case down != 0:
		s.set(e, s.Value-float64(down)*s.step())
	case k.Sym == KeyPageUp:
		s.set(e, s.Value+10*s.step())
	case k.Sym == KeyPageDown:
		s.set(e, s.Value-10*s.step())
	case k.Sym == KeyHome:
		s.set(e, s.Min)
	case k.Sym == KeyEnd:
		s.set(e, s.Max)
	default:
		return false
	}
	return true
}

// Describe implements Describer.
func (s Slider) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleSlider, s.Name
	i.Range = Range{s.Min, s.Max, s.Value, s.step()}
	i.Value = strconv.FormatFloat(s.Value, 'g', 6, 64)
	if s.Format != nil {
		i.Value = s.Format(s.Value)
	}
	i.Traits |= trait(s.Disabled, IsDisabled)
	if !s.Disabled {
		i.Can(DoIncrease, DoDecrease, DoSetValue)
	}
}

// Act implements Actor.
func (s Slider) Act(e *Element, a Action, value string) bool {
	if s.Disabled {
		return false
	}
	switch a {
	case DoIncrease:
		s.set(e, s.Value+s.step())
	case DoDecrease:
		s.set(e, s.Value-s.step())
	case DoSetValue:
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return false
		}
		s.set(e, v)
	default:
		return false
	}
	return true
}
