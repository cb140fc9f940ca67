package wayland

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

const (
	actCopy = protocol.WlDataDeviceManagerDndActionCopy
	actMove = protocol.WlDataDeviceManagerDndActionMove
	actAsk  = protocol.WlDataDeviceManagerDndActionAsk
)

// clip is a client's end of clipboard and drags.
type clip struct {
	c      *testClient
	m      *client.WlDataDeviceManager
	seat   *client.WlSeat
	dev    *client.WlDataDevice
	offers []*client.WlDataOffer
	sel    *client.WlDataOffer
	dnd    *client.WlDataOffer
}

func (c *testClient) clip(version uint32) *clip {
	c.t.Helper()
	d := &clip{c: c, seat: c.bindSeat(9)}
	d.m = bind[client.WlDataDeviceManager](c, &protocol.WlDataDeviceManagerInterface, version)
	d.seat.GetPointer()
	d.dev = d.m.GetDataDevice(d.seat)
	d.dev.OnDataOffer = func(o *client.WlDataOffer) {
		c.label(o, "offer")
		d.offers = append(d.offers, o)
	}
	d.dev.OnSelection = func(o *client.WlDataOffer) { d.sel = o }
	d.dev.OnEnter = func(_ uint32, _ *client.WlSurface, _, _ geom.Fixed, o *client.WlDataOffer) { d.dnd = o }
	c.ok()
	return d
}

// source offers text; it answers with what it was asked for.
func (d *clip) source(mimes ...string) *client.WlDataSource {
	s := d.m.CreateDataSource()
	d.c.label(s, "source")
	for _, m := range mimes {
		s.Offer(m)
	}
	s.OnSend = func(mime string, fd *wire.FD) {
		n := fd.Take()
		_, _ = unix.Write(n, []byte("data as "+mime))
		_ = unix.Close(n)
	}
	return s
}

// receive reads an offer through a pipe.
func (d *clip) receive(o *client.WlDataOffer, mime string) string {
	d.c.t.Helper()
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		d.c.t.Fatal(err)
	}
	defer unix.Close(p[0])
	o.Receive(mime, p[1])
	d.c.f.settle()
	_ = unix.Close(p[1])
	buf := make([]byte, 64)
	n, err := unix.Read(p[0], buf)
	if err != nil {
		return "no end of the data: " + err.Error()
	}
	return string(buf[:n])
}

func TestClipboard(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	a := c.clip(3)
	w := c.window("win", 100, 100, 0)
	f.motion(5, 5)
	f.button(btnLeft, true)
	f.button(btnLeft, false)
	c.ok()
	serial := c.serials["wl_pointer.button"]
	c.take()

	src := a.source("text/plain", "text/html", "text/plain")
	a.dev.SetSelection(src, serial+77) // no serial of the client
	c.expect("source.cancelled()")
	src = a.source("text/plain", "text/html", "text/plain")
	a.dev.SetSelection(src, serial)
	c.expect(`
		wl_data_device.data_offer(new id wl_data_offer)
		offer.offer("text/plain")
		offer.offer("text/html")
		wl_data_device.selection(offer)`)
	if f.srv.Selection() == nil {
		t.Fatal("no selection")
	}

	// Another client sees it with the focus, before the keyboard enters.
	o := f.connect()
	b := o.clip(3)
	b.seat.GetKeyboard()
	o.ok()
	o.take()
	f.shell.at = geom.Point{X: 200}
	ow := o.toplevel("other")
	ow.surf.Commit()
	o.ok()
	ow.ack()
	o.take()
	ow.surf.Attach(o.buffer(100, 100, 0), 0, 0)
	ow.surf.Commit()
	o.expect(`
		buffer.release()
		wl_data_device.data_offer(new id wl_data_offer)
		offer.offer("text/plain")
		offer.offer("text/html")
		wl_data_device.selection(offer)
		wl_keyboard.enter(#, other, array[0])
		wl_keyboard.modifiers(#, 0, 0, 0, 0)`)
	if got := b.receive(b.sel, "text/html"); got != "data as text/html" {
		t.Errorf("received %q", got)
	}
	c.take()
	// A device that is made while the client has the focus is told at once.
	dev2 := b.m.GetDataDevice(b.seat)
	o.ok()
	if got := o.take(); !strings.Contains(got, "wl_data_device.selection(wl_data_offer)") {
		t.Errorf("second device: %s", got)
	}
	dev2.Release()

	// A new source cancels the old one.
	f.motion(205, 5)
	f.button(btnLeft, true)
	f.button(btnLeft, false)
	o.ok()
	oldOffer := b.sel
	b.dev.SetSelection(b.source("x/y"), o.serials["wl_pointer.button"])
	o.ok()
	c.expect(`
		wl_pointer.leave(#, win)
		wl_pointer.frame()
		source.cancelled()`)
	if got := b.receive(oldOffer, "text/html"); got != "" {
		t.Errorf("the old offer still gives %q", got)
	}
	// It is emptied by its owner, and by the owner's end.
	b.dev.SetSelection(nil, o.serials["wl_pointer.button"])
	o.ok()
	if f.srv.Selection() != nil || b.sel != nil {
		t.Error("the selection was not emptied")
	}
	last := b.source("last/one")
	b.dev.SetSelection(last, o.serials["wl_pointer.button"])
	o.ok()
	f.seat.SetKeyboardFocus(c.core(w.surf))
	c.ok()
	c.take()
	o.disconnect()
	c.expect("wl_data_device.selection(nil)")

	// The session's own source.
	own := &ownSource{}
	f.srv.SetSelection(own)
	c.ok()
	if got := a.receive(a.sel, "text/plain"); got != "own text/plain" {
		t.Errorf("received %q from the session", got)
	}
	f.srv.SetSelection(nil)
	if !own.cancelled {
		t.Error("the session's source was not cancelled")
	}
}

type ownSource struct{ cancelled bool }

func (*ownSource) MimeTypes() []string { return []string{"text/plain"} }
func (s *ownSource) Cancelled()        { s.cancelled = true }
func (*ownSource) Send(mime string, fd int) {
	_, _ = unix.Write(fd, []byte("own "+mime))
	_ = unix.Close(fd)
}

func TestClipboardErrors(t *testing.T) {
	for _, tc := range []struct {
		name, iface string
		code        uint32
		do          func(d *clip, serial uint32)
	}{
		{"a source twice", "wl_data_device", 1, func(d *clip, serial uint32) {
			s := d.source("a")
			d.dev.SetSelection(s, serial)
			d.dev.SetSelection(s, serial)
		}},
		{"a source for drags", "wl_data_source", 1, func(d *clip, serial uint32) {
			s := d.source("a")
			s.SetActions(actCopy)
			d.dev.SetSelection(s, serial)
		}},
		{"actions after use", "wl_data_source", 1, func(d *clip, serial uint32) {
			s := d.source("a")
			d.dev.SetSelection(s, serial)
			s.SetActions(actCopy)
		}},
		{"a drag with a used source", "wl_data_device", 1, func(d *clip, serial uint32) {
			s := d.source("a")
			d.dev.SetSelection(s, serial)
			d.dev.StartDrag(s, d.c.surface("o"), nil, serial)
		}},
		{"an icon with another role", "wl_data_device", 0, func(d *clip, serial uint32) {
			d.dev.StartDrag(nil, d.c.surface("o"), d.c.toplevel("w").surf, serial)
		}},
		{"finish of the clipboard", "wl_data_offer", 0, func(d *clip, serial uint32) {
			d.dev.SetSelection(d.source("a"), serial)
			d.c.ok()
			d.sel.Finish()
		}},
		{"actions of the clipboard", "wl_data_offer", 3, func(d *clip, serial uint32) {
			d.dev.SetSelection(d.source("a"), serial)
			d.c.ok()
			d.sel.SetActions(actCopy, actCopy)
		}},
		{"offer actions", "wl_data_offer", 1, func(d *clip, serial uint32) {
			d.dev.SetSelection(d.source("a"), serial)
			d.c.ok()
			d.sel.SetActions(8, 0)
		}},
		{"two preferred actions", "wl_data_offer", 2, func(d *clip, serial uint32) {
			d.dev.SetSelection(d.source("a"), serial)
			d.c.ok()
			d.sel.SetActions(actCopy, actCopy|actMove)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			d := c.clip(3)
			c.window("win", 10, 10, 0)
			f.motion(5, 5)
			f.button(btnLeft, true)
			f.button(btnLeft, false)
			c.ok()
			tc.do(d, c.serials["wl_pointer.button"])
			c.wantError(tc.iface, tc.code)
		})
	}
}

func TestMimeTypesAreBounded(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.clip(3).m.CreateDataSource()
	for i := range 3000 {
		s.Offer("type/" + itoa(i))
	}
	s.Offer(strings.Repeat("x", maxText+1))
	c.ok()
}
