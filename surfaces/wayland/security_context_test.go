package wayland

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// jail is a sandbox's side of a context.
type jail struct {
	path   string
	listen int
	ends   [2]int // the server gets the first; closing the second ends it
}

func newJail(t *testing.T) *jail {
	t.Helper()
	dir, err := os.MkdirTemp("", "jail") // a short path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	j := &jail{path: filepath.Join(dir, "s")}
	if j.listen, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.Bind(j.listen, &unix.SockaddrUnix{Name: j.path}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(j.listen, 4); err != nil {
		t.Fatal(err)
	}
	if err := unix.Pipe2(j.ends[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	return j
}

// given closes what the server has duplicates of.
func (j *jail) given() {
	_ = unix.Close(j.listen)
	_ = unix.Close(j.ends[0])
}

// enter connects from inside; nil if nobody listens.
func (j *jail) enter(f *fixture) *testClient {
	f.t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: j.path}); err != nil {
		_ = unix.Close(fd)
		return nil
	}
	f.turn()
	c := &testClient{f: f, t: f.t, quiet: true, names: map[uint32]string{}, serials: map[string]uint32{}}
	c.srv = f.srv.clients[len(f.srv.clients)-1]
	if c.d, err = client.NewWithOptions(fd, wire.ClientOptions{Trace: c.trace}); err != nil {
		f.t.Fatal(err)
	}
	f.clients = append(f.clients, c)
	c.reg = c.d.GetRegistry()
	c.reg.OnGlobal = func(name uint32, iface string, version uint32) {
		c.globals = append(c.globals, client.Global{Interface: iface, Name: name, Version: version})
	}
	c.ok()
	return c
}

func (c *testClient) contexts() *client.WpSecurityContextManagerV1 {
	return bind[client.WpSecurityContextManagerV1](c, &protocol.WpSecurityContextManagerV1Interface, 1)
}

func TestSecurityContext(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	j := newJail(t)
	m := c.contexts()
	x := m.CreateListener(j.listen, j.ends[0])
	m.Destroy()
	x.SetSandboxEngine("org.flatpak")
	x.SetAppId("org.example.App")
	x.SetInstanceId("1")
	c.ok()
	if len(f.srv.sandboxes) != 0 {
		t.Fatal("open before it was committed")
	}
	x.Commit()
	x.Destroy()
	c.ok()
	j.given()
	in := j.enter(f)
	if in == nil {
		t.Fatal("nobody listens")
	}
	if o := in.srv.Owner(); o.Trust != surfaces.TrustSandboxed || o.Label != "org.example.App" || int(o.PID) != os.Getpid() {
		t.Errorf("owner %+v", o)
	}
	for _, g := range in.globals {
		for _, p := range powerful {
			if g.Interface == p {
				t.Errorf("a sandboxed client sees %s", p)
			}
		}
	}
	in.comp = bind[client.WlCompositor](in, &protocol.WlCompositorInterface, 6)
	in.comp.CreateSurface()
	in.ok()
	// It goes on without its maker, until it is told to stop. Who is
	// inside stays.
	c.disconnect()
	f.clients = f.clients[1:]
	if j.enter(f) == nil {
		t.Fatal("closed with its maker")
	}
	_ = unix.Close(j.ends[1])
	f.turn()
	if len(f.srv.sandboxes) != 0 {
		t.Error("still open")
	}
	if j.enter(f) != nil {
		t.Error("accepts after its end")
	}
	in.ok()
}

func TestSecurityContextLabels(t *testing.T) {
	for _, tc := range []struct {
		engine, app, want string
	}{{"", "", "sandbox"}, {"eng", "", "eng"}, {"eng", "app", "app"}} {
		f := newFixture(t)
		c := f.connect()
		j := newJail(t)
		x := c.contexts().CreateListener(j.listen, j.ends[0])
		if tc.engine != "" {
			x.SetSandboxEngine(tc.engine)
		}
		if tc.app != "" {
			x.SetAppId(tc.app)
		}
		x.Commit()
		c.ok()
		j.given()
		if got := j.enter(f).srv.Owner().Label; got != tc.want {
			t.Errorf("engine %q, app %q: label %q; want %q", tc.engine, tc.app, got, tc.want)
		}
		// The server ends with it open.
		f.srv.closeSandboxes()
		_ = unix.Close(j.ends[1])
	}
}

func TestSecurityContextErrors(t *testing.T) {
	const ctx = "wp_security_context_v1"
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(c *testClient, x *client.WpSecurityContextV1)
	}{
		{"no socket", "wp_security_context_manager_v1", 1, func(c *testClient, _ *client.WpSecurityContextV1) {
			m := c.memory(8, false)
			c.contexts().CreateListener(m.fd, m.fd)
		}},
		{"socket that does not listen", "wp_security_context_manager_v1", 1, func(c *testClient, _ *client.WpSecurityContextV1) {
			fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				c.t.Fatal(err)
			}
			c.contexts().CreateListener(fds[0], fds[1])
			c.roundtrip()
			_ = unix.Close(fds[0])
			_ = unix.Close(fds[1])
		}},
		{"two engines", ctx, 2, func(_ *testClient, x *client.WpSecurityContextV1) {
			x.SetSandboxEngine("a")
			x.SetSandboxEngine("a")
		}},
		{"two apps", ctx, 2, func(_ *testClient, x *client.WpSecurityContextV1) {
			x.SetAppId("a")
			x.SetAppId("b")
		}},
		{"two instances", ctx, 2, func(_ *testClient, x *client.WpSecurityContextV1) {
			x.SetInstanceId("")
			x.SetInstanceId("b")
		}},
		{"committed twice", ctx, 1, func(_ *testClient, x *client.WpSecurityContextV1) {
			x.Commit()
			x.Commit()
		}},
		{"set late", ctx, 1, func(_ *testClient, x *client.WpSecurityContextV1) {
			x.Commit()
			x.SetAppId("a")
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			j := newJail(t)
			x := c.contexts().CreateListener(j.listen, j.ends[0])
			c.ok()
			j.given()
			tc.do(c, x)
			c.wantError(tc.iface, tc.code)
			_ = unix.Close(j.ends[1])
			f.turn()
		})
	}
}

func TestSecurityContextsAreBounded(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	for range maxContexts {
		f.srv.sandboxes = append(f.srv.sandboxes, &sandbox{srv: f.srv})
	}
	j := newJail(t)
	c.contexts().CreateListener(j.listen, j.ends[0]).Commit()
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorNoMemory))
	f.srv.sandboxes = nil
	j.given()
	_ = unix.Close(j.ends[1])
}

func TestSecurityContextWithAFileThatCannotHangUp(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	j := newJail(t)
	file, err := os.Create(j.path + ".file")
	if err != nil {
		t.Fatal(err)
	}
	c.contexts().CreateListener(j.listen, int(file.Fd())).Commit()
	c.ok()
	j.given()
	_ = file.Close()
	_ = unix.Close(j.ends[1])
	if len(f.srv.sandboxes) != 0 || j.enter(f) != nil {
		t.Error("a context that could never end was opened")
	}
}

func TestSandboxPausesWithoutDescriptors(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	j := newJail(t)
	c.contexts().CreateListener(j.listen, j.ends[0]).Commit()
	c.ok()
	j.given()
	b := f.srv.sandboxes[0]
	b.watch(0)
	f.connect().disconnect()
	if b.paused {
		t.Error("still paused after a client has gone")
	}
	if j.enter(f) == nil {
		t.Error("accepts nobody")
	}
	f.srv.closeSandboxes()
	_ = unix.Close(j.ends[1])
}
