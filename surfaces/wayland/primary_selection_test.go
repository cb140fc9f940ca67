package wayland

import (
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// primaryClip is a client's end of the primary selection.
type primaryClip struct {
	c    *testClient
	seat *client.WlSeat
	m    *client.ZwpPrimarySelectionDeviceManagerV1
	dev  *client.ZwpPrimarySelectionDeviceV1
	sel  *client.ZwpPrimarySelectionOfferV1
}

func (c *testClient) primary() *primaryClip {
	c.t.Helper()
	p := &primaryClip{c: c, seat: c.bindSeat(9)}
	p.m = bind[client.ZwpPrimarySelectionDeviceManagerV1](c, &protocol.ZwpPrimarySelectionDeviceManagerV1Interface, 1)
	p.seat.GetPointer()
	p.dev = p.m.GetDevice(p.seat)
	c.label(p.dev, "primary")
	p.dev.OnDataOffer = func(o *client.ZwpPrimarySelectionOfferV1) { c.label(o, "offer") }
	p.dev.OnSelection = func(o *client.ZwpPrimarySelectionOfferV1) { p.sel = o }
	c.ok()
	c.take()
	return p
}

func (p *primaryClip) source(mimes ...string) *client.ZwpPrimarySelectionSourceV1 {
	s := p.m.CreateSource()
	p.c.label(s, "source")
	for _, m := range mimes {
		s.Offer(m)
	}
	s.OnSend = sendText
	return s
}

// sendText answers a source's send.
func sendText(mime string, fd *wire.FD) {
	n := fd.Take()
	_, _ = unix.Write(n, []byte("marked as "+mime))
	_ = unix.Close(n)
}

// read reads what receive asks for.
func (c *testClient) read(receive func(fd int)) string {
	c.t.Helper()
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		c.t.Fatal(err)
	}
	defer unix.Close(p[0])
	receive(p[1])
	c.f.settle()
	_ = unix.Close(p[1])
	buf := make([]byte, 64)
	n, err := unix.Read(p[0], buf)
	if err != nil {
		return "no end of the data: " + err.Error()
	}
	return string(buf[:n])
}

func (f *fixture) click(x, y float64) {
	f.motion(x, y)
	f.button(btnLeft, true)
	f.button(btnLeft, false)
}

func TestPrimarySelection(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	a := c.primary()
	c.window("win", 100, 100, 0)
	f.click(5, 5)
	c.ok()
	c.take()
	serial := c.serials["wl_pointer.button"]

	a.dev.SetSelection(a.source("text/plain"), serial+77)
	c.expect("source.cancelled()")
	a.dev.SetSelection(nil, serial+77)
	c.expect("")
	a.dev.SetSelection(a.source("text/plain", "text/html", "text/plain"), serial)
	c.expect(`
		primary.data_offer(new id zwp_primary_selection_offer_v1)
		offer.offer("text/plain")
		offer.offer("text/html")
		primary.selection(offer)`)

	// The next client with the keyboard sees it, the last one nothing.
	o := f.connect()
	b := o.primary()
	f.shell.at = geom.Point{X: 200}
	o.window("other", 100, 100, 0)
	c.expect("primary.selection(nil)")
	if got := o.read(func(fd int) { b.sel.Receive("text/html", fd) }); got != "marked as text/html" {
		t.Errorf("received %q", got)
	}
	o.take()
	// A device made later is told at once.
	late := b.m.GetDevice(b.seat)
	o.label(late, "late")
	o.expect(`
		late.data_offer(new id zwp_primary_selection_offer_v1)
		zwp_primary_selection_offer_v1.offer("text/plain")
		zwp_primary_selection_offer_v1.offer("text/html")
		late.selection(zwp_primary_selection_offer_v1)`)
	late.Destroy()

	// Another source cancels the first; an offer of that gives nothing.
	f.click(205, 5)
	o.ok()
	old := b.sel
	o.take()
	b.dev.SetSelection(b.source("x/y"), o.serials["wl_pointer.button"])
	o.ok()
	c.take()
	if got := o.read(func(fd int) { old.Receive("text/html", fd) }); got != "" {
		t.Errorf("an old offer gave %q", got)
	}
	old.Destroy()
	if f.srv.Selection() != nil {
		t.Error("the primary selection is on the clipboard")
	}
	o.take()
	b.dev.SetSelection(nil, o.serials["wl_pointer.button"])
	o.expect("source.cancelled()\nprimary.selection(nil)")
	b.m.Destroy()
	o.ok()
}

func TestPrimarySelectionEndsWithItsSource(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	a := c.primary()
	c.window("win", 100, 100, 0)
	f.click(5, 5)
	c.ok()
	src := a.source("text/plain")
	a.dev.SetSelection(src, c.serials["wl_pointer.button"])
	c.ok()
	o := f.connect()
	b := o.primary()
	f.shell.at = geom.Point{X: 200}
	o.window("other", 100, 100, 0)
	if b.sel == nil {
		t.Fatal("no selection")
	}
	o.take()
	src.Destroy()
	c.ok()
	o.expect("primary.selection(nil)")
	// A client that goes takes its selection along, and is told nothing.
	a.dev.SetSelection(a.source("text/plain"), c.serials["wl_pointer.button"])
	c.ok()
	o.ok()
	o.take()
	c.disconnect()
	o.expect("primary.selection(nil)")
	o.disconnect()
	if f.srv.main.primary.focus != nil || f.srv.main.primary.source != nil {
		t.Error("the selection remembers clients that are gone")
	}
}
