package ui

import (
	"fmt"
	"time"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// Progress shows how far something is, 0 to 1. A negative value says only that
// it goes on.
type Progress struct {
	Name  string
	Value float64
	// Bad shows that it has failed.
	Bad bool
}

// Layout implements Node.
func (p Progress) Layout(_ *Element, c Constraints) geom.Size {
	return geom.Size{W: max(c.MinW, min(sliderWidth, c.MaxW)), H: track}
}

// progressTurn is how long the bar of unknown length takes to come back.
const progressTurn = 1600 * time.Millisecond

// Paint implements Node.
func (b Progress) Paint(e *Element, p *Painter) {
	th := e.Theme()
	c := th.Accent
	if b.Bad {
		c = th.Bad
	}
	p.Round(e.Box(), track/2, theme.Fade(th.Edge, 80))
	w := e.size.W
	if b.Value >= 0 {
		if done := part(min(b.Value, 1), w); done > 0 {
			p.Round(e.Mirror(geom.XYWH(0, 0, max(done, track), track)), track/2, c)
		}
		return
	}
	x := w * 3 / 8
	if !th.Still {
		now := e.root.Now()
		e.Again(now)
		x = int32(int64(w*5/4)*int64(now%progressTurn)/int64(progressTurn)) - w/4
	}
	r := geom.XYWH(x, 0, w/4, track).Intersect(e.Box())
	if !r.Empty() {
		p.Round(e.Mirror(r), track/2, c)
	}
}

// Describe implements Describer.
func (b Progress) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleProgress, b.Name
	if b.Value < 0 {
		i.Traits |= IsBusy
		return
	}
	i.Range = Range{Max: 1, Now: min(b.Value, 1)}
	i.Value = fmt.Sprintf("%d%%", part(min(b.Value, 1), 100))
}

// Spinner says that something goes on and will soon be over.
type Spinner struct {
	Name string
	Size int32 // 0 is 16
}

// spinnerStep is how long a spinner stands: ten frames a second are enough.
const (
	spinnerDots = 8
	spinnerStep = 100 * time.Millisecond
)

// Layout implements Node.
func (s Spinner) Layout(*Element, Constraints) geom.Size {
	if s.Size <= 0 {
		return geom.Size{W: theme.IconSmall, H: theme.IconSmall}
	}
	return geom.Size{W: s.Size, H: s.Size}
}

// spokes are the directions of the dots, in 1/256, clockwise from the top.
var spokes = [spinnerDots][2]int32{{0, -256}, {181, -181}, {256, 0}, {181, 181}, {0, 256}, {-181, 181}, {-256, 0}, {-181, -181}}

// Paint implements Node.
func (s Spinner) Paint(e *Element, p *Painter) {
	now := e.root.Now()
	head := int(now / spinnerStep % spinnerDots)
	if e.Theme().Still {
		head = 0
	} else {
		e.Again(now - now%spinnerStep + spinnerStep)
	}
	size := e.size.W
	dot := geom.Fixed(size*256) / 7
	reach := (geom.Fixed(size*256) - dot) / 2
	mid := geom.Fixed(size * 128)
	for i, d := range spokes {
		age := (head - i + spinnerDots) % spinnerDots
		x := mid + geom.Fixed(d[0])*reach/256 - dot/2
		y := mid + geom.Fixed(d[1])*reach/256 - dot/2
		p.disc(geom.FixedRect{X0: x, Y0: y, X1: x + dot, Y1: y + dot}, theme.Fade(e.Theme().Accent, uint8(255-age*28)))
	}
}

// Describe implements Describer.
func (s Spinner) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleSpinner, s.Name
	i.Traits |= IsBusy
}
