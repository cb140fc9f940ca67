package atspi

import (
	"slices"

	"github.com/godbus/dbus/v5"

	"rayos/rayapps/ui"
)

// Kinds of events, by the last part of their interface.
const (
	kindObject = "Object"
	kindWindow = "Window"
)

// event is something that clients hear of: a signal of org.a11y.atspi.Event.*,
// "(siiva{sv})".
type event struct {
	path         dbus.ObjectPath
	kind, member string
	detail       string
	d1, d2       int32
	any          any // 0, a string, or *node for a reference to it
	// cached is true if clients keep what it tells of, whether they have asked
	// for such events or not.
	cached bool
}

// differ collects what has become of one snapshot in the next.
type differ struct {
	events []event
	gained []event // the focus, after everything else
	added  []*node
	gone   []*node
}

// diff returns what clients have to hear, in order.
func diff(old, now *snapshot) *differ {
	d := &differ{}
	d.windows(old, now)
	for _, t := range now.trees {
		i := old.windowAt(t.top.win)
		if i >= 0 && old.trees[i] != t {
			d.node(old.trees[i], t, t.top)
		}
	}
	d.events = append(d.events, d.gained...)
	return d
}

func (d *differ) object(n *node, member, detail string, d1, d2 int, v any) {
	d.events = append(d.events, event{path: n.path, kind: kindObject, member: member, detail: detail, d1: int32(d1), d2: int32(d2), any: v})
}

// cache marks the last event as one that caches need.
func (d *differ) cache() { d.events[len(d.events)-1].cached = true }

func (d *differ) window(n *node, member string) event {
	return event{path: n.path, kind: kindWindow, member: member, any: n.name}
}

// windows tells of those that have come and gone.
func (d *differ) windows(old, now *snapshot) {
	for i := len(old.trees) - 1; i >= 0; i-- {
		top := old.trees[i].top
		if now.windowAt(top.win) >= 0 {
			continue
		}
		d.events = append(d.events, d.window(top, "Destroy"), event{path: rootPath, kind: kindObject, member: "ChildrenChanged", detail: "remove", d1: int32(i), any: top, cached: true})
		d.lose(top)
	}
	for i, t := range now.trees {
		if old.windowAt(t.top.win) >= 0 {
			continue
		}
		d.events = append(d.events, event{path: rootPath, kind: kindObject, member: "ChildrenChanged", detail: "add", d1: int32(i), any: t.top, cached: true}, d.window(t.top, "Create"))
		d.gain(t.top)
	}
}

// lose says that a node and what is in it have ended.
func (d *differ) lose(n *node) {
	d.gone = append(d.gone, n)
	d.object(n, "StateChanged", "defunct", 1, 0, int32(0))
	d.cache()
	for _, k := range n.kids {
		d.lose(k)
	}
}

// gain notes a node that is new, and says so if it has the focus.
func (d *differ) gain(n *node) {
	d.added = append(d.added, n)
	d.announce(n)
	if n.states&stateActive != 0 {
		d.gained = append([]event{d.window(n, "Activate")}, d.gained...)
	}
	if n.states&stateFocused != 0 {
		d.gained = append(d.gained, focus(n))
	}
	for _, k := range n.kids {
		d.gain(k)
	}
}

// polite is how an announcement is made: after what is being said
// (ATSPI_LIVE_POLITE).
const polite = 1

// announce has what a notification says read aloud, when it is new.
func (d *differ) announce(n *node) {
	if n.role == roles[ui.RoleAlert] && n.name != "" {
		d.object(n, "Announcement", "", polite, 0, n.name)
	}
}

func focus(n *node) event {
	return event{path: n.path, kind: kindObject, member: "StateChanged", detail: "focused", d1: 1, any: int32(0), cached: true}
}

// node compares a node with what it was in the old tree, and all below it.
func (d *differ) node(old, now *tree, n *node) {
	o := old.nodes[n.id]
	d.kids(old, now, o, n)
	d.same(o, n)
	for _, k := range n.kids {
		if was := old.nodes[k.id]; was != nil && was.parent != nil && was.parent.id == n.id {
			d.node(old, now, k)
		}
	}
}

// kids tells which children have come and gone: first what leaves, from the
// end, then what comes, from the start, so each index holds when it is heard.
func (d *differ) kids(old, now *tree, o, n *node) {
	stays := func(t *tree, k *node) bool {
		m := t.nodes[k.id]
		return m != nil && m.parent != nil && m.parent.id == k.parent.id
	}
	keep := func(of *node, t *tree) []uint64 {
		var ids []uint64
		for _, k := range of.kids {
			if stays(t, k) {
				ids = append(ids, k.id)
			}
		}
		return ids
	}
	moved := !slices.Equal(keep(o, now), keep(n, old))
	for i := len(o.kids) - 1; i >= 0; i-- {
		k := o.kids[i]
		if stay := stays(now, k); stay && !moved {
			continue
		}
		d.object(n, "ChildrenChanged", "remove", i, 0, k)
		d.cache()
		if now.nodes[k.id] == nil {
			d.lose(k)
		}
	}
	for i, k := range n.kids {
		if stays(old, k) && !moved {
			continue
		}
		d.object(n, "ChildrenChanged", "add", i, 0, k)
		d.cache()
		if old.nodes[k.id] == nil {
			d.gain(k)
		}
	}
}

// same tells what has changed of a node itself.
func (d *differ) same(o, n *node) {
	d.property(n, "accessible-name", o.name, n.name)
	if o.name != n.name {
		d.announce(n)
	}
	d.property(n, "accessible-description", o.description, n.description)
	if o.role != n.role {
		d.object(n, "PropertyChange", "accessible-role", 0, 0, n.role.number)
		d.cache()
	}
	d.states(o, n)
	if o.value.Now != n.value.Now {
		d.object(n, "PropertyChange", "accessible-value", 0, 0, n.value.Now)
	}
	if n.has&hasText != 0 {
		d.text(o, n)
	}
	if o.bounds != n.bounds || o.origin != n.origin {
		r := n.bounds.Add(n.origin)
		d.object(n, "BoundsChanged", "", 0, 0, rect{r.X0, r.Y0, r.W(), r.H()})
	}
	if n.has&hasSelection != 0 && !slices.EqualFunc(o.selected(), n.selected(), func(a, b *node) bool { return a.id == b.id }) {
		d.object(n, "SelectionChanged", "", 0, 0, int32(0))
	}
}

func (d *differ) property(n *node, name, old, now string) {
	if old != now {
		d.object(n, "PropertyChange", name, 0, 0, now)
		d.cache()
	}
}

func (d *differ) states(o, n *node) {
	changed := o.states ^ n.states
	for _, s := range stateNames {
		if changed&s.state == 0 {
			continue
		}
		on := 0
		if n.states&s.state != 0 {
			on = 1
		}
		if s.state == stateActive {
			e := d.window(n, []string{"Deactivate", "Activate"}[on])
			if on == 1 {
				d.gained = append([]event{e}, d.gained...)
			} else {
				d.events = append(d.events, e)
			}
		}
		if s.state == stateFocused && on == 1 {
			d.gained = append(d.gained, focus(n))
			continue
		}
		d.object(n, "StateChanged", s.name, on, 0, int32(0))
		d.cache()
	}
}

// text tells of what was deleted and inserted between the common ends of two
// texts, and where the caret is.
func (d *differ) text(o, n *node) {
	if o.text != n.text {
		a, b := []rune(o.text), []rune(n.text)
		from := 0
		for from < len(a) && from < len(b) && a[from] == b[from] {
			from++
		}
		end := 0
		for end < len(a)-from && end < len(b)-from && a[len(a)-1-end] == b[len(b)-1-end] {
			end++
		}
		if out := a[from : len(a)-end]; len(out) > 0 {
			d.object(n, "TextChanged", "delete", from, len(out), string(out))
		}
		if in := b[from : len(b)-end]; len(in) > 0 {
			d.object(n, "TextChanged", "insert", from, len(in), string(in))
		}
	}
	if o.caret != n.caret {
		d.object(n, "TextCaretMoved", "", n.caret, 0, int32(0))
	}
	if o.selections() != n.selections() || n.selections() > 0 && (o.caret != n.caret || o.anchor != n.anchor) {
		d.object(n, "TextSelectionChanged", "", 0, 0, int32(0))
	}
}
