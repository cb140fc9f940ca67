package ui

import (
	"time"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Toast says, for a while, what has been done and offers to take it back.
type Toast struct {
	// ID tells toasts apart; equal ones are the same toast.
	ID     string
	Text   string
	Icon   icon.Name
	Action string // the button, none if empty
	// For is how long it stays; 0 is 6 s. It waits while the pointer is on it.
	For      time.Duration
	OnAction func()
	OnClose  func()
}

// Toasts shows toasts above everything, at the bottom. It can be anywhere in a
// view and takes no room there.
type Toasts struct{ Items []Toast }

// Build implements Parent.
func (t Toasts) Build(*Element) []Node {
	if len(t.Items) == 0 {
		return nil
	}
	kids := make(Nodes, len(t.Items))
	for i, it := range t.Items {
		kids[i] = Key(it.ID, toast{it})
	}
	return []Node{Column{Gap: theme.Space2, Align: Centre, Children: kids}}
}

// Layout implements Node.
func (Toasts) Layout(e *Element, _ Constraints) geom.Size {
	if k := e.Child(0); k != nil {
		k.raise()
	}
	return geom.Size{}
}

// Paint implements Node.
func (Toasts) Paint(*Element, *Painter) {}

func (Toasts) placeLayer(_, layer *Element, within geom.Size) {
	s := layer.Layout(Loose(geom.Size{W: min(max(within.W-2*theme.Space4, 0), 480), H: within.H}))
	layer.pos = geom.Point{X: (within.W - s.W) / 2, Y: max(within.H-s.H-theme.Space4, 0)}
}

func (Toasts) traps(*Element) (*Element, bool) { return nil, false }

func (Toasts) dismiss(*Element) {}

// toast is one of them.
type toast struct{ it Toast }

type toastState struct {
	panelState
	until time.Duration
}

func (toast) NewState() any { return new(toastState) }

func (t toast) Build(e *Element) []Node {
	if s := e.State().(*toastState); s.until == 0 {
		s.until = e.root.Now() + t.lasts()
		e.SetTimer(s.until)
	}
	var row Nodes
	if t.it.Icon != icon.None {
		row = append(row, Icon{Name: t.it.Icon, Color: e.Theme().Text1})
	}
	row = append(row, Sized{MaxW: 320, Child: Label{Text: t.it.Text, Lines: 3}})
	if t.it.Action != "" {
		row = append(row, Button{Text: t.it.Action, Tone: Quiet, OnPress: t.it.OnAction})
	}
	row = append(row, IconButton(icon.Close, lang.T("Close"), t.it.OnClose))
	return []Node{Row{Gap: theme.Space2, Align: Centre, Children: row}}
}

func (t toast) lasts() time.Duration {
	if t.it.For > 0 {
		return t.it.For
	}
	return 6 * time.Second
}

func (t toast) Layout(e *Element, c Constraints) geom.Size {
	return padded(e, c, Insets{Top: theme.Space2, End: theme.Space2, Bottom: theme.Space2, Start: theme.Space4})
}

func (t toast) Paint(e *Element, p *Painter) {
	e.State().(*toastState).begin(e, p, theme.MotionPanel)
	p.Popover(e.Box(), theme.RadiusPopover)
}

func (t toast) PaintOver(e *Element, p *Painter) { e.State().(*toastState).end(p) }

// Tick implements Ticker.
func (t toast) Tick(e *Element, now time.Duration) {
	if e.Hovered() {
		e.SetTimer(now + time.Second)
		return
	}
	e.Call(t.it.OnClose)
}

func (t toast) Handle(e *Element, ev Event) bool {
	switch ev := ev.(type) {
	case *Pointer:
		return ev.Kind == PointerPress
	case *Keystroke:
		if ev.Sym == KeyEscape && !ev.Release {
			e.Call(t.it.OnClose)
			return true
		}
	}
	return false
}

func (t toast) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleAlert, t.it.Text
	i.Can(DoDismiss)
}

func (t toast) Act(e *Element, a Action, _ string) bool {
	if a != DoDismiss {
		return false
	}
	e.Call(t.it.OnClose)
	return true
}
