package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// TreeItem is a thing in a Tree.
type TreeItem struct {
	// ID tells items apart in the whole tree.
	ID    string
	Text  string
	Icon  icon.Name
	Color render.Color // of the icon, 0 is Theme.Text2
	Items []TreeItem
	// Open shows its items before the person has said anything.
	Open bool
	// Lazy items may have items that are only known when it is open.
	Lazy bool
}

// Tree shows things that have others in them. Right opens one or goes in, Left
// closes it or goes out.
type Tree struct {
	Name       string
	Items      []TreeItem
	Selected   string // ID
	OnSelect   func(id string)
	OnActivate func(id string)
	OnToggle   func(id string, open bool)
	OnMenu     func(id string, at geom.Point)
}

// treeLine is an item that is to be seen.
type treeLine struct {
	item  *TreeItem
	level int
	open  bool
	index int // among its siblings, from 1
	count int
}

type treeState struct {
	toggled map[string]bool
	lines   []treeLine
}

// maxLevels bounds how deep a tree goes.
const maxLevels = 64

// NewState implements Stater.
func (Tree) NewState() any { return &treeState{toggled: map[string]bool{}} }

func (s *treeState) open(it *TreeItem) bool {
	if v, ok := s.toggled[it.ID]; ok {
		return v
	}
	return it.Open
}

func (it *TreeItem) leaf() bool { return len(it.Items) == 0 && !it.Lazy }

// flatten appends the lines of items.
func (s *treeState) flatten(items []TreeItem, level int) {
	for i := range items {
		it := &items[i]
		open := s.open(it) && !it.leaf()
		s.lines = append(s.lines, treeLine{it, level, open, i + 1, len(items)})
		if open && level < maxLevels {
			s.flatten(it.Items, level+1)
		}
	}
}

// Build implements Parent.
func (t Tree) Build(e *Element) []Node {
	s := e.State().(*treeState)
	s.lines = s.lines[:0]
	s.flatten(t.Items, 1)
	lines := s.lines
	selected := NoSelection
	for i := range lines {
		if lines[i].item.ID == t.Selected && t.Selected != "" {
			selected = i
		}
	}
	l := List{
		Name: t.Name, Count: len(lines), Selected: selected, role: RoleTree, rowRole: RoleTreeItem,
		Key:  func(i int) string { return lines[i].item.ID },
		Text: func(i int) string { return lines[i].item.Text },
		Row:  func(i int) Node { return treeRow{t, lines[i]} },
		describe: func(i int, info *Info) {
			n := lines[i]
			info.Name, info.Level, info.Index, info.Count = n.item.Text, n.level, n.index, n.count
			if !n.item.leaf() {
				info.Traits |= IsExpandable | trait(n.open, IsExpanded)
			}
		},
		OnActivate: func(i int) {
			switch it := lines[i].item; {
			case t.OnActivate != nil:
				t.OnActivate(it.ID)
			default:
				t.toggle(e, it, !s.open(it))
			}
		},
	}
	if t.OnSelect != nil {
		l.OnSelect = func(i int) { t.OnSelect(lines[i].item.ID) }
	}
	if t.OnMenu != nil {
		l.OnMenu = func(i int, at geom.Point) { t.OnMenu(lines[i].item.ID, at) }
	}
	return []Node{l}
}

// Layout implements Node.
func (Tree) Layout(e *Element, c Constraints) geom.Size { return e.layoutOnly(c) }

// Paint implements Node.
func (Tree) Paint(*Element, *Painter) {}

func (t Tree) toggle(e *Element, it *TreeItem, open bool) {
	s := e.State().(*treeState)
	if it.leaf() || s.open(it) == open {
		return
	}
	cursor := t.cursor(e)
	s.toggled[it.ID] = open
	if t.OnToggle != nil {
		e.Call(func() { t.OnToggle(it.ID, open) })
	}
	e.Rebuild()
	// The lines above may have become more or fewer.
	for i := range s.lines {
		if s.lines[i].item.ID == cursor {
			t.list(e).cursor = i
			return
		}
	}
	for i := range s.lines {
		if s.lines[i].item.ID == it.ID {
			t.list(e).cursor = i
		}
	}
}

func (t Tree) list(e *Element) *listState { return e.children[0].state.(*listState) }

// cursor returns the ID of the line that the cursor is on.
func (t Tree) cursor(e *Element) string {
	s, at := e.State().(*treeState), t.list(e).cursor
	if at < 0 || at >= len(s.lines) {
		return ""
	}
	return s.lines[at].item.ID
}

// Handle implements Handler.
func (t Tree) Handle(e *Element, ev Event) bool {
	k, ok := ev.(*Keystroke)
	if !ok {
		return false
	}
	s, at := e.State().(*treeState), t.list(e).cursor
	d := e.step(k, true, false)
	if d == 0 || at < 0 || at >= len(s.lines) {
		return false
	}
	line := s.lines[at]
	list := e.children[0]
	l := list.node.(List)
	switch {
	case d > 0 && !line.item.leaf() && !line.open:
		t.toggle(e, line.item, true)
	case d > 0 && line.open && at+1 < len(s.lines):
		l.choose(list, at+1)
	case d < 0 && line.open:
		t.toggle(e, line.item, false)
	case d < 0:
		for i := at - 1; i >= 0; i-- {
			if s.lines[i].level < line.level {
				l.choose(list, i)
				break
			}
		}
	}
	return true
}

// treeRow is a line.
type treeRow struct {
	tree Tree
	line treeLine
}

// indent is how much deeper levels stand.
const indent = theme.Space4

func (r treeRow) lead() int32 { return theme.Space2 + int32(r.line.level-1)*indent }

func (treeRow) Layout(_ *Element, c Constraints) geom.Size {
	return geom.Size{W: c.MaxW, H: c.MaxH}
}

func (r treeRow) Paint(e *Element, p *Painter) {
	th := e.Theme()
	x := r.lead()
	if !r.line.item.leaf() {
		i := icon.ChevronRight
		if r.line.open {
			i = icon.ChevronDown
		}
		p.Icon(i, theme.IconSmall, e.Mirror(geom.XYWH(x, 0, theme.IconSmall, e.size.H)), th.Text2)
	}
	x += theme.IconSmall + theme.Space1
	if r.line.item.Icon != icon.None {
		ink := r.line.item.Color
		if ink == 0 {
			ink = th.Text2
		}
		p.Icon(r.line.item.Icon, theme.IconSmall, e.Mirror(geom.XYWH(x, 0, theme.IconSmall, e.size.H)), ink)
		x += theme.IconSmall + theme.Space2
	}
	room := max(e.size.W-x-theme.Space2, 1)
	l := e.line1(r.line.item.Text, style(0, text.Regular), room)
	p.Text(l, e.Mirror(geom.XYWH(x, 0, wide(l, room), 0)).X0, (e.size.H-high(l))/2, th.Text1)
}

// Handle implements Handler: the arrow before an item opens it.
func (r treeRow) Handle(e *Element, ev Event) bool {
	p, ok := ev.(*Pointer)
	if !ok || p.Kind != PointerPress || p.Button != LeftButton || r.line.item.leaf() {
		return false
	}
	x := e.Start(p.Pos.Floor().X)
	if x < r.lead()-theme.Space1 || x >= r.lead()+theme.IconSmall+theme.Space1 {
		return false
	}
	tree := e.parent.parent.parent
	r.tree.toggle(tree, r.line.item, !r.line.open)
	return true
}
