package rfbserver

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"path/filepath"
	"sync"
	"testing"

	"rayos/geom"
	"rayos/internal/proctest"
	"rayos/rayapps/rfb"
)

// desk is a screen that somebody draws on, and its server.
type desk struct {
	t      *testing.T
	screen *Screen
	srv    *Server
	size   geom.Size
	pix    []byte
	stride int
	rnd    *rand.Rand

	mu    sync.Mutex
	seats []*testSeat
}

func newDesk(t *testing.T, size geom.Size, o Options) *desk {
	d := &desk{t: t, rnd: rand.New(rand.NewPCG(1, 2))}
	d.resize(size)
	var err error
	if d.screen, err = NewScreen(size); err != nil {
		t.Fatal(err)
	}
	o.Name, o.Log = "desk", slog.New(slog.DiscardHandler)
	if o.Seat == nil {
		o.Seat = func(v *Viewer) (Seat, error) {
			s := &testSeat{v: v, told: make(chan string, 64)}
			d.mu.Lock()
			d.seats = append(d.seats, s)
			d.mu.Unlock()
			return s, nil
		}
	}
	if d.srv, err = New(d.screen, o); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) resize(s geom.Size) {
	d.size, d.stride = s, 4*int(s.W)+64
	d.pix = make([]byte, d.stride*int(s.H))
}

// paint draws something like windows and text, or noise, and shows it.
func (d *desk) paint(r geom.Rect, colours int) {
	pal := make([]uint32, max(colours, 1))
	for i := range pal {
		pal[i] = d.rnd.Uint32() & 0xffffff
	}
	px, run := pal[0], 0
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			if colours == 0 {
				px = d.rnd.Uint32() & 0xffffff
			} else if run--; run < 0 {
				px, run = pal[d.rnd.IntN(len(pal))], d.rnd.IntN(40)*d.rnd.IntN(12)
			}
			binary.LittleEndian.PutUint32(d.pix[int(y)*d.stride+4*int(x):], px)
		}
	}
	d.show(r)
}

func (d *desk) show(r geom.Rect) {
	damage := geom.RegionOf(r)
	if err := d.screen.Update(d.pix, d.stride, &damage); err != nil {
		d.t.Error(err)
	}
}

// scroll moves a part by so many rows, and draws what comes in.
func (d *desk) scroll(r geom.Rect, by int32, colours uint32) {
	first := d.rnd.Uint32()
	from := bytes.Clone(d.pix)
	for y := r.Y0; y < r.Y1; y++ {
		if old := y + by; old >= r.Y0 && old < r.Y1 {
			copy(d.pix[int(y)*d.stride+4*int(r.X0):int(y)*d.stride+4*int(r.X1)], from[int(old)*d.stride+4*int(r.X0):])
		} else {
			for x := r.X0; x < r.X1; x++ {
				px := d.rnd.Uint32()
				if colours > 0 {
					px = first + px%colours*0x10203
				}
				binary.LittleEndian.PutUint32(d.pix[int(y)*d.stride+4*int(x):], px&0xffffff)
			}
		}
	}
	d.show(r)
}

// testSeat tells what a viewer does.
type testSeat struct {
	v    *Viewer
	told chan string

	mu     sync.Mutex
	resize func(geom.Size) rfb.ResizeStatus // nil refuses
}

// resizes says what a new size leads to from now on.
func (s *testSeat) resizes(fn func(geom.Size) rfb.ResizeStatus) {
	s.mu.Lock()
	s.resize = fn
	s.mu.Unlock()
}

func (s *testSeat) say(format string, args ...any) { s.told <- fmt.Sprintf(format, args...) }
func (s *testSeat) Key(sym, code uint32, down bool) {
	s.say("key %#x %d %v", sym, code, down)
}
func (s *testSeat) Pointer(at geom.Point, down rfb.Button) { s.say("pointer %v %b", at, down) }
func (s *testSeat) Resize(size geom.Size) rfb.ResizeStatus {
	s.say("resize %v", size)
	s.mu.Lock()
	fn := s.resize
	s.mu.Unlock()
	if fn == nil {
		return rfb.ResizeProhibited
	}
	return fn(size)
}
func (s *testSeat) Offer(f rfb.Formats)  { s.say("offer %b", f) }
func (s *testSeat) Clipboard(k rfb.Clip) { s.say("clipboard %s", k.Text) }
func (s *testSeat) Wanted(f rfb.Formats) { s.say("wanted %b", f) }
func (s *testSeat) Close()               { s.say("close") }

// eye is a viewer.
type eye struct {
	c    *rfb.Client
	fb   rfb.Framebuffer
	told chan string // of everything but pictures

	mu      sync.Mutex
	changed chan struct{}
	shown   []byte // as it was at the end of the last picture
	size    geom.Size
	end     error
}

// look connects a viewer.
func (d *desk) look(o rfb.Options) *eye {
	d.t.Helper()
	ln, err := net.Listen("unix", filepath.Join(d.t.TempDir(), "vnc"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer ln.Close()
	conn, err := net.Dial("unix", ln.Addr().String())
	if err != nil {
		d.t.Fatal(err)
	}
	server, err := ln.Accept()
	if err != nil {
		d.t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = d.srv.Serve(d.t.Context(), server) // what it says of viewers that go is tested elsewhere
	}()
	c, err := rfb.Connect(d.t.Context(), conn, o)
	if err != nil {
		d.t.Fatal(err)
	}
	e := &eye{c: c, told: make(chan string, 64), changed: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err := c.Run(rfb.Handler{
			Resize: func(desk rfb.Desktop) rfb.Framebuffer {
				e.fb = rfb.NewFramebuffer(desk.Size)
				return e.fb
			},
			Frame:     func(*geom.Region) { e.frame() },
			Cursor:    func(c rfb.Cursor) { e.told <- fmt.Sprintf("cursor %v %v % x", c.Size, c.Hot, c.Pix) },
			Bell:      func() { e.told <- "bell" },
			LED:       func(l rfb.LED) { e.told <- fmt.Sprint("led ", l) },
			Offer:     func(f rfb.Formats) { e.told <- fmt.Sprintf("offer %b", f) },
			Resized:   func(s rfb.ResizeStatus) { e.told <- fmt.Sprint("resized ", s) },
			Clipboard: func(k rfb.Clip) { e.told <- fmt.Sprintf("clipboard %s", k.Text) },
		})
		e.mu.Lock()
		e.end = err
		close(e.changed)
		e.changed = make(chan struct{})
		e.mu.Unlock()
	}()
	d.t.Cleanup(func() {
		c.Close()
		<-ended
		<-served
	})
	return e
}

func (e *eye) frame() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.size = e.fb.Size
	e.shown = e.shown[:0]
	for y := range int(e.fb.Size.H) {
		e.shown = append(e.shown, e.fb.Pix[y*e.fb.Stride:y*e.fb.Stride+4*int(e.fb.Size.W)]...)
	}
	close(e.changed)
	e.changed = make(chan struct{})
}

// sees waits until the viewer has what is shown.
func (d *desk) sees(e *eye) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), proctest.Patience)
	defer cancel()
	for {
		e.mu.Lock()
		changed, end := e.changed, e.end
		at := -1
		if e.size == d.size {
			at = d.differs(e.shown)
		}
		size := e.size
		e.mu.Unlock()
		if size == d.size && at < 0 {
			return
		}
		if end != nil {
			d.t.Fatalf("the viewer has left: %v", end)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			d.t.Fatalf("the viewer sees %v of %v; they differ at %d, %d", size, d.size, at%max(int(d.size.W), 1), at/max(int(d.size.W), 1))
		}
	}
}

// differs returns the first pixel that isn't as it was drawn, -1 for none.
func (d *desk) differs(shown []byte) int {
	w := int(d.size.W)
	for i := range w * int(d.size.H) {
		p, q := shown[4*i:], d.pix[i/w*d.stride+4*(i%w):]
		if p[0] != q[0] || p[1] != q[1] || p[2] != q[2] {
			return i
		}
	}
	return -1
}

func hear(t *testing.T, c chan string, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), proctest.Patience)
	defer cancel()
	select {
	case got := <-c:
		if got != want {
			t.Errorf("told %q; want %q", got, want)
		}
	case <-ctx.Done():
		t.Fatalf("not told %q", want)
	}
}

func TestPixelsArrive(t *testing.T) {
	for _, enc := range [][]rfb.Encoding{{rfb.Raw}, {rfb.Hextile}, {rfb.ZRLE}, {rfb.Tight}, {rfb.Tight, rfb.CopyRect}} {
		t.Run(fmt.Sprint(enc), func(t *testing.T) {
			d := newDesk(t, geom.Size{W: 333, H: 277}, Options{})
			d.paint(d.size.Rect(), 6)
			e := d.look(rfb.Options{Encodings: enc})
			d.sees(e)
			for _, colours := range []int{1, 2, 3, 16, 17, 100, 200, 300, 0} {
				for range 3 {
					x, y := d.rnd.Int32N(300), d.rnd.Int32N(250)
					d.paint(geom.XYWH(x, y, 1+d.rnd.Int32N(333-x), 1+d.rnd.Int32N(277-y)), colours)
				}
				d.sees(e)
			}
			d.scroll(geom.Rect{X0: 10, Y0: 20, X1: 300, Y1: 270}, 17, 0)
			d.scroll(geom.Rect{X0: 10, Y0: 20, X1: 300, Y1: 270}, -40, 0)
			d.sees(e)
		})
	}
}
