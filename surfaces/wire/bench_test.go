package wire_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// pair is a client and a server on one goroutine.
type pair struct {
	t    testing.TB
	conn *wire.Conn
	room *room
	d    *client.Display
}

func newPair(t testing.TB) *pair {
	t.Helper()
	a, b := socketpair(t)
	m := &room{}
	conn, err := wire.NewConn(a, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server.NewWlDisplay(conn, 1, 1).Handler = displayH{m}
	d, err := client.New(b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Close()
		conn.Close()
	})
	return &pair{t, conn, m, d}
}

// serve lets the server handle what the client flushed, and the client what
// the server answered.
func (p *pair) serve() {
	if err := p.d.Flush(); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.conn.Read(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.conn.Dispatch(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.conn.Flush(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.d.Read(); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.d.DispatchPending(); err != nil {
		p.t.Fatal(err)
	}
}

// scene binds what the room offers.
func (p *pair) scene() (*client.WlSurface, *client.WlPointer) {
	r := p.d.GetRegistry()
	s := client.BindWlCompositor(r, 1, 4).CreateSurface()
	ptr := client.BindWlSeat(r, 2, 5).GetPointer()
	p.serve()
	return s, ptr
}

func noAllocs(t *testing.T, what string, fn func()) {
	t.Helper()
	for range 100 {
		fn()
	}
	if n := testing.AllocsPerRun(200, fn); n != 0 {
		t.Errorf("%s: %v allocations; want 0", what, n)
	}
}

// TestNoAllocs covers both ends at once: each run sends, reads and dispatches.
func TestNoAllocs(t *testing.T) {
	p := newPair(t)
	s, ptr := p.scene()
	motions := 0
	ptr.OnMotion = func(uint32, geom.Fixed, geom.Fixed) { motions++ }
	sp, ok := p.conn.Object(ptr.ID()).(*server.WlPointer)
	if !ok {
		t.Fatal("no pointer")
	}
	noAllocs(t, "damage and commit", func() {
		s.Damage(0, 0, 10, 10)
		s.Attach(nil, 0, 0)
		s.Commit()
		p.room.calls = p.room.calls[:0]
		p.serve()
	})
	noAllocs(t, "motion", func() {
		sp.SendMotion(1, 2, 3)
		sp.SendFrame()
		p.serve()
	})
	done := func(uint32) {}
	noAllocs(t, "sync", func() {
		p.d.Sync().OnDone = done
		p.serve()
	})
	noAllocs(t, "frame callback", func() {
		s.Frame().OnDone = done
		s.Commit()
		p.serve()
		p.room.callbacks[0].SendDone(1)
		p.room.callbacks = p.room.callbacks[:0]
		p.serve()
	})
	if motions == 0 {
		t.Error("no motion arrived")
	}
}

func BenchmarkDamageCommit(b *testing.B) {
	a, c := socketpair(b)
	defer unix.Close(c)
	conn, err := wire.NewConn(a, wire.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	server.NewWlDisplay(conn, 1, 1).Handler = displayH{&room{}}
	if err := turn(b, conn, c, bind); err != nil {
		b.Fatal(err)
	}
	// Batches of 500 pairs, as fast as one read takes them.
	var batch []byte
	for range 500 {
		batch = append(batch, join(msg(4, 2, 0, 0, 10, 10), msg(4, 6))...)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += 500 {
		if err := turn(b, conn, c, batch); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMotion(b *testing.B) {
	a, c := socketpair(b)
	defer unix.Close(c)
	conn, err := wire.NewConn(a, wire.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	p := server.NewWlPointer(conn, 1, 5)
	if err := unix.SetNonblock(c, true); err != nil {
		b.Fatal(err)
	}
	sink := make([]byte, 64<<10)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n++ {
		p.SendMotion(1, 2, 3)
		if n%500 == 499 {
			if err := conn.Flush(); err != nil {
				b.Fatal(err)
			}
			if _, err := unix.Read(c, sink); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkSync is a round trip to a server on another goroutine that waits in
// poll(2).
func BenchmarkSync(b *testing.B) {
	a, c := socketpair(b)
	conn, err := wire.NewConn(a, wire.Options{})
	if err != nil {
		b.Fatal(err)
	}
	server.NewWlDisplay(conn, 1, 1).Handler = displayH{&room{}}
	stopped := make(chan error)
	go func() { stopped <- serveUntilClosed(conn) }()
	d, err := client.New(c)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if err := d.Roundtrip(); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	d.Close()
	if err := <-stopped; err != nil {
		b.Fatal(err)
	}
}

// serveUntilClosed is the loop of a server with one client.
func serveUntilClosed(conn *wire.Conn) error {
	defer conn.Close()
	poll := []unix.PollFd{{Fd: int32(conn.FD()), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(poll, -1); err != nil && err != unix.EINTR {
			return err
		}
		closed, err := conn.Read()
		if err != nil {
			return err
		}
		if err := conn.Dispatch(); err != nil {
			return err
		}
		if closed {
			return nil
		}
		if err := conn.Flush(); err != nil {
			return err
		}
	}
}
