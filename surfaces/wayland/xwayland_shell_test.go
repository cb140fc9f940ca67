package wayland

import (
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// xhost records what an X server's surfaces say.
type xhost struct {
	created []uint32
	serials map[uint64]uint32
	drags   []*DragOffer
}

func (h *xhost) SurfaceCreated(id uint32) { h.created = append(h.created, id) }

func (h *xhost) SurfaceSerial(id uint32, serial uint64) { h.serials[serial] = id }

func (h *xhost) DragEnter(_ *surfaces.Surface, o *DragOffer) DragTarget {
	h.drags = append(h.drags, o)
	return nil
}

// connectX adds a client that is an X server.
func (f *fixture) connectX(scale int32) (*testClient, *Xwayland, *xhost) {
	f.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	h := &xhost{serials: map[uint64]uint32{}}
	x, err := f.srv.AddXwayland(fds[0], h, scale)
	if err != nil {
		f.t.Fatal(err)
	}
	c := &testClient{f: f, t: f.t, quiet: true, names: map[uint32]string{}, serials: map[string]uint32{}, srv: x.c}
	if c.d, err = client.NewWithOptions(fds[1], wire.ClientOptions{Trace: c.trace}); err != nil {
		f.t.Fatal(err)
	}
	f.clients = append(f.clients, c)
	c.reg = c.d.GetRegistry()
	c.reg.OnGlobal = func(name uint32, iface string, version uint32) {
		c.globals = append(c.globals, client.Global{Interface: iface, Name: name, Version: version})
	}
	c.roundtrip()
	c.comp = bind[client.WlCompositor](c, &protocol.WlCompositorInterface, 4)
	c.shm = bind[client.WlShm](c, &protocol.WlShmInterface, 1)
	c.roundtrip()
	return c, x, h
}

// xwindow takes an XSurface's calls.
type xwindow struct {
	committing []geom.Size
	committed  int
	gone       bool
}

func (w *xwindow) Committing(s geom.Size)      { w.committing = append(w.committing, s) }
func (w *xwindow) Committed(_ surfaces.Fields) { w.committed++ }
func (w *xwindow) SurfaceGone()                { w.gone = true }

func TestOnlyTheXServerSeesItsShell(t *testing.T) {
	f := newFixture(t)
	for _, g := range f.connectBare().globals {
		if g.Interface == protocol.XwaylandShellV1Interface.Name {
			t.Errorf("%s is announced to an ordinary client", g.Interface)
		}
	}
	c, _, _ := f.connectX(1)
	bind[client.XwaylandShellV1](c, &protocol.XwaylandShellV1Interface, 1)
	c.roundtrip()
}

func TestXwaylandSerial(t *testing.T) {
	f := newFixture(t)
	c, x, h := f.connectX(1)
	shell := bind[client.XwaylandShellV1](c, &protocol.XwaylandShellV1Interface, 1)
	s := c.surface("s")
	xs := shell.GetXwaylandSurface(s)
	xs.SetSerial(7, 1)
	c.roundtrip()
	if len(h.created) != 1 || h.created[0] != s.ID() {
		t.Errorf("surfaces created %v; want %d", h.created, s.ID())
	}
	if len(h.serials) != 0 {
		t.Error("the serial has an effect before the commit")
	}
	s.Commit()
	c.roundtrip()
	if id := h.serials[1<<32|7]; id != s.ID() {
		t.Errorf("serials %v; want %d", h.serials, s.ID())
	}
	w := &xwindow{}
	if _, ok := x.Adopt(s.ID(), w); !ok {
		t.Error("the surface can't be adopted")
	}
	if _, ok := x.Adopt(999, w); ok {
		t.Error("a surface that isn't there was adopted")
	}
	second := &xwindow{}
	if _, ok := x.Adopt(s.ID(), second); !ok || !w.gone {
		t.Errorf("a second window with the surface: %v; the first has lost it: %v", ok, w.gone)
	}
	s.Destroy()
	c.roundtrip()
	if !second.gone {
		t.Error("the window doesn't hear of its surface's end")
	}
}

func TestXwaylandSerialErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		iface string
		code  uint32
		do    func(c *testClient, shell *client.XwaylandShellV1)
	}{
		{"no serial", "xwayland_surface_v1", uint32(protocol.XwaylandSurfaceV1ErrorInvalidSerial), func(c *testClient, sh *client.XwaylandShellV1) {
			sh.GetXwaylandSurface(c.surface("s")).SetSerial(0, 0)
		}},
		{"twice", "xwayland_surface_v1", uint32(protocol.XwaylandSurfaceV1ErrorAlreadyAssociated), func(c *testClient, sh *client.XwaylandShellV1) {
			s := c.surface("s")
			xs := sh.GetXwaylandSurface(s)
			xs.SetSerial(1, 0)
			s.Commit()
			xs.SetSerial(2, 0)
		}},
		{"two objects", "xwayland_shell_v1", uint32(protocol.XwaylandShellV1ErrorRole), func(c *testClient, sh *client.XwaylandShellV1) {
			s := c.surface("s")
			sh.GetXwaylandSurface(s)
			sh.GetXwaylandSurface(s)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			c, _, _ := f.connectX(1)
			tt.do(c, bind[client.XwaylandShellV1](c, &protocol.XwaylandShellV1Interface, 1))
			c.wantError(tt.iface, tt.code)
		})
	}
}

// TestXPixels: the X server's coordinates are its own pixels, ours are logical.
func TestXPixels(t *testing.T) {
	f := newFixture(t)
	c, x, _ := f.connectX(2)
	s := c.surface("s")
	w := &xwindow{}
	c.roundtrip()
	xs, ok := x.Adopt(s.ID(), w)
	if !ok {
		t.Fatal("no surface")
	}
	r := c.comp.CreateRegion()
	r.Add(1, 1, 9, 9)
	s.SetInputRegion(r)
	s.Attach(c.buffer(301, 200, 0xff204060), 0, 0)
	s.Commit()
	c.roundtrip()
	if len(w.committing) != 1 || w.committing[0] != (geom.Size{W: 301, H: 200}) || w.committed != 1 {
		t.Errorf("commits %v, %d; want one of 301x200", w.committing, w.committed)
	}
	core := xs.Core()
	if core.Size() != (geom.Size{W: 150, H: 100}) {
		t.Errorf("size %v; want half", core.Size())
	}
	if got, want := core.Current.Input.Extents(), (geom.Rect{X1: 5, Y1: 5}); got != want {
		t.Errorf("input region %v; want it outwards, %v", got, want)
	}
	if px, py := x.c.fixed(geom.FPoint{X: 10.5, Y: 3}); px != geom.FixedFromInt(21) || py != geom.FixedFromInt(6) {
		t.Errorf("pointer at %v, %v; want 21, 6", px, py)
	}
	x.SetScale(1)
	s.Attach(c.buffer(301, 200, 0xff204060), 0, 0)
	s.Commit()
	c.roundtrip()
	if core.Size() != (geom.Size{W: 301, H: 200}) {
		t.Errorf("size %v after the scale has changed", core.Size())
	}
}
