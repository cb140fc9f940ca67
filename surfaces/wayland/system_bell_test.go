package wayland

import (
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestBellRingsForAWindowOrForNone(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 20, 0)
	w.top.SetAppId("term")
	sub := c.surface("sub")
	c.sub.GetSubsurface(sub, w.surf)
	c.ok()
	f.shell.take()
	b := bind[client.XdgSystemBellV1](c, &protocol.XdgSystemBellV1Interface, 1)
	b.Ring(w.surf)
	b.Ring(sub)
	b.Ring(c.surface("other"))
	b.Ring(nil)
	b.Destroy()
	c.ok()
	compare(t, "bells", f.shell.take(), "bell of \"term\"\nbell of \"term\"\nbell\nbell")
}
