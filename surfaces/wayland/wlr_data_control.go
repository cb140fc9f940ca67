package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

func (s *Server) addWlrDataControl() {
	s.addPrivilegedGlobal(&protocol.ZwlrDataControlManagerV1Interface, 2, func(c *Client, id, version uint32) {
		server.NewZwlrDataControlManagerV1(c.conn, id, version).Handler = wlrControlManager{c}
	})
}

type wlrControlManager struct{ c *Client }

func (wlrControlManager) Destroy(*server.ZwlrDataControlManagerV1) {}

// CreateDataSource makes a source that the client will fill.
func (h wlrControlManager) CreateDataSource(_ *server.ZwlrDataControlManagerV1, id *server.ZwlrDataControlSourceV1) {
	id.Handler = wlrControlSource{h.c.newControlSource(id)}
}

// GetDataDevice makes the client's end of both selections.
func (h wlrControlManager) GetDataDevice(_ *server.ZwlrDataControlManagerV1, id *server.ZwlrDataControlDeviceV1, st *server.WlSeat) {
	d := &wlrControlDevice{h.c.seatOf(st).g, id}
	id.Handler = d
	d.g.addController(d)
}

type wlrControlSource struct{ *controlSource }

// Offer adds a type, as long as nobody was told of the source.
func (d wlrControlSource) Offer(res *server.ZwlrDataControlSourceV1, mime string) {
	if d.used {
		res.PostError(protocol.ZwlrDataControlSourceV1ErrorInvalidOffer, "the source is in use")
		return
	}
	d.add(mime)
}

func (wlrControlSource) Destroy(*server.ZwlrDataControlSourceV1) {}

type wlrControlDevice struct {
	g   *seatGlobal
	res *server.ZwlrDataControlDeviceV1
}

func (*wlrControlDevice) Destroy(*server.ZwlrDataControlDeviceV1) {}

// ResourceDestroyed forgets the device.
func (d *wlrControlDevice) ResourceDestroyed() {
	d.g.controls = remove(d.g.controls, controller(d))
}

// tell offers what is in a selection now.
func (d *wlrControlDevice) tell(sel *selection) {
	primary := sel == d.g.primary
	if primary && d.res.Version() < 2 {
		return
	}
	var o *server.ZwlrDataControlOfferV1
	if sel.source != nil {
		if o = d.res.SendDataOffer(); o == nil {
			return
		}
		o.Handler = &wlrControlOffer{controlOffer{sel, sel.source}}
		for _, m := range sel.source.MimeTypes() {
			o.SendOffer(m)
		}
	}
	if primary {
		d.res.SendPrimarySelection(o)
		return
	}
	d.res.SendSelection(o)
}

// SetSelection sets the clipboard.
func (d *wlrControlDevice) SetSelection(res *server.ZwlrDataControlDeviceV1, src *server.ZwlrDataControlSourceV1) {
	d.put(res, d.g.data.clipboard, src)
}

// SetPrimarySelection sets the primary selection.
func (d *wlrControlDevice) SetPrimarySelection(res *server.ZwlrDataControlDeviceV1, src *server.ZwlrDataControlSourceV1) {
	d.put(res, d.g.primary, src)
}

func (*wlrControlDevice) put(res *server.ZwlrDataControlDeviceV1, sel *selection, src *server.ZwlrDataControlSourceV1) {
	var s *controlSource
	if src != nil {
		s = src.Handler.(wlrControlSource).controlSource
	}
	if !sel.put(s) {
		res.PostError(protocol.ZwlrDataControlDeviceV1ErrorUsedSource, "the source was used already")
	}
}

type wlrControlOffer struct{ controlOffer }

// Receive asks for the data.
func (o *wlrControlOffer) Receive(_ *server.ZwlrDataControlOfferV1, mime string, fd *wire.FD) {
	o.receive(mime, fd)
}

func (*wlrControlOffer) Destroy(*server.ZwlrDataControlOfferV1) {}
