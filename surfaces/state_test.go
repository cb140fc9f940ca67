package surfaces

import (
	"math"
	"testing"

	"rayos/geom"
)

func rect(x0, y0, x1, y1 int32) geom.Rect { return geom.Rect{X0: x0, Y0: y0, X1: x1, Y1: y1} }

// full returns a state with every field set to something of its own.
func full(n int32) *State {
	st := &State{
		Set:           FieldAck<<1 - 1,
		Offset:        geom.Point{X: n, Y: -n},
		SurfaceDamage: geom.RegionOf(rect(n, 0, n+1, 1)),
		BufferDamage:  geom.RegionOf(rect(0, n, 1, n+1)),
		Opaque:        geom.RegionOf(rect(0, 0, n, n)),
		Input:         geom.RegionOf(rect(0, 0, n, 2*n)),
		Scale:         n, Transform: geom.Transform(n & 7),
		Viewport: Viewport{HasDest: true, Dest: geom.Size{W: n, H: n}},
		Frames:   []FrameCallback{&fakeFrame{name: string(rune('a' + n))}},
		Feedback: []Feedback{&fakeFeedback{}},
		Order:    []Placement{{Pos: geom.Point{X: n}}},
		Geometry: rect(0, 0, n, 3*n), Min: geom.Size{W: n}, Max: geom.Size{H: n}, Ack: uint32(n),
	}
	return st
}

func TestMergeTakesWhatIsSet(t *testing.T) {
	bits := map[Fields]func(st *State) any{
		FieldBuffer:    func(st *State) any { return st.Buffer },
		FieldOpaque:    func(st *State) any { return st.Opaque.Extents() },
		FieldInput:     func(st *State) any { return [2]any{st.Input.Extents(), st.InputAll} },
		FieldScale:     func(st *State) any { return st.Scale },
		FieldTransform: func(st *State) any { return st.Transform },
		FieldViewport:  func(st *State) any { return st.Viewport },
		FieldGeometry:  func(st *State) any { return st.Geometry },
		FieldLimits:    func(st *State) any { return [2]geom.Size{st.Min, st.Max} },
		FieldAck:       func(st *State) any { return st.Ack },
		FieldOrder:     func(st *State) any { return st.Order[0].Pos },
	}
	w := newWorld(t)
	for bit := range bits {
		dst, src, old, new := full(3), full(5), full(3), full(5)
		dst.Buffer, src.Buffer = w.buffer(1, 1), w.buffer(2, 2)
		dst.Buffer.Lock()
		old.Buffer, new.Buffer = dst.Buffer, src.Buffer
		src.InputAll, new.InputAll = true, true
		src.Set = bit
		dst.merge(src)
		for other, get := range bits {
			want := get(old)
			if other == bit {
				want = get(new)
			}
			if got := get(dst); got != want {
				t.Errorf("merging %#x: field %#x = %v; want %v", bit, other, got, want)
			}
		}
		if src.Set != 0 {
			t.Errorf("merging %#x: the source still has %#x", bit, src.Set)
		}
	}
}

func TestMergeAdds(t *testing.T) {
	dst, src := full(1), full(4)
	lost := dst.Feedback[0].(*fakeFeedback)
	kept := src.Feedback[0]
	src.Set &^= FieldBuffer | FieldScale | FieldTransform | FieldViewport
	dst.merge(src)
	if want := (geom.Point{X: 5, Y: -5}); dst.Offset != want {
		t.Errorf("offset = %v; want the sum %v", dst.Offset, want)
	}
	if dst.SurfaceDamage.Area() != 2 || dst.BufferDamage.Area() != 2 {
		t.Errorf("damage = %v and %v; want both", dst.SurfaceDamage.Rects(), dst.BufferDamage.Rects())
	}
	if len(dst.Frames) != 2 || dst.Frames[0].(*fakeFrame).name != "b" || dst.Frames[1].(*fakeFrame).name != "e" {
		t.Errorf("frames = %v; want both in order", dst.Frames)
	}
	if lost.lost != 1 || len(dst.Feedback) != 1 || dst.Feedback[0] != kept {
		t.Errorf("feedback = %v, discarded %d; want the later one alone", dst.Feedback, lost.lost)
	}
	if src.Offset != (geom.Point{}) || !src.SurfaceDamage.Empty() || !src.BufferDamage.Empty() ||
		len(src.Frames)+len(src.Feedback)+len(src.Order) != 0 {
		t.Errorf("the source keeps %+v", src)
	}
}

func TestMergeUnlocksTheBufferThatIsNeverShown(t *testing.T) {
	w := newWorld(t)
	a, b := w.buffer(4, 4), w.buffer(4, 4)
	a.Lock()
	b.Lock()
	dst, src := &State{Set: FieldBuffer, Buffer: a}, &State{Set: FieldBuffer, Buffer: b}
	dst.merge(src)
	if a.locks != 0 || b.locks != 1 || dst.Buffer != b || src.Buffer != nil {
		t.Errorf("locks %d and %d; want 0 and 1", a.locks, b.locks)
	}
	dst.merge(&State{Set: FieldBuffer})
	if b.locks != 0 || dst.Buffer != nil {
		t.Errorf("locks %d after a detach; want 0", b.locks)
	}
}

func TestMergeOfOtherShapesDamagesAll(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name string
		a    Buffer
		src  State
		all  bool
	}{
		{"same size", w.buffer(4, 4), State{Set: FieldBuffer, Buffer: w.buffer(4, 4)}, false},
		{"other size", w.buffer(4, 4), State{Set: FieldBuffer, Buffer: w.buffer(4, 5)}, true},
		{"was detached", nil, State{Set: FieldBuffer, Buffer: w.buffer(4, 4)}, true},
		{"scale", w.buffer(4, 4), State{Set: FieldScale, Scale: 2}, true},
		{"transform", w.buffer(4, 4), State{Set: FieldTransform}, true},
		{"viewport", w.buffer(4, 4), State{Set: FieldViewport}, true},
		{"opaque", w.buffer(4, 4), State{Set: FieldOpaque}, false},
	} {
		if c.a != nil {
			c.a.Lock()
		}
		st := State{Set: FieldBuffer | FieldDamage, Buffer: c.a}
		st.SurfaceDamage.SetRect(rect(0, 0, 1, 1))
		st.merge(&c.src)
		all := st.BufferDamage.ContainsRect(rect(0, 0, math.MaxInt32, math.MaxInt32))
		if all != c.all || st.SurfaceDamage.Empty() != c.all {
			t.Errorf("%s: damages all: %v; want %v", c.name, all, c.all)
		}
	}
}

func TestMergeForgetsClearedBlockers(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	p.show(1, 1)
	c := w.child("c", p)
	for range 100 {
		b := c.Block()
		c.commit()
		b.Clear()
	}
	if n := len(c.cached.blockers); n > 1 {
		t.Errorf("%d blockers; want those that may still block", n)
	}
}

func TestDrop(t *testing.T) {
	w := newWorld(t)
	abandoned := 0
	w.core.Abandoned = func(FrameCallback) { abandoned++ }
	b := w.buffer(1, 1)
	b.Lock()
	st := full(2)
	st.Buffer = b
	f := st.Feedback[0].(*fakeFeedback)
	st.drop(w.core)
	if b.locks != 0 || f.lost != 1 || abandoned != 1 || st.Set != 0 || st.Buffer != nil {
		t.Errorf("locks %d, discarded %d, abandoned %d; want 0, 1, 1", b.locks, f.lost, abandoned)
	}
}
