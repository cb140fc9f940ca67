package nested

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// fakeHost is a host that does what a test says, on a goroutine of its own.
// Its fields are read and written inside of do.
type fakeHost struct {
	t    *testing.T
	loop *loop.Loop
	conn *wire.Conn
	end  int // our client's end of the socket
	gone bool

	scale     uint32 // first preferred scale, in 1/120
	seatCaps  protocol.WlSeatCapability
	firstSize geom.Size
	auto      bool // present each frame and release its buffer at once

	windows   []*fakeWindow
	cursors   []*server.WlSurface // attached by set_cursor, nil hides
	cursorHot geom.Point
	decorated int
	inhibited int

	seat     *server.WlSeat
	pointer  *server.WlPointer
	keyboard *server.WlKeyboard
	touch    *server.WlTouch
	relative *server.ZwpRelativePointerV1
	swipe    *server.ZwpPointerGestureSwipeV1
	pinch    *server.ZwpPointerGesturePinchV1
	hold     *server.ZwpPointerGestureHoldV1
	tablets  *server.ZwpTabletSeatV2
	given    []string // objects that were destroyed
}

// fakeWindow is one toplevel, or before it has a role any surface.
type fakeWindow struct {
	host       *fakeHost
	surface    *server.WlSurface
	xdg        *server.XdgSurface
	toplevel   *server.XdgToplevel
	fractional *server.WpFractionalScaleV1
	title, app string

	configured bool // for the first time

	attached *server.WlBuffer
	commits  int
	acks     []uint32
	dest     geom.Size
	scale    int32
	damage   []geom.Rect
	frames   []*server.WlCallback
	feedback []*server.WpPresentationFeedback
}

func startFakeHost(t *testing.T, setup func(h *fakeHost)) *fakeHost {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	h := &fakeHost{t: t, loop: l, end: pair[1]}
	if h.conn, err = wire.NewConn(pair[0], wire.Options{}); err != nil {
		t.Fatal(err)
	}
	if setup != nil {
		setup(h)
	}
	server.NewWlDisplay(h.conn, 1, 1).Handler = fakeDisplay{h}
	src, err := l.Add(h.conn.FD(), loop.Readable, h)
	if err != nil {
		t.Fatal(err)
	}
	l.AtTurnEnd(func() {
		if !h.gone {
			h.conn.Flush()
		}
	})
	done := make(chan error)
	go func() { done <- l.Run() }()
	t.Cleanup(func() {
		l.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if !h.gone {
			src.Remove()
			h.conn.Close()
		}
		l.Close()
	})
	return h
}

// connect returns the client's end.
func (h *fakeHost) connect() *client.Display {
	d, err := client.New(h.end)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// do runs fn on the host's goroutine and returns when what it sent is on its
// way.
func (h *fakeHost) do(fn func()) {
	h.t.Helper()
	done := make(chan struct{})
	h.loop.Post(func() {
		fn()
		if !h.gone {
			h.conn.Flush()
		}
		close(done)
	})
	<-done
}

func (h *fakeHost) Ready(loop.Events) {
	if h.gone {
		return
	}
	closed, err := h.conn.Read()
	if e := h.conn.Dispatch(); err == nil {
		err = e
	}
	if err != nil {
		if violation := (*wire.ProtocolError)(nil); errors.As(err, &violation) {
			h.t.Errorf("the client broke the protocol: %v", err)
		}
	}
	if closed || err != nil {
		h.hangUp()
	}
}

func (h *fakeHost) hangUp() {
	if !h.gone {
		h.gone = true
		unix.Shutdown(h.conn.FD(), unix.SHUT_RDWR)
		h.conn.Flush()
		h.loop.Stop()
	}
}

type fakeDisplay struct{ h *fakeHost }

func (d fakeDisplay) Sync(_ *server.WlDisplay, cb *server.WlCallback) { cb.SendDone(0) }

func (d fakeDisplay) GetRegistry(_ *server.WlDisplay, r *server.WlRegistry) {
	r.Handler = d
	for i, g := range d.globals() {
		r.SendGlobal(uint32(i), g.iface.Name, g.version)
	}
}

func (d fakeDisplay) Bind(_ *server.WlRegistry, name uint32, _ string, version, id uint32) {
	d.globals()[name].bind(d.h.conn, id, version)
}

type fakeGlobal struct {
	iface   *wire.Interface
	version uint32
	bind    func(c *wire.Conn, id, version uint32)
}

func (d fakeDisplay) globals() []fakeGlobal {
	h := d.h
	return []fakeGlobal{
		{&protocol.WlCompositorInterface, 5, func(c *wire.Conn, id, v uint32) {
			server.NewWlCompositor(c, id, v).Handler = fakeCompositor{h: h}
		}},
		{&protocol.WlShmInterface, 1, func(c *wire.Conn, id, v uint32) { server.NewWlShm(c, id, v).Handler = fakeShm{h: h} }},
		{&protocol.XdgWmBaseInterface, 5, func(c *wire.Conn, id, v uint32) { server.NewXdgWmBase(c, id, v).Handler = fakeShell{h: h} }},
		{&protocol.ZxdgDecorationManagerV1Interface, 1, func(c *wire.Conn, id, v uint32) {
			server.NewZxdgDecorationManagerV1(c, id, v).Handler = fakeDecoration{h: h}
		}},
		{&protocol.WpViewporterInterface, 1, func(c *wire.Conn, id, v uint32) {
			server.NewWpViewporter(c, id, v).Handler = fakeViewporter{h: h}
		}},
		{&protocol.WpFractionalScaleManagerV1Interface, 1, func(c *wire.Conn, id, v uint32) {
			server.NewWpFractionalScaleManagerV1(c, id, v).Handler = fakeFractional{h: h}
		}},
		{&protocol.WpPresentationInterface, 1, func(c *wire.Conn, id, v uint32) {
			p := server.NewWpPresentation(c, id, v)
			p.Handler = fakePresentation{h: h}
			p.SendClockId(unix.CLOCK_MONOTONIC)
		}},
		{&protocol.ZwpRelativePointerManagerV1Interface, 1, func(c *wire.Conn, id, v uint32) {
			server.NewZwpRelativePointerManagerV1(c, id, v).Handler = fakeRelative{h: h}
		}},
		{&protocol.ZwpKeyboardShortcutsInhibitManagerV1Interface, 1, func(c *wire.Conn, id, v uint32) {
			server.NewZwpKeyboardShortcutsInhibitManagerV1(c, id, v).Handler = fakeInhibit{h: h}
		}},
		{&protocol.ZwpPointerGesturesV1Interface, 3, func(c *wire.Conn, id, v uint32) {
			server.NewZwpPointerGesturesV1(c, id, v).Handler = fakeGestures{h: h}
		}},
		{&protocol.ZwpTabletManagerV2Interface, 1, func(c *wire.Conn, id, v uint32) {
			server.NewZwpTabletManagerV2(c, id, v).Handler = fakeTablets{h: h}
		}},
		{&protocol.WlSeatInterface, 9, func(c *wire.Conn, id, v uint32) {
			h.seat = server.NewWlSeat(c, id, v)
			h.seat.Handler = fakeSeat{h: h}
			h.seat.SendCapabilities(h.seatCaps)
		}},
		{&protocol.WlOutputInterface, 3, func(c *wire.Conn, id, v uint32) {
			o := server.NewWlOutput(c, id, v)
			o.SendMode(protocol.WlOutputModeCurrent, 1920, 1080, 144_000)
			o.SendDone()
		}},
	}
}

// The handlers below embed the interface, so a request that no test expects
// is a nil call, which ends the connection with an error.

type fakeCompositor struct {
	server.WlCompositorHandler
	h *fakeHost
}

func (f fakeCompositor) CreateSurface(_ *server.WlCompositor, s *server.WlSurface) {
	s.Handler = &fakeSurface{w: &fakeWindow{host: f.h, surface: s, scale: 1}}
}

type fakeSurface struct {
	server.WlSurfaceHandler
	w *fakeWindow
}

func windowOf(s *server.WlSurface) *fakeWindow { return s.Handler.(*fakeSurface).w }

func (f *fakeSurface) Destroy(*server.WlSurface) {}

func (f *fakeSurface) Attach(_ *server.WlSurface, b *server.WlBuffer, _, _ int32) { f.w.attached = b }

func (f *fakeSurface) SetBufferScale(_ *server.WlSurface, s int32) { f.w.scale = s }

func (f *fakeSurface) DamageBuffer(_ *server.WlSurface, x, y, w, h int32) {
	f.w.damage = append(f.w.damage, geom.XYWH(x, y, w, h))
}

func (f *fakeSurface) Frame(_ *server.WlSurface, cb *server.WlCallback) {
	f.w.frames = append(f.w.frames, cb)
}

func (f *fakeSurface) Commit(*server.WlSurface) {
	w := f.w
	w.commits++
	if !w.configured && w.toplevel != nil {
		w.configured = true
		if w.fractional != nil && w.host.scale != 0 {
			w.fractional.SendPreferredScale(w.host.scale)
		}
		w.configure(w.host.firstSize, 1)
	}
	if w.host.auto && w.attached != nil {
		w.attached.SendRelease()
		w.damage = w.damage[:0]
		w.done()
		w.shown(time.Second, time.Millisecond, 1)
	}
}

func (w *fakeWindow) configure(size geom.Size, serial uint32, states ...protocol.XdgToplevelState) {
	var list []byte
	for _, s := range states {
		list = binary.NativeEndian.AppendUint32(list, uint32(s))
	}
	w.toplevel.SendConfigure(size.W, size.H, list)
	w.xdg.SendConfigure(serial)
}

// done does what a host does when it has taken a frame.
func (w *fakeWindow) done() {
	for _, f := range w.frames {
		f.SendDone(0)
	}
	w.frames = w.frames[:0]
}

// shown does what it does at the retrace after that.
func (w *fakeWindow) shown(at, refresh time.Duration, seq uint32) {
	for _, f := range w.feedback {
		f.SendPresented(0, uint32(at/time.Second), uint32(at%time.Second), uint32(refresh), 0, seq,
			protocol.WpPresentationFeedbackKindVsync|protocol.WpPresentationFeedbackKindHwClock)
	}
	w.feedback = w.feedback[:0]
}

// bufferSize of what is attached.
func (w *fakeWindow) bufferSize() geom.Size {
	if w.attached == nil {
		return geom.Size{}
	}
	return w.attached.Handler.(fakeBuffer).size
}

type fakeShm struct {
	server.WlShmHandler
	h *fakeHost
}

func (f fakeShm) CreatePool(_ *server.WlShm, p *server.WlShmPool, fd *wire.FD, size int32) {
	var st unix.Stat_t
	if err := unix.Fstat(fd.Borrow(), &st); err != nil || st.Size < int64(size) {
		f.h.t.Errorf("pool of %d bytes in a file of %d, %v", size, st.Size, err)
	}
	p.Handler = fakePool{}
}

type fakePool struct{ server.WlShmPoolHandler }

func (fakePool) Destroy(*server.WlShmPool) {}

func (fakePool) CreateBuffer(_ *server.WlShmPool, b *server.WlBuffer, _, w, h, _ int32, _ protocol.WlShmFormat) {
	b.Handler = fakeBuffer{geom.Size{W: w, H: h}}
}

type fakeBuffer struct{ size geom.Size }

func (fakeBuffer) Destroy(*server.WlBuffer) {}

type fakeShell struct {
	server.XdgWmBaseHandler
	h *fakeHost
}

func (f fakeShell) GetXdgSurface(_ *server.XdgWmBase, x *server.XdgSurface, s *server.WlSurface) {
	w := windowOf(s)
	w.xdg = x
	x.Handler = fakeXdgSurface{w: w}
	f.h.windows = append(f.h.windows, w)
}

func (f fakeShell) Pong(*server.XdgWmBase, uint32) {}

type fakeXdgSurface struct {
	server.XdgSurfaceHandler
	w *fakeWindow
}

func (f fakeXdgSurface) Destroy(*server.XdgSurface) {}

func (f fakeXdgSurface) GetToplevel(_ *server.XdgSurface, t *server.XdgToplevel) {
	f.w.toplevel = t
	t.Handler = fakeToplevel{w: f.w}
}

func (f fakeXdgSurface) AckConfigure(_ *server.XdgSurface, serial uint32) {
	f.w.acks = append(f.w.acks, serial)
}

type fakeToplevel struct {
	server.XdgToplevelHandler
	w *fakeWindow
}

func (f fakeToplevel) Destroy(*server.XdgToplevel)              {}
func (f fakeToplevel) SetTitle(_ *server.XdgToplevel, s string) { f.w.title = s }
func (f fakeToplevel) SetAppId(_ *server.XdgToplevel, s string) { f.w.app = s }

type fakeDecoration struct {
	server.ZxdgDecorationManagerV1Handler
	h *fakeHost
}

func (f fakeDecoration) GetToplevelDecoration(_ *server.ZxdgDecorationManagerV1, d *server.ZxdgToplevelDecorationV1, _ *server.XdgToplevel) {
	d.Handler = fakeDecorated{h: f.h}
}

type fakeDecorated struct {
	server.ZxdgToplevelDecorationV1Handler
	h *fakeHost
}

func (f fakeDecorated) Destroy(*server.ZxdgToplevelDecorationV1) {}

func (f fakeDecorated) SetMode(_ *server.ZxdgToplevelDecorationV1, m protocol.ZxdgToplevelDecorationV1Mode) {
	if m == protocol.ZxdgToplevelDecorationV1ModeServerSide {
		f.h.decorated++
	}
}

type fakeViewporter struct {
	server.WpViewporterHandler
	h *fakeHost
}

func (f fakeViewporter) GetViewport(_ *server.WpViewporter, v *server.WpViewport, s *server.WlSurface) {
	v.Handler = fakeViewport{w: windowOf(s)}
}

type fakeViewport struct {
	server.WpViewportHandler
	w *fakeWindow
}

func (f fakeViewport) Destroy(*server.WpViewport) {}

func (f fakeViewport) SetDestination(_ *server.WpViewport, w, h int32) {
	f.w.dest = geom.Size{W: w, H: h}
}

type fakeFractional struct {
	server.WpFractionalScaleManagerV1Handler
	h *fakeHost
}

func (f fakeFractional) GetFractionalScale(_ *server.WpFractionalScaleManagerV1, s *server.WpFractionalScaleV1, surface *server.WlSurface) {
	windowOf(surface).fractional = s
}

type fakePresentation struct {
	server.WpPresentationHandler
	h *fakeHost
}

func (f fakePresentation) Feedback(_ *server.WpPresentation, s *server.WlSurface, cb *server.WpPresentationFeedback) {
	w := windowOf(s)
	w.feedback = append(w.feedback, cb)
}

type fakeRelative struct {
	server.ZwpRelativePointerManagerV1Handler
	h *fakeHost
}

func (f fakeRelative) GetRelativePointer(_ *server.ZwpRelativePointerManagerV1, r *server.ZwpRelativePointerV1, _ *server.WlPointer) {
	f.h.relative = r
}

type fakeInhibit struct {
	server.ZwpKeyboardShortcutsInhibitManagerV1Handler
	h *fakeHost
}

func (f fakeInhibit) InhibitShortcuts(_ *server.ZwpKeyboardShortcutsInhibitManagerV1, _ *server.ZwpKeyboardShortcutsInhibitorV1, _ *server.WlSurface, _ *server.WlSeat) {
	f.h.inhibited++
}

type fakeSeat struct {
	server.WlSeatHandler
	h *fakeHost
}

func (f fakeSeat) Release(*server.WlSeat) {}

func (f fakeSeat) GetPointer(_ *server.WlSeat, p *server.WlPointer) {
	f.h.pointer = p
	p.Handler = fakePointer{h: f.h}
}

func (f fakeSeat) GetKeyboard(_ *server.WlSeat, k *server.WlKeyboard) { f.h.keyboard = k }
func (f fakeSeat) GetTouch(_ *server.WlSeat, t *server.WlTouch)       { f.h.touch = t }

type fakePointer struct {
	server.WlPointerHandler
	h *fakeHost
}

func (f fakePointer) Release(*server.WlPointer) {}

func (f fakePointer) SetCursor(_ *server.WlPointer, _ uint32, s *server.WlSurface, x, y int32) {
	f.h.cursors = append(f.h.cursors, s)
	f.h.cursorHot = geom.Point{X: x, Y: y}
}
