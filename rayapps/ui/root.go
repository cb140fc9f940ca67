package ui

import (
	"time"

	"rayos/geom"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// Options says what a root draws with.
type Options struct {
	// View describes the whole tree. It is called when Invalidate was, or a
	// callback of a widget, at most once a frame. Without it Update is.
	View func() Node
	// Fonts may be shared by roots of one goroutine. nil is the embedded ones.
	Fonts *text.Fonts
	// Theme is dark if nil.
	Theme *theme.Theme
	// RTL lays everything out from right to left.
	RTL bool
	// Now is a monotonic clock; nil is the machine's.
	Now func() time.Duration
	// Clipboard is nil for one that only this root has.
	Clipboard Clipboard
	// Background fills the root with Theme.Surface1, as windows want it;
	// without, it is transparent.
	Background bool
}

// Root is a tree of elements and all that belongs to the surface it is shown
// on: size, focus, pointer, time.
type Root struct {
	opts  Options
	size  geom.Size
	scale geom.Scale
	top   *Element // its only child is what the view describes
	ids   uint64

	stale, repaint bool

	focus      *Element
	active     bool
	byKeyboard bool
	tabbing    bool // the focus moves by Tab
	traps      []trap
	layers     []*Element
	popping    bool // somebody shows popups
	popups     []*Popup
	refused    []*Element // layers that are to have none
	pointer    pointerState

	timers []timer
	next   time.Duration // of animations, -1 is never

	frame   Frame
	builder paint.Builder
	painter Painter
	counts  Counts
}

// Counts tells how much work was done since the root was made.
type Counts struct {
	Views, Mounts, Layouts, Paints int
}

// Frame is what a root looks like.
type Frame struct {
	// List is immutable and stays valid.
	List *paint.List
	// Damage is what differs from the frame before, in logical pixels. It
	// belongs to the root until the next frame.
	Damage geom.Region
	// Changed is false if List is that of the frame before.
	Changed bool
}

// settle says that nothing has changed.
func (f *Frame) settle() {
	f.Changed = false
	f.Damage.Clear()
}

// show takes a new list over, on a surface of a size.
func (f *Frame) show(list *paint.List, size geom.Size) {
	before := f.List
	f.List = list
	if before == nil {
		f.Damage.SetRect(size.Rect())
	} else {
		paint.Diff(before, list, &f.Damage)
		f.Damage.IntersectRect(size.Rect())
	}
	f.Changed = before == nil || !f.Damage.Empty()
}

// top is the node of the outermost element.
type top struct{ child Node }

func (t top) Build(*Element) []Node { return []Node{t.child} }

func (t top) Layout(e *Element, c Constraints) geom.Size {
	e.layoutOnly(c)
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (t top) Paint(e *Element, p *Painter) {
	if e.root.opts.Background {
		p.Fill(e.Box(), e.Theme().Surface1)
	}
}

// New returns an empty root of no size. It asks for a view at its first frame.
func New(o Options) *Root {
	if o.Fonts == nil {
		o.Fonts = text.NewFonts(text.Options{})
	}
	if o.Theme == nil {
		o.Theme = theme.New(theme.Dark, 0)
	}
	if o.Now == nil {
		start := time.Now()
		o.Now = func() time.Duration { return time.Since(start) }
	}
	r := &Root{opts: o, scale: geom.ScaleOne, active: true, stale: o.View != nil, repaint: true, next: -1}
	r.painter.root = r
	if r.opts.Clipboard == nil {
		r.opts.Clipboard = &ownClipboard{root: r}
	}
	r.top = r.mount(nil, top{}, match{})
	return r
}

// Counts returns how much was done.
func (r *Root) Counts() Counts { return r.counts }

// Now returns the time of the root's clock.
func (r *Root) Now() time.Duration { return r.opts.Now() }

// Invalidate asks for a new view at the next frame: the state of the
// application has changed.
func (r *Root) Invalidate() {
	if r.opts.View != nil {
		r.stale = true
	}
}

// Repaint draws the next frame anew: what an Image or a Canvas shows has
// changed, and nothing else.
func (r *Root) Repaint() { r.repaint = true }

// Update makes n the description of the whole tree.
func (r *Root) Update(n Node) {
	r.stale = false
	r.counts.Views++
	r.top.update(top{n})
	r.settleFocus()
}

// Resize sets the size in logical pixels and the scale, which only pictures in
// the view need to know.
func (r *Root) Resize(size geom.Size, scale geom.Scale) {
	if r.size != size || r.scale != scale {
		r.size, r.scale = size, scale
		r.top.Relayout()
	}
}

// Size returns the size.
func (r *Root) Size() geom.Size { return r.size }

// Scale returns the scale.
func (r *Root) Scale() geom.Scale { return r.scale }

// SetTheme changes colours and sizes.
func (r *Root) SetTheme(t *theme.Theme) {
	if t != nil && t != r.opts.Theme {
		r.opts.Theme = t
		r.relayoutAll()
	}
}

// RTL reports whether the view runs right to left.
func (r *Root) RTL() bool { return r.opts.RTL }

// Fonts returns those that text is laid out with.
func (r *Root) Fonts() *text.Fonts { return r.opts.Fonts }

// SetRTL changes the direction.
func (r *Root) SetRTL(rtl bool) {
	if rtl != r.opts.RTL {
		r.opts.RTL = rtl
		r.relayoutAll()
	}
}

func (r *Root) relayoutAll() {
	var mark func(*Element)
	mark = func(e *Element) {
		e.dirty = true
		for _, k := range e.children {
			mark(k)
		}
	}
	mark(r.top)
	r.repaint = true
	r.Invalidate()
}

// Prefer returns the size that the view takes if it may be as large as within.
func (r *Root) Prefer(within geom.Size) geom.Size {
	r.view()
	k := r.top.Child(0)
	if k == nil {
		return geom.Size{}
	}
	s := k.Layout(Loose(within))
	r.top.Relayout()
	return s
}

func (r *Root) view() {
	if r.stale {
		r.Update(r.opts.View())
	}
}

// Layout brings the places of all elements up to date, with a new view if one
// is due. Frame does so too.
func (r *Root) Layout() {
	r.view()
	// A layout can ask for another one: a list that scrolls to its end.
	for range 4 {
		if !r.top.dirty {
			break
		}
		r.layout()
	}
}

func (r *Root) layout() {
	r.top.Layout(Tight(r.size))
	r.layers = r.gather(r.layers[:0], r.top)
	for _, p := range r.popups {
		p.seen = false
	}
	for i := 0; i < len(r.layers); i++ {
		l := r.layers[i]
		if h, ok := l.parent.node.(layerHost); ok {
			h.placeLayer(l.parent, l, r.size)
		}
		r.layers = r.gather(r.layers, l)
	}
	r.dropPopups()
	r.settleFocus()
	r.refreshHover()
}

// Frame returns what the root looks like now. An unchanged frame costs no
// memory.
func (r *Root) Frame() *Frame {
	now := r.Now()
	r.tick(now)
	r.Layout()
	r.frame.settle()
	for _, p := range r.popups {
		p.Frame.settle()
	}
	if !r.repaint && (r.next < 0 || now < r.next) && r.frame.List != nil {
		return &r.frame
	}
	r.repaint, r.next = false, -1
	r.counts.Paints++
	r.painter.paint()
	r.frame.show(r.builder.Finish(), r.size)
	for _, p := range r.popups {
		if p.Placed {
			r.painter.popup(p)
			p.Frame.show(r.builder.Finish(), geom.Size{W: p.Rect.W() + 2*p.Margin, H: p.Rect.H() + 2*p.Margin})
		}
	}
	return &r.frame
}

// Next returns when the next frame is due without any event: at once, at a time
// of the clock, or not at all.
func (r *Root) Next() (at time.Duration, ok bool) {
	if r.stale || r.repaint || r.top.dirty {
		return r.Now(), true
	}
	at = r.next
	for i := range r.timers {
		if t := r.timers[i].at; at < 0 || t < at {
			at = t
		}
	}
	return at, at >= 0
}

// forget is told of each element that ends.
func (r *Root) forget(e *Element) {
	if r.focus == e {
		r.focus = nil
	}
	if r.pointer.capture == e {
		r.pointer.capture = nil
	}
	e.StopTimer()
	r.repaint = true
}
