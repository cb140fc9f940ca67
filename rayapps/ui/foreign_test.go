package ui

import (
	"fmt"
	"slices"
	"testing"

	"rayos/geom"
)

// TestForeign: a tree that lives elsewhere is drawn, described and acted on where
// it is shown.
func TestForeign(t *testing.T) {
	inner := New(Options{View: func() Node { return Button{Text: "Inside"} }})
	inner.Resize(geom.Size{W: 80, H: 60}, geom.ScaleOne)
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	f := Foreign{
		List: inner.Frame().List, Info: inner.Semantics().Children, Input: IME{Enabled: true, Rect: geom.XYWH(1, 2, 3, 4)},
		Shape:   CursorCrosshair,
		Resized: func(s geom.Size) { say("%v", s) }, Painted: func() { say("painted") },
		OnEvent: func(ev Event) bool {
			if p, ok := ev.(*Pointer); ok && p.Kind == PointerPress {
				say("press %v", p.Pos)
			}
			return true
		},
		OnAct: func(id uint64, a Action, value string) bool { say("%d %s %q", id, a, value); return true },
	}
	r := New(Options{View: func() Node { return Padding{Insets{10, 20, 30, 40}, f} }})
	r.Resize(geom.Size{W: 200, H: 200}, geom.ScaleOne)
	drawn := r.Frame().List
	at := r.Semantics().Children[0].Bounds.Min()
	if drawn.Len() != inner.Frame().List.Len() || drawn.Bounds() != inner.Frame().List.Bounds().Add(at) {
		t.Errorf("drawn:\n%s", drawn)
	}
	pane := r.Semantics().Children[0]
	button := pane.Children[0]
	if pane.Role != RolePanel || button.Name != "Inside" || button.Bounds != inner.Semantics().Children[0].Bounds.Add(at) {
		t.Errorf("%+v with %+v", pane, button)
	}
	if inner.Semantics().Children[0].ID == button.ID {
		t.Error("what is inside has the IDs of what is outside")
	}
	r.Event(&Pointer{Kind: PointerMove, Pos: geom.FPoint{X: float64(at.X) + 5, Y: float64(at.Y) + 6}})
	r.Event(&Pointer{Kind: PointerPress, Pos: geom.FPoint{X: float64(at.X) + 5, Y: float64(at.Y) + 6}})
	if r.Cursor() != CursorCrosshair || r.IME().Rect != geom.XYWH(1+at.X, 2+at.Y, 3, 4) {
		t.Errorf("cursor %s, input %+v", r.Cursor(), r.IME())
	}
	if !r.Do(button.ID, DoSetValue, "x") || r.Do(button.ID|1<<60, DoSetValue, "x") {
		t.Error("actions go elsewhere")
	}
	want := []string{fmt.Sprint(pane.Bounds.Size()), "painted", "press {5 6}", fmt.Sprintf("%d set value %q", button.ID&(1<<32-1), "x")}
	for _, w := range want {
		if !slices.Contains(said, w) {
			t.Errorf("%q lacks %q", said, w)
		}
	}
}
