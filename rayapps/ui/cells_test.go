package ui

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"rayos/geom"
)

// cellsBench is cells in a root, with what it has told.
type cellsBench struct {
	t     *testing.T
	root  *Root
	told  []string
	made  int
	set   map[int]bool
	place CellsPlace
}

func newCellsBench(t *testing.T, count int, w int32, rtl bool) *cellsBench {
	t.Helper()
	b := &cellsBench{t: t, set: map[int]bool{}}
	b.root = New(Options{RTL: rtl, View: func() Node {
		return Cells{
			Name: "Things", Count: count, W: w, H: 20, Cursor: NoSelection, Place: &b.place,
			Cell:   func(i int) Node { b.made++; return Label{Text: "cell " + strconv.Itoa(i)} },
			Text:   func(i int) string { return strconv.Itoa(i) },
			Chosen: func(i int) bool { return b.set[i] },
			OnPick: func(i int, how Picking) {
				b.told = append(b.told, fmt.Sprint(i, " ", how))
				b.set = map[int]bool{i: true}
			},
			OnActivate: func(i int) { b.told = append(b.told, fmt.Sprint("open ", i)) },
			OnDrag:     func(i int) { b.told = append(b.told, fmt.Sprint("drag ", i)) },
		}
	}})
	b.root.SetActive(true)
	b.root.Resize(geom.Size{W: 100, H: 100}, geom.ScaleOne)
	b.root.Layout()
	return b
}

func (b *cellsBench) says(what string) {
	b.t.Helper()
	if got := strings.Join(b.told, ", "); got != what {
		b.t.Errorf("told %q; want %q", got, what)
	}
	b.told = nil
	b.root.Layout()
}

func (b *cellsBench) press(sym Sym, m Mods) {
	b.root.Event(&Keystroke{Sym: sym, Mods: m})
	b.root.Event(&Keystroke{Sym: sym, Mods: m, Release: true})
	b.root.Layout()
}

func (b *cellsBench) pointer(kind PointerKind, button PointerButton, x, y float64, m Mods) {
	b.root.Event(&Pointer{Kind: kind, Button: button, Pos: geom.FPoint{X: x, Y: y}, Mods: m})
	b.root.Layout()
}

func TestCellsKeys(t *testing.T) {
	b := newCellsBench(t, 10, 33, false) // three in a row
	b.press(KeyTab, 0)
	for _, c := range []struct {
		sym  Sym
		mods Mods
		want string
	}{
		{KeyDown, 0, "0 0"},
		{KeyRight, 0, "1 0"},
		{KeyDown, 0, "4 0"},
		{KeyDown, Shift, "7 2"},
		{KeyDown, 0, "9 0"},
		{KeyDown, 0, "9 0"},
		{KeyUp, Ctrl, "6 3"},
		{KeyLeft, 0, "5 0"},
		{KeyHome, 0, "0 0"},
		{KeyUp, 0, "0 0"},
		{KeyLeft, 0, "0 0"},
		{KeyEnd, Shift, "9 2"},
		{KeyPageUp, 0, "0 0"},
		{'a', Ctrl, "0 4"},
		{KeySpace, Ctrl, "0 1"},
		{KeyEnter, 0, "open 0"},
		{'x', Ctrl, ""},
	} {
		b.press(c.sym, c.mods)
		b.says(c.want)
	}
	b.root.Event(&Keystroke{Sym: '7', Text: "7"})
	b.says("7 0")
	b = newCellsBench(t, 10, 33, true)
	b.press(KeyTab, 0)
	b.press(KeyHome, 0)
	b.press(KeyLeft, 0)
	b.says("0 0, 1 0")
}

func TestCellsPointer(t *testing.T) {
	b := newCellsBench(t, 10, 33, false)
	b.pointer(PointerPress, LeftButton, 40, 30, 0)
	b.pointer(PointerRelease, LeftButton, 40, 30, 0)
	b.says("4 0")
	b.pointer(PointerPress, LeftButton, 10, 10, Ctrl)
	b.pointer(PointerRelease, LeftButton, 10, 10, Ctrl)
	b.says("0 1")
	b.pointer(PointerPress, LeftButton, 70, 30, Shift)
	b.pointer(PointerRelease, LeftButton, 70, 30, Shift)
	b.says("5 2")
	// A chosen one becomes the only one when the button goes up where it was.
	b.pointer(PointerPress, LeftButton, 92, 24, 0)
	b.says("")
	b.pointer(PointerMove, 0, 93, 25, 0)
	b.pointer(PointerRelease, LeftButton, 93, 25, 0)
	b.says("5 0")
	b.pointer(PointerPress, LeftButton, 10, 50, 0)
	b.pointer(PointerMove, 0, 18, 50, 0)
	b.pointer(PointerMove, 0, 28, 50, 0)
	b.pointer(PointerRelease, LeftButton, 28, 50, 0)
	b.says("6 0, drag 6")
	b.pointer(PointerPress, RightButton, 10, 70, 0)
	b.says("9 0")
	b.pointer(PointerRelease, RightButton, 10, 70, 0)
	b.pointer(PointerPress, LeftButton, 70, 70, 0) // beside the last
	b.pointer(PointerRelease, LeftButton, 70, 70, 0)
	b.says("-1 0")
	for p, want := range map[geom.Point]int{{X: 10, Y: 10}: 0, {X: 40, Y: 30}: 4, {X: 10, Y: 70}: 9, {X: 70, Y: 70}: -1, {X: 10, Y: 99}: -1, {X: 200, Y: 10}: -1} {
		if got := b.place.At(p); got != want {
			t.Errorf("at %v is %d; want %d", p, got, want)
		}
	}
}

// TestCellsOfMany: what can't be seen isn't made.
func TestCellsOfMany(t *testing.T) {
	b := newCellsBench(t, 100_000, 33, false)
	if b.made > 30 {
		t.Errorf("%d cells were made for 15", b.made)
	}
	b.press(KeyTab, 0)
	b.made = 0
	b.press(KeyEnd, 0)
	b.says("99999 0")
	if b.made > 60 || b.place.At(geom.Point{X: 10, Y: 95}) != 99_999 {
		t.Errorf("%d cells were made; at the end is %d", b.made, b.place.At(geom.Point{X: 10, Y: 95}))
	}
	if i := b.root.Semantics(); i.Children[0].Count != 100_000 || len(i.Children[0].Children) > 30 {
		t.Errorf("%+v", i.Children[0])
	}
}
