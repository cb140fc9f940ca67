package atspi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// Limits of what is told of a window.
const (
	maxNodes = 10_000
	maxDepth = 64
	maxName  = 1 << 10 // bytes
	maxText  = 1 << 20
)

// features are the interfaces that a node has besides Accessible.
type features uint8

const (
	hasComponent features = 1 << iota
	hasAction
	hasText
	hasEditable
	hasValue
	hasSelection
	hasApplication
)

var featureNames = []string{ifComponent, ifAction, ifText, ifEditable, ifValue, ifSelection, ifApplication}

func (f features) names() []string {
	names := []string{ifAccessible}
	for i, n := range featureNames {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// node is one accessible object of a snapshot. It never changes.
type node struct {
	path   dbus.ObjectPath
	id     uint64
	win    *Window
	parent *node // nil for a window
	index  int   // among the parent's kids
	kids   []*node

	role              role
	name, description string
	states            states
	has               features
	level, pos, size  int

	bounds, shown geom.Rect  // in the window, logical pixels
	origin        geom.Point // of the window, in the space of all outputs

	actions []ui.Action
	value   ui.Range
	words   string // what a value is called

	text          string
	caret, anchor int // in characters
}

// tree is a window as it was once.
type tree struct {
	top   *node
	nodes map[uint64]*node
}

// snapshot is all windows as they were once. It never changes.
type snapshot struct {
	trees []*tree // in the order in which they were opened
}

// windowAt returns the place of a window, -1 if it isn't there.
func (s *snapshot) windowAt(w *Window) int {
	return slices.IndexFunc(s.trees, func(t *tree) bool { return t.top.win == w })
}

// grow makes a tree of what a window means.
func grow(w *Window, in *ui.Info) *tree {
	t := &tree{nodes: map[uint64]*node{}}
	t.top = t.add(w, in, nil, geom.Size{W: in.Bounds.W(), H: in.Bounds.H()}.Rect(), 0)
	return t
}

func (t *tree) add(w *Window, in *ui.Info, parent *node, clip geom.Rect, depth int) *node {
	switch in.Role {
	case ui.RoleMenu, ui.RolePopover, ui.RoleTooltip:
		clip = in.Bounds // what pops up may reach beyond the window
	}
	n := &node{
		path: w.path(in.ID), id: in.ID, win: w, parent: parent, role: roleOf(in.Role), states: statesOf(in, w.active),
		name: tame(in.Name, maxName), description: tame(in.Description, maxName),
		level: in.Level, pos: in.Index, size: in.Count,
		bounds: in.Bounds, shown: in.Bounds.Intersect(clip), origin: w.at, has: hasComponent,
	}
	t.nodes[in.ID] = n
	if parent == nil && n.name == "" {
		n.name = tame(w.name, maxName)
	}
	if !n.shown.Empty() {
		n.states |= stateShowing
	}
	n.describe(in)
	switch in.Role {
	case ui.RoleScroll, ui.RoleList, ui.RoleTable, ui.RoleTree, ui.RoleText:
		clip = n.shown
	}
	if depth == maxDepth {
		return n
	}
	for _, k := range in.Children {
		if len(t.nodes) == maxNodes {
			break
		}
		if _, twice := t.nodes[k.ID]; twice {
			continue
		}
		kid := t.add(w, k, n, clip, depth+1)
		kid.index = len(n.kids)
		n.kids = append(n.kids, kid)
		if kid.states&stateSelectable != 0 {
			n.has |= hasSelection
		}
	}
	return n
}

// describe adds what depends on the role.
func (n *node) describe(in *ui.Info) {
	for _, a := range in.Actions {
		switch a {
		case ui.DoFocus: // is Component.GrabFocus
		case ui.DoSetValue: // needs a value
		default:
			n.actions = append(n.actions, a)
			n.has |= hasAction
		}
	}
	switch in.Role {
	case ui.RoleLabel, ui.RoleHeading:
		n.has |= hasText
		n.text = n.name
	case ui.RoleEntry, ui.RolePassword, ui.RoleText:
		n.has |= hasText
		if n.states&stateEditable != 0 {
			n.has |= hasEditable
		}
		n.text = tame(in.Value, maxText)
		n.caret, n.anchor = characters(in.Value, in.Caret), characters(in.Value, in.Anchor)
	case ui.RoleCanvas, ui.RoleChart, ui.RoleImage:
		n.has |= hasText
		n.text = tame(in.Value, maxText)
	}
	if in.Range != (ui.Range{}) {
		n.has |= hasValue
		n.value, n.words = in.Range, tame(in.Value, maxName)
	}
}

// characters returns how many characters are before a place in bytes. A place
// within a character is that of its beginning.
func characters(s string, at int) int {
	n := 0
	for rest := s; rest != ""; n++ {
		_, size := utf8.DecodeRuneInString(rest)
		if at -= size; at < 0 {
			break
		}
		rest = rest[size:]
	}
	return min(n, utf8.RuneCountInString(tame(s, maxText)))
}

// tame makes text fit for D-Bus, which has no broken UTF-8 and no NUL; each
// broken byte is one character. It cuts what is longer than limit bytes.
func tame(s string, limit int) string {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		s = strings.Map(func(r rune) rune {
			if r == 0 {
				return utf8.RuneError
			}
			return r
		}, s)
	}
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// path returns where an element of the window is on the bus.
func (w *Window) path(id uint64) dbus.ObjectPath {
	return dbus.ObjectPath(fmt.Sprintf("%s/w%d_%d", basePath, w.number, id))
}

// find returns the node at a path, nil if there is none.
func (s *snapshot) find(path dbus.ObjectPath) *node {
	name, ok := strings.CutPrefix(string(path), basePath+"/w")
	w, e, both := strings.Cut(name, "_")
	number, err1 := strconv.ParseUint(w, 10, 64)
	id, err2 := strconv.ParseUint(e, 10, 64)
	if !ok || !both || err1 != nil || err2 != nil {
		return nil
	}
	for _, t := range s.trees {
		if t.top.win.number == number {
			if n := t.nodes[id]; n != nil && n.path == path {
				return n
			}
		}
	}
	return nil
}
