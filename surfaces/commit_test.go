package surfaces

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"rayos/geom"
)

func TestSizeAndViolations(t *testing.T) {
	src := func(x, y, w, h float64) Viewport {
		return Viewport{HasSource: true, Source: geom.FRect{X0: x, Y0: y, X1: x + w, Y1: y + h}}
	}
	dest := func(v Viewport, w, h int32) Viewport {
		v.HasDest, v.Dest = true, geom.Size{W: w, H: h}
		return v
	}
	for _, c := range []struct {
		name    string
		buffer  geom.Size
		scale   int32
		turn    geom.Transform
		vp      Viewport
		anySize bool
		want    geom.Size
		v       Violation
	}{
		{name: "plain", buffer: geom.Size{W: 30, H: 20}, scale: 1, want: geom.Size{W: 30, H: 20}},
		{name: "scaled", buffer: geom.Size{W: 30, H: 20}, scale: 2, want: geom.Size{W: 15, H: 10}},
		{name: "turned", buffer: geom.Size{W: 30, H: 20}, scale: 2, turn: geom.Flipped90, want: geom.Size{W: 10, H: 15}},
		{name: "upside down", buffer: geom.Size{W: 30, H: 20}, scale: 1, turn: geom.Rotate180, want: geom.Size{W: 30, H: 20}},
		{name: "no multiple", buffer: geom.Size{W: 30, H: 20}, scale: 4, v: InvalidSize},
		{name: "no multiple in height", buffer: geom.Size{W: 30, H: 20}, scale: 3, v: InvalidSize},
		{name: "no multiple, destination", buffer: geom.Size{W: 30, H: 20}, scale: 4, vp: dest(Viewport{}, 7, 5), want: geom.Size{W: 7, H: 5}},
		{name: "no multiple, cursor", buffer: geom.Size{W: 25, H: 25}, scale: 2, anySize: true, want: geom.Size{W: 12, H: 12}},
		{name: "smaller than the scale", buffer: geom.Size{W: 1, H: 5}, scale: 2, anySize: true, want: geom.Size{W: 1, H: 2}},
		{name: "crop", buffer: geom.Size{W: 30, H: 20}, scale: 2, vp: src(1.5, 2, 13, 8), want: geom.Size{W: 13, H: 8}},
		{name: "crop of all", buffer: geom.Size{W: 30, H: 20}, scale: 2, vp: src(0, 0, 15, 10), want: geom.Size{W: 15, H: 10}},
		{name: "crop and scale", buffer: geom.Size{W: 30, H: 20}, scale: 1, vp: dest(src(0.5, 0.5, 3.25, 4), 100, 50), want: geom.Size{W: 100, H: 50}},
		{name: "crop too wide", buffer: geom.Size{W: 30, H: 20}, scale: 2, vp: src(0.5, 0, 15, 10), v: OutOfBuffer},
		{name: "crop too high", buffer: geom.Size{W: 30, H: 20}, scale: 1, vp: dest(src(0, 1, 3, 20), 5, 5), v: OutOfBuffer},
		{name: "crop of the turned", buffer: geom.Size{W: 30, H: 20}, scale: 1, turn: geom.Rotate90, vp: src(0, 0, 20, 30), want: geom.Size{W: 20, H: 30}},
		{name: "crop of the unturned", buffer: geom.Size{W: 30, H: 20}, scale: 1, turn: geom.Rotate90, vp: src(0, 0, 30, 20), v: OutOfBuffer},
		{name: "fraction", buffer: geom.Size{W: 30, H: 20}, scale: 1, vp: src(0, 0, 3.5, 2), v: BadViewportSize},
		{name: "fraction in height", buffer: geom.Size{W: 30, H: 20}, scale: 1, vp: src(0, 0, 3, 2.25), v: BadViewportSize},
	} {
		w := newWorld(t)
		s := w.surface("s")
		s.AnySize = c.anySize
		b := w.buffer(c.buffer.W, c.buffer.H)
		s.attach(b)
		p := &s.Pending
		p.Set |= FieldScale | FieldTransform | FieldViewport
		p.Scale, p.Transform, p.Viewport = c.scale, c.turn, c.vp
		if v := s.Commit(); v != c.v {
			t.Errorf("%s: violation %d; want %d", c.name, v, c.v)
		}
		if s.Size() != c.want {
			t.Errorf("%s: size %v; want %v", c.name, s.Size(), c.want)
		}
		if c.v != OK && (p.Buffer != b || s.HasBuffer()) {
			t.Errorf("%s: the refused state was touched", c.name)
		}
		s.Destroy()
		if b.locks != 0 {
			t.Errorf("%s: %d locks are left", c.name, b.locks)
		}
	}
}

func TestViolationsLookAtWhatWaits(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	s.show(30, 20)
	b := s.Block()
	s.Pending.Set |= FieldScale
	s.Pending.Scale = 2
	s.commit()
	s.attach(w.buffer(15, 15))
	if v := s.Commit(); v != InvalidSize {
		t.Errorf("a buffer against a queued scale: %d; want InvalidSize", v)
	}
	s.attach(nil)
	s.commit()
	s.Pending.Set |= FieldScale
	s.Pending.Scale = 7
	s.commit() // nothing to measure
	b.Clear()
	if s.HasBuffer() || s.Current.Scale != 7 {
		t.Errorf("has buffer %v, scale %d; want none, 7", s.HasBuffer(), s.Current.Scale)
	}
	p := w.surface("p")
	c := w.child("c", p)
	c.show(30, 20)
	c.Pending.Set |= FieldViewport
	c.Pending.Viewport = Viewport{HasSource: true, Source: geom.FRect{X1: 31, Y1: 1}}
	if v := c.Commit(); v != OutOfBuffer {
		t.Errorf("a crop against a cached buffer: %d; want OutOfBuffer", v)
	}
}

func TestResized(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	var got []bool
	s.then = func() { got = append(got, s.Resized()) }
	s.show(4, 4)
	s.show(4, 4)
	s.show(4, 5)
	s.attach(nil)
	s.commit()
	s.commit()
	if want := "[true false true true false]"; fmt.Sprint(got) != want {
		t.Errorf("resized = %v; want %s", got, want)
	}
	if s.Seq() != 3 {
		t.Errorf("seq = %d; want 3 buffers", s.Seq())
	}
}

func TestEveryFieldBecomesCurrent(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	b := w.buffer(40, 40)
	st := full(2)
	st.Buffer, st.Order = b, []Placement{{Surface: s.Surface}}
	s.Pending = *st
	s.commit()
	cur, want := &s.Current, full(2)
	switch {
	case s.set != FieldAck<<1-1, cur.Buffer != b, cur.Offset != want.Offset,
		!cur.Opaque.Equal(&want.Opaque), !cur.Input.Equal(&want.Input), cur.InputAll,
		cur.Scale != 2, cur.Transform != want.Transform, cur.Viewport != want.Viewport,
		cur.Geometry != want.Geometry, cur.Min != want.Min, cur.Max != want.Max, cur.Ack != 2,
		!s.WantsFrame(), len(s.feedback) != 1:
		t.Errorf("current = %+v", cur)
	}
	// What the next commit doesn't set stays, the offset excepted.
	s.commit()
	if cur.Offset != (geom.Point{}) || cur.Ack != 2 || cur.Scale != 2 || !s.HasBuffer() || cur.Geometry != want.Geometry {
		t.Errorf("after an empty commit: current = %+v", cur)
	}
	if s.Pending.Set != 0 || s.Pending.Buffer != nil {
		t.Error("the pending state is not empty")
	}
}

func TestBufferThatIsGoneDetaches(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	s.show(4, 4)
	b := w.buffer(4, 4)
	s.attach(b)
	b.gone = true
	s.commit()
	if s.HasBuffer() || b.locks != 0 {
		t.Errorf("has buffer %v, %d locks; want none", s.HasBuffer(), b.locks)
	}
}

func TestHeldBuffersAreLockedUntilReplaced(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	a := s.show(4, 4)
	s.commit()
	if a.locks != 1 || s.Texture() != a.tex || s.Current.Buffer != a {
		t.Errorf("locks %d; want the one of the screen", a.locks)
	}
	s.attach(a)
	s.commit()
	if a.locks != 1 || a.frees != 0 {
		t.Errorf("the same buffer again: locks %d, released %d times; want 1, 0", a.locks, a.frees)
	}
	b := s.show(4, 4)
	if a.locks != 0 || a.frees != 1 || b.locks != 1 {
		t.Errorf("locks %d and %d; want 0 and 1", a.locks, b.locks)
	}
	s.attach(nil)
	s.commit()
	if b.locks != 0 || s.Node().Texture() != nil {
		t.Errorf("locks %d, texture %v after a detach", b.locks, s.Node().Texture())
	}
}

func TestCopiesAreReleasedOnce(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	step := func(what string, b *fakeBuffer, copies int) {
		t.Helper()
		s.attach(b)
		s.commit()
		if w.copies != copies {
			t.Errorf("%s: %d copies live; want %d", what, w.copies, copies)
		}
		if b != nil && b.copied && b.locks != 0 {
			t.Errorf("%s: a copied buffer keeps %d locks", what, b.locks)
		}
		if s.Node().Texture() != s.Texture() {
			t.Errorf("%s: the node shows another texture", what)
		}
	}
	step("copy", w.copied(4, 4), 1)
	first := s.Texture()
	step("update", w.copied(4, 4), 1)
	if s.Texture() != first {
		t.Error("a copy of the same size replaced the texture")
	}
	step("other size", w.copied(4, 8), 1)
	held := w.buffer(4, 8)
	step("held", held, 0)
	step("copy after held", w.copied(4, 8), 1)
	if held.locks != 0 {
		t.Errorf("the replaced buffer keeps %d locks", held.locks)
	}
	step("detach", nil, 0)
	step("again", w.copied(1, 1), 1)
	s.Destroy()
	if w.copies != 0 {
		t.Errorf("%d copies outlive their surface", w.copies)
	}
}

func TestFaultKeepsTheContent(t *testing.T) {
	for _, copied := range []bool{false, true} {
		w := newWorld(t)
		s := w.surface("s")
		bad := func() *fakeBuffer {
			b := w.copied(9, 9)
			b.fail = errors.New("fault")
			return b
		}
		first := bad()
		s.attach(first)
		s.commit()
		w.wantLog("s:fault s")
		if s.HasBuffer() || !s.Size().Empty() || first.locks != 0 {
			t.Errorf("a first fault: size %v, %d locks", s.Size(), first.locks)
		}
		good := w.buffer(4, 4)
		good.copied = copied
		s.attach(good)
		s.commit()
		locks := good.locks
		b := bad()
		s.attach(b)
		s.damage(rect(0, 0, 9, 9), geom.Rect{})
		s.commit()
		w.wantLog("s s:fault s")
		if b.locks != 0 || good.locks != locks || s.Size() != good.size || s.BufferSize() != good.size {
			t.Errorf("copied %v: locks %d and %d, size %v; want 0, %d, 4x4", copied, b.locks, good.locks, s.Size(), locks)
		}
		s.Destroy()
		if good.locks != 0 || w.copies != 0 {
			t.Errorf("copied %v: %d locks, %d copies are left", copied, good.locks, w.copies)
		}
	}
}

func TestFrameCallbacksWaitForFrameDone(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	a, b, c := &fakeFrame{w: w, name: "a"}, &fakeFrame{w: w, name: "b"}, &fakeFrame{w: w, name: "c"}
	s.frame(a)
	if s.FrameDone(1); s.WantsFrame() {
		t.Error("a frame callback counts before its commit")
	}
	s.commit()
	s.frame(b)
	s.commit()
	s.frame(c)
	s.FrameDone(20)
	s.FrameDone(21)
	s.commit()
	s.FrameDone(30)
	w.wantLog("s s done:a:20 done:b:20 s done:c:30")
}

func TestFeedbackIsAnsweredOnce(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	var f [5]fakeFeedback
	s.present(&f[0])
	s.commit()
	s.present(&f[1])
	s.present(&f[2])
	s.commit() // supersedes 0
	taken := s.TakeFeedback(nil)
	if len(taken) != 2 || len(s.TakeFeedback(nil)) != 0 {
		t.Fatalf("%d to be answered; want 2, once", len(taken))
	}
	for _, f := range taken {
		f.Presented(Presentation{})
	}
	s.present(&f[3])
	s.commit()
	s.present(&f[4])
	s.Destroy()
	for i, want := range []fakeFeedback{{0, 1}, {1, 0}, {1, 0}, {0, 1}, {0, 1}} {
		if f[i] != want {
			t.Errorf("feedback %d: %+v; want %+v", i, f[i], want)
		}
	}
}

func TestDestroyAbandonsFrames(t *testing.T) {
	w := newWorld(t)
	abandoned := 0
	w.core.Abandoned = func(FrameCallback) { abandoned++ }
	p := w.surface("p")
	s := w.child("s", p)
	s.SetDesync(true)
	s.frame(&fakeFrame{})
	s.commit()
	s.SetDesync(false)
	s.frame(&fakeFrame{})
	s.commit()
	s.frame(&fakeFrame{})
	s.Destroy()
	s.Destroy()
	if abandoned != 3 {
		t.Errorf("%d frame callbacks were abandoned; want those applied, cached and pending", abandoned)
	}
}

func TestOffsetIsOfOneCommit(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	for i := range int32(3) {
		c.Pending.Set |= FieldOffset
		c.Pending.Offset = geom.Point{X: i, Y: 1}
		c.commit()
	}
	p.commit()
	if want := (geom.Point{X: 3, Y: 3}); c.Current.Offset != want {
		t.Errorf("offset = %v; want the sum %v", c.Current.Offset, want)
	}
	c.commit()
	p.commit()
	if want := (geom.Point{}); c.Current.Offset != want {
		t.Errorf("offset = %v after a commit without; want none", c.Current.Offset)
	}
}

// bufferPixel returns where pixel x, y of content of a size is in a buffer
// that the client has turned: rotations go counter-clockwise, after a flip.
func bufferPixel(turn geom.Transform, x, y int32, size geom.Size) geom.Point {
	if turn >= geom.Flipped {
		x = size.W - 1 - x
	}
	for range turn & 3 {
		x, y = y, size.W-1-x
		size.W, size.H = size.H, size.W
	}
	return geom.Point{X: x, Y: y}
}

func TestSurfaceDamageReachesTheBuffer(t *testing.T) {
	damages := []geom.Rect{
		rect(0, 0, 1, 1), rect(2, 1, 5, 3), rect(5, 3, 6, 4), rect(0, 3, 100, 100),
		rect(-5, -5, 2, 2), rect(math.MinInt32, 0, math.MaxInt32, 1), rect(3, 3, 3, 9),
	}
	crop := geom.FRect{X0: 0.75, Y0: 0.5, X1: 4.25, Y1: 3}
	for turn := geom.Normal; turn <= geom.Flipped270; turn++ {
		for scale := int32(1); scale <= 3; scale++ {
			for name, vp := range map[string]Viewport{
				"none":   {},
				"dest":   {HasDest: true, Dest: geom.Size{W: 7, H: 5}},
				"small":  {HasDest: true, Dest: geom.Size{W: 2, H: 3}},
				"source": {HasSource: true, Source: geom.FRect{X0: 1.5, Y0: 0.5, X1: 4.5, Y1: 3.5}},
				"both":   {HasSource: true, Source: crop, HasDest: true, Dest: geom.Size{W: 9, H: 4}},
			} {
				for _, d := range damages {
					checkDamage(t, fmt.Sprintf("%v scale %d viewport %s damage %v", turn, scale, name, d), turn, scale, vp, d)
				}
			}
		}
	}
}

// checkDamage compares the damage of a commit with the pixels of the buffer
// that the surface shows inside d, found one by one.
func checkDamage(t *testing.T, what string, turn geom.Transform, scale int32, vp Viewport, d geom.Rect) {
	t.Helper()
	w := newWorld(t)
	s := w.surface("s")
	up := geom.Size{W: 6 * scale, H: 4 * scale} // of the content
	size := turn.ApplySize(up)
	b := w.buffer(size.W, size.H)
	s.attach(b)
	s.Pending.Set |= FieldScale | FieldTransform | FieldViewport
	s.Pending.Scale, s.Pending.Transform, s.Pending.Viewport = scale, turn, vp
	s.damage(d, geom.Rect{})
	s.commit()

	src := geom.FRect{X1: 6, Y1: 4}
	if vp.HasSource {
		src = vp.Source
	}
	d = d.Intersect(s.Size().Rect())
	kx, ky := float64(s.Size().W)/src.W(), float64(s.Size().H)/src.H()
	k := float64(scale)
	var got geom.Region
	got.Set(&b.seen)
	for y := range up.H {
		for x := range up.W {
			x0, x1 := (float64(x)/k-src.X0)*kx, (float64(x+1)/k-src.X0)*kx
			y0, y1 := (float64(y)/k-src.Y0)*ky, (float64(y+1)/k-src.Y0)*ky
			const e = 1e-6
			overlap := min(min(x1, float64(d.X1))-max(x0, float64(d.X0)), min(y1, float64(d.Y1))-max(y0, float64(d.Y0)))
			p := bufferPixel(turn, x, y, up)
			in := got.Contains(p)
			if !d.Empty() && overlap > e && !in || in && (d.Empty() || overlap < -e) {
				t.Fatalf("%s: buffer pixel %v of %v: damaged %v, overlap %v; damage %v", what, p, size, in, overlap, b.seen.Rects())
			}
			got.SubtractRect(geom.XYWH(p.X, p.Y, 1, 1))
		}
	}
	if !got.Empty() {
		t.Fatalf("%s: damage outside of the buffer: %v", what, got.Rects())
	}
}

func TestDamageIsThatOfTheCommit(t *testing.T) {
	w := newWorld(t)
	s := w.surface("s")
	step := func(what string, want ...geom.Rect) {
		t.Helper()
		b := w.buffer(10, 10)
		s.attach(b)
		s.commit()
		r := geom.RegionOf(want...)
		if !b.seen.Equal(&r) {
			t.Errorf("%s: damage %v; want %v", what, b.seen.Rects(), r.Rects())
		}
	}
	step("none")
	s.damage(rect(0, 0, 1, 1), rect(5, 5, 6, 6))
	step("both kinds", rect(0, 0, 1, 1), rect(5, 5, 6, 6))
	step("the next commit")
	s.damage(geom.Rect{}, rect(-9, 8, 1000, 1000))
	step("too large", rect(0, 8, 10, 10))
	s.damage(rect(1, 1, 2, 2), geom.Rect{})
	s.commit() // without a buffer
	step("the commit after one without a buffer")
}

func TestCachedDamageSurvivesAChangeOfViewport(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	b := w.copied(10, 10)
	c.attach(b)
	c.damage(rect(0, 0, 2, 2), geom.Rect{})
	c.commit()
	c.Pending.Set |= FieldViewport
	c.Pending.Viewport = Viewport{HasSource: true, Source: geom.FRect{X0: 8, Y0: 8, X1: 10, Y1: 10}}
	c.commit()
	p.commit()
	if !b.seen.ContainsRect(rect(0, 0, 2, 2)) {
		t.Errorf("damage = %v; want the pixels damaged before the crop too", b.seen.Rects())
	}
}
