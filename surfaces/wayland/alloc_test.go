package wayland

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/seat"
)

// request appends one request with arguments of 32 bits.
func request(b []byte, id uint32, op uint16, args ...uint32) []byte {
	b = binary.NativeEndian.AppendUint32(b, id)
	b = binary.NativeEndian.AppendUint32(b, uint32(8+4*len(args))<<16|uint32(op))
	for _, a := range args {
		b = binary.NativeEndian.AppendUint32(b, a)
	}
	return b
}

// wire lets a test write requests and drop the events of a client without its
// library.
type rawWire struct {
	c   *testClient
	buf [4096]byte
}

func (r *rawWire) serve(requests []byte) {
	if _, err := unix.Write(r.c.d.FD(), requests); err != nil {
		r.c.t.Fatal(err)
	}
	if err := r.c.f.loop.Dispatch(0); err != nil {
		r.c.t.Fatal(err)
	}
}

// drain reads what was sent and returns how much that was.
func (r *rawWire) drain() int {
	n, err := unix.Read(r.c.d.FD(), r.buf[:])
	if err != nil && err != unix.EAGAIN {
		r.c.t.Fatal(err)
	}
	return max(n, 0)
}

// freeID returns an object id that may be used.
func (c *testClient) freeID() uint32 {
	c.t.Helper()
	id := c.d.Sync().ID()
	c.ok()
	return id
}

func noAllocs(t *testing.T, what string, fn func()) {
	t.Helper()
	for range 20 {
		fn() // storage grows to what it needs
	}
	if n := testing.AllocsPerRun(200, fn); n != 0 {
		t.Errorf("%s: %v allocations; want 0", what, n)
	}
}

func TestSyncAllocatesNothing(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	r := &rawWire{c: c}
	sync := request(nil, 1, 0, c.freeID())
	noAllocs(t, "sync", func() {
		r.serve(sync)
		if n := r.drain(); n != 24 { // done and delete_id
			t.Fatalf("%d bytes of answer", n)
		}
	})
	c.d.Close()
}

func TestCommitAllocatesNothing(t *testing.T) {
	for _, tc := range []struct {
		name   string
		sealed bool
	}{{"copied", false}, {"in place", true}} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			w := c.window("win", 64, 64, 0)
			var commits [2][]byte
			for i := range commits {
				b, _ := c.bufferIn(64, 64, 0, tc.sealed)
				c.ok()
				commits[i] = request(nil, w.surf.ID(), 1, b.ID(), 0, 0)
				commits[i] = request(commits[i], w.surf.ID(), 9, 3, 3, 10, 10) // damage_buffer
				commits[i] = request(commits[i], w.surf.ID(), 2, 5, 5, 10, 10) // damage
			}
			id := c.freeID()
			for i := range commits {
				commits[i] = request(commits[i], w.surf.ID(), 3, id) // frame
				commits[i] = request(commits[i], w.surf.ID(), 6)     // commit
			}
			core := c.core(w.surf).core
			f.shell.mute = true
			r := &rawWire{c: c}
			i := 0
			noAllocs(t, "commit and frame done", func() {
				r.serve(commits[i&1])
				i++
				if !core.WantsFrame() {
					t.Fatalf("the commit was not taken: %v", c.srv.conn.Err())
				}
				core.FrameDone(millis(f.loop.Now()))
				f.srv.Flush()
				r.drain()
			})
			noAllocs(t, "damage and repaint", func() {
				r.serve(commits[i&1])
				i++
				if _, err := f.out.Scene.Render(f.core.Renderer, &f.frame, 1); err != nil {
					t.Fatal(err)
				}
				f.srv.RefreshOutputs()
				core.FrameDone(millis(f.loop.Now()))
				f.srv.Flush()
				r.drain()
			})
			c.d.Close()
		})
	}
}

func TestInputAllocatesNothing(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.bindSeat(9)
	s.GetPointer()
	s.GetKeyboard()
	c.window("win", 640, 480, 0)
	r := &rawWire{c: c}
	x := 0.0
	noAllocs(t, "input", func() {
		x++
		f.motion(10+float64(int(x)%100), 10)
		f.button(btnLeft, true)
		f.button(btnLeft, false)
		f.key(30, true)
		f.key(30, false)
		f.srv.Flush()
		r.drain()
	})
	c.d.Close()
}

func TestIdleTurnAllocatesNothing(t *testing.T) {
	f := newFixture(t)
	for range 5 {
		f.connect().window("win", 10, 10, 0)
	}
	f.draw()
	noAllocs(t, "idle turn", func() {
		f.turn()
		f.srv.RefreshOutputs()
		f.seat.Refocus()
	})
}

func TestInputOfOtherDevicesAllocatesNothing(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.keyboardOf(10, "keys")
	tc := c.tablets()
	c.gestures(3)
	c.window("win", 60, 40, 0)
	tab := f.seat.NewTablet(seat.TabletInfo{Name: "Slate"})
	pen := tab.NewTool(pen())
	f.motion(10, 10)
	tc.ok()
	f.shell.mute, c.quiet = true, true
	r := &rawWire{c: c}
	quiet := func() {
		if err := f.loop.Dispatch(0); err != nil {
			t.Fatal(err)
		}
		r.drain()
	}
	now := f.loop.Now()
	f.key(keyA, true)
	noAllocs(t, "repeating a key", func() {
		if !f.seat.RepeatKey(now, keyA) {
			t.Fatal("the key does not repeat")
		}
		quiet()
	})
	f.key(keyA, false)
	noAllocs(t, "pressing a key", func() {
		f.key(keyA, true)
		f.key(keyA, false)
		quiet()
	})
	f.seat.GestureBegin(now, seat.Pinch, 2)
	noAllocs(t, "a step of a gesture", func() {
		f.seat.GestureUpdate(now, seat.GestureUpdate{Scale: 2})
		quiet()
	})
	f.seat.GestureEnd(now, false)
	pen.Near(now, tab, geom.FPoint{X: 10, Y: 10})
	x := 10.0
	noAllocs(t, "a step of a tool", func() {
		x = 30 - x
		pen.Move(now, geom.FPoint{X: x, Y: 10})
		pen.Measure(now, seat.ToolAxes{Set: seat.ToolPressure, Pressure: 5})
		pen.Frame(now)
		quiet()
	})
}
