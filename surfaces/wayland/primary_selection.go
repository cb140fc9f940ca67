package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

func newPrimarySelection(g *seatGlobal) *selection {
	return g.newSelection(true, func(sc *seatClient, src DataSource) {
		for _, d := range sc.primaryDevs {
			d.sendSelection(src)
		}
	})
}

// addPrimarySelection offers what is marked and pasted with the middle button.
func (s *Server) addPrimarySelection() {
	s.addGlobal(&protocol.ZwpPrimarySelectionDeviceManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpPrimarySelectionDeviceManagerV1(c.conn, id, version).Handler = &primaryManager{c}
	})
}

type primaryManager struct{ c *Client }

func (*primaryManager) Destroy(*server.ZwpPrimarySelectionDeviceManagerV1) {}

// CreateSource makes a source that the client will fill.
func (h *primaryManager) CreateSource(_ *server.ZwpPrimarySelectionDeviceManagerV1, id *server.ZwpPrimarySelectionSourceV1) {
	id.Handler = &primarySource{clientSource: clientSource{events: id, bill: bill{c: h.c}}, c: h.c}
}

// GetDevice makes the client's end of the selection.
func (h *primaryManager) GetDevice(_ *server.ZwpPrimarySelectionDeviceManagerV1, id *server.ZwpPrimarySelectionDeviceV1, st *server.WlSeat) {
	sc := h.c.seatOf(st)
	d := &primaryDevice{seatClient: sc, res: id}
	id.Handler = d
	sc.primaryDevs = append(sc.primaryDevs, d)
	sc.g.primary.tellNew(sc, d.sendSelection)
}

// primarySource is zwp_primary_selection_source_v1.
type primarySource struct {
	clientSource
	c *Client
}

// Offer adds a type.
func (d *primarySource) Offer(_ *server.ZwpPrimarySelectionSourceV1, mime string) { d.add(mime) }

func (*primarySource) Destroy(*server.ZwpPrimarySelectionSourceV1) {}

// ResourceDestroyed empties the selection.
func (d *primarySource) ResourceDestroyed() {
	d.gone = true
	d.bill.settle()
	for _, g := range d.c.srv.seats {
		g.primary.drop(d)
	}
}

// primaryDevice is zwp_primary_selection_device_v1.
type primaryDevice struct {
	*seatClient
	res *server.ZwpPrimarySelectionDeviceV1
}

func (*primaryDevice) Destroy(*server.ZwpPrimarySelectionDeviceV1) {}

// ResourceDestroyed forgets the device.
func (d *primaryDevice) ResourceDestroyed() { d.primaryDevs = remove(d.primaryDevs, d) }

func (d *primaryDevice) sendSelection(src DataSource) {
	if src == nil {
		d.res.SendSelection(nil)
		return
	}
	o := d.res.SendDataOffer()
	if o == nil {
		return
	}
	o.Handler = &primaryOffer{sel: d.g.primary, source: src}
	for _, m := range src.MimeTypes() {
		o.SendOffer(m)
	}
	d.res.SendSelection(o)
}

// SetSelection marks something. As with the clipboard, the serial must be of
// an event that the client got.
func (d *primaryDevice) SetSelection(_ *server.ZwpPrimarySelectionDeviceV1, src *server.ZwpPrimarySelectionSourceV1, serial uint32) {
	ok := d.c.mayOwn(d.g.seat, serial)
	switch {
	case !ok && src != nil:
		src.SendCancelled()
	case !ok:
	case src == nil:
		d.g.primary.set(nil)
	default:
		d.g.primary.set(src.Handler.(*primarySource))
	}
}

// primaryOffer is zwp_primary_selection_offer_v1.
type primaryOffer struct {
	sel    *selection
	source DataSource
}

// Receive asks for the data. An offer that was replaced has none.
func (o *primaryOffer) Receive(_ *server.ZwpPrimarySelectionOfferV1, mime string, fd *wire.FD) {
	if o.sel.source == o.source {
		o.source.Send(mime, fd.Take())
	}
}

func (*primaryOffer) Destroy(*server.ZwpPrimarySelectionOfferV1) {}
