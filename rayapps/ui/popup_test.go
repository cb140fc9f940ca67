package ui

import (
	"testing"

	"rayos/geom"
)

// popping is a root that is too small for its menu, and what was chosen.
func popping(lines int) (r *Root, chosen *int) {
	chosen = new(int)
	var items []MenuItem
	for i := range lines {
		items = append(items, MenuItem{Text: "A line of the menu", OnPress: func() { *chosen = i + 1 }})
	}
	r = New(Options{View: func() Node {
		return Aligned{X: Start, Y: Start, Child: Tooltip{Text: "What it is about", Child: MenuButton{Button: Button{Text: "Menu"}, Items: items}}}
	}})
	r.SetPopups(true)
	r.Resize(geom.Size{W: 120, H: 40}, geom.ScaleOne)
	r.Frame()
	return r, chosen
}

func click(r *Root, at geom.Point) {
	for _, k := range [...]PointerKind{PointerMove, PointerPress, PointerRelease} {
		r.Event(&Pointer{Kind: k, Pos: at.F()})
	}
	r.Frame()
}

func TestPopup(t *testing.T) {
	r, chosen := popping(6)
	click(r, geom.Point{X: 20, Y: 14})
	list := r.Popups()
	if len(list) != 1 || !list[0].Grab || list[0].Placed || list[0].Frame.List != nil {
		t.Fatalf("Popups() = %+v; want one that grabs and has no place", list)
	}
	p := list[0]
	if p.Size.H <= 40 || p.Anchor.Y0 != 0 {
		t.Errorf("it wants %v beside %v", p.Size, p.Anchor)
	}
	// Where the compositor puts it: above, and to the left.
	at := geom.XYWH(-30, -p.Size.H-4, p.Size.W, p.Size.H)
	r.PlacePopup(p, at)
	main := r.Frame().List
	if !p.Placed || !p.Frame.Changed || p.Frame.List.Bounds().Empty() || main == nil {
		t.Fatalf("it has a place and looks like %v", p.Frame.List)
	}
	if b := p.Frame.List.Bounds(); b.X0 < 0 || b.Y0 < 0 || b.X1 > at.W()+2*p.Margin || b.Y1 > at.H()+2*p.Margin {
		t.Errorf("it draws %v, outside of its margin of %d", b, p.Margin)
	}
	r.Event(&Pointer{Kind: PointerMove, Pos: geom.FPoint{X: 0, Y: -20}})
	if f := r.Frame(); f.Changed || !p.Frame.Changed {
		t.Errorf("a line below the pointer: the root has changed %v, the popup %v", f.Changed, p.Frame.Changed)
	}
	click(r, geom.Point{X: 0, Y: -20})
	if *chosen != 6 || len(r.Popups()) != 0 {
		t.Errorf("line %d was chosen, %d popups are left", *chosen, len(r.Popups()))
	}
}

// TestPopupSqueezed: one that gets less room scrolls, and keeps where it is.
func TestPopupSqueezed(t *testing.T) {
	r, _ := popping(12)
	click(r, geom.Point{X: 20, Y: 14})
	p := r.Popups()[0]
	r.PlacePopup(p, geom.XYWH(0, 40, p.Size.W, 100))
	r.Frame()
	r.Event(&Pointer{Kind: PointerMove, Pos: geom.FPoint{X: 20, Y: 80}})
	r.Event(&Pointer{Kind: PointerScroll, Pos: geom.FPoint{X: 20, Y: 80}, Scroll: geom.FPoint{Y: 40}})
	r.Frame()
	first := func() int32 {
		var at geom.Rect
		p.layer.walk(func(e *Element) bool {
			if _, ok := e.node.(menuLine); ok {
				at = e.Bounds()
				return false
			}
			return true
		})
		return at.Y0
	}
	y := first()
	if y >= 40 {
		t.Fatalf("the first line of a menu that was scrolled is at %d", y)
	}
	p.layer.Relayout()
	r.Frame()
	if p.Size.H <= 100 || first() != y {
		t.Errorf("it wants %v, and scrolled from %d to %d by itself", p.Size, y, first())
	}
}

// TestPopupRefused: without a surface it lies inside, until it closes.
func TestPopupRefused(t *testing.T) {
	r, _ := popping(6)
	click(r, geom.Point{X: 20, Y: 14})
	r.RefusePopup(r.Popups()[0])
	r.Frame()
	if l := r.Layers(nil); len(r.Popups()) != 0 || len(l) != 1 || !r.Size().Rect().Contains(l[0]) {
		t.Errorf("%d popups, layers %v; want one inside", len(r.Popups()), l)
	}
	r.Dismiss()
	click(r, geom.Point{X: 20, Y: 14})
	if len(r.Popups()) != 1 {
		t.Error("it isn't asked for again")
	}
	r.DismissPopup(r.Popups()[0])
	if r.Frame(); len(r.Layers(nil)) != 0 || r.Trapping() || len(r.refused) != 0 {
		t.Errorf("it was dismissed, and %v is there", r.Layers(nil))
	}
}

// TestPopupsOnlyWhereNeeded: what has room lies inside.
func TestPopupsOnlyWhereNeeded(t *testing.T) {
	r, _ := popping(6)
	r.Resize(geom.Size{W: 400, H: 400}, geom.ScaleOne)
	click(r, geom.Point{X: 20, Y: 14})
	if l := r.Layers(nil); len(r.Popups()) != 0 || len(l) != 1 {
		t.Errorf("%d popups, layers %v; want one inside", len(r.Popups()), l)
	}
}

// TestPopupTip: a tooltip grabs nothing, and goes when it is dismissed or a menu
// opens.
func TestPopupTip(t *testing.T) {
	r, _ := popping(6)
	r.Event(&Pointer{Kind: PointerMove, Pos: geom.FPoint{X: 20, Y: 14}})
	tip := r.top.Child(0).Child(0)
	show := func() {
		t.Helper()
		tip.node.(Tooltip).show(tip, true)
		r.Frame()
		if l := r.Popups(); len(l) != 1 || l[0].Grab || !l[0].Middle {
			t.Fatalf("Popups() = %v; want a tooltip", l)
		}
	}
	show()
	r.DismissPopup(r.Popups()[0])
	if l := r.Popups(); len(l) != 0 || len(r.Layers(nil)) != 0 {
		t.Errorf("%v and %v are there after it was dismissed", l, r.Layers(nil))
	}
	show()
	tip.Child(0).State().(*menuState).open = true
	tip.Child(0).Rebuild()
	r.Frame()
	if l := r.Popups(); len(l) != 1 || !l[0].Grab {
		t.Errorf("Popups() = %v; want the menu", l)
	}
}
