package wayland

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// machineHost notes what a machine's connection says.
type machineHost struct{ log []string }

func (h *machineHost) GuestClose() { h.log = append(h.log, "close") }

func (h *machineHost) GuestState(s protocol.RayosGuestV1State, detail string) {
	h.log = append(h.log, fmt.Sprintf("%v %s", s, detail))
}

func (h *machineHost) GuestGone() { h.log = append(h.log, "gone") }

func (h *machineHost) expect(t *testing.T, want ...string) {
	t.Helper()
	if fmt.Sprint(h.log) != fmt.Sprint(want) {
		t.Errorf("host heard %q; want %q", h.log, want)
	}
	h.log = nil
}

var testMachine = surfaces.Owner{PID: 4711, Label: "Linux desktop", Trust: surfaces.TrustLinuxGuest}

// connectGuest adds a client that is a virtual machine.
func (f *fixture) connectGuest(setups ...func(*Guest)) (*testClient, *Guest, *machineHost) {
	f.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	h := &machineHost{}
	g, err := f.srv.AddGuest(fds[0], testMachine, h)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, setup := range setups {
		setup(g)
	}
	c := &testClient{f: f, t: f.t, quiet: true, names: map[uint32]string{}, serials: map[string]uint32{}, srv: g.c}
	if c.d, err = client.NewWithOptions(fds[1], wire.ClientOptions{Trace: c.trace}); err != nil {
		f.t.Fatal(err)
	}
	f.clients = append(f.clients, c)
	c.reg = c.d.GetRegistry()
	c.reg.OnGlobal = func(name uint32, iface string, version uint32) {
		c.globals = append(c.globals, client.Global{Interface: iface, Name: name, Version: version})
	}
	c.roundtrip()
	c.comp = bind[client.WlCompositor](c, &protocol.WlCompositorInterface, 6)
	c.shm = bind[client.WlShm](c, &protocol.WlShmInterface, 2)
	c.wm = bind[client.XdgWmBase](c, &protocol.XdgWmBaseInterface, 6)
	c.roundtrip()
	c.quiet = false
	c.take()
	return c, g, h
}

func TestMachinesSeeWhatTheyNeedAndNoMore(t *testing.T) {
	f := newFixture(t)
	for _, g := range f.connectBare().globals {
		if g.Interface == protocol.RayosGuestManagerV1Interface.Name {
			t.Errorf("%s is announced to an ordinary client", g.Interface)
		}
	}
	c, _, _ := f.connectGuest()
	seen := map[string]bool{}
	for _, g := range c.globals {
		seen[g.Interface] = true
		if !guestGlobals[g.Interface] {
			t.Errorf("a machine sees %s", g.Interface)
		}
	}
	for _, name := range append([]string{"wl_data_device_manager", "xdg_activation_v1"}, powerful...) {
		if seen[name] {
			t.Errorf("a machine sees %s", name)
		}
	}
	for name := range guestGlobals {
		// Renderers without memory of a GPU have no zwp_linux_dmabuf_v1.
		if !seen[name] && name != protocol.ZwpLinuxDmabufV1Interface.Name {
			t.Errorf("a machine does not see %s", name)
		}
	}
	// What it isn't told of it can't bind either.
	b := f.connectBare()
	for _, g := range b.globals {
		if g.Interface == "zwlr_screencopy_manager_v1" {
			c.reg.Bind(g.Name, new(client.ZwlrScreencopyManagerV1), &protocol.ZwlrScreencopyManagerV1Interface, 1)
		}
	}
	c.wantError("wl_registry", uint32(protocol.WlDisplayErrorInvalidObject))
}

func TestWindowOfAMachine(t *testing.T) {
	f := newFixture(t)
	c, g, h := f.connectGuest()
	w := c.window("w", 320, 200, 0xff336699)
	guest := w.guest()
	if guest.Kind != surfaces.KindGuest || guest.Owner != testMachine || f.srv.GuestOf(guest) != g {
		t.Errorf("kind %v, owner %v; want guest, %v", guest.Kind, guest.Owner, testMachine)
	}
	if f.srv.windows.find(guest) != nil {
		t.Error("a machine's window is listed before the session shows it")
	}
	guest.Window.Close()
	h.expect(t, "close")
	c.expect("")

	m := bind[client.RayosGuestManagerV1](c, &protocol.RayosGuestManagerV1Interface, 1)
	r := m.GetGuest(w.top)
	c.label(r, "guest")
	c.ok()
	c.expect("guest.hidden()\n")
	g.Present(true)
	g.Present(true)
	c.ok()
	c.expect("guest.presented()\n")
	guest.Window.Configure(surfaces.Configuration{Size: geom.Size{W: 400, H: 300}})
	c.ok()
	if got := c.take(); !strings.Contains(got, "guest.size(400, 300, 120)\nw.xdg.configure(") {
		t.Errorf("configured by %q; want the size in pixels before the serial", got)
	}
	g.Present(false)
	c.ok()
	c.expect("guest.hidden()\n")

	r.SetState(protocol.RayosGuestV1StateRunning, "up \xff")
	r.SetStatistics(5, 3, 2)
	c.ok()
	h.expect(t, "running up \ufffd")
	if got, want := g.Statistics(), (GuestStatistics{5, 3, 2}); got != want {
		t.Errorf("statistics %v; want %v", got, want)
	}
	r.Destroy()
	c.ok()
	g.Present(true) // nobody to be told
	c.disconnect()
	h.expect(t, "gone")
	if guest.State() != surfaces.Destroyed {
		t.Errorf("the window is %v; want destroyed", guest.State())
	}
}

func TestMachineProtocolErrors(t *testing.T) {
	for _, tc := range []struct {
		name  string
		do    func(m *client.RayosGuestManagerV1, w *window)
		iface string
		code  uint32
	}{
		{"two for a window", func(m *client.RayosGuestManagerV1, w *window) {
			m.GetGuest(w.top)
			m.GetGuest(w.top)
		}, "rayos_guest_manager_v1", uint32(protocol.RayosGuestManagerV1ErrorAlreadyConstructed)},
		{"no state", func(m *client.RayosGuestManagerV1, w *window) {
			m.GetGuest(w.top).SetState(99, "")
		}, "rayos_guest_v1", uint32(protocol.RayosGuestV1ErrorInvalidState)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c, _, h := f.connectGuest()
			w := c.window("w", 32, 32, 0xff000000)
			tc.do(bind[client.RayosGuestManagerV1](c, &protocol.RayosGuestManagerV1Interface, 1), w)
			c.wantError(tc.iface, tc.code)
			h.expect(t, "gone")
		})
	}
}
