package proctest

import (
	"encoding/binary"
	"image"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// This file has clients of our own, for protocols that no program of Debian 12
// speaks.

// own is a connection of the test's.
type own struct {
	*client.Display
	t       *testing.T
	globals *client.Globals
}

func (s *Session) connect(t *testing.T) *own {
	t.Helper()
	d, err := client.Connect(s.Socket())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	g, err := d.Globals()
	if err != nil {
		t.Fatal(err)
	}
	return &own{d, t, g}
}

// bind binds a global.
func (c *own) bind(p wire.ClientObject, iface *wire.Interface) {
	c.t.Helper()
	name, version, ok := c.globals.Find(iface)
	if !ok {
		c.t.Fatalf("the session has no %s", iface.Name)
	}
	c.globals.Registry.Bind(name, p, iface, version)
}

// until dispatches events until a condition holds.
func (c *own) until(what string, holds func() bool) {
	c.t.Helper()
	deadline := time.Now().Add(Patience)
	for !holds() {
		if err := c.Roundtrip(); err != nil {
			c.t.Fatalf("%s: %v", what, err)
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("not within %v: %s", Patience, what)
		}
		poll := []unix.PollFd{{Fd: int32(c.FD()), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, 20); err != nil && err != unix.EINTR {
			c.t.Fatal(err)
		}
	}
}

// buffer makes a buffer of XRGB pixels and returns its memory.
func (c *own) buffer(w, h int) (*client.WlBuffer, []byte) {
	c.t.Helper()
	size := 4 * w * h
	fd, err := unix.MemfdCreate("proctest", unix.MFD_CLOEXEC)
	if err != nil {
		c.t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, int64(size)); err != nil {
		c.t.Fatal(err)
	}
	mem, err := unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = unix.Munmap(mem) })
	shm := &client.WlShm{}
	c.bind(shm, &protocol.WlShmInterface)
	pool := shm.CreatePool(fd, int32(size))
	b := pool.CreateBuffer(0, int32(w), int32(h), int32(4*w), protocol.WlShmFormatXrgb8888)
	pool.Destroy()
	if err := c.Roundtrip(); err != nil { // the descriptor has gone over
		c.t.Fatal(err)
	}
	return b, mem
}

// TestCaptureOfAWindow copies one window by ext-image-copy-capture, while
// another covers it.
func TestCaptureOfAWindow(t *testing.T) {
	s := begin(t, "foot")
	id := s.terminal("below", "103050")
	over := s.terminal("above", "503010")
	s.Spot("the window below", id, 0x103050)
	for _, w := range []uint32{id, over} {
		s.Call("move", Args{"window": w, "x": 50, "y": 50})
	}
	s.prompt(id)
	s.prompt(over)

	c := s.connect(t)
	list := &client.ExtForeignToplevelListV1{}
	var handle *client.ExtForeignToplevelHandleV1
	list.OnToplevel = func(h *client.ExtForeignToplevelHandleV1) {
		h.OnTitle = func(title string) {
			if title == "below" {
				handle = h
			}
		}
	}
	c.bind(list, &protocol.ExtForeignToplevelListV1Interface)
	c.until("the list has the window", func() bool { return handle != nil })
	sources, manager := &client.ExtForeignToplevelImageCaptureSourceManagerV1{}, &client.ExtImageCopyCaptureManagerV1{}
	c.bind(sources, &protocol.ExtForeignToplevelImageCaptureSourceManagerV1Interface)
	c.bind(manager, &protocol.ExtImageCopyCaptureManagerV1Interface)
	var size image.Point
	var xrgb, ready, failed bool
	session := manager.CreateSession(sources.CreateSource(handle), 0)
	session.OnBufferSize = func(w, h uint32) { size = image.Pt(int(w), int(h)) }
	session.OnShmFormat = func(f protocol.WlShmFormat) { xrgb = xrgb || f == protocol.WlShmFormatXrgb8888 }
	c.until("the size is known", func() bool { return size.X > 0 && xrgb })
	if want := s.content(id).Size(); size != want {
		t.Errorf("the source has %v pixels; want %v, those of the window", size, want)
	}
	b, mem := c.buffer(size.X, size.Y)
	frame := session.CreateFrame()
	frame.OnReady = func() { ready = true }
	frame.OnFailed = func(protocol.ExtImageCopyCaptureFrameV1FailureReason) { failed = true }
	frame.AttachBuffer(b)
	frame.DamageBuffer(0, 0, int32(size.X), int32(size.Y))
	frame.Capture()
	c.until("the frame is there", func() bool { return ready || failed })
	if failed {
		t.Fatal("the capture failed")
	}
	got := Picture{image.NewRGBA(image.Rectangle{Max: size})}
	for i := 0; i < len(mem); i += 4 {
		v := binary.LittleEndian.Uint32(mem[i:])
		copy(got.Pix[i:], []byte{byte(v >> 16), byte(v >> 8), byte(v), 255})
	}
	if _, n := got.Find(0x103050); n < size.X*size.Y/2 {
		t.Errorf("%d pixels of the picture have the window's background", n)
	}
	if _, n := got.Find(0x503010); n > 0 {
		t.Errorf("%d pixels of the picture are another window's", n)
	}
}

// TestFifo hands over frames faster than the screen shows them: with a barrier
// each is shown for a refresh, so that none is lost.
func TestFifo(t *testing.T) {
	t.Parallel()
	s := Start(t)
	c := s.connect(t)
	comp, shell, fifos, clock := &client.WlCompositor{}, &client.XdgWmBase{}, &client.WpFifoManagerV1{}, &client.WpPresentation{}
	c.bind(comp, &protocol.WlCompositorInterface)
	c.bind(shell, &protocol.XdgWmBaseInterface)
	c.bind(fifos, &protocol.WpFifoManagerV1Interface)
	c.bind(clock, &protocol.WpPresentationInterface)
	surface := comp.CreateSurface()
	x := shell.GetXdgSurface(surface)
	top := x.GetToplevel()
	top.SetTitle("fifo")
	configured := false
	x.OnConfigure = func(serial uint32) {
		x.AckConfigure(serial)
		configured = true
	}
	surface.Commit()
	c.until("the window is configured", func() bool { return configured })
	fifo := fifos.GetFifo(surface)
	const frames = 20
	presented, discarded := 0, 0
	for i := range frames {
		b, mem := c.buffer(64, 64)
		for j := 0; j < len(mem); j += 4 {
			binary.LittleEndian.PutUint32(mem[j:], uint32(i)<<16)
		}
		feedback := clock.Feedback(surface)
		feedback.OnPresented = func(_, _, _, _, _, _ uint32, _ protocol.WpPresentationFeedbackKind) { presented++ }
		feedback.OnDiscarded = func() { discarded++ }
		fifo.WaitBarrier()
		fifo.SetBarrier()
		surface.Attach(b, 0, 0)
		surface.DamageBuffer(0, 0, 64, 64)
		surface.Commit()
	}
	c.until("all frames are presented", func() bool { return presented+discarded == frames })
	if discarded > 0 {
		t.Errorf("%d of %d frames were never shown", discarded, frames)
	}
}
