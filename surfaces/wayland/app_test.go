package wayland

import (
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// connectApp connects an application that sees these globals.
func (f *fixture) connectApp(id string, globals ...string) *testClient {
	f.t.Helper()
	c := f.connectBare() // for its bookkeeping
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	c.disconnect()
	f.clients = slices.DeleteFunc(f.clients, func(o *testClient) bool { return o == c })
	n := &testClient{f: f, t: f.t, quiet: true, names: map[uint32]string{}, serials: map[string]uint32{}}
	if n.srv, err = f.srv.AddApp(fds[0], App{ID: id, PID: int32(os.Getpid()), Globals: globals}); err != nil {
		f.t.Fatal(err)
	}
	if n.d, err = client.New(fds[1]); err != nil {
		f.t.Fatal(err)
	}
	f.clients = append(f.clients, n)
	n.reg = n.d.GetRegistry()
	n.reg.OnGlobal = func(name uint32, iface string, version uint32) {
		n.globals = append(n.globals, client.Global{Interface: iface, Name: name, Version: version})
	}
	n.ok()
	n.quiet = false
	return n
}

// basic is what an application needs for a window.
var basic = []string{"wl_compositor", "wl_shm", "xdg_wm_base"}

// TestAppsSeeWhatTheyMay: each global that gives power comes alone, to whom it
// was granted, and can't be bound by others who guess its name.
func TestAppsSeeWhatTheyMay(t *testing.T) {
	f := newFixture(t)
	all := map[string]uint32{}
	for _, g := range f.connect().globals {
		all[g.Interface] = g.Name
	}
	for name := range all {
		c := f.connectApp("org.example.App", append([]string{name}, basic...)...)
		for _, g := range c.globals {
			if g.Interface != name && !slices.Contains(basic, g.Interface) {
				t.Errorf("an app with %s sees %s", name, g.Interface)
			}
		}
		if !slices.ContainsFunc(c.globals, func(g client.Global) bool { return g.Interface == name }) {
			t.Errorf("an app with %s doesn't see it", name)
		}
		c.disconnect()
	}
	for _, name := range powerful {
		c := f.connectApp("org.example.App", basic...)
		c.reg.Bind(all[name], new(client.WlShm), &protocol.WlShmInterface, 1)
		c.wantError("wl_registry", uint32(protocol.WlDisplayErrorInvalidObject))
	}
	// One that is added later.
	c := f.connectApp("org.example.App", basic...)
	n := len(c.globals)
	f.srv.removeGlobal(f.srv.addGlobal(&protocol.WlSeatInterface, 1, func(*Client, uint32, uint32) {}))
	if c.ok(); len(c.globals) != n {
		t.Error("an app is told of a later global that it may not use")
	}
}

// TestAppsKeepTheirName: the id of a window is that of its app.
func TestAppsKeepTheirName(t *testing.T) {
	f := newFixture(t)
	c := f.connectApp("org.example.App", basic...)
	if o := c.srv.Owner(); o.Trust != surfaces.TrustSandboxed || o.Label != "org.example.App" || int(o.PID) != os.Getpid() || o.Start == 0 {
		t.Errorf("owner %+v", o)
	}
	if c.srv.App() != "org.example.App" || f.connect().srv.App() != "" {
		t.Errorf("app %q", c.srv.App())
	}
	comp := bind[client.WlCompositor](c, &protocol.WlCompositorInterface, 6)
	wm := bind[client.XdgWmBase](c, &protocol.XdgWmBaseInterface, 3)
	for _, says := range []string{"", "org.rayos.Settings"} {
		sf := comp.CreateSurface()
		top := wm.GetXdgSurface(sf).GetToplevel()
		if says != "" {
			top.SetAppId(says)
		}
		sf.Commit()
		c.ok()
		if g := c.srv.surfaces[len(c.srv.surfaces)-1].core.Guest; g == nil || g.AppID != "org.example.App" {
			t.Errorf("a window that calls itself %q is %+v", says, g)
		}
	}
}
