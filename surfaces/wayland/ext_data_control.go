package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

func (s *Server) addExtDataControl() {
	s.addPrivilegedGlobal(&protocol.ExtDataControlManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewExtDataControlManagerV1(c.conn, id, version).Handler = extControlManager{c}
	})
}

type extControlManager struct{ c *Client }

func (extControlManager) Destroy(*server.ExtDataControlManagerV1) {}

// CreateDataSource makes a source that the client will fill.
func (h extControlManager) CreateDataSource(_ *server.ExtDataControlManagerV1, id *server.ExtDataControlSourceV1) {
	id.Handler = extControlSource{h.c.newControlSource(id)}
}

// GetDataDevice makes the client's end of both selections.
func (h extControlManager) GetDataDevice(_ *server.ExtDataControlManagerV1, id *server.ExtDataControlDeviceV1, st *server.WlSeat) {
	d := &extControlDevice{h.c.seatOf(st).g, id}
	id.Handler = d
	d.g.addController(d)
}

type extControlSource struct{ *controlSource }

// Offer adds a type, as long as nobody was told of the source.
func (d extControlSource) Offer(res *server.ExtDataControlSourceV1, mime string) {
	if d.used {
		res.PostError(protocol.ExtDataControlSourceV1ErrorInvalidOffer, "the source is in use")
		return
	}
	d.add(mime)
}

func (extControlSource) Destroy(*server.ExtDataControlSourceV1) {}

type extControlDevice struct {
	g   *seatGlobal
	res *server.ExtDataControlDeviceV1
}

func (*extControlDevice) Destroy(*server.ExtDataControlDeviceV1) {}

// ResourceDestroyed forgets the device.
func (d *extControlDevice) ResourceDestroyed() {
	d.g.controls = remove(d.g.controls, controller(d))
}

// tell offers what is in a selection now.
func (d *extControlDevice) tell(sel *selection) {
	primary := sel == d.g.primary
	var o *server.ExtDataControlOfferV1
	if sel.source != nil {
		if o = d.res.SendDataOffer(); o == nil {
			return
		}
		o.Handler = &extControlOffer{controlOffer{sel, sel.source}}
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
func (d *extControlDevice) SetSelection(res *server.ExtDataControlDeviceV1, src *server.ExtDataControlSourceV1) {
	d.put(res, d.g.data.clipboard, src)
}

// SetPrimarySelection sets the primary selection.
func (d *extControlDevice) SetPrimarySelection(res *server.ExtDataControlDeviceV1, src *server.ExtDataControlSourceV1) {
	d.put(res, d.g.primary, src)
}

func (*extControlDevice) put(res *server.ExtDataControlDeviceV1, sel *selection, src *server.ExtDataControlSourceV1) {
	var s *controlSource
	if src != nil {
		s = src.Handler.(extControlSource).controlSource
	}
	if !sel.put(s) {
		res.PostError(protocol.ExtDataControlDeviceV1ErrorUsedSource, "the source was used already")
	}
}

type extControlOffer struct{ controlOffer }

// Receive asks for the data.
func (o *extControlOffer) Receive(_ *server.ExtDataControlOfferV1, mime string, fd *wire.FD) {
	o.receive(mime, fd)
}

func (*extControlOffer) Destroy(*server.ExtDataControlOfferV1) {}
