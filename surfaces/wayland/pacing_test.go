package wayland

import (
	"testing"
	"time"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// paced is a window whose commits are paced.
type paced struct {
	*window
	fifo  *client.WpFifoV1
	timer *client.WpCommitTimerV1
}

func (f *fixture) paced() *paced {
	c := f.connect()
	p := &paced{window: c.window("win", 20, 20, 1)}
	p.fifo = bind[client.WpFifoManagerV1](c, &protocol.WpFifoManagerV1Interface, 1).GetFifo(p.surf)
	p.timer = bind[client.WpCommitTimingManagerV1](c, &protocol.WpCommitTimingManagerV1Interface, 1).GetTimer(p.surf)
	c.ok()
	c.take()
	return p
}

// commit shows a colour.
func (p *paced) commit(color uint32) {
	p.surf.Attach(p.c.buffer(20, 20, color), 0, 0)
	p.surf.Damage(0, 0, 20, 20)
	p.surf.Commit()
	p.c.ok()
}

// wantFrame draws and compares what is seen.
func (p *paced) wantFrame(what string, color uint32) {
	p.c.t.Helper()
	p.c.f.draw()
	if got := p.c.f.at(5, 5); got != color {
		p.c.t.Fatalf("%s: the frame shows %06x; want %06x", what, got, color)
	}
}

func TestFifoShowsEachFrameOnce(t *testing.T) {
	f := newFixture(t)
	p := f.paced()
	f.draw()
	for color := range uint32(4) {
		p.fifo.SetBarrier()
		p.fifo.WaitBarrier()
		p.commit(0x10 + color)
	}
	if n := p.c.core(p.surf).core.Queued(); n != 3 {
		t.Fatalf("%d commits wait; want 3", n)
	}
	for color := range uint32(4) {
		p.wantFrame("in order", 0x10+color)
	}
	// Those that don't wait pass at once, those behind one that waits don't.
	p.wantFrame("barrier over", 0x13)
	p.commit(0x20)
	p.fifo.SetBarrier()
	p.commit(0x21)
	p.wantFrame("no wait", 0x21)
	p.fifo.SetBarrier()
	p.commit(0x22)
	p.fifo.WaitBarrier()
	p.commit(0x23)
	p.commit(0x24)
	p.wantFrame("the barrier", 0x22)
	p.wantFrame("both behind it", 0x24)
	// What is committed outlives the object, and the surface can have another.
	p.fifo.SetBarrier()
	p.commit(0x30)
	p.fifo.WaitBarrier()
	p.fifo.Destroy()
	p.commit(0x31)
	p.wantFrame("without the object", 0x30)
	p.wantFrame("without the object", 0x31)
	m := bind[client.WpFifoManagerV1](p.c, &protocol.WpFifoManagerV1Interface, 1)
	m.GetFifo(p.surf)
	m.Destroy()
	p.c.ok()
}

func TestFifoOfHiddenSurfacesGoesOn(t *testing.T) {
	f := newFixture(t)
	p := f.paced()
	p.guest().Node.SetEnabled(false)
	f.draw()
	for range 3 {
		p.fifo.SetBarrier()
		p.fifo.WaitBarrier()
		p.commit(0x40)
	}
	core := p.c.core(p.surf).core
	f.draw()
	for want := 2; want > 0; want-- {
		if n := core.Queued(); n != want {
			t.Fatalf("%d commits wait; want %d", n, want)
		}
		f.loop.Advance(barrierDeadline)
	}
	if n := core.Queued(); n != 0 {
		t.Errorf("%d commits wait; want none", n)
	}
	f.loop.Advance(barrierDeadline)
	if f.srv.barriers.timer.Armed() {
		t.Error("the timer runs without a barrier")
	}
	// A surface may go while it waits.
	p.fifo.SetBarrier()
	p.commit(1)
	p.fifo.WaitBarrier()
	p.timer.SetTimestamp(0, 1000, 0)
	p.commit(2)
}

func TestFifoIsIgnoredInSynchronisedSubsurfaces(t *testing.T) {
	f := newFixture(t)
	p := f.paced()
	child := p.c.surface("child")
	p.c.sub.GetSubsurface(child, p.surf)
	fifo := bind[client.WpFifoManagerV1](p.c, &protocol.WpFifoManagerV1Interface, 1).GetFifo(child)
	for range 3 {
		fifo.SetBarrier()
		fifo.WaitBarrier()
		child.Attach(p.c.buffer(5, 5, 0x50), 0, 0)
		child.Commit()
		p.surf.Commit()
	}
	p.c.ok()
	if n := p.c.core(p.surf).core.Queued(); n != 0 {
		t.Errorf("%d commits wait; want none", n)
	}
	f.draw()
}

func TestCommitTiming(t *testing.T) {
	f := newFixture(t)
	p := f.paced()
	f.draw()
	now := f.loop.Now()
	at := func(d time.Duration) {
		d += now
		p.timer.SetTimestamp(0, uint32(d/time.Second), uint32(d%time.Second))
	}
	at(-time.Millisecond)
	p.commit(0x11)
	p.wantFrame("in the past", 0x11)
	at(20 * time.Millisecond)
	p.commit(0x12)
	at(10 * time.Millisecond)
	p.commit(0x13)
	p.commit(0x14) // without a time, and still in order
	p.wantFrame("too early", 0x11)
	f.loop.Advance(10 * time.Millisecond)
	p.wantFrame("commits don't overtake", 0x11)
	f.loop.Advance(10*time.Millisecond - 1)
	p.wantFrame("a nanosecond early", 0x11)
	f.loop.Advance(1)
	p.wantFrame("on time", 0x14)
	// Times that never come.
	p.timer.SetTimestamp(1<<31, 0, 5)
	p.commit(0x15)
	p.timer.Destroy()
	f.loop.Advance(time.Hour)
	p.wantFrame("never", 0x14)
	m := bind[client.WpCommitTimingManagerV1](p.c, &protocol.WpCommitTimingManagerV1Interface, 1)
	m.GetTimer(p.surf)
	m.Destroy()
	p.c.ok()
}

func TestPacingErrors(t *testing.T) {
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(p *paced)
	}{
		{"second fifo", "wp_fifo_manager_v1", 0, func(p *paced) {
			bind[client.WpFifoManagerV1](p.c, &protocol.WpFifoManagerV1Interface, 1).GetFifo(p.surf)
		}},
		{"barrier without surface", "wp_fifo_v1", 0, func(p *paced) {
			p.gone()
			p.fifo.SetBarrier()
		}},
		{"wait without surface", "wp_fifo_v1", 0, func(p *paced) {
			p.gone()
			p.fifo.WaitBarrier()
		}},
		{"second timer", "wp_commit_timing_manager_v1", 0, func(p *paced) {
			bind[client.WpCommitTimingManagerV1](p.c, &protocol.WpCommitTimingManagerV1Interface, 1).GetTimer(p.surf)
		}},
		{"a second of nanoseconds", "wp_commit_timer_v1", 0, func(p *paced) { p.timer.SetTimestamp(0, 1, 1e9) }},
		{"two times", "wp_commit_timer_v1", 1, func(p *paced) {
			p.timer.SetTimestamp(0, 1, 0)
			p.timer.SetTimestamp(0, 1, 0)
		}},
		{"time without surface", "wp_commit_timer_v1", 2, func(p *paced) {
			p.gone()
			p.timer.SetTimestamp(0, 1, 0)
		}},
		{"endless commits", "wl_display", uint32(protocol.WlDisplayErrorNoMemory), func(p *paced) {
			for range maxQueued + 1 {
				p.timer.SetTimestamp(0, 1<<20, 0)
				p.surf.Commit()
			}
		}},
		{"endless times of a synchronised subsurface", "wl_display", uint32(protocol.WlDisplayErrorNoMemory), func(p *paced) {
			child := p.c.surface("child")
			p.c.sub.GetSubsurface(child, p.surf)
			timer := bind[client.WpCommitTimingManagerV1](p.c, &protocol.WpCommitTimingManagerV1Interface, 1).GetTimer(child)
			for range maxQueued + 1 {
				timer.SetTimestamp(0, 1<<20, 0)
				child.Commit()
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newFixture(t).paced()
			tc.do(p)
			p.c.wantError(tc.iface, tc.code)
		})
	}
}

// gone destroys the surface under its objects.
func (p *paced) gone() {
	p.top.Destroy()
	p.xdg.Destroy()
	p.surf.Destroy()
}
