package ui

import (
	"testing"

	"rayos/geom"
)

// A pinch goes to what is below the pointer, in its coordinates, and not to what
// has the focus.
func TestPinch(t *testing.T) {
	var got []Pinch
	r := New(Options{View: func() Node {
		return Pad(10, Canvas{OnEvent: func(ev Event) bool {
			p, ok := ev.(*Pinch)
			if ok {
				got = append(got, *p)
			}
			return ok
		}})
	}})
	r.Resize(geom.Size{W: 100, H: 100}, geom.ScaleOne)
	if !r.Event(&Pinch{Pos: geom.FPoint{X: 30, Y: 40}, Zoom: 2}) || r.Event(&Pinch{Pos: geom.FPoint{X: 5, Y: 5}, Zoom: 2}) {
		t.Error("it isn't taken there and only there")
	}
	if want := (Pinch{Pos: geom.FPoint{X: 20, Y: 30}, Zoom: 2}); len(got) != 1 || got[0] != want {
		t.Errorf("got %+v; want %+v", got, want)
	}
}
