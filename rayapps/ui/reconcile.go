package ui

import "reflect"

// match is what a node and an element have to have in common.
type match struct {
	kind reflect.Type
	key  string
}

// unwrap returns a node and its name.
func unwrap(n Node) (Node, string) {
	if k, ok := n.(keyed); ok {
		return k.Node, k.key
	}
	return n, ""
}

// SetChildren matches nodes with the children of e: an element whose type and
// key are those of a node goes on as that node, in order among those that are
// alike; the others end, and nodes left over get elements of their own.
func (e *Element) SetChildren(nodes []Node) {
	old := e.children
	// Most views have the shape of the one before.
	same := 0
	for _, n := range nodes {
		if n == nil {
			continue
		}
		n, key := unwrap(n)
		if same == len(old) || old[same].key != key || old[same].kind != reflect.TypeOf(n) {
			same = -1
			break
		}
		same++
	}
	if same == len(old) {
		i := 0
		for _, n := range nodes {
			if n != nil {
				n, _ = unwrap(n)
				old[i].update(n)
				i++
			}
		}
		return
	}
	waiting := make(map[match][]*Element, len(old))
	for _, k := range old {
		m := match{k.kind, k.key}
		waiting[m] = append(waiting[m], k)
	}
	next := make([]*Element, 0, len(nodes))
	for _, n := range nodes {
		if n == nil {
			continue
		}
		n, key := unwrap(n)
		m := match{reflect.TypeOf(n), key}
		if w := waiting[m]; len(w) > 0 {
			waiting[m] = w[1:]
			w[0].update(n)
			next = append(next, w[0])
			continue
		}
		next = append(next, e.root.mount(e, n, m))
	}
	e.children = next
	for _, k := range old {
		if w := waiting[match{k.kind, k.key}]; len(w) > 0 {
			waiting[match{k.kind, k.key}] = w[1:]
			w[0].unmount()
		}
	}
	e.Relayout()
}

// mount makes an element for a node, and those of its children.
func (r *Root) mount(parent *Element, n Node, m match) *Element {
	r.ids++
	e := &Element{root: r, parent: parent, node: n, kind: m.kind, key: m.key, id: r.ids}
	if s, ok := n.(Stater); ok {
		e.state = s.NewState()
	}
	if p, ok := n.(Parent); ok {
		e.SetChildren(p.Build(e))
	}
	e.dirty = true
	r.counts.Mounts++
	return e
}

// update makes n the description of e.
func (e *Element) update(n Node) {
	old := e.node
	e.node = n
	if u, ok := n.(Updater); ok {
		u.Updated(e, old)
	}
	if m, ok := n.(Memo); ok && m.same(old) {
		return
	}
	if p, ok := n.(Parent); ok {
		e.SetChildren(p.Build(e))
	}
	e.Relayout()
}

// unmount ends e and everything in it.
func (e *Element) unmount() {
	e.gone = true
	for _, k := range e.children {
		k.unmount()
	}
	e.root.forget(e)
}

func kindOf(n Node) reflect.Type { return reflect.TypeOf(n) }
