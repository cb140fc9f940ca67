package atspi

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/godbus/dbus/v5"

	"rayos/rayapps/ui"
)

// randomTree has some of forty elements in any order and depth.
func randomTree(r *rand.Rand) *ui.Info {
	top := &ui.Info{ID: 1}
	all := []*ui.Info{top}
	for _, id := range r.Perm(40)[:r.IntN(40)] {
		in := &ui.Info{ID: uint64(id) + 2, Role: ui.RoleGroup}
		p := all[r.IntN(len(all))]
		if r.IntN(3) > 0 {
			p = top
		}
		p.Children = append(p.Children, in)
		all = append(all, in)
	}
	return top
}

// TestChildrenFollowFromWhatIsTold plays what clients hear on the tree they
// knew and finds the tree that is.
func TestChildrenFollowFromWhatIsTold(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	w := &Window{b: New(Options{}), number: 1}
	for range 2000 {
		old, now := grow(w, randomTree(r)), grow(w, randomTree(r))
		kids := map[dbus.ObjectPath][]dbus.ObjectPath{}
		for _, n := range old.nodes {
			for _, k := range n.kids {
				kids[n.path] = append(kids[n.path], k.path)
			}
		}
		for _, e := range diff(&snapshot{[]*tree{old}}, &snapshot{[]*tree{now}}).events {
			if e.member != "ChildrenChanged" {
				continue
			}
			k, at := e.any.(*node).path, int(e.d1)
			if e.detail == "add" {
				kids[e.path] = slices.Insert(kids[e.path], at, k)
				// What is new in a place comes with what is in it.
				continue
			}
			if kids[e.path][at] != k {
				t.Fatalf("%s leaves place %d of %v", k, at, kids[e.path])
			}
			kids[e.path] = slices.Delete(kids[e.path], at, at+1)
		}
		for _, n := range now.nodes {
			was := old.nodes[n.id]
			if was == nil || (was.parent == nil) != (n.parent == nil) || was.parent != nil && was.parent.id != n.parent.id {
				continue // a client reads it when it comes
			}
			for p := n; p != nil; p = p.parent {
				was := old.nodes[p.id]
				if was == nil || p.parent != nil && (was.parent == nil || was.parent.id != p.parent.id) {
					n = nil
					break
				}
			}
			if n == nil {
				continue
			}
			got := kids[n.path]
			if len(got) != len(n.kids) {
				t.Fatalf("%s has %v; want %d", n.path, got, len(n.kids))
			}
			for i, k := range n.kids {
				if got[i] != k.path {
					t.Fatalf("child %d of %s is %s; want %s", i, n.path, got[i], k.path)
				}
			}
		}
	}
}

func TestTheFocusIsToldLast(t *testing.T) {
	w := &Window{b: New(Options{}), number: 1, active: true}
	tree1 := func(focus int) *tree {
		in := &ui.Info{ID: 1, Role: ui.RoleWindow}
		for i := range 3 {
			k := &ui.Info{ID: uint64(i) + 2, Role: ui.RoleButton, Traits: ui.IsFocusable}
			if i == focus {
				k.Traits |= ui.IsFocused
			}
			in.Children = append(in.Children, k)
		}
		return grow(w, in)
	}
	e := diff(&snapshot{[]*tree{tree1(2)}}, &snapshot{[]*tree{tree1(0)}}).events
	if len(e) != 2 || e[0].d1 != 0 || e[1].d1 != 1 || e[1].path != w.path(2) {
		t.Errorf("the focus moves: %+v", e)
	}
	had := tree1(1)
	w.active = false
	e = diff(&snapshot{[]*tree{had}}, &snapshot{[]*tree{tree1(1)}}).events
	if !slices.ContainsFunc(e, func(e event) bool { return e.kind == kindWindow && e.member == "Deactivate" }) || !slices.ContainsFunc(e, func(e event) bool { return e.detail == "focused" && e.d1 == 0 }) {
		t.Errorf("a window loses the keyboard: %+v", e)
	}
}

func TestWhoHearsWhat(t *testing.T) {
	l := &listeners{}
	for _, c := range []struct {
		registered string
		e          event
		want       bool
	}{
		{"object:state-changed:focused", event{kind: "Object", member: "StateChanged", detail: "focused"}, true},
		{"Object:StateChanged:focused", event{kind: "Object", member: "StateChanged", detail: "focused"}, true},
		{"object:state-changed:focused", event{kind: "Object", member: "StateChanged", detail: "checked"}, false},
		{"object:state-changed", event{kind: "Object", member: "StateChanged", detail: "checked"}, true},
		{"object:", event{kind: "Object", member: "TextChanged", detail: "insert"}, true},
		{"object:text-changed:insert:system", event{kind: "Object", member: "TextChanged", detail: "insert"}, true},
		{"object:text", event{kind: "Object", member: "TextChanged", detail: "insert"}, false},
		{"window:activate", event{kind: "Window", member: "Activate"}, true},
		{"window", event{kind: "Object", member: "TextChanged"}, false},
	} {
		l.register(":1.1", c.registered)
		if got := l.wants(&c.e); got != c.want {
			t.Errorf("%q is told of %+v: %t", c.registered, c.e, got)
		}
		l.gone(":1.1")
	}
	if l.any() {
		t.Error("somebody is left")
	}
	for range 2 * maxEvents {
		l.register(":1.1", "object:")
	}
	if len(l.events) > maxEvents {
		t.Errorf("%d registrations", len(l.events))
	}
}

func TestNotificationsAreAnnounced(t *testing.T) {
	w := &Window{b: New(Options{}), number: 1}
	of := func(name string) *snapshot {
		top := &ui.Info{ID: 1}
		if name != "" {
			top.Children = []*ui.Info{{ID: 2, Role: ui.RoleAlert, Name: name}, {ID: 3, Role: ui.RoleLabel, Name: name}}
		}
		return &snapshot{[]*tree{grow(w, top)}}
	}
	for _, c := range []struct{ old, now, want string }{
		{"", "ok done", "ok done"},
		{"… starting", "ok done", "ok done"},
		{"ok done", "ok done", ""},
		{"ok done", "", ""},
	} {
		got := ""
		for _, e := range diff(of(c.old), of(c.now)).events {
			if e.member == "Announcement" {
				got += e.any.(string)
			}
		}
		if got != c.want {
			t.Errorf("from %q to %q: %q is announced; want %q", c.old, c.now, got, c.want)
		}
	}
}
