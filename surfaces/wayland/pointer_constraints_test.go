package wayland

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat"
)

const (
	oneshot    = protocol.ZwpPointerConstraintsV1LifetimeOneshot
	persistent = protocol.ZwpPointerConstraintsV1LifetimePersistent
)

// game is a client that holds the pointer.
type game struct {
	c    *testClient
	f    *fixture
	seat *client.WlSeat
	ptr  *client.WlPointer
	m    *client.ZwpPointerConstraintsV1
	w    *window
}

// play opens a window at 100, 100 with the keyboard.
func (f *fixture) play() *game {
	f.t.Helper()
	c := f.connect()
	g := &game{c: c, f: f, seat: c.bindSeat(9)}
	g.ptr = g.seat.GetPointer()
	g.m = bind[client.ZwpPointerConstraintsV1](c, &protocol.ZwpPointerConstraintsV1Interface, 1)
	rel := bind[client.ZwpRelativePointerManagerV1](c, &protocol.ZwpRelativePointerManagerV1Interface, 1)
	c.label(rel.GetRelativePointer(g.ptr), "relative")
	rel.Destroy()
	f.shell.at = geom.Point{X: 100, Y: 100}
	g.w = c.window("game", 200, 100, 0)
	return g
}

func (g *game) lock(r *client.WlRegion, l protocol.ZwpPointerConstraintsV1Lifetime) *client.ZwpLockedPointerV1 {
	k := g.m.LockPointer(g.w.surf, g.ptr, r, l)
	g.c.label(k, "lock")
	return k
}

func (g *game) confine(r *client.WlRegion, l protocol.ZwpPointerConstraintsV1Lifetime) *client.ZwpConfinedPointerV1 {
	k := g.m.ConfinePointer(g.w.surf, g.ptr, r, l)
	g.c.label(k, "confine")
	return k
}

func (g *game) region(rects ...geom.Rect) *client.WlRegion {
	r := g.c.comp.CreateRegion()
	for _, b := range rects {
		r.Add(b.X0, b.Y0, b.W(), b.H())
	}
	return r
}

// push moves the device.
func (g *game) push(dx, dy float64) {
	d := geom.FPoint{X: dx, Y: dy}
	g.f.seat.RelativeMotion(g.f.loop.Now(), d, geom.FPoint{X: dx / 2, Y: dy / 2})
	g.f.seat.Frame()
}

func (g *game) at(x, y float64) {
	g.c.t.Helper()
	if got := g.f.seat.Position(); got.Sub(geom.FPoint{X: x, Y: y}) != (geom.FPoint{}) {
		g.c.t.Errorf("the pointer is at %v,%v; want %v,%v", got.X, got.Y, x, y)
	}
}

// quiet forgets what came.
func (g *game) quiet() {
	g.c.t.Helper()
	g.c.ok()
	g.c.take()
}

func TestRelativePointer(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	f.motion(110, 110)
	g.quiet()
	g.push(3, -4)
	g.c.expect(`
		wl_pointer.motion(1000, 13, 6)
		relative.relative_motion(0, 1000000, 3, -4, 1.5, -2)
		wl_pointer.frame()`)
	g.ptr.Release()
	g.c.ok()
	g.push(1, 1)
	g.c.expect("")
}

func TestLockedPointer(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	k := g.lock(nil, persistent)
	g.quiet()
	f.motion(110, 120)
	g.c.expect(`
		wl_pointer.enter(#, game, 10, 20)
		lock.locked()
		wl_pointer.frame()`)
	g.push(50, 50)
	g.c.expect(`
		relative.relative_motion(0, 1000000, 50, 50, 25, 25)
		wl_pointer.frame()`)
	g.at(110, 120)
	// Where the client draws its own pointer counts once it is committed.
	k.SetCursorPositionHint(geom.FixedFromInt(30), geom.FixedFromInt(40))
	g.w.surf.Commit()
	k.SetCursorPositionHint(geom.FixedFromInt(70), geom.FixedFromInt(70))
	g.quiet()
	k.Destroy()
	g.quiet()
	g.at(130, 140)
	g.push(1, 0)
	g.at(131, 140)
	if f.srv.main.constraint != nil || g.c.core(g.w.surf).constraint != nil {
		t.Error("the lock is not forgotten")
	}
}

func TestLockFollowsTheFocus(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	f.motion(110, 120)
	g.quiet()
	g.lock(nil, persistent)
	g.c.expect("lock.locked()")
	f.seat.SetKeyboardFocus(nil)
	g.c.expect("lock.unlocked()")
	f.seat.SetKeyboardFocus(g.c.core(g.w.surf))
	g.c.expect("lock.locked()")
	// The window is moved away from under the pointer.
	g.w.guest().Node.SetPosition(300, 300)
	f.seat.Refocus()
	g.c.expect(`
		lock.unlocked()
		wl_pointer.leave(#, game)
		wl_pointer.frame()`)
	f.motion(310, 310)
	g.c.expect(`
		wl_pointer.enter(#, game, 10, 10)
		lock.locked()
		wl_pointer.frame()`)
	// The person's way out lasts until the pointer comes anew or they say so.
	f.srv.ToggleInput(f.seat)
	g.c.expect("lock.unlocked()")
	f.motion(320, 320)
	g.c.expect("wl_pointer.motion(1000, 20, 20)\nrelative.relative_motion(0, 1000000, 10, 10, 10, 10)\nwl_pointer.frame()")
	f.srv.ToggleInput(f.seat)
	g.c.expect("lock.locked()")
	f.srv.ToggleInput(f.seat)
	f.motion(10, 10)
	f.motion(310, 310)
	g.c.expect(`
		lock.unlocked()
		wl_pointer.leave(#, game)
		wl_pointer.frame()
		wl_pointer.enter(#, game, 10, 10)
		lock.locked()
		wl_pointer.frame()`)
}

func TestOneshotLockIsOverOnceItEnds(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	f.motion(110, 120)
	old := g.lock(nil, oneshot)
	g.c.ok()
	f.seat.SetKeyboardFocus(nil)
	f.seat.SetKeyboardFocus(g.c.core(g.w.surf))
	g.quiet()
	g.push(5, 5)
	g.at(115, 125)
	// Another may take its place before the object is gone.
	g.quiet()
	g.confine(nil, oneshot)
	old.Destroy()
	g.c.expect("confine.confined()")
}

func TestLockRegion(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	r := g.region(geom.XYWH(50, 50, 10, 10))
	k := g.lock(r, persistent)
	r.Destroy()
	f.motion(110, 110)
	g.quiet()
	f.motion(155, 155)
	g.c.expect(`
		wl_pointer.motion(1000, 55, 55)
		lock.locked()
		relative.relative_motion(0, 1000000, 45, 45, 45, 45)
		wl_pointer.frame()`)
	// A region that has the pointer no more ends the lock, when committed.
	k.SetRegion(g.region(geom.XYWH(0, 0, 10, 10)))
	g.c.expect("")
	g.w.surf.Commit()
	g.c.expect("lock.unlocked()")
	k.SetRegion(nil)
	g.w.surf.Commit()
	g.c.expect("lock.locked()")
	// So does the input region.
	g.w.surf.SetInputRegion(g.region(geom.XYWH(0, 0, 10, 10)))
	g.w.surf.Commit()
	g.c.expect("lock.unlocked()")
}

func TestConfinedPointer(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	// Two rooms with a door between them.
	k := g.confine(g.region(geom.XYWH(0, 0, 50, 100), geom.XYWH(50, 40, 20, 20), geom.XYWH(70, 0, 50, 100)), persistent)
	f.motion(110, 110)
	g.quiet()
	g.push(1000, 0)
	g.at(150-slideStop, 110)
	g.push(0, 40)
	g.push(1000, 0)
	g.at(220-slideStop, 150)
	g.push(-1000, -1000)
	g.at(170, 100)
	f.motion(0, 0) // absolute motion is held too
	g.at(170, 100)
	g.push(20, 0)

	// The window moves and takes the area along.
	g.w.guest().Node.SetPosition(110, 100)
	f.seat.Refocus()
	g.push(1000, 0)
	g.at(230-slideStop, 100)
	g.quiet()
	g.w.guest().Node.SetPosition(170, 100) // the pointer is in neither room now
	f.seat.Refocus()
	g.c.expect(`
		wl_pointer.motion(1000, 59, 0)
		confine.unconfined()
		wl_pointer.frame()`)
	g.w.guest().Node.SetPosition(110, 100)
	f.seat.Refocus()
	g.quiet()
	k.SetRegion(g.region(geom.XYWH(0, 0, 10, 10)))
	g.quiet()
	g.w.surf.Commit()
	g.c.expect("confine.unconfined()")
	f.motion(115, 105)
	g.c.ok()
	g.c.take()
	g.push(100, 100)
	g.at(120-slideStop, 110-slideStop)

	// A grab of the session is above it.
	f.seat.PushGrab(holdGrab{})
	g.push(100, 100)
	g.at(220-slideStop, 210-slideStop)
	f.seat.EndGrab(holdGrab{})
	f.srv.main.checkConstraints()
	g.quiet()
	k.Destroy()
	g.m.Destroy()
	g.c.ok()
}

func TestConstraintEndsWithItsSurface(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	f.motion(110, 120)
	k := g.lock(nil, persistent)
	g.quiet()
	g.w.top.Destroy()
	g.w.xdg.Destroy()
	g.w.surf.Destroy()
	g.c.ok()
	if f.srv.main.constraint != nil {
		t.Error("a surface that is gone holds the pointer")
	}
	k.SetCursorPositionHint(0, 0)
	k.SetRegion(nil)
	k.Destroy()
	g.c.ok()

	g = f.play()
	f.seat.Refocus()
	k = g.lock(nil, persistent)
	k.SetCursorPositionHint(geom.FixedFromInt(3), geom.FixedFromInt(3))
	g.w.surf.Commit()
	g.c.ok()
	if f.srv.main.constraint == nil {
		t.Fatal("not locked")
	}
	g.c.disconnect()
	if f.srv.main.constraint != nil {
		t.Error("a client that is gone holds the pointer")
	}
	g.at(110, 120)
}

// A surface of no window needs only the pointer.
func TestConstraintOfASurfaceWithoutAWindow(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	s := g.c.surface("loose")
	s.Attach(g.c.buffer(50, 50, 0), 0, 0)
	s.Commit()
	g.c.ok()
	tree := g.c.core(s).core.Tree()
	tree.Reparent(f.shell.overlay)
	tree.SetEnabled(true)
	f.seat.SetKeyboardFocus(nil)
	g.c.label(g.m.ConfinePointer(s, g.ptr, nil, persistent), "confine")
	g.quiet()
	f.motion(10, 10)
	g.c.expect(`
		wl_pointer.enter(#, loose, 10, 10)
		confine.confined()
		wl_pointer.frame()`)
	tree.SetEnabled(false)
	f.motion(100, 0)
	g.at(100, 0)
}

func TestConstraintErrors(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	g.lock(nil, oneshot)
	g.confine(nil, oneshot)
	g.c.wantError("zwp_pointer_constraints_v1", uint32(protocol.ZwpPointerConstraintsV1ErrorAlreadyConstrained))
	g = f.play()
	g.confine(nil, oneshot)
	g.lock(nil, oneshot)
	g.c.wantError("zwp_pointer_constraints_v1", uint32(protocol.ZwpPointerConstraintsV1ErrorAlreadyConstrained))
	g = f.play()
	g.lock(nil, 7)
	g.c.wantError("wl_display", uint32(protocol.WlDisplayErrorInvalidMethod))
}

func TestHeldPointerAllocatesNothing(t *testing.T) {
	f := newFixture(t)
	g := f.play()
	g.confine(g.region(geom.XYWH(0, 0, 50, 100), geom.XYWH(50, 40, 20, 20)), persistent)
	f.motion(110, 110)
	g.c.ok()
	r := &rawWire{c: g.c}
	x := 7.0
	noAllocs(t, "relative motion", func() {
		x = -x
		g.push(x, 1)
		f.srv.Flush()
		r.drain()
	})
	g.c.d.Close()
}

// Whatever the area and the way, a point stays in the piece that it is in.
func TestSlideNeverLeavesItsPiece(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := range 3000 {
		var area geom.Region
		for range 1 + rnd.IntN(6) {
			area.UnionRect(geom.XYWH(rnd.Int32N(40), rnd.Int32N(40), 1+rnd.Int32N(15), 1+rnd.Int32N(15)))
		}
		rects := area.Rects()
		from := geom.FPoint{X: rnd.Float64() * 55, Y: rnd.Float64() * 55}
		to := geom.FPoint{X: rnd.Float64()*200 - 75, Y: rnd.Float64()*200 - 75}
		got := slide(rects, from, to)
		_, inside := rectAt(rects, from)
		switch _, still := rectAt(rects, got); {
		case !inside && got != from:
			t.Fatalf("%d: a point outside of the area moved from %v to %v", n, from, got)
		case inside && !still:
			t.Fatalf("%d: %v to %v in %v left it at %v", n, from, to, rects, got)
		case inside && !joined(rects, from, got):
			t.Fatalf("%d: %v to %v in %v jumped to another piece at %v", n, from, to, rects, got)
		}
	}
}

// joined reports whether two points are in pieces that touch by a side.
func joined(rects []geom.Rect, a, b geom.FPoint) bool {
	ra, _ := rectAt(rects, a)
	rb, _ := rectAt(rects, b)
	seen := map[geom.Rect]bool{ra: true}
	for todo := []geom.Rect{ra}; len(todo) > 0; todo = todo[1:] {
		for _, r := range rects {
			t := todo[0]
			x, y := min(t.X1, r.X1)-max(t.X0, r.X0), min(t.Y1, r.Y1)-max(t.Y0, r.Y0)
			if !seen[r] && (x == 0 && y > 0 || y == 0 && x > 0) {
				seen[r] = true
				todo = append(todo, r)
			}
		}
	}
	return seen[rb]
}

func TestSlide(t *testing.T) {
	room := []geom.Rect{{X0: 0, Y0: 0, X1: 10, Y1: 10}, {X0: 10, Y0: 4, X1: 20, Y1: 6}}
	const far = 10 - slideStop
	for _, tc := range []struct{ fx, fy, tx, ty, x, y float64 }{
		{1, 1, 2, 3, 2, 3},                 // free
		{1, 1, 30, 1, far, 1},              // to the wall
		{1, 1, -30, -30, 0, 0},             // into the corner
		{1, 1, 30, 3, far, 3},              // along the wall
		{1, 5, 15, 5, 15, 5},               // through the door
		{1, 5, 30, 5, 20 - slideStop, 5},   // to the end of the corridor
		{1, 5, 15, 6.2, 15, 6 - slideStop}, // bent by it
		{1, 5, 15, 30, far, far},           // past it
		{30, 30, 1, 1, 30, 30},             // outside
		{1, 1, 1, 1, 1, 1},                 // no way at all
		{15, 5, -3, 5, 0, 5},               // back
	} {
		got := slide(room, geom.FPoint{X: tc.fx, Y: tc.fy}, geom.FPoint{X: tc.tx, Y: tc.ty})
		if fmt.Sprintf("%.4f %.4f", got.X, got.Y) != fmt.Sprintf("%.4f %.4f", tc.x, tc.y) {
			t.Errorf("from %v,%v to %v,%v: %v,%v; want %v,%v", tc.fx, tc.fy, tc.tx, tc.ty, got.X, got.Y, tc.x, tc.y)
		}
	}
}

// holdGrab is a grab of the session that leaves everything as it is.
type holdGrab struct{}

func (holdGrab) Motion(*seat.Seat, time.Duration)               {}
func (holdGrab) Button(*seat.Seat, time.Duration, uint32, bool) {}
func (holdGrab) Axis(*seat.Seat, time.Duration, seat.Axis)      {}
func (holdGrab) Refocus(*seat.Seat, time.Duration)              {}
func (holdGrab) Forget(*seat.Seat, seat.Focus)                  {}
func (holdGrab) Cancel(*seat.Seat)                              {}
