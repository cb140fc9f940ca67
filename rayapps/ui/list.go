package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// List shows rows of one height, of which only those that can be seen exist:
// 100,000 cost as much as the twenty on the screen. It is one stop for Tab;
// arrows choose a row.
type List struct {
	Name  string
	Count int
	// Row describes row i. It is called when the row comes into view and
	// after each new view.
	Row func(i int) Node
	// Key names row i, so that what is in it follows when rows move; nil
	// names it by its number.
	Key func(i int) string
	// Text is what typing searches; nil is no search.
	Text func(i int) string
	// RowHeight is in logical pixels; 0 is that of controls.
	RowHeight int32
	// Selected is the chosen row, none if negative. The list moves it; a view
	// whose Selected differs from that of the view before does, too.
	Selected int
	// Empty is shown where Count is 0.
	Empty      Node
	OnSelect   func(i int)
	OnActivate func(i int) // Enter, or a double click
	// OnMenu is called for the right button and the menu key, with the place
	// in the root.
	OnMenu func(i int, at geom.Point)

	role, rowRole Role
	describe      func(i int, info *Info)
}

// NoSelection is Selected of a list in which nothing is chosen.
const NoSelection = -1

type listState struct {
	scroll scroll
	cursor int
	stale  bool // the rows have to be described anew
	first  int  // number of the first row that exists
	sought string
	typed  time.Duration
}

// NewState implements Stater.
func (l List) NewState() any {
	return &listState{scroll: scroll{upright: true}, cursor: l.Selected, stale: true}
}

// Updated implements Updater.
func (l List) Updated(e *Element, old Node) {
	s := e.State().(*listState)
	s.stale = true
	if l.Selected != old.(List).Selected {
		s.cursor = l.Selected
		l.showCursor(e)
	}
	s.cursor = min(s.cursor, l.Count-1)
}

func (l List) height(e *Element) int32 {
	if l.RowHeight > 0 {
		return l.RowHeight
	}
	return e.Theme().Control()
}

// Focus implements Focuser.
func (l List) Focus(*Element) FocusPolicy { return policy(l.Count == 0) }

// MaxRows bounds Count: heights of more would not fit a coordinate.
const MaxRows = 4 << 20

// maxListHeight bounds a list in something that lets it be as high as it likes,
// where otherwise all rows would exist.
const maxListHeight = 1 << 12

// Layout implements Node.
func (l List) Layout(e *Element, c Constraints) geom.Size {
	e.Clip()
	s := e.State().(*listState)
	h := l.height(e)
	count := min(max(l.Count, 0), MaxRows)
	content := int32(min(int64(count)*int64(h), math.MaxInt32/2))
	size := c.Clamp(geom.Size{W: bounded(c.MaxW, 0), H: min(content, c.MaxH, maxListHeight)})
	if count == 0 {
		l.layoutEmpty(e, s, size)
		return size
	}
	s.scroll.measure(size.H, content)
	first := int(s.scroll.at / h)
	last := min(int((s.scroll.at+size.H+h-1)/h), count)
	l.sync(e, s, first, last)
	for i, k := range e.children {
		k.Layout(Tight(geom.Size{W: size.W, H: h}))
		k.Place(0, int32(first+i)*h-s.scroll.at)
	}
	return size
}

func (l List) layoutEmpty(e *Element, s *listState, size geom.Size) {
	s.scroll.measure(size.H, 0)
	e.SetChildren([]Node{l.Empty})
	s.stale, s.first = true, 0
	if k := e.Child(0); k != nil {
		k.Layout(Tight(size))
		k.Place(0, 0)
	}
}

func (l List) node(i int) Node {
	key := strconv.Itoa(i)
	if l.Key != nil {
		key = l.Key(i)
	}
	return keyed{listRow{l, i}, key}
}

// sync makes the children of e the rows from first to last. Rows that were
// there are touched only if the view is new.
func (l List) sync(e *Element, s *listState, first, last int) {
	if s.stale {
		s.stale, s.first = false, first
		nodes := make([]Node, 0, last-first)
		for i := first; i < last; i++ {
			nodes = append(nodes, l.node(i))
		}
		e.SetChildren(nodes)
		return
	}
	if first == s.first && last-first == len(e.children) {
		return
	}
	old, from := e.children, s.first
	e.children = make([]*Element, 0, last-first)
	for i := first; i < last; i++ {
		if k := i - from; k >= 0 && k < len(old) {
			e.children = append(e.children, old[k])
			continue
		}
		n, key := unwrap(l.node(i))
		e.children = append(e.children, e.root.mount(e, n, match{kindOf(n), key}))
	}
	for k, row := range old {
		if i := from + k; i < first || i >= last {
			row.unmount()
		}
	}
	s.first = first
}

// Paint implements Node.
func (List) Paint(*Element, *Painter) {}

// PaintOver implements Overpainter.
func (l List) PaintOver(e *Element, p *Painter) {
	e.State().(*listState).scroll.paint(e, p)
}

func (l List) covers(e *Element, p geom.Point) bool {
	return e.State().(*listState).scroll.covers(e, p)
}

func (l List) grab(e *Element, _, _ float64) bool {
	s := &e.State().(*listState).scroll
	return s.start(e, e.root.pointer.pos.Y-e.origin().F().Y)
}

// Tick implements Ticker.
func (l List) Tick(e *Element, now time.Duration) {
	if e.State().(*listState).scroll.glide(e, now) {
		e.SetTimer(now + 1)
	}
}

func (l List) reveal(e *Element, r geom.Rect) {
	s := &e.State().(*listState).scroll
	s.show(e, r.Y0+s.at, r.Y1+s.at)
}

func (l List) showCursor(e *Element) {
	s := e.State().(*listState)
	if s.cursor >= 0 {
		h := l.height(e)
		// The content may just have grown.
		s.scroll.content = int32(min(int64(min(max(l.Count, 0), MaxRows))*int64(h), math.MaxInt32/2))
		s.scroll.show(e, int32(s.cursor)*h, int32(s.cursor+1)*h)
	}
	e.Repaint()
}

// choose moves the cursor.
func (l List) choose(e *Element, i int) {
	s := e.State().(*listState)
	i = min(max(i, 0), l.Count-1)
	if i < 0 {
		return
	}
	changed := s.cursor != i
	s.cursor = i
	l.showCursor(e)
	if changed && l.OnSelect != nil {
		e.Call(func() { l.OnSelect(i) })
	}
}

func (l List) activate(e *Element, i int) {
	if i >= 0 && i < l.Count && l.OnActivate != nil {
		e.Call(func() { l.OnActivate(i) })
	}
}

// Handle implements Handler.
func (l List) Handle(e *Element, ev Event) bool {
	s := e.State().(*listState)
	switch ev := ev.(type) {
	case *Pointer:
		return s.scroll.handle(e, ev)
	case *Keystroke:
		return l.key(e, s, ev)
	}
	return false
}

func (l List) key(e *Element, s *listState, k *Keystroke) bool {
	if k.Release || k.Mods&(Ctrl|Alt|Super) != 0 || !e.Focused() {
		return false
	}
	h := l.height(e)
	page := int(max(e.size.H/h-1, 1))
	switch down := e.step(k, false, true); {
	case down != 0 && s.cursor < 0:
		l.choose(e, 0)
	case down != 0:
		l.choose(e, s.cursor+down)
	case k.Sym == KeyPageUp:
		l.choose(e, s.cursor-page)
	case k.Sym == KeyPageDown:
		l.choose(e, s.cursor+page)
	case k.Sym == KeyHome:
		l.choose(e, 0)
	case k.Sym == KeyEnd:
		l.choose(e, l.Count-1)
	case enter(k) && l.OnActivate != nil:
		l.activate(e, s.cursor)
	case wantsMenu(k) && l.OnMenu != nil && s.cursor >= 0:
		i := s.cursor
		at := e.origin().Add(geom.Point{Y: int32(i+1)*h - s.scroll.at})
		e.Call(func() { l.OnMenu(i, at) })
	default:
		return l.seek(e, s, k)
	}
	return true
}

// seekTime is how long typed letters belong together, seekRows how many rows a
// search looks at.
const (
	seekTime = time.Second
	seekRows = 100_000
)

// seek goes to the next row that begins with what was typed.
func (l List) seek(e *Element, s *listState, k *Keystroke) bool {
	if l.Text == nil || !printable(k.Text) {
		return false
	}
	now := e.root.Now()
	if now-s.typed > seekTime {
		s.sought = ""
	}
	if s.sought == "" && k.Text == " " {
		return false
	}
	s.typed = now
	from := max(s.cursor, 0)
	if s.sought == "" {
		from++ // the same letter again goes on
	}
	if s.sought = s.sought + k.Text; len(s.sought) > 64 {
		s.sought = ""
	}
	for i := range min(l.Count, seekRows) {
		if at := (from + i) % l.Count; hasPrefixFold(l.Text(at), s.sought) {
			l.choose(e, at)
			return true
		}
	}
	return true
}

// Describe implements Describer.
func (l List) Describe(_ *Element, i *Info) {
	i.Role, i.Name, i.Count = RoleList, l.Name, l.Count
	if l.role != NoRole {
		i.Role = l.role
	}
}

// listRow is a row that exists.
type listRow struct {
	list List
	i    int
}

func (listRow) NewState() any { return new(press) }

func (r listRow) Build(*Element) []Node { return []Node{r.list.Row(r.i)} }

func (r listRow) Layout(e *Element, c Constraints) geom.Size { return e.layoutOnly(c) }

func (r listRow) current(e *Element) bool { return e.parent.state.(*listState).cursor == r.i }

func (r listRow) Paint(e *Element, p *Painter) {
	th := e.Theme()
	box := e.Box()
	box.X0, box.X1 = box.X0+theme.Space1, box.X1-theme.Space1
	fill := e.State().(*press).veil(e)
	if r.current(e) {
		on := th.Selection()
		if !e.parent.Active() {
			on = theme.Fade(th.Text1, 26)
		}
		fill = over(fill, on)
	}
	p.Round(box, theme.RadiusControl, fill)
	if r.current(e) && e.parent.FocusShown() {
		p.InnerRing(box, theme.RadiusControl)
	}
}

func (r listRow) Handle(e *Element, ev Event) bool {
	p, ok := ev.(*Pointer)
	if !ok {
		return false
	}
	l, list := r.list, e.parent
	switch {
	case p.Kind == PointerPress && p.Button == LeftButton && !p.Touch:
		l.choose(list, r.i)
		if p.Clicks == 2 {
			l.activate(list, r.i)
		}
	case p.Kind == PointerPress && p.Touch:
	case p.Kind == PointerRelease && p.Touch && p.Pos.Floor().In(e.Box()):
		// A finger that scrolls must not choose.
		l.choose(list, r.i)
		l.activate(list, r.i)
	case p.Kind == PointerPress && p.Button == RightButton && l.OnMenu != nil:
		l.choose(list, r.i)
		list.Focus()
		at := p.Pos.Floor().Add(e.origin())
		list.Call(func() { l.OnMenu(r.i, at) })
	default:
		return p.Kind == PointerRelease
	}
	return true
}

func (r listRow) Describe(e *Element, i *Info) {
	i.Role, i.Index, i.Count = RoleListItem, r.i+1, r.list.Count
	if r.list.rowRole != NoRole {
		i.Role = r.list.rowRole
	}
	i.Name = e.words()
	i.Traits |= trait(r.current(e), IsSelected)
	i.Can(DoSelect)
	if r.list.OnActivate != nil {
		i.Can(DoActivate)
	}
	if r.list.describe != nil {
		r.list.describe(r.i, i)
	}
}

func (r listRow) Act(e *Element, a Action, _ string) bool {
	switch {
	case a == DoSelect:
		r.list.choose(e.parent, r.i)
	case a == DoActivate && r.list.OnActivate != nil:
		r.list.activate(e.parent, r.i)
	default:
		return false
	}
	return true
}

// words returns what the labels in e say.
func (e *Element) words() string {
	var said []string
	e.walk(func(k *Element) bool {
		if k != e {
			if l, ok := k.node.(Label); ok {
				said = append(said, tame(l.Text, maxLine))
			}
		}
		return true
	})
	return strings.Join(said, ", ")
}
