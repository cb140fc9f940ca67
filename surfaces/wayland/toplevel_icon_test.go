package wayland

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func (c *testClient) icons() *client.XdgToplevelIconManagerV1 {
	m := bind[client.XdgToplevelIconManagerV1](c, &protocol.XdgToplevelIconManagerV1Interface, 1)
	c.label(m, "icons")
	return m
}

// iconOf describes a window's icon.
func (w *window) iconOf() string {
	i := w.guest().Icon
	if i == nil {
		return "none"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%q", i.Name)
	for _, m := range i.Images {
		fmt.Fprintf(&b, " %d@%d:%02x%02x%02x%02x", m.Size, m.Scale, m.Pixels.Data[3], m.Pixels.Data[2], m.Pixels.Data[1], m.Pixels.Data[0])
	}
	return b.String()
}

func TestIconReachesItsWindow(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 20, 0)
	f.shell.take()
	m := c.icons()
	c.expect(`
		icons.icon_size(16)
		icons.icon_size(24)
		icons.icon_size(48)
		icons.icon_size(96)
		icons.done()`)
	want := func(what, icon, told string) {
		t.Helper()
		c.ok()
		if got := w.iconOf(); got != icon {
			t.Errorf("%s: icon %s; want %s", what, got, icon)
		}
		compare(t, what, f.shell.take(), told)
	}
	i := m.CreateIcon()
	i.SetName("first")
	i.SetName("app")
	i.AddBuffer(c.buffer(16, 16, 0x111111), 1)
	i.AddBuffer(c.buffer(32, 32, 0x222222), 2)
	i.AddBuffer(c.buffer(512, 512, 0x333333), 1)
	i.AddBuffer(c.buffer(16, 16, 0x444444), 1)
	m.SetIcon(w.top, i)
	want("before the commit", "none", "")
	w.surf.Commit()
	const all = `"app" 16@1:ff444444 16@2:ff222222 512@1:ff333333`
	want("committed", all, "changed icon")
	if got := w.guest().Icon.Best(500).Pixels.W; got != maxIcon {
		t.Errorf("a picture of 512 pixels is kept with %d", got)
	}
	i.Destroy()
	w.surf.Commit()
	want("the object is destroyed", all, "")
	// An empty icon and none are the same.
	m.SetIcon(w.top, m.CreateIcon())
	w.surf.Commit()
	want("empty", "none", "changed icon")
	named := m.CreateIcon()
	named.SetName("mail")
	m.SetIcon(w.top, nil)
	m.SetIcon(w.top, named)
	w.surf.Commit()
	want("by name", `"mail"`, "changed icon")
	m.SetIcon(w.top, nil)
	w.surf.Commit()
	want("reset", "none", "changed icon")
	m.SetIcon(w.top, named)
	w.surf.Commit()
	m.Destroy()
	want("again", `"mail"`, "changed icon")
	// A window without content is as good as new.
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	want("unmapped", "none", "unmapped")
	if c.srv.iconBytes != 0 {
		t.Errorf("%d bytes of icons are left", c.srv.iconBytes)
	}
}

func TestIconsAreBounded(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	m := c.icons()
	i := m.CreateIcon()
	for n := range int32(maxIconImages + 4) {
		i.AddBuffer(c.buffer(n+1, n+1, 0), 1)
	}
	i.AddBuffer(c.buffer(1, 1, 0xffffff), 1)
	w := c.window("win", 20, 20, 0)
	m.SetIcon(w.top, i)
	w.surf.Commit()
	c.ok()
	if n := len(w.guest().Icon.Images); n != maxIconImages || w.guest().Icon.Images[0].Pixels.Data[0] != 0xff {
		t.Errorf("an icon has %d pictures; want %d, the first replaced", n, maxIconImages)
	}
	big := c.buffer(maxIcon, maxIcon, 0)
	for range maxIconBytes/(4*maxIcon*maxIcon) + 2 {
		m.CreateIcon().AddBuffer(big, 1)
	}
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorNoMemory))
	if c.srv.iconBytes != 0 {
		t.Errorf("%d bytes of icons are left", c.srv.iconBytes)
	}
}

func TestIconErrors(t *testing.T) {
	const iface = "xdg_toplevel_icon_v1"
	set := func(c *testClient) *client.XdgToplevelIconV1 {
		m := c.icons()
		i := m.CreateIcon()
		m.SetIcon(c.window("w", 10, 10, 0).top, i)
		return i
	}
	for _, tc := range []struct {
		name string
		code protocol.XdgToplevelIconV1Error
		do   func(c *testClient)
	}{
		{"not square", protocol.XdgToplevelIconV1ErrorInvalidBuffer, func(c *testClient) {
			c.icons().CreateIcon().AddBuffer(c.buffer(16, 17, 0), 1)
		}},
		{"not in shared memory", protocol.XdgToplevelIconV1ErrorInvalidBuffer, func(c *testClient) {
			p := bind[client.WpSinglePixelBufferManagerV1](c, &protocol.WpSinglePixelBufferManagerV1Interface, 1)
			c.icons().CreateIcon().AddBuffer(p.CreateU32RgbaBuffer(0, 0, 0, 0), 1)
		}},
		{"scale 0", protocol.XdgToplevelIconV1ErrorInvalidBuffer, func(c *testClient) {
			c.icons().CreateIcon().AddBuffer(c.buffer(16, 16, 0), 0)
		}},
		{"a name after it was set", protocol.XdgToplevelIconV1ErrorImmutable, func(c *testClient) { set(c).SetName("x") }},
		{"a buffer after it was set", protocol.XdgToplevelIconV1ErrorImmutable, func(c *testClient) {
			set(c).AddBuffer(c.buffer(16, 16, 0), 1)
		}},
		{"the buffer goes first", protocol.XdgToplevelIconV1ErrorNoBuffer, func(c *testClient) {
			b := c.buffer(16, 16, 0)
			c.icons().CreateIcon().AddBuffer(b, 1)
			b.Destroy()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			tc.do(c)
			c.wantError(iface, uint32(tc.code))
		})
	}
	// A buffer that was replaced, or whose icon is gone, may go.
	f := newFixture(t)
	c := f.connect()
	i := c.icons().CreateIcon()
	one, two := c.buffer(16, 16, 0), c.buffer(16, 16, 0)
	i.AddBuffer(one, 1)
	i.AddBuffer(two, 1)
	one.Destroy()
	i.Destroy()
	two.Destroy()
	c.ok()
	// Memory that is not there is the client's fault.
	b, mem := c.bufferIn(64, 64, 0, false)
	if err := unix.Ftruncate(mem.fd, 0); err != nil {
		t.Fatal(err)
	}
	c.icons().CreateIcon().AddBuffer(b, 1)
	c.wantError("wl_buffer", uint32(protocol.WlShmErrorInvalidFd))
}
