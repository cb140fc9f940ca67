package ui

import (
	"time"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// panel is the content of a layer: a raised surface that fades in.
type panel struct {
	child  Node
	insets Insets
	width  int32 // 0 is that of the child
	radius int32
	role   Role
	name   string
	text   string // description
	modal  bool
	onEsc  func(e *Element)
}

// panelState fades a layer in.
type panelState struct {
	shown motion
	faded bool
}

// begin starts to draw; end ends it.
func (s *panelState) begin(e *Element, p *Painter, d time.Duration) {
	s.shown.set(e, 256, d)
	if v := s.shown.at(e); v < 256 {
		s.faded = true
		p.Builder().PushOpacity(uint8(v))
	}
}

func (s *panelState) end(p *Painter) {
	if s.faded {
		s.faded = false
		p.Builder().Pop()
	}
}

func (panel) NewState() any { return new(panelState) }

func (v panel) Build(*Element) []Node { return []Node{v.child} }

func (v panel) Layout(e *Element, c Constraints) geom.Size {
	if v.width > 0 {
		c = c.Width(v.width)
	}
	return padded(e, c, v.insets)
}

func (v panel) Paint(e *Element, p *Painter) {
	e.State().(*panelState).begin(e, p, theme.MotionPress)
	p.Popover(e.Box(), v.radius)
}

func (v panel) PaintOver(e *Element, p *Painter) { e.State().(*panelState).end(p) }

// Handle implements Handler: what is pressed inside doesn't reach what is below.
func (v panel) Handle(e *Element, ev Event) bool {
	switch ev := ev.(type) {
	case *Pointer:
		return ev.Kind == PointerPress || ev.Kind == PointerScroll
	case *Keystroke:
		if ev.Sym == KeyEscape && !ev.Release && v.onEsc != nil {
			v.onEsc(e)
			return true
		}
	}
	return false
}

func (v panel) Describe(_ *Element, i *Info) {
	i.Role, i.Name, i.Description = v.role, v.name, v.text
	i.Traits |= trait(v.modal, IsModal)
	if v.onEsc != nil {
		i.Can(DoDismiss)
	}
}

func (v panel) Act(e *Element, a Action, _ string) bool {
	if a != DoDismiss || v.onEsc == nil {
		return false
	}
	v.onEsc(e)
	return true
}

// Popover shows a panel beside its child while it is open. It closes, by
// OnClose, for Escape and for a press outside.
type Popover struct {
	Child   Node // what it belongs to
	Open    bool
	Name    string
	Content Node
	// Width is that of the panel; 0 is what the content needs.
	Width   int32
	OnClose func()
}

// Build implements Parent.
func (o Popover) Build(e *Element) []Node {
	kids := []Node{o.Child}
	if o.Child == nil {
		kids[0] = Spacer{}
	}
	if o.Open {
		kids = append(kids, Key("layer", panel{
			child: o.Content, insets: All(theme.Space4), width: o.Width, radius: theme.RadiusPopover,
			role: RolePopover, name: o.Name, onEsc: func(*Element) { e.Call(o.OnClose) },
		}))
	}
	return kids
}

// Layout implements Node.
func (o Popover) Layout(e *Element, c Constraints) geom.Size {
	if k := e.Child(1); k != nil {
		k.raise()
	}
	return e.layoutOnly(c)
}

// Paint implements Node.
func (Popover) Paint(*Element, *Painter) {}

func (Popover) passes() bool { return true }

func (o Popover) placeLayer(e, layer *Element, within geom.Size) {
	layer.placeBeside(spot{anchor: e.Bounds(), gap: theme.Space1}, within)
}

func (Popover) traps(*Element) (*Element, bool) { return nil, true }

func (o Popover) dismiss(e *Element) { e.Call(o.OnClose) }

// Dialog asks, above everything else, while it is open. It can be anywhere in a
// view and takes no room there. Escape is OnClose; a press outside does nothing.
type Dialog struct {
	Open  bool
	Title string
	Text  string
	// Content stands below the text.
	Content Node
	// Actions are the buttons, the one that most people want last. It has the
	// focus at first, unless Content has a field that is First; where it can't
	// be undone the first button has.
	Actions []Button
	Width   int32 // 0 is 400
	OnClose func()
}

// Build implements Parent.
func (d Dialog) Build(e *Element) []Node {
	if !d.Open {
		return nil
	}
	var body Nodes
	if d.Title != "" {
		body = append(body, Heading(d.Title))
	}
	if d.Text != "" {
		body = append(body, Label{Text: d.Text, Color: e.Theme().Text2})
	}
	if d.Content != nil {
		body = append(body, d.Content)
	}
	if len(d.Actions) > 0 {
		var row Nodes
		for i, b := range d.Actions {
			last := len(d.Actions) - 1
			if d.Actions[last].Tone == Danger {
				last = 0
			}
			row = append(row, dialogButton{b, i == last})
		}
		body = append(body, Padding{Insets{Top: theme.Space1}, Aligned{X: End, Child: Row{Gap: theme.Space2, Children: row}}})
	}
	width := d.Width
	if width <= 0 {
		width = 400
	}
	return []Node{Key("layer", scrim{panel{
		child: ScrollView{Child: Pad(theme.Space2, Column{Gap: theme.Space3, Align: Stretch, Children: body})}, insets: All(theme.Space4), width: width, radius: theme.RadiusPopover,
		role: RoleDialog, name: d.Title, text: d.Text, modal: true, onEsc: func(*Element) { e.Call(d.OnClose) },
	}})}
}

// Layout implements Node.
func (Dialog) Layout(e *Element, _ Constraints) geom.Size {
	if k := e.Child(0); k != nil {
		k.raise()
	}
	return geom.Size{}
}

// Paint implements Node.
func (Dialog) Paint(*Element, *Painter) {}

func (Dialog) placeLayer(_, layer *Element, within geom.Size) {
	layer.Layout(Tight(within))
	layer.pos = geom.Point{}
}

func (Dialog) traps(e *Element) (*Element, bool) {
	var button, field *Element
	if k := e.Child(0); k != nil {
		k.walk(func(b *Element) bool {
			switch n := b.node.(type) {
			case dialogButton:
				if n.first {
					button = b
				}
			default:
				if field == nil && b.policy() == TakesAll {
					field = b
				}
			}
			return true
		})
	}
	if field != nil {
		return field, true
	}
	return button, true
}

func (Dialog) dismiss(*Element) {}

// dialogButton is a button of a dialog.
type dialogButton struct {
	Button
	first bool // has the focus when the dialog opens
}

// scrim covers everything behind a dialog, which is in its middle.
type scrim struct{ panel panel }

type scrimState struct{ shown motion }

func (scrim) NewState() any { return new(scrimState) }

func (v scrim) Build(*Element) []Node { return []Node{v.panel} }

func (v scrim) Layout(e *Element, c Constraints) geom.Size {
	k := e.Child(0)
	in := Loose(geom.Size{W: max(c.MaxW-2*theme.Space4, 0), H: max(c.MaxH-2*theme.Space4, 0)})
	s := k.Layout(in)
	k.Place((c.MaxW-s.W)/2, (c.MaxH-s.H)/2)
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (v scrim) Paint(e *Element, p *Painter) {
	s := e.State().(*scrimState)
	s.shown.set(e, 256, theme.MotionPress)
	p.Fill(e.Box(), theme.Fade(e.Theme().Scrim(), uint8(min(s.shown.at(e), 255))))
}

func (v scrim) Handle(_ *Element, ev Event) bool {
	p, ok := ev.(*Pointer)
	return ok && p.Kind != PointerLeave
}
