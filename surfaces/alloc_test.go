package surfaces

import (
	"testing"

	"rayos/geom"
)

func TestSteadyStateAllocatesNothing(t *testing.T) {
	w := newWorld(t)
	w.core.Scene.NewOutput(geom.Point{}, geom.Size{W: 100, H: 100}, geom.ScaleOne, geom.Normal)
	p := w.surface("p")
	p.Tree().SetEnabled(true)
	c := w.child("c", p)
	q := w.surface("q")
	frame := &fakeFrame{}
	buffers := [2]*fakeBuffer{w.buffer(50, 50), w.buffer(50, 50)}
	i := 0
	draw := func(s *client) {
		i++
		x := int32(i % 40)
		s.Pending.Set |= FieldBuffer | FieldDamage | FieldFrames
		s.Pending.Buffer = buffers[i&1]
		s.Pending.SurfaceDamage.UnionRect(geom.XYWH(x, x, 5, 5))
		s.Pending.SurfaceDamage.UnionRect(geom.XYWH(45, 2, 5, 5))
		s.Pending.BufferDamage.UnionRect(geom.XYWH(3, 40-x, 5, 5))
		s.Pending.Frames = append(s.Pending.Frames, frame)
		s.Commit()
	}
	var b Blocker
	for name, turn := range map[string]func(){
		"commit": func() {
			draw(p)
			p.FrameDone(1)
		},
		"with a synchronised child": func() {
			draw(c)
			draw(p)
			p.FrameDone(1)
			c.FrameDone(1)
		},
		"child cached twice, moved": func() {
			draw(c)
			draw(c)
			c.SetPosition(geom.Point{X: int32(i % 7)})
			draw(p)
			p.FrameDone(1)
			c.FrameDone(1)
		},
		"queued": func() {
			b = Blocker{}
			q.Pending.blockers = append(q.Pending.blockers, &b)
			draw(q)
			draw(q)
			b.Clear()
			q.FrameDone(1)
		},
	} {
		run := func() {
			turn()
			w.log = w.log[:0]
		}
		for range 100 {
			run()
		}
		if n := testing.AllocsPerRun(200, run); n != 0 {
			t.Errorf("%s: %v allocations; want 0", name, n)
		}
	}
}

func BenchmarkCommit(b *testing.B) {
	w := newWorld(b)
	w.core.Scene.NewOutput(geom.Point{}, geom.Size{W: 100, H: 100}, geom.ScaleOne, geom.Normal)
	s := w.surface("s")
	s.Tree().SetEnabled(true)
	buf, frame := w.buffer(50, 50), &fakeFrame{}
	b.ReportAllocs()
	for b.Loop() {
		s.attach(buf)
		s.damage(geom.XYWH(3, 3, 9, 9), geom.Rect{})
		s.frame(frame)
		s.Commit()
		s.FrameDone(1)
		w.log = w.log[:0]
	}
}

// BenchmarkCommitOfManyChildren is what a client can make of one request.
func BenchmarkCommitOfManyChildren(b *testing.B) {
	w := newWorld(b)
	w.core.Scene.NewOutput(geom.Point{}, geom.Size{W: 100, H: 100}, geom.ScaleOne, geom.Normal)
	p := w.surface("p")
	p.Tree().SetEnabled(true)
	p.show(50, 50)
	var list []*client
	for range 4096 {
		c := w.child("c", p)
		c.show(10, 10)
		list = append(list, c)
	}
	p.commit()
	b.Run("alone", func(b *testing.B) {
		for b.Loop() {
			p.commit()
			w.log = w.log[:0]
		}
	})
	b.Run("restacked", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			list[0].Place(list[4000+i%2].Surface, true)
			p.commit()
			w.log = w.log[:0]
		}
	})
}
