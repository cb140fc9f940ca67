package wayland

import (
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// child adds a subsurface with content, which is not committed to the parent.
func (c *testClient) child(name string, parent *client.WlSurface, w, h int32, color uint32) (*client.WlSurface, *client.WlSubsurface) {
	s := c.surface(name)
	sub := c.sub.GetSubsurface(s, parent)
	s.Attach(c.buffer(w, h, color), 0, 0)
	s.Commit()
	return s, sub
}

// pixels compares points of the first output.
func (f *fixture) pixels(want map[geom.Point]uint32) {
	f.t.Helper()
	f.draw()
	for p, w := range want {
		if got := f.at(p.X, p.Y); got != w {
			f.t.Errorf("pixel %d,%d = %06x; want %06x", p.X, p.Y, got, w)
		}
	}
}

func pt(x, y int32) geom.Point { return geom.Point{X: x, Y: y} }

func TestSubsurfaceSync(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 100, 100, 0x11)
	s, sub := c.child("sub", w.surf, 20, 20, 0x22)
	sub.SetPosition(10, 10)
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(15, 15): 0x11})
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(15, 15): 0x22, pt(9, 9): 0x11, pt(30, 30): 0x11})

	// Content waits for the parent in sync mode ...
	s.Attach(c.buffer(20, 20, 0x33), 0, 0)
	s.Damage(0, 0, 20, 20)
	s.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(15, 15): 0x22})
	// ... and is applied when the mode ends.
	sub.SetDesync()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(15, 15): 0x33})
	s.Attach(c.buffer(20, 20, 0x44), 0, 0)
	s.Damage(0, 0, 20, 20)
	s.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(15, 15): 0x44})
	// The position still waits for the parent.
	sub.SetPosition(50, 50)
	s.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(15, 15): 0x44})
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(15, 15): 0x11, pt(55, 55): 0x44})
	sub.SetSync()
	s.Attach(nil, 0, 0)
	s.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(55, 55): 0x44})
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(55, 55): 0x11})
}

func TestSubsurfaceOrder(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 100, 100, 0x11)
	a, asub := c.child("a", w.surf, 20, 20, 0xaa)
	_, bsub := c.child("b", w.surf, 20, 20, 0xbb)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xbb})
	bsub.PlaceBelow(a)
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xbb})
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xaa})
	asub.PlaceBelow(w.surf)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xbb})
	bsub.PlaceBelow(w.surf)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0x11})
	asub.PlaceAbove(w.surf)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xaa})
}

func TestNestedSubsurfaces(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 100, 100, 0x11)
	a, asub := c.child("a", w.surf, 40, 40, 0xaa)
	b, bsub := c.child("b", a, 20, 20, 0xbb)
	bsub.SetDesync() // below a synchronised one it does not count
	a.Commit()
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xbb, pt(30, 30): 0xaa})
	b.Attach(c.buffer(20, 20, 0xcc), 0, 0)
	b.Damage(0, 0, 20, 20)
	b.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xbb})
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xcc})

	// A parent without content hides what is below it.
	asub.SetDesync()
	a.Attach(nil, 0, 0)
	a.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0x11})
	a.Attach(c.buffer(40, 40, 0xaa), 0, 0)
	a.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xcc})

	// What was cached comes out when the parent is not synchronised any more,
	// also by losing its own parent.
	asub.SetSync()
	b.Attach(c.buffer(20, 20, 0xdd), 0, 0)
	b.Commit()
	c.ok()
	c.take()
	asub.Destroy()
	c.expect("buffer.release()")
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0x11})
	if s := c.core(b).core; s.Synced() {
		t.Error("the child of a lone surface is synchronised")
	}
}

func TestSubsurfaceOfADestroyedParent(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 100, 100, 0x11)
	a, asub := c.child("a", w.surf, 40, 40, 0xaa)
	b, bsub := c.child("b", a, 20, 20, 0xbb)
	a.Commit()
	w.surf.Commit()
	c.ok()
	a.Destroy()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0x11})
	asub.SetPosition(1, 1) // inert
	asub.PlaceAbove(w.surf)
	asub.SetDesync()
	asub.Destroy()
	bsub.PlaceAbove(w.surf) // without a parent
	bsub.SetPosition(1, 1)
	b.Commit()
	c.ok()
	// The orphan can be given to another parent.
	bsub.Destroy()
	c.sub.GetSubsurface(b, w.surf)
	w.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xbb})
	// The window goes first; the subsurface can be shown by another.
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0})
}

// TestSubsurfacesInAnyOrder destroys trees of objects in random orders.
func TestSubsurfacesInAnyOrder(t *testing.T) {
	f := newFixture(t)
	for seed := range uint64(40) {
		c := f.connect()
		rng := rand.New(rand.NewPCG(seed, 1))
		w := c.window("win", 30, 30, 0)
		surfs := []*client.WlSurface{w.surf}
		var ends []func()
		for range 12 {
			s, sub := c.child("s", surfs[rng.IntN(len(surfs))], 10, 10, 1)
			if rng.IntN(2) == 0 {
				sub.SetDesync()
			}
			surfs = append(surfs, s)
			ends = append(ends, s.Destroy, sub.Destroy)
		}
		ends = append(ends, func() { w.top.Destroy(); w.xdg.Destroy(); w.surf.Destroy() })
		rng.Shuffle(len(ends), func(i, j int) { ends[i], ends[j] = ends[j], ends[i] })
		for _, end := range ends {
			for _, s := range surfs {
				if s.Alive() && rng.IntN(3) == 0 {
					s.Commit()
				}
			}
			end()
			if rng.IntN(4) == 0 {
				c.ok()
				f.draw()
			}
		}
		if seed%2 == 0 {
			c.ok()
			if n := len(c.srv.surfaces); n != 0 {
				t.Fatalf("seed %d: %d surfaces are left", seed, n)
			}
		}
		c.disconnect()
	}
}

func TestSubsurfaceDepthIsBounded(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	parent := c.surface("root")
	for i := range 10_000 {
		s := c.comp.CreateSurface()
		c.sub.GetSubsurface(s, parent)
		parent = s
		if i == maxSubsurfaceDepth-1 {
			c.ok()
		}
	}
	c.wantError("wl_subcompositor", uint32(protocol.WlSubcompositorErrorBadParent))

	// A tree below counts too.
	c = f.connect()
	var roots [2]*client.WlSurface
	var leaf *client.WlSurface
	for i := range roots {
		roots[i] = c.surface("root")
		leaf = roots[i]
		for range maxSubsurfaceDepth/2 + 1 {
			s := c.comp.CreateSurface()
			c.sub.GetSubsurface(s, leaf)
			leaf = s
		}
	}
	c.ok()
	c.sub.GetSubsurface(roots[0], leaf)
	c.wantError("wl_subcompositor", uint32(protocol.WlSubcompositorErrorBadParent))

	c = f.connect()
	parent = c.surface("root")
	for range maxSubsurfaces + 1 {
		c.sub.GetSubsurface(c.comp.CreateSurface(), parent)
	}
	c.wantError("wl_subcompositor", uint32(protocol.WlSubcompositorErrorBadParent))
}
