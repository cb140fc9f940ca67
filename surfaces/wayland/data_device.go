package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
	"rayos/surfaces/wire"
)

// dataManager holds the clipboard and the drag of a seat.
type dataManager struct {
	g         *seatGlobal
	clipboard *selection
	drag      *drag
}

func newDataManager(g *seatGlobal) *dataManager {
	m := &dataManager{g: g}
	m.clipboard = g.newSelection(false, func(sc *seatClient, src DataSource) {
		for _, d := range sc.dataDevs {
			d.sendSelection(src)
		}
	})
	return m
}

func (s *Server) addDataDeviceManager() {
	s.addGlobal(&protocol.WlDataDeviceManagerInterface, 3, func(c *Client, id, version uint32) {
		server.NewWlDataDeviceManager(c.conn, id, version).Handler = &dataDeviceManager{c}
	})
}

// Selection returns the clipboard of the first seat, or nil.
func (s *Server) Selection() DataSource { return s.main.data.clipboard.source }

// SetSelection puts something on the first seat's clipboard; nil empties it.
func (s *Server) SetSelection(src DataSource) { s.main.data.clipboard.set(src) }

type dataDeviceManager struct{ c *Client }

// CreateDataSource makes a source that the client will fill.
func (h *dataDeviceManager) CreateDataSource(_ *server.WlDataDeviceManager, id *server.WlDataSource) {
	id.Handler = &dataSource{clientSource: clientSource{events: id, bill: bill{c: h.c}}, c: h.c, res: id}
}

// GetDataDevice makes the client's end of clipboard and drags.
func (h *dataDeviceManager) GetDataDevice(_ *server.WlDataDeviceManager, id *server.WlDataDevice, st *server.WlSeat) {
	sc := h.c.seatOf(st)
	d := &dataDevice{seatClient: sc, res: id}
	id.Handler = d
	sc.dataDevs = append(sc.dataDevs, d)
	sc.g.data.clipboard.tellNew(sc, d.sendSelection)
}

// use is what a client has used a source for; it may be used once.
type use uint8

const (
	unused use = iota
	forSelection
	forDrag
)

// dataSource is wl_data_source.
type dataSource struct {
	clientSource
	c       *Client
	res     *server.WlDataSource
	used    use
	actions protocol.WlDataDeviceManagerDndAction
	hasActs bool
	foreign ForeignSource // of an X11 program; res is nil then
	target  bool          // of foreign: a type was accepted
	chosen  uint32        // of foreign: the action
	carrier *toplevelDrag // of a window that goes along
}

// Offer adds a type.
func (d *dataSource) Offer(_ *server.WlDataSource, mime string) { d.add(mime) }

func (*dataSource) Destroy(*server.WlDataSource) {}

// ResourceDestroyed takes the source off the clipboard and out of a drag.
func (d *dataSource) ResourceDestroyed() {
	d.gone = true
	d.bill.settle()
	if d.carrier != nil {
		d.carrier.ended(true)
		d.carrier.source = nil
	}
	for _, g := range d.c.srv.seats {
		m := g.data
		m.clipboard.drop(d)
		if m.drag != nil && m.drag.source == d {
			m.drag.cancel()
		}
	}
}

const allActions = protocol.WlDataDeviceManagerDndActionCopy |
	protocol.WlDataDeviceManagerDndActionMove | protocol.WlDataDeviceManagerDndActionAsk

// SetActions says what a drop may do.
func (d *dataSource) SetActions(res *server.WlDataSource, actions protocol.WlDataDeviceManagerDndAction) {
	switch {
	case actions&^allActions != 0:
		res.PostError(protocol.WlDataSourceErrorInvalidActionMask, "actions %#x", uint32(actions))
	case d.hasActs || d.used != unused:
		res.PostError(protocol.WlDataSourceErrorInvalidSource, "actions are set once, before the drag")
	default:
		d.actions, d.hasActs = actions, true
	}
}

// dataDevice is wl_data_device.
type dataDevice struct {
	*seatClient
	res   *server.WlDataDevice
	offer *dataOffer // of the drag that is over one of the client's surfaces
}

func (*dataDevice) Release(*server.WlDataDevice) {}

// ResourceDestroyed forgets the device.
func (d *dataDevice) ResourceDestroyed() { d.dataDevs = remove(d.dataDevs, d) }

// sendSelection offers the clipboard.
func (d *dataDevice) sendSelection(src DataSource) {
	if src == nil || d.c.guest != nil && !d.c.guest.pastes {
		d.res.SendSelection(nil)
		return
	}
	o := d.newOffer(src)
	d.res.SendSelection(o.res)
}

func (d *dataDevice) newOffer(src DataSource) *dataOffer {
	o := &dataOffer{g: d.g, source: src}
	o.res = d.res.SendDataOffer()
	if o.res == nil {
		return o
	}
	o.res.Handler = o
	for _, m := range src.MimeTypes() {
		o.res.SendOffer(m)
	}
	return o
}

// mayOwn reports whether a serial lets the client own a selection. A lenient
// server takes 0 for a serial that the client has not kept.
func (c *Client) mayOwn(st *seat.Seat, serial uint32) bool {
	_, ok := st.ValidSerial(serial, c)
	return ok || serial == 0 && c.srv.lenient
}

// SetSelection takes the clipboard. The serial must be of an event that the
// client got; a late or forged one is ignored, as the protocol allows.
func (d *dataDevice) SetSelection(res *server.WlDataDevice, src *server.WlDataSource, serial uint32) {
	if !d.c.mayOwn(d.g.seat, serial) || d.c.guest != nil && !d.c.guest.copies {
		if src != nil {
			src.SendCancelled()
		}
		return
	}
	if src == nil {
		d.g.data.clipboard.set(nil)
		return
	}
	s := src.Handler.(*dataSource)
	switch {
	case s.used != unused:
		res.PostError(protocol.WlDataDeviceErrorUsedSource, "the source was used already")
		return
	case s.hasActs, s.carrier != nil:
		src.PostError(protocol.WlDataSourceErrorInvalidSource, "the source is for a drag")
		return
	}
	s.used = forSelection
	d.g.data.clipboard.set(s)
}

// StartDrag begins drag and drop from a surface where a button or finger is
// held.
func (d *dataDevice) StartDrag(res *server.WlDataDevice, src *server.WlDataSource, origin, icon *server.WlSurface, serial uint32) {
	var source *dataSource
	if src != nil {
		source = src.Handler.(*dataSource)
		if source.used != unused {
			res.PostError(protocol.WlDataDeviceErrorUsedSource, "the source was used already")
			return
		}
		source.used = forDrag
	}
	if d.c.guest != nil { // a machine's window is one surface: what is dragged there stays there
		if src != nil {
			src.SendCancelled()
		}
		return
	}
	var ic *dragIcon
	if icon != nil {
		s := surfaceOf(icon)
		if r, ok := s.role.(*dragIcon); ok {
			ic = r
			ic.m = d.g.data
		} else if ic = (&dragIcon{s: s, m: d.g.data}); s.xdg != nil || !s.setRole(ic) {
			res.PostError(protocol.WlDataDeviceErrorRole, "wl_surface@%d is a %s", icon.ID(), s.roleName)
			return
		}
	}
	d.g.data.start(d.c, source, surfaceOf(origin), ic, serial)
}

// dataOffer is wl_data_offer: a source as another client sees it.
type dataOffer struct {
	g        *seatGlobal
	res      *server.WlDataOffer
	source   DataSource
	dnd      bool  // of a drag, not of the clipboard
	drag     *drag // nil for the clipboard, or when the drag has left
	finished bool
}

// Accept says which type a drop would take; none refuses.
func (o *dataOffer) Accept(res *server.WlDataOffer, _ uint32, mime *string) {
	if o.over(res) {
		return
	}
	if o.drag != nil {
		o.drag.accept(o, mime)
	}
}

// Receive asks for the data.
func (o *dataOffer) Receive(res *server.WlDataOffer, mime string, fd *wire.FD) {
	if o.over(res) {
		return
	}
	live := o.drag != nil || !o.dnd && o.g.data.clipboard.source == o.source
	if s, ok := o.source.(*dataSource); ok && s.gone {
		live = false
	}
	if live {
		o.source.Send(mime, fd.Take())
	}
}

// over posts an error if the drop was finished: only destroy may follow.
func (o *dataOffer) over(res *server.WlDataOffer) bool {
	if o.finished {
		res.PostError(protocol.WlDataOfferErrorInvalidOffer, "the drop is finished")
	}
	return o.finished
}

func (*dataOffer) Destroy(*server.WlDataOffer) {}

// ResourceDestroyed ends a drop that was not finished.
func (o *dataOffer) ResourceDestroyed() {
	if o.drag != nil {
		o.drag.offerGone(o)
	}
}

// Finish ends a drop.
func (o *dataOffer) Finish(res *server.WlDataOffer) {
	const ask = protocol.WlDataDeviceManagerDndActionAsk
	if d := o.drag; d == nil || !d.dropped || d.offer != o || o.finished || d.accepted == "" || d.action == 0 || d.action == ask {
		res.PostError(protocol.WlDataOfferErrorInvalidFinish, "there is no accepted drop to finish")
		return
	}
	o.finished = true
	o.drag.finish()
}

// SetActions says what the target can do with a drop.
func (o *dataOffer) SetActions(res *server.WlDataOffer, actions, preferred protocol.WlDataDeviceManagerDndAction) {
	switch {
	case actions&^allActions != 0:
		res.PostError(protocol.WlDataOfferErrorInvalidActionMask, "actions %#x", uint32(actions))
	case preferred&(preferred-1) != 0 || preferred&^allActions != 0:
		res.PostError(protocol.WlDataOfferErrorInvalidAction, "preferred action %#x", uint32(preferred))
	case o.finished, !o.dnd:
		res.PostError(protocol.WlDataOfferErrorInvalidOffer, "the offer is not of a drag, or the drop is finished")
	case o.drag == nil: // the drag has left
	case o.drag.dropped && preferred&^o.drag.sourceActions() != 0:
		res.PostError(protocol.WlDataOfferErrorInvalidAction, "the source does not offer the chosen action")
	default:
		o.drag.setActions(o, actions, preferred)
	}
}
