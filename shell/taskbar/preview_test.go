package taskbar

import (
	"slices"
	"testing"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/rayapps/ui"
)

func TestHovering(t *testing.T) {
	r, _, j := newTestBar(1280, false)
	move := func(name string) {
		t.Helper()
		i := apptest.Find(r.Semantics(), name)
		if i == nil {
			t.Fatalf("there is no %q", name)
		}
		at := geom.FPoint{X: float64(i.Bounds.X0+i.Bounds.X1) / 2, Y: float64(i.Bounds.Y0+i.Bounds.Y1) / 2}
		r.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: at})
		r.Frame()
	}
	move("Workspace 2")
	move("Files, 40 %")
	move("Foot: 2 windows (asks for attention)")
	move("Linux: Linux desktop (running)")
	move("Workspace 2")
	move("Workspace 1")
	move("Windows: Windows (stopped)")
	want := journal{"hover [1] ", "hover [2 3] ", "hover [] linux-desktop", "hover [] "}
	if !slices.Equal(*j, want) {
		t.Errorf("%q; want %q", *j, want)
	}
}
