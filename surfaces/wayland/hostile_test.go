package wayland

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// turns measures the longest turn of the loop while fn runs.
func (f *fixture) slowest(fn func()) time.Duration {
	var worst, began time.Duration
	start := time.Now()
	probe := func() {
		now := time.Since(start)
		worst = max(worst, now-began)
		began = now
	}
	f.loop.AtTurnEnd(probe)
	began = time.Since(start)
	fn()
	return worst
}

func TestManyObjects(t *testing.T) {
	f := newFixture(t)
	other := f.connect()
	c := f.connect()
	for i := range 100_000 {
		c.comp.CreateRegion()
		if i%2000 == 0 {
			c.ok()
		}
	}
	c.ok()
	other.ok()
	if n := c.srv.conn.Objects(); n < 100_000 {
		t.Errorf("%d objects", n)
	}
	for i := range 110_000 {
		c.comp.CreateRegion()
		if i%2000 == 0 {
			c.turn()
		}
	}
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorNoMemory))
	other.ok()
}

// hang is a turn that lasts so long that something is wrong in kind, on a busy
// machine and under the race detector too.
const hang = 30 * time.Second

func TestManySurfaces(t *testing.T) {
	f := newFixture(t)
	other := f.connect()
	c := f.connect()
	m := bind[client.WpSinglePixelBufferManagerV1](c, &protocol.WpSinglePixelBufferManagerV1Interface, 1)
	b := m.CreateU32RgbaBuffer(1<<31, 1<<31, 1<<31, 1<<31)
	c.quiet = true
	worst := f.slowest(func() {
		for i := range 10_000 {
			s := c.comp.CreateSurface()
			s.Attach(b, 0, 0)
			s.Frame()
			s.Commit()
			if i%500 == 0 {
				c.ok()
			}
		}
		c.ok()
		f.draw()
		other.ok()
		c.disconnect()
	})
	if worst > hang {
		t.Errorf("a turn took %v", worst)
	}
}

func TestManyWindows(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.quiet = true
	m := bind[client.WpSinglePixelBufferManagerV1](c, &protocol.WpSinglePixelBufferManagerV1Interface, 1)
	b := m.CreateU32RgbaBuffer(1<<31, 1<<31, 1<<31, 1<<31)
	f.shell.nofocus = true
	var wins []*window
	for i := range 1000 {
		w := c.toplevel("w")
		w.surf.Commit()
		wins = append(wins, w)
		if i > 0 && i%2 == 0 {
			w.top.SetParent(wins[0].top)
		}
	}
	c.ok()
	for _, w := range wins {
		w.ack()
		w.surf.Attach(b, 0, 0)
		w.surf.Commit()
	}
	c.ok()
	f.draw()
	c.disconnect()
	f.draw()
}

// TestNeverReading: a client that does not read is disconnected, and what is
// kept for it is bounded.
func TestNeverReading(t *testing.T) {
	f := newFixture(t)
	other := f.connect()
	c := f.connect()
	sync := request(nil, 1, 0, c.freeID())
	var batch []byte
	for range 2000 {
		batch = append(batch, sync...)
	}
	for i := 0; c.srv.source != nil; i++ {
		if i > 10_000 {
			t.Fatal("a client that never reads is still served")
		}
		if _, err := unix.Write(c.d.FD(), batch); err != nil && !errors.Is(err, unix.EAGAIN) {
			break
		}
		f.turn()
	}
	other.ok()
	c.d.Close()
}

// TestSilentDeadClient: one that was sent an error, does not read it and sends
// nothing is not kept.
func TestSilentDeadClient(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	n := f.srv.Clients()
	if _, err := unix.Write(c.d.FD(), request(nil, 4711, 0)); err != nil {
		t.Fatal(err)
	}
	f.turn()
	f.turn()
	if f.srv.Clients() != n-1 {
		t.Error("the client is still there")
	}
	c.d.Close()
}

func TestPanicEndsOneClient(t *testing.T) {
	for _, where := range []string{"opened", "mapped", "changed", "request", "acked", "committed", "unmapped", "closed", "picture", "cursor"} {
		t.Run(where, func(t *testing.T) {
			f := newFixture(t)
			f.faults = true
			other := f.connect()
			ow := other.window("other", 20, 20, 0)
			c := f.connect()
			p := c.bindSeat(9).GetPointer()
			cp := c.copier()
			w := c.window("win", 20, 20, 0)
			f.draw()
			f.motion(5, 5)
			c.ok()
			f.shell.boom = where
			w.guest().Window.Configure(f.shell.first)
			w.top.SetTitle("x")
			w.top.SetMinimized()
			if where == "acked" {
				w.top.SetMaximized()
				c.turn()
				c.roundtrip()
				w.ack()
				w.surf.Commit()
			}
			if where == "picture" {
				cp.m.CaptureOutput(0, cp.out).Copy(c.buffer(testMode.W, testMode.H, 0))
			}
			p.SetCursor(c.serials["wl_pointer.enter"], nil, 0, 0)
			w.surf.Commit()
			c.roundtrip()
			if c.d.Err() == nil {
				n := c.toplevel("next")
				n.surf.Commit()
				c.roundtrip()
				if c.d.Err() == nil {
					n.ack()
					n.surf.Attach(c.buffer(5, 5, 0), 0, 0)
					n.surf.Commit()
					n.surf.Attach(nil, 0, 0)
					n.surf.Commit()
					n.top.Destroy()
				}
			}
			c.roundtrip()
			var e *wire.ProtocolError
			if !errors.As(c.d.Err(), &e) || e.Code != uint32(protocol.WlDisplayErrorImplementation) {
				t.Fatalf("error = %v; want an implementation error", c.d.Err())
			}
			f.shell.boom = ""
			f.turn()
			if s := f.log.String(); !strings.Contains(s, "boom in "+where) || !strings.Contains(s, "shell_test.go") {
				t.Errorf("the log has no stack of the panic:\n%s", s)
			}
			ow.surf.Commit()
			other.ok()
			f.draw()
		})
	}
}

// TestPanicWhileDisconnecting: hooks that run when a client goes must not keep
// the rest of it.
func TestPanicWhileDisconnecting(t *testing.T) {
	f := newFixture(t)
	f.faults = true
	c := f.connect()
	for range 3 {
		c.window("win", 20, 20, 0)
	}
	f.shell.boom = "closed"
	c.disconnect()
	f.shell.boom = ""
	if n := f.srv.Surfaces(); n != 0 {
		t.Errorf("%d surfaces are left", n)
	}
}

func TestRequestsAfterTheEnd(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 20, 0)
	// Everything behind an error in the same packet is ignored.
	w.surf.SetBufferScale(-1)
	w.top.SetTitle("after")
	c.window2()
	c.wantError("wl_surface", uint32(protocol.WlSurfaceErrorInvalidScale))
	if s := f.shell.take(); strings.Contains(s, "title") {
		t.Errorf("the shell heard %s", s)
	}
}

func (c *testClient) window2() {
	for range 50 {
		c.toplevel("more").surf.Commit()
	}
}

// TestFloodLeavesTimeForOthers: requests that cost much are served in slices.
func TestFloodLeavesTimeForOthers(t *testing.T) {
	f := newFixture(t)
	other := f.connect()
	c := f.connect()
	w := c.window("win", 10, 10, 0)
	b, _ := c.bufferIn(1920, 1080, 0, false)
	c.ok()
	var flood []byte
	for range 300 {
		flood = request(flood, w.surf.ID(), 1, b.ID(), 0, 0)
		flood = request(flood, w.surf.ID(), 9, 0, 0, 1920, 1080)
		flood = request(flood, w.surf.ID(), 6)
	}
	if _, err := unix.Write(c.d.FD(), flood); err != nil {
		t.Fatal(err)
	}
	seq := c.core(w.surf).core.Seq()
	core := c.core(w.surf).core
	other.ok()
	if n := core.Seq() - seq; n == 300 {
		t.Error("the other client was served after 300 commits")
	}
	for i := 0; core.Seq() < seq+300; i++ {
		if i > 1000 {
			t.Fatalf("%d of 300 commits were served", core.Seq()-seq)
		}
		f.turn()
	}
}

// TestEndBehindAFlood: a client that goes while its requests wait is not kept.
func TestEndBehindAFlood(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 10, 10, 0)
	b, _ := c.bufferIn(1920, 1080, 0, false)
	c.ok()
	var flood []byte
	for range 100 {
		flood = request(flood, w.surf.ID(), 1, b.ID(), 0, 0)
		flood = request(flood, w.surf.ID(), 9, 0, 0, 1920, 1080)
		flood = request(flood, w.surf.ID(), 6)
	}
	if _, err := unix.Write(c.d.FD(), flood); err != nil {
		t.Fatal(err)
	}
	c.d.Close()
	for i := 0; c.srv.source != nil; i++ {
		if i > 1000 {
			t.Fatal("the client does not end")
		}
		f.turn()
	}
}

// TestCopiesAreBounded: one buffer on many surfaces may not cost the session
// its memory.
func TestCopiesAreBounded(t *testing.T) {
	f := newFixture(t)
	f.srv.copies = 1 << 20
	c := f.connect()
	b, _ := c.bufferIn(128, 128, 0, false) // 64 KiB
	other, _ := c.bufferIn(64, 64, 0, false)
	show := func(s *client.WlSurface, b *client.WlBuffer) {
		s.Attach(b, 0, 0)
		s.Commit()
	}
	// Textures that are replaced or gone don't count.
	for range 50 {
		s := c.surface("s")
		show(s, other)
		show(s, b)
		s.Destroy()
	}
	c.ok()
	for range 16 {
		show(c.surface("s"), b)
	}
	c.ok()
	sealed, _ := c.bufferIn(128, 128, 0, true)
	for range 16 {
		show(c.surface("s"), sealed)
	}
	c.ok()
	show(c.surface("s"), b)
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorNoMemory))
}
