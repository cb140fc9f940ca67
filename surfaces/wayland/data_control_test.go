package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// control is a client's end of either data-control protocol.
type control struct {
	used, late func(c *testClient) // expect the protocol's errors

	source  func(mimes ...string) any
	offer   func(src any, mime string)
	set     func(src any)
	primary func(src any)
	destroy func(src any)
	read    func(primary bool, mime string) string
	end     func()
}

func (c *testClient) extControl() *control {
	m := bind[client.ExtDataControlManagerV1](c, &protocol.ExtDataControlManagerV1Interface, 1)
	d := m.GetDataDevice(c.bindSeat(1))
	c.label(d, "control")
	var sel [2]*client.ExtDataControlOfferV1
	d.OnDataOffer = func(o *client.ExtDataControlOfferV1) { c.label(o, "offer") }
	d.OnSelection = func(o *client.ExtDataControlOfferV1) { sel[0] = o }
	d.OnPrimarySelection = func(o *client.ExtDataControlOfferV1) { sel[1] = o }
	source := func(v any) *client.ExtDataControlSourceV1 {
		s, _ := v.(*client.ExtDataControlSourceV1)
		return s
	}
	return &control{
		used: func(c *testClient) {
			c.wantError("ext_data_control_device_v1", uint32(protocol.ExtDataControlDeviceV1ErrorUsedSource))
		},
		late: func(c *testClient) {
			c.wantError("ext_data_control_source_v1", uint32(protocol.ExtDataControlSourceV1ErrorInvalidOffer))
		},
		source: func(mimes ...string) any {
			s := m.CreateDataSource()
			c.label(s, "source")
			for _, t := range mimes {
				s.Offer(t)
			}
			s.OnSend = sendText
			return s
		},
		offer:   func(v any, mime string) { source(v).Offer(mime) },
		set:     func(v any) { d.SetSelection(source(v)) },
		primary: func(v any) { d.SetPrimarySelection(source(v)) },
		destroy: func(v any) { source(v).Destroy() },
		read: func(primary bool, mime string) string {
			o := sel[0]
			if primary {
				o = sel[1]
			}
			return c.read(func(fd int) { o.Receive(mime, fd) })
		},
		end: func() {
			sel[0].Destroy()
			d.Destroy()
			m.Destroy()
		},
	}
}

func (c *testClient) wlrControl() *control {
	m := bind[client.ZwlrDataControlManagerV1](c, &protocol.ZwlrDataControlManagerV1Interface, 2)
	d := m.GetDataDevice(c.bindSeat(1))
	c.label(d, "control")
	var sel [2]*client.ZwlrDataControlOfferV1
	d.OnDataOffer = func(o *client.ZwlrDataControlOfferV1) { c.label(o, "offer") }
	d.OnSelection = func(o *client.ZwlrDataControlOfferV1) { sel[0] = o }
	d.OnPrimarySelection = func(o *client.ZwlrDataControlOfferV1) { sel[1] = o }
	source := func(v any) *client.ZwlrDataControlSourceV1 {
		s, _ := v.(*client.ZwlrDataControlSourceV1)
		return s
	}
	return &control{
		used: func(c *testClient) {
			c.wantError("zwlr_data_control_device_v1", uint32(protocol.ZwlrDataControlDeviceV1ErrorUsedSource))
		},
		late: func(c *testClient) {
			c.wantError("zwlr_data_control_source_v1", uint32(protocol.ZwlrDataControlSourceV1ErrorInvalidOffer))
		},
		source: func(mimes ...string) any {
			s := m.CreateDataSource()
			c.label(s, "source")
			for _, t := range mimes {
				s.Offer(t)
			}
			s.OnSend = sendText
			return s
		},
		offer:   func(v any, mime string) { source(v).Offer(mime) },
		set:     func(v any) { d.SetSelection(source(v)) },
		primary: func(v any) { d.SetPrimarySelection(source(v)) },
		destroy: func(v any) { source(v).Destroy() },
		read: func(primary bool, mime string) string {
			o := sel[0]
			if primary {
				o = sel[1]
			}
			return c.read(func(fd int) { o.Receive(mime, fd) })
		},
		end: func() {
			sel[0].Destroy()
			d.Destroy()
			m.Destroy()
		},
	}
}

// eachControl runs a test with both protocols; name is that of the offers.
func eachControl(t *testing.T, fn func(t *testing.T, f *fixture, c *testClient, d *control, name string)) {
	for name, connect := range map[string]func(*testClient) *control{
		"ext_data_control_offer_v1": (*testClient).extControl, "zwlr_data_control_offer_v1": (*testClient).wlrControl,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			d := connect(c)
			c.expect(`
				wl_seat.capabilities(3)
				control.selection(nil)
				control.primary_selection(nil)`)
			fn(t, f, c, d, name)
		})
	}
}

func TestDataControlSetsWhatWindowsPaste(t *testing.T) {
	eachControl(t, func(t *testing.T, f *fixture, c *testClient, d *control, name string) {
		// Neither a window nor the keyboard is needed.
		src := d.source("text/plain", "text/plain")
		d.set(src)
		c.expect("control.data_offer(new id " + name + `)
			offer.offer("text/plain")
			control.selection(offer)`)
		mark := d.source("text/html")
		d.primary(mark)
		c.expect("control.data_offer(new id " + name + `)
			offer.offer("text/html")
			control.primary_selection(offer)`)

		w := f.connect()
		clip, prim := w.clip(3), w.primary()
		w.window("win", 100, 100, 0)
		if got := clip.receive(clip.sel, "text/plain"); got != "marked as text/plain" {
			t.Errorf("pasted %q", got)
		}
		if got := w.read(func(fd int) { prim.sel.Receive("text/html", fd) }); got != "marked as text/html" {
			t.Errorf("pasted %q from the primary selection", got)
		}
		w.take()
		c.take()
		d.set(nil)
		c.expect("source.cancelled()\ncontrol.selection(nil)")
		w.expect("wl_data_device.selection(nil)")
		d.destroy(mark)
		c.expect("control.primary_selection(nil)")
		w.expect("primary.selection(nil)")
	})
}

func TestDataControlSeesWhatWindowsCopy(t *testing.T) {
	eachControl(t, func(t *testing.T, f *fixture, c *testClient, d *control, name string) {
		w := f.connect()
		clip, prim := w.clip(3), w.primary()
		f.shell.at = geom.Point{X: 10}
		w.window("win", 100, 100, 0)
		f.click(15, 5)
		w.ok()
		serial := w.serials["wl_pointer.button"]
		clip.dev.SetSelection(clip.source("text/plain"), serial)
		prim.dev.SetSelection(prim.source("text/html"), serial)
		w.ok()
		c.expect("control.data_offer(new id " + name + `)
			offer.offer("text/plain")
			control.selection(offer)
			control.data_offer(new id ` + name + `)
			offer.offer("text/html")
			control.primary_selection(offer)`)
		if got := d.read(false, "text/plain"); got != "data as text/plain" {
			t.Errorf("read %q from the clipboard", got)
		}
		if got := d.read(true, "text/html"); got != "marked as text/html" {
			t.Errorf("read %q from the primary selection", got)
		}
		clip.dev.SetSelection(nil, serial)
		w.ok()
		if got := d.read(false, "text/plain"); got != "" {
			t.Errorf("an old offer gave %q", got)
		}
	})
}

func TestDataControlErrors(t *testing.T) {
	eachControl(t, func(t *testing.T, _ *fixture, c *testClient, d *control, _ string) {
		src := d.source("text/plain")
		d.set(src)
		d.primary(src)
		d.used(c)
	})
	eachControl(t, func(t *testing.T, _ *fixture, c *testClient, d *control, _ string) {
		src := d.source("text/plain")
		d.set(src)
		d.offer(src, "text/html")
		d.late(c)
	})
}

func TestDataControlEnds(t *testing.T) {
	eachControl(t, func(t *testing.T, f *fixture, c *testClient, d *control, _ string) {
		d.set(d.source("text/plain"))
		c.ok()
		d.end()
		c.ok()
		c.take()
		f.srv.SetSelection(nil)
		c.expect("source.cancelled()")
		if len(f.srv.main.controls) != 0 {
			t.Errorf("%d devices are left", len(f.srv.main.controls))
		}
	})
}

func TestDataControlVersionOneHasNoPrimarySelection(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	m := bind[client.ZwlrDataControlManagerV1](c, &protocol.ZwlrDataControlManagerV1Interface, 1)
	c.label(m.GetDataDevice(c.bindSeat(1)), "control")
	c.expect(`
		wl_seat.capabilities(3)
		control.selection(nil)`)
}
