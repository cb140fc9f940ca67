package session

import (
	"encoding/binary"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/headless"
	"rayos/gpu/raster"
	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wire"
)

// steady is a session with one client whose window is on screen, in steady
// state: the test speaks for the client in prepared messages.
type steady struct {
	t       testing.TB
	loop    *loop.Loop
	display *headless.Display
	session *Session
	client  *client.Display
	fd      int
	in      []byte

	surface, callback uint32
	buffers           [2]uint32
	messages          []byte
	commits           int
}

func newSteady(t testing.TB, seals int) *steady {
	t.Helper()
	l, err := loop.NewVirtual()
	if err != nil {
		t.Fatal(err)
	}
	s := &steady{t: t, loop: l, in: make([]byte, 1<<16)}
	s.display, err = headless.New(l, display.Spec{Size: geom.Size{W: 640, H: 480}})
	if err != nil {
		t.Fatal(err)
	}
	r := raster.New(raster.Options{Workers: 1})
	s.session, err = New(Options{Loop: l, Display: s.display, Renderer: r, NoSocket: true, Keymap: xkb.Builtin()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.client.Close()
		if err := s.session.Close(); err != nil {
			t.Error(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		r.Close()
	})
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.session.Server().AddClient(fds[0]); err != nil {
		t.Fatal(err)
	}
	s.fd = fds[1]
	if s.client, err = client.New(fds[1]); err != nil {
		t.Fatal(err)
	}
	s.open(seals)
	return s
}

// open maps a window whose memory has these seals.
func (s *steady) open(seals int) {
	s.t.Helper()
	names := map[string]uint32{}
	reg := s.client.GetRegistry()
	reg.OnGlobal = func(name uint32, iface string, _ uint32) { names[iface] = name }
	s.roundtrip()
	bind := func(o wire.ClientObject, i *wire.Interface, version uint32) { reg.Bind(names[i.Name], o, i, version) }
	comp, shm, base, seat := &client.WlCompositor{}, &client.WlShm{}, &client.XdgWmBase{}, &client.WlSeat{}
	bind(comp, &protocol.WlCompositorInterface, 4)
	bind(shm, &protocol.WlShmInterface, 1)
	bind(base, &protocol.XdgWmBaseInterface, 2)
	bind(seat, &protocol.WlSeatInterface, 5)
	seat.GetPointer()
	sf := comp.CreateSurface()
	xs := base.GetXdgSurface(sf)
	xs.OnConfigure = xs.AckConfigure
	xs.GetToplevel().SetTitle("steady")
	sf.Commit()
	s.roundtrip()

	const w, h = 320, 240
	const size = w * h * 4
	fd, err := unix.MemfdCreate("steady", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		s.t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, 2*size); err != nil {
		s.t.Fatal(err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		s.t.Fatal(err)
	}
	pool := shm.CreatePool(fd, 2*size)
	for i := range s.buffers {
		b := pool.CreateBuffer(int32(i)*size, w, h, w*4, protocol.WlShmFormatXrgb8888)
		s.buffers[i] = b.ID()
		if i == 0 {
			sf.Attach(b, 0, 0)
		}
	}
	sf.Commit()
	s.roundtrip()
	s.surface = sf.ID()
	cb := s.client.Sync()
	s.callback = cb.ID()
	s.roundtrip()
	for range 20 { // until every frame on its way is shown
		s.turn()
	}
	if s.session.presented == 0 {
		s.t.Fatal("nothing was presented")
	}
}

func (s *steady) roundtrip() {
	s.t.Helper()
	done := false
	s.client.Sync().OnDone = func(uint32) { done = true }
	for i := 0; !done; i++ {
		if i > 100 {
			s.t.Fatal("a round trip does not end")
		}
		if err := s.client.Flush(); err != nil {
			s.t.Fatal(err)
		}
		s.turn()
		if err := s.client.Read(); err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.client.DispatchPending(); err != nil {
			s.t.Fatal(err)
		}
	}
}

// turn serves what is there and lets a refresh pass.
func (s *steady) turn() {
	if err := s.loop.Dispatch(0); err != nil {
		s.t.Fatal(err)
	}
	s.loop.Advance(20 * time.Millisecond)
}

// drain reads what the client was sent and returns how much.
func (s *steady) drain() (n int) {
	for {
		k, err := unix.Read(s.fd, s.in)
		if err != nil || k == 0 {
			return n
		}
		n += k
	}
}

// request appends a message.
func (s *steady) request(object uint32, op uint16, args ...uint32) {
	s.messages = binary.NativeEndian.AppendUint32(s.messages, object)
	s.messages = binary.NativeEndian.AppendUint32(s.messages, uint32(8+4*len(args))<<16|uint32(op))
	for _, v := range args {
		s.messages = binary.NativeEndian.AppendUint32(s.messages, v)
	}
}

// commit shows the other buffer with a little damage, asks for a frame and
// waits for it.
func (s *steady) commit() {
	s.commits++
	at := uint32(s.commits % 200)
	s.messages = s.messages[:0]
	s.request(s.surface, 1, s.buffers[s.commits&1], 0, 0) // attach
	s.request(s.surface, 9, at, at, 16, 16)               // damage_buffer
	s.request(s.surface, 3, s.callback)                   // frame
	s.request(s.surface, 6)                               // commit
	if _, err := unix.Write(s.fd, s.messages); err != nil {
		s.t.Fatal(err)
	}
	before := s.session.presented
	s.turn()
	if s.session.presented != before+1 {
		s.t.Fatalf("commit %d: %d frames were presented; want 1", s.commits, s.session.presented-before)
	}
	if s.drain() == 0 {
		s.t.Fatal("the client was told nothing")
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	t.Run("pixels are copied", func(t *testing.T) { testSteady(t, 0) })
	t.Run("pixels are read in place", func(t *testing.T) { testSteady(t, unix.F_SEAL_SHRINK) })
}

func testSteady(t *testing.T, seals int) {
	s := newSteady(t, seals)
	out := s.display.Outputs()[0]
	in := s.display.Input()
	x := 0.4
	for _, tt := range []struct {
		name string
		turn func()
	}{
		{"commit, redraw, presented, frame done", s.commit},
		{"nothing to do", s.turn},
		{"pointer moves over a window", func() {
			if x += 0.001; x > 0.6 {
				x = 0.4
			}
			in.PointerAbsolute(out, s.loop.Now(), x, 0.5)
			in.PointerFrame()
			s.turn()
			s.drain()
		}},
		{"pointer moves over a title bar", func() {
			if x += 0.001; x > 0.6 {
				x = 0.4
			}
			w := s.session.windows[s.session.wm.Focused()]
			in.PointerAbsolute(out, s.loop.Now(), x, float64(w.spot.Frame.Y0+8)/480)
			in.PointerFrame()
			s.turn()
			s.drain()
		}},
		{"damage of the whole output", func() {
			s.session.NeedFrame(out)
			s.turn()
		}},
	} {
		for range 250 { // every position once: storage has its final size
			tt.turn()
		}
		if n := testing.AllocsPerRun(100, tt.turn); n != 0 {
			t.Errorf("%s: %v allocations; want 0", tt.name, n)
		}
	}
}

func BenchmarkCommit(b *testing.B) {
	s := newSteady(b, unix.F_SEAL_SHRINK)
	b.ReportAllocs()
	for b.Loop() {
		s.commit()
	}
}
