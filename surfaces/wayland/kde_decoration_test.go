package wayland

import (
	"testing"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func (c *testClient) kde() *client.OrgKdeKwinServerDecorationManager {
	m := bind[client.OrgKdeKwinServerDecorationManager](c, &protocol.OrgKdeKwinServerDecorationManagerInterface, 1)
	c.label(m, "kde")
	return m
}

func (c *testClient) kdeFor(m *client.OrgKdeKwinServerDecorationManager, s *client.WlSurface) *client.OrgKdeKwinServerDecoration {
	d := m.Create(s)
	c.label(d, "deco")
	return d
}

func TestKdeDecorationAgreesWithTheSession(t *testing.T) {
	f := newFixture(t)
	f.shell.decorates = true
	c := f.connect()
	m := c.kde()
	c.expect("kde.default_mode(2)")
	s := c.toplevel("win")
	d := c.kdeFor(m, s.surf)
	c.expect("deco.mode(2)")
	wish := func(what string, known, server bool) {
		t.Helper()
		c.ok()
		if k, sv := f.srv.DecorationWish(s.guest()); k != known || sv != server {
			t.Errorf("%s: known %v, by the session %v; want %v, %v", what, k, sv, known, server)
		}
	}
	f.shell.take()
	wish("created", true, true)
	d.RequestMode(kdeClient)
	c.expect("deco.mode(1)")
	wish("client", true, false)
	compare(t, "told", f.shell.take(), "changed decoration")
	d.RequestMode(kdeClient)
	c.expect("")
	compare(t, "told", f.shell.take(), "")
	d.RequestMode(kdeNone)
	c.expect("deco.mode(0)")
	wish("none", true, false)
	d.RequestMode(kdeServer)
	c.expect("deco.mode(2)")
	wish("server", true, true)
	f.shell.take()
	d.Release()
	wish("released", false, false)
	compare(t, "told", f.shell.take(), "changed decoration")
}

func TestKdeDecorationThatIsRefused(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	d := c.kdeFor(c.kde(), c.surface("later"))
	c.expect("kde.default_mode(2)\ndeco.mode(2)")
	d.RequestMode(kdeServer) // its wish already
	c.expect("")
	// The session does not draw frames here: the client hears so as soon as
	// there is a window, and once for each other wish.
	w := c.toplevel("win")
	d = c.kdeFor(c.kde(), w.surf)
	c.expect("kde.default_mode(2)\ndeco.mode(1)")
	d.RequestMode(kdeNone)
	d.RequestMode(kdeServer)
	d.RequestMode(kdeServer)
	d.RequestMode(kdeServer)
	c.expect("deco.mode(0)\ndeco.mode(1)")
	// Before there is one, a wish is as good as granted.
	s := c.surface("s")
	c.kdeFor(c.kde(), s)
	c.expect("kde.default_mode(2)\ndeco.mode(2)")
	c.wm.GetXdgSurface(s).GetToplevel()
	c.expect("deco.mode(1)")
	// Without its surface it is inert.
	x := c.surface("x")
	d = c.kdeFor(c.kde(), x)
	x.Destroy()
	d.RequestMode(kdeNone)
	c.expect("kde.default_mode(2)\ndeco.mode(2)\ndeco.mode(0)")
	d.Release()
	c.ok()
	d = c.kdeFor(c.kde(), w.surf)
	d.RequestMode(3)
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorInvalidMethod))
}

func TestXdgDecorationCountsMoreThanKdes(t *testing.T) {
	f := newFixture(t)
	f.shell.decorates = true
	c := f.connect()
	w := c.toplevel("win")
	d := c.kdeFor(c.kde(), w.surf)
	d.RequestMode(kdeClient)
	c.ok()
	c.take()
	x := bind[client.ZxdgDecorationManagerV1](c, &protocol.ZxdgDecorationManagerV1Interface, 1).GetToplevelDecoration(w.top)
	x.SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
	c.expect("deco.mode(2)")
	f.shell.take()
	d.RequestMode(kdeNone)
	c.expect("deco.mode(2)")
	compare(t, "told", f.shell.take(), "")
	x.Destroy()
	c.expect("deco.mode(0)")
	if known, server := f.srv.DecorationWish(w.guest()); !known || server {
		t.Errorf("known %v, by the session %v; want true, false", known, server)
	}
	if w.guest().State() != surfaces.Empty {
		t.Error("the window is not new any more")
	}
}
