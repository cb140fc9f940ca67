package ui

import (
	"math"
	"strconv"
	"time"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// Cells shows cells of one size in rows, of which only those that can be seen
// exist: 100,000 cost as much as the forty on the screen. Several can be chosen:
// with Shift and Ctrl, by the pointer and by keys. It is one stop for Tab.
//
// Which cells are chosen is the application's to know; Pick applies what the
// person has done to a set of numbers.
type Cells struct {
	Name  string
	Count int
	// Cell describes cell i. It is called when the cell comes into view and
	// after each new view.
	Cell func(i int) Node
	// Key names cell i, so that what is in it follows when cells move.
	Key func(i int) string
	// Text is what typing searches, and what a cell is called; nil is no search.
	Text func(i int) string
	// W and H are a cell's size in logical pixels. Without W there is one
	// column, as wide as the grid; H is that of controls without one.
	W, H int32
	// Cursor is the cell that keys begin at, none if negative. The grid moves
	// it; a view whose Cursor differs from that of the view before does, too.
	Cursor int
	Chosen func(i int) bool
	// Place, if it isn't nil, is told where cells are.
	Place *CellsPlace
	// Empty is shown where Count is 0.
	Empty Node
	// OnPick is what the person does to the choice: i is negative for the room
	// beside cells.
	OnPick     func(i int, how Picking)
	OnActivate func(i int)
	// OnDrag is called when the pointer draws a cell away, while the press
	// still lasts.
	OnDrag func(i int)
}

// Picking is how a cell is chosen.
type Picking uint8

// Ways to choose.
const (
	PickOnly   Picking = iota // this and no other
	PickToggle                // this too, or no more
	PickExtend                // all from the last one to this
	PickMove                  // nothing changes but the cursor
	PickAll
)

// CellsPlace says where the cells of a grid are, as the last layout has it.
type CellsPlace struct {
	e     *Element
	count int
}

// At returns the cell at a point of the root, -1 for none.
func (g *CellsPlace) At(p geom.Point) int {
	if g.e == nil || g.e.gone {
		return -1
	}
	return g.e.State().(*cellsState).over(g.e, p.Sub(g.e.origin()), g.count)
}

// over returns the cell at a point of e, -1 for none.
func (s *cellsState) over(e *Element, p geom.Point, count int) int {
	if !p.In(e.Box()) {
		return -1
	}
	col := int(e.Start(p.X) / s.w)
	i := int((p.Y+s.scroll.at)/s.h)*s.per + col
	if col >= s.per || i >= count {
		return -1
	}
	return i
}

type cellsState struct {
	scroll      scroll
	cursor      int
	stale       bool
	first, last int // cells that exist
	per         int // in a row
	w, h        int32
	sought      string
	typed       time.Duration
}

// NewState implements Stater.
func (g Cells) NewState() any {
	return &cellsState{scroll: scroll{upright: true}, cursor: g.Cursor, stale: true, per: 1, w: 1, h: 1}
}

// Updated implements Updater.
func (g Cells) Updated(e *Element, old Node) {
	s := e.State().(*cellsState)
	s.stale = true
	if g.Cursor != old.(Cells).Cursor {
		s.cursor = g.Cursor
		g.showCursor(e)
	}
	s.cursor = min(s.cursor, g.Count-1)
}

// Focus implements Focuser.
func (g Cells) Focus(*Element) FocusPolicy { return TabStop }

func (g Cells) count() int { return min(max(g.Count, 0), MaxRows) }

// Layout implements Node.
func (g Cells) Layout(e *Element, c Constraints) geom.Size {
	e.Clip()
	s := e.State().(*cellsState)
	s.h = g.H
	if s.h <= 0 {
		s.h = e.Theme().Control()
	}
	width := bounded(c.MaxW, 0)
	s.w, s.per = width, 1
	if g.W > 0 {
		s.per = max(int(width/g.W), 1)
		s.w = max(width/int32(s.per), 1) // cells share what is left over
	}
	s.w = max(s.w, 1)
	rows := (g.count() + s.per - 1) / s.per
	content := int32(min(int64(rows)*int64(s.h), math.MaxInt32/2))
	size := c.Clamp(geom.Size{W: width, H: min(content, c.MaxH, maxListHeight)})
	if g.Place != nil {
		*g.Place = CellsPlace{e, g.count()}
	}
	if g.count() == 0 {
		s.scroll.measure(size.H, 0)
		e.SetChildren([]Node{g.Empty})
		s.stale, s.first, s.last = true, 0, 0
		if k := e.Child(0); k != nil {
			k.Layout(Tight(size))
			k.Place(0, 0)
		}
		return size
	}
	s.scroll.measure(size.H, content)
	first := int(s.scroll.at/s.h) * s.per
	last := min(int((s.scroll.at+size.H+s.h-1)/s.h)*s.per, g.count())
	g.sync(e, s, first, last)
	for i, k := range e.children {
		at := first + i
		k.Layout(Tight(geom.Size{W: s.w, H: s.h}))
		k.Place(int32(at%s.per)*s.w, int32(at/s.per)*s.h-s.scroll.at)
	}
	return size
}

func (g Cells) node(i int) Node {
	key := strconv.Itoa(i)
	if g.Key != nil {
		key = g.Key(i)
	}
	return keyed{oneCell{g, i}, key}
}

// sync makes the children of e the cells from first to last.
func (g Cells) sync(e *Element, s *cellsState, first, last int) {
	if !s.stale && first == s.first && last == s.last {
		return
	}
	s.stale, s.first, s.last = false, first, last
	nodes := make([]Node, 0, last-first)
	for i := first; i < last; i++ {
		nodes = append(nodes, g.node(i))
	}
	e.SetChildren(nodes)
}

// Paint implements Node.
func (Cells) Paint(*Element, *Painter) {}

// PaintOver implements Overpainter.
func (g Cells) PaintOver(e *Element, p *Painter) {
	e.State().(*cellsState).scroll.paint(e, p)
	if e.FocusShown() && g.count() == 0 {
		p.InnerRing(e.Box(), theme.RadiusSmall)
	}
}

func (g Cells) covers(e *Element, p geom.Point) bool {
	return e.State().(*cellsState).scroll.covers(e, p)
}

func (g Cells) grab(e *Element, _, _ float64) bool {
	s := &e.State().(*cellsState).scroll
	return s.start(e, e.root.pointer.pos.Y-e.origin().F().Y)
}

// Tick implements Ticker.
func (g Cells) Tick(e *Element, now time.Duration) {
	if e.State().(*cellsState).scroll.glide(e, now) {
		e.SetTimer(now + 1)
	}
}

func (g Cells) reveal(e *Element, r geom.Rect) {
	s := &e.State().(*cellsState).scroll
	s.show(e, r.Y0+s.at, r.Y1+s.at)
}

func (g Cells) showCursor(e *Element) {
	s := e.State().(*cellsState)
	if s.cursor >= 0 {
		rows := (g.count() + s.per - 1) / s.per
		s.scroll.content = int32(min(int64(rows)*int64(s.h), math.MaxInt32/2)) // it may just have grown
		row := int32(s.cursor / s.per)
		s.scroll.show(e, row*s.h, (row+1)*s.h)
	}
	e.Repaint()
}

// pick moves the cursor and tells the application.
func (g Cells) pick(e *Element, i int, how Picking) {
	s := e.State().(*cellsState)
	if i >= 0 {
		if i = min(i, g.count()-1); i < 0 {
			return
		}
		s.cursor = i
		g.showCursor(e)
	}
	if g.OnPick != nil {
		e.Call(func() { g.OnPick(i, how) })
	}
}

func (g Cells) activate(e *Element, i int) {
	if i >= 0 && i < g.Count && g.OnActivate != nil {
		e.Call(func() { g.OnActivate(i) })
	}
}

// Handle implements Handler.
func (g Cells) Handle(e *Element, ev Event) bool {
	s := e.State().(*cellsState)
	switch ev := ev.(type) {
	case *Pointer:
		if s.scroll.handle(e, ev) {
			return true
		}
		if ev.Kind != PointerPress || ev.Touch || s.over(e, ev.Pos.Floor(), g.count()) >= 0 {
			return false
		}
		e.Focus()
		if ev.Mods&(Ctrl|Shift) == 0 {
			g.pick(e, -1, PickOnly)
		}
		return ev.Button == LeftButton // the right one asks for a menu
	case *Keystroke:
		return g.key(e, s, ev)
	}
	return false
}

// way is how a key with modifiers chooses.
func way(m Mods) Picking {
	switch {
	case m&Shift != 0:
		return PickExtend
	case m&Ctrl != 0:
		return PickMove
	}
	return PickOnly
}

func (g Cells) key(e *Element, s *cellsState, k *Keystroke) bool {
	if k.Release || k.Mods&(Alt|Super) != 0 || !e.Focused() || g.count() == 0 {
		return false
	}
	page := max(int(e.size.H/s.h)-1, 1) * s.per
	move := 0
	switch k.Sym {
	case KeyUp:
		move = -s.per
	case KeyDown:
		move = s.per
	case KeyPageUp:
		move = -page
	case KeyPageDown:
		move = page
	case KeyLeft, KeyRight:
		if s.per == 1 {
			return false
		}
		if move = 1; (k.Sym == KeyLeft) != e.RTL() {
			move = -1
		}
	case KeyHome:
		g.pick(e, 0, way(k.Mods))
		return true
	case KeyEnd:
		g.pick(e, g.count()-1, way(k.Mods))
		return true
	}
	switch {
	case move != 0:
		g.step(e, s, move, way(k.Mods))
	case k.Mods == Ctrl && k.Sym == 'a':
		g.pick(e, s.cursor, PickAll)
	case k.Mods == Ctrl && k.Sym == KeySpace && s.cursor >= 0:
		g.pick(e, s.cursor, PickToggle)
	case k.Mods&Ctrl != 0:
		return false
	case enter(k):
		g.activate(e, s.cursor)
	default:
		return g.seek(e, s, k)
	}
	return true
}

// step moves the cursor; in a row that is shorter it ends at the last cell.
func (g Cells) step(e *Element, s *cellsState, by int, how Picking) {
	to := s.cursor + by
	switch {
	case s.cursor < 0:
		to = 0
	case to < 0 && by < -s.per:
		to = s.cursor % s.per
	case to < 0:
		to = s.cursor
	case to >= g.count():
		to = s.cursor
		if by > 1 && s.cursor/s.per < (g.count()-1)/s.per || s.per == 1 {
			to = g.count() - 1
		}
	}
	g.pick(e, to, how)
}

// seek goes to the next cell that begins with what was typed.
func (g Cells) seek(e *Element, s *cellsState, k *Keystroke) bool {
	if g.Text == nil || !printable(k.Text) {
		return false
	}
	now := e.root.Now()
	if now-s.typed > seekTime {
		s.sought = ""
	}
	if s.sought == "" && k.Text == " " {
		g.pick(e, max(s.cursor, 0), PickToggle)
		return true
	}
	s.typed = now
	from := max(s.cursor, 0)
	if s.sought == "" && s.cursor >= 0 {
		from++ // the same letter again goes on
	}
	if s.sought = s.sought + k.Text; len(s.sought) > 64 {
		s.sought = ""
	}
	for i := range min(g.count(), seekRows) {
		if at := (from + i) % g.count(); hasPrefixFold(g.Text(at), s.sought) {
			g.pick(e, at, PickOnly)
			return true
		}
	}
	return true
}

// Describe implements Describer.
func (g Cells) Describe(_ *Element, i *Info) {
	i.Role, i.Name, i.Count = RoleList, g.Name, g.Count
}

// oneCell is a cell that exists.
type oneCell struct {
	grid Cells
	i    int
}

type cellState struct {
	press
	from  geom.FPoint // of the press
	holds bool        // the button is down
	later bool        // others are chosen too: this alone is when it goes up
}

// dragFrom is how far a press moves before it draws the cell away, in pixels.
const dragFrom = 6

func (oneCell) NewState() any { return new(cellState) }

func (c oneCell) Build(*Element) []Node { return []Node{c.grid.Cell(c.i)} }

func (c oneCell) Layout(e *Element, k Constraints) geom.Size { return e.layoutOnly(k) }

func (c oneCell) chosen() bool { return c.grid.Chosen != nil && c.grid.Chosen(c.i) }

func (c oneCell) current(e *Element) bool { return e.parent.state.(*cellsState).cursor == c.i }

func (c oneCell) Paint(e *Element, p *Painter) {
	th := e.Theme()
	box := e.Box()
	box.X0, box.X1 = box.X0+theme.Space1, box.X1-theme.Space1
	fill := e.State().(*cellState).veil(e)
	if c.chosen() {
		on := th.Selection()
		if !e.parent.Active() {
			on = theme.Fade(th.Text1, 26)
		}
		fill = over(fill, on)
	}
	p.Round(box, theme.RadiusControl, fill)
	if c.current(e) && e.parent.FocusShown() {
		p.InnerRing(box, theme.RadiusControl)
	}
}

func (c oneCell) Handle(e *Element, ev Event) bool {
	p, ok := ev.(*Pointer)
	if !ok {
		return false
	}
	g, grid, s := c.grid, e.parent, e.State().(*cellState)
	switch {
	case p.Kind == PointerPress && p.Touch:
	case p.Kind == PointerPress && p.Button == LeftButton:
		s.from, s.holds, s.later = p.Pos, true, false
		switch {
		case p.Clicks == 2 && p.Mods == 0:
			s.holds = false
			g.activate(grid, c.i)
		case p.Mods&Ctrl != 0:
			g.pick(grid, c.i, PickToggle)
		case p.Mods&Shift != 0:
			g.pick(grid, c.i, PickExtend)
		case c.chosen():
			s.later = true
		default:
			g.pick(grid, c.i, PickOnly)
		}
	case p.Kind == PointerMove && s.holds:
		if d := (geom.FPoint{X: p.Pos.X - s.from.X, Y: p.Pos.Y - s.from.Y}); math.Hypot(d.X, d.Y) >= dragFrom {
			s.holds, s.later = false, false
			if g.OnDrag != nil {
				grid.Call(func() { g.OnDrag(c.i) })
			}
		}
	case p.Kind == PointerRelease && p.Touch && p.Pos.Floor().In(e.Box()):
		g.pick(grid, c.i, PickOnly)
		g.activate(grid, c.i)
	case p.Kind == PointerRelease && p.Button == LeftButton:
		if s.holds && s.later {
			g.pick(grid, c.i, PickOnly)
		}
		s.holds = false
	case p.Kind == PointerCancel:
		s.holds = false
		return false
	case p.Kind == PointerPress && p.Button == RightButton:
		grid.Focus()
		if !c.chosen() {
			g.pick(grid, c.i, PickOnly)
		}
		return false // to whoever has a menu
	default:
		return p.Kind == PointerRelease
	}
	return true
}

func (c oneCell) Describe(e *Element, i *Info) {
	i.Role, i.Index, i.Count = RoleListItem, c.i+1, c.grid.Count
	i.Name = e.words()
	if i.Name == "" && c.grid.Text != nil {
		i.Name = c.grid.Text(c.i)
	}
	i.Traits |= trait(c.chosen(), IsSelected)
	i.Can(DoSelect)
	if c.grid.OnActivate != nil {
		i.Can(DoActivate)
	}
}

func (c oneCell) Act(e *Element, a Action, _ string) bool {
	switch {
	case a == DoSelect:
		c.grid.pick(e.parent, c.i, PickOnly)
	case a == DoActivate && c.grid.OnActivate != nil:
		c.grid.activate(e.parent, c.i)
	default:
		return false
	}
	return true
}
