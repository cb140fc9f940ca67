package ui

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"rayos/geom"
)

// TestRandomEventsBreakNothing feeds every widget with events in any order,
// and views that change below them, and looks at the tree after each.
func TestRandomEventsBreakNothing(t *testing.T) {
	var j journal
	widgets := gallery(t, &j)
	names := sorted(widgets)
	syms := []Sym{
		KeyTab, KeyBackTab, KeyEnter, KeySpace, KeyEscape, KeyBackspace, KeyDelete, KeyLeft, KeyRight, KeyUp, KeyDown,
		KeyHome, KeyEnd, KeyPageUp, KeyPageDown, KeyMenu, 'a', 'v', 'z', 'x', 0x05d0,
	}
	rapid.Check(t, func(t *rapid.T) {
		shown := rapid.SliceOfN(rapid.SampledFrom(names), 1, 4).Draw(t, "widgets")
		open := false
		view := func() Node {
			var kids Nodes
			for _, n := range shown {
				kids = append(kids, Key(n, Sized{MaxH: 120, Child: widgets[n]}))
			}
			return Column{Gap: 4, Children: append(kids, Dialog{Open: open, Title: "D", OnClose: func() { open = false }, Actions: []Button{{Text: "x"}}})}
		}
		r, c := newTestRoot(view)
		r.SetRTL(rapid.Bool().Draw(t, "rtl"))
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			pos := geom.FPoint{X: rapid.Float64Range(-20, 420).Draw(t, "x"), Y: rapid.Float64Range(-20, 320).Draw(t, "y")}
			switch rapid.IntRange(0, 12).Draw(t, "event") {
			case 0, 1, 2:
				r.Event(&Pointer{
					Kind: PointerKind(rapid.IntRange(0, int(PointerCancel)).Draw(t, "kind")), Pos: pos,
					Button: PointerButton(rapid.IntRange(0, 2).Draw(t, "button")), Touch: rapid.Bool().Draw(t, "touch"),
					Scroll: geom.FPoint{X: rapid.Float64().Draw(t, "dx"), Y: rapid.Float64Range(-500, 500).Draw(t, "dy")},
				})
			case 3, 4, 5, 6:
				k := Keystroke{
					Sym: rapid.SampledFrom(syms).Draw(t, "sym"), Mods: Mods(rapid.IntRange(0, 3).Draw(t, "mods")),
					Release: rapid.IntRange(0, 5).Draw(t, "up") == 0,
				}
				if k.Sym < 0xff00 && k.Mods&Ctrl == 0 {
					k.Text = string(rune(k.Sym))
				}
				r.Event(&k)
			case 7:
				r.Event(&Preedit{Text: rapid.StringN(0, 4, 16).Draw(t, "preedit"), Start: rapid.IntRange(-2, 9).Draw(t, "a"), End: rapid.IntRange(-2, 9).Draw(t, "b")})
			case 8:
				r.Event(&Commit{rapid.StringN(0, 4, 16).Draw(t, "commit")})
				r.Event(&Delete{rapid.IntRange(-2, 9).Draw(t, "before"), rapid.IntRange(-2, 9).Draw(t, "after")})
			case 9:
				c.now += time.Duration(rapid.IntRange(0, 3000).Draw(t, "wait")) * time.Millisecond
			case 10:
				shown = rapid.SliceOfN(rapid.SampledFrom(names), 0, 4).Draw(t, "widgets")
				open = rapid.Bool().Draw(t, "dialog")
				r.Invalidate()
			case 11:
				r.Resize(geom.Size{W: rapid.Int32Range(0, 500).Draw(t, "w"), H: rapid.Int32Range(0, 400).Draw(t, "h")}, geom.ScaleOne)
			case 12:
				var all []*Info
				r.Semantics().all(func(i *Info) { all = append(all, i) })
				i := all[rapid.IntRange(0, len(all)-1).Draw(t, "thing")]
				r.Do(i.ID, Action(rapid.IntRange(0, int(actions)).Draw(t, "action")), rapid.StringN(0, 4, 16).Draw(t, "value"))
			}
			f := r.Frame()
			checkLive(t, r)
			if b := f.Damage.Extents(); !r.size.Rect().Contains(b) {
				t.Fatalf("damage %v outside of %v", b, r.size)
			}
			r.Cursor()
			r.IME()
			r.Semantics()
		}
	})
}

// checkLive holds what is true of every tree after a frame.
func checkLive(t *rapid.T, r *Root) {
	ids := map[uint64]bool{}
	var walk func(e *Element)
	walk = func(e *Element) {
		if ids[e.id] || e.gone {
			t.Fatalf("%T is in the tree twice, or gone", e.node)
		}
		ids[e.id] = true
		for _, k := range e.children {
			if k.parent != e {
				t.Fatalf("%T has another parent than the one it is in", k.node)
			}
			walk(k)
		}
	}
	walk(r.top)
	for what, e := range map[string]*Element{"focus": r.focus, "capture": r.pointer.capture, "hover": r.pointer.target} {
		if e != nil && !ids[e.id] {
			t.Fatalf("the %s is with %T, which is gone", what, e.node)
		}
	}
	for _, tr := range r.traps {
		if !ids[tr.layer.id] {
			t.Fatal("a layer that is gone keeps the focus")
		}
		if r.focus != nil && tr == r.traps[len(r.traps)-1] && !tr.layer.Holds(r.focus) {
			t.Fatalf("the focus is with %T, outside of the layer that keeps it", r.focus.node)
		}
	}
	for _, tm := range r.timers {
		if !ids[tm.e.id] {
			t.Fatalf("%T, which is gone, has a timer", tm.e.node)
		}
	}
}
