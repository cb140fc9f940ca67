package wm

import (
	"strings"

	"rayos/geom"
)

// WindowID names a window; the caller chooses it and does not reuse it. 0 is
// no window.
type WindowID uint32

// OutputID names an output; the caller chooses it. 0 is no output.
type OutputID uint32

// Edges is a set of the four edges of a window, with the values of
// xdg_toplevel.resize_edge. A corner is two of them.
type Edges uint8

// Edges.
const (
	EdgeTop    Edges = 1
	EdgeBottom Edges = 2
	EdgeLeft   Edges = 4
	EdgeRight  Edges = 8
	EdgesAll         = EdgeTop | EdgeBottom | EdgeLeft | EdgeRight
)

// Valid reports whether e is one of the 8 handles: not empty and without
// opposite edges.
func (e Edges) Valid() bool {
	return e != 0 && e&^EdgesAll == 0 &&
		e&(EdgeTop|EdgeBottom) != EdgeTop|EdgeBottom && e&(EdgeLeft|EdgeRight) != EdgeLeft|EdgeRight
}

var edgeNames = [...]string{"top", "bottom", "left", "right"}

func (e Edges) String() string {
	if e == 0 {
		return "none"
	}
	var names []string
	for i, n := range edgeNames {
		if e&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, "-")
}

// Zone is a part of an output's usable area that a window fills.
type Zone uint8

// Zones. ZoneMax is what maximised means.
const (
	ZoneNone Zone = iota
	ZoneLeft
	ZoneRight
	ZoneTop
	ZoneBottom
	ZoneTopLeft
	ZoneTopRight
	ZoneBottomLeft
	ZoneBottomRight
	ZoneMax
)

var zoneNames = [...]string{
	"none", "left", "right", "top", "bottom",
	"top-left", "top-right", "bottom-left", "bottom-right", "max",
}

// Valid reports whether z is a known zone, ZoneNone included.
func (z Zone) Valid() bool { return z <= ZoneMax }

func (z Zone) String() string {
	if !z.Valid() {
		return "invalid"
	}
	return zoneNames[z]
}

// Edges returns the edges of the usable area that the zone touches.
func (z Zone) Edges() Edges {
	switch z {
	case ZoneLeft:
		return EdgesAll &^ EdgeRight
	case ZoneRight:
		return EdgesAll &^ EdgeLeft
	case ZoneTop:
		return EdgesAll &^ EdgeBottom
	case ZoneBottom:
		return EdgesAll &^ EdgeTop
	case ZoneTopLeft:
		return EdgeTop | EdgeLeft
	case ZoneTopRight:
		return EdgeTop | EdgeRight
	case ZoneBottomLeft:
		return EdgeBottom | EdgeLeft
	case ZoneBottomRight:
		return EdgeBottom | EdgeRight
	case ZoneMax:
		return EdgesAll
	}
	return 0
}

// Rect returns the zone's part of a usable area, at least one pixel of it.
// Neighbouring zones share an edge and leave no gap, for odd sizes too.
func (z Zone) Rect(u geom.Rect) geom.Rect {
	if z == ZoneNone {
		return geom.Rect{}
	}
	e := z.Edges()
	mx, my := u.X0+u.W()/2, u.Y0+u.H()/2
	if e&EdgeLeft == 0 {
		u.X0 = min(mx, u.X1-1)
	}
	if e&EdgeRight == 0 {
		u.X1 = max(mx, u.X0+1)
	}
	if e&EdgeTop == 0 {
		u.Y0 = min(my, u.Y1-1)
	}
	if e&EdgeBottom == 0 {
		u.Y1 = max(my, u.Y0+1)
	}
	return u
}

// Layout is how a workspace arranges its windows.
type Layout uint8

// Layouts.
const (
	// Floating leaves windows where they are put.
	Floating Layout = iota
	// Tiling gives the first window of each output the main column and
	// stacks the others beside it.
	Tiling
)

var layoutNames = [...]string{"floating", "tiling"}

// Valid reports whether l is a known layout.
func (l Layout) Valid() bool { return l <= Tiling }

func (l Layout) String() string {
	if !l.Valid() {
		return "invalid"
	}
	return layoutNames[l]
}

// Switch sets, clears or flips a state. The zero value sets it.
type Switch uint8

// Switches.
const (
	On Switch = iota
	Off
	Toggle
)

var switchNames = [...]string{"on", "off", "toggle"}

// Valid reports whether w is a known switch.
func (w Switch) Valid() bool { return w <= Toggle }

func (w Switch) String() string {
	if !w.Valid() {
		return "invalid"
	}
	return switchNames[w]
}

// of returns the new value of a state that was cur.
func (w Switch) of(cur bool) bool {
	if w == Toggle {
		return !cur
	}
	return w == On
}

// Layer is which part of the desktop's stack a window belongs to.
type Layer uint8

// Layers.
const (
	// LayerNormal is below the panels.
	LayerNormal Layer = iota
	// LayerFullscreen is above the panels: the fullscreen window that is
	// topmost on its output, with its transients.
	LayerFullscreen
)

func (l Layer) String() string {
	if l == LayerFullscreen {
		return "fullscreen"
	}
	return "normal"
}
