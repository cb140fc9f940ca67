package wayland

import (
	"time"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
)

// dragIcon is the role of the picture under the pointer.
type dragIcon struct {
	s  *surface
	m  *dataManager // that it was given to last
	at geom.Point   // of the surface's origin relative to the hot spot
}

func (*dragIcon) roleName() string     { return "wl_data_device-icon" }
func (*dragIcon) commit(*surface) bool { return true }

func (r *dragIcon) committed(s *surface, set surfaces.Fields) {
	if set&surfaces.FieldOffset != 0 {
		r.at = r.at.Add(s.core.Current.Offset)
	}
	if d := r.m.drag; d != nil && d.icon == r {
		d.showIcon()
	}
}

func (r *dragIcon) surfaceGone(s *surface) {
	if d := r.m.drag; d != nil && d.icon == r {
		d.icon = nil
		s.c.srv.shell.DragIcon(r.m.g.seat, nil, geom.Point{})
	}
}

// drag is one drag and drop. It carries out what the seat's grab decides.
type drag struct {
	m      *dataManager
	c      *Client
	source *dataSource // nil for a drag inside one client
	icon   *dragIcon
	grab   *seat.Drag

	at      geom.FPoint // of the hot spot, in the layout
	remote  DragTarget  // an X11 window that it is over, nil for others
	target  *surface
	offer   *dataOffer // at the target
	dropped bool
	asked   bool // the drop leaves the action to the target
	over    bool

	accepted  string // type that the target takes, "" refuses
	actions   protocol.WlDataDeviceManagerDndAction
	preferred protocol.WlDataDeviceManagerDndAction
	action    protocol.WlDataDeviceManagerDndAction
}

// start begins a drag if the serial is of a press that is still held.
func (m *dataManager) start(c *Client, src *dataSource, _ *surface, icon *dragIcon, serial uint32) {
	refuse := func() {
		if src != nil {
			src.Cancelled()
		}
	}
	if m.drag != nil && !m.drag.dropped {
		refuse()
		return
	}
	d := &drag{m: m, c: c, source: src, icon: icon}
	before := m.drag
	m.drag = d
	if src != nil && src.carrier != nil {
		src.carrier.drag = d
	}
	g, err := m.g.seat.StartDrag(d, serial, c)
	if err != nil {
		m.drag = before
		if src != nil && src.carrier != nil {
			src.carrier.drag = nil
		}
		refuse()
		return
	}
	d.grab = g
	d.showIcon()
}

func (d *drag) showIcon() {
	if d.icon != nil {
		d.m.g.srv.shell.DragIcon(d.m.g.seat, d.icon.s.core, d.icon.at)
	}
}

// Accepts limits a drag without a source to the client that began it.
func (d *drag) Accepts(f seat.Focus) bool {
	s := surfaceBehind(f)
	return s != nil && (d.source != nil || s.c == d.c)
}

// devices are those of the seat that the client under the pointer has.
func (*drag) devices(f seat.Focus) []*dataDevice {
	sc := seatedBehind(f).sc
	if sc.c.guest != nil { // nothing is dropped on a machine
		return nil
	}
	return sc.dataDevs
}

// Enter offers the source to the client under the pointer.
func (d *drag) Enter(f seat.Focus, serial uint32, p geom.FPoint) {
	s, devs := surfaceBehind(f), d.devices(f)
	d.target = s
	d.resetAnswer()
	if x := s.c.xwayland; x != nil && d.source != nil {
		if d.remote = x.host.DragEnter(s.core, &DragOffer{d}); d.remote != nil {
			d.remote.Motion(d.at)
		}
		return
	}
	x, y := geom.FixedFromFloat(p.X), geom.FixedFromFloat(p.Y)
	for _, dev := range devs {
		if d.source == nil {
			dev.res.SendEnter(serial, s.res, x, y, nil)
			continue
		}
		o := dev.newOffer(d.source)
		o.dnd, o.drag = true, d
		d.offer = o
		dev.offer = o
		o.res.SendSourceActions(d.sourceActions())
		dev.res.SendEnter(serial, s.res, x, y, o.res)
	}
}

// sourceActions: a source that says nothing can be copied.
func (d *drag) sourceActions() protocol.WlDataDeviceManagerDndAction {
	if d.source == nil || !d.source.hasActs {
		return protocol.WlDataDeviceManagerDndActionCopy
	}
	return d.source.actions
}

func (d *drag) resetAnswer() {
	d.offer = nil
	d.accepted, d.actions, d.preferred, d.action = "", 0, 0, 0
}

// Motion tells the target where the pointer is.
func (d *drag) Motion(f seat.Focus, t time.Duration, p geom.FPoint) {
	if d.remote != nil {
		d.remote.Motion(d.at)
		return
	}
	for _, dev := range d.devices(f) {
		dev.res.SendMotion(millis(t), geom.FixedFromFloat(p.X), geom.FixedFromFloat(p.Y))
	}
}

// Leave takes the offer back.
func (d *drag) Leave(f seat.Focus) {
	if d.remote != nil {
		d.remote.Leave()
		d.remote = nil
	}
	for _, dev := range d.devices(f) {
		dev.res.SendLeave()
		dev.offer = nil
	}
	if d.offer != nil {
		d.offer.drag = nil
	}
	d.target = nil
	d.resetAnswer()
	if d.source != nil {
		d.source.sendTarget(nil)
		d.source.sendAction(0)
	}
}

// Drop hands over, if the target said that it will take it.
func (d *drag) Drop(f seat.Focus) {
	d.hideIcon()
	if d.source != nil && (d.accepted == "" || d.action == 0) || f == nil {
		if f != nil {
			d.Leave(f)
		}
		if d.carries() {
			d.release()
			return
		}
		d.end(true)
		return
	}
	d.dropped = true
	d.asked = d.action == protocol.WlDataDeviceManagerDndActionAsk
	if d.source != nil {
		d.source.sendDropPerformed()
		if k := d.source.carrier; k != nil {
			k.ended(false)
		}
	}
	for _, dev := range d.devices(f) {
		dev.res.SendDrop()
		dev.res.SendLeave()
	}
	if d.remote != nil {
		d.remote.Drop()
		return // the offer tells the end
	}
	if d.source == nil || d.offer == nil {
		d.end(false)
		return
	}
	if d.offer.res.Version() < 3 {
		// Such a target can't say when it is done; the source hears
		// nothing more.
		d.end(false)
	}
}

// Cancelled ends the drag without a drop.
func (d *drag) Cancelled() {
	d.hideIcon()
	d.end(true)
}

// Moved takes a window along. The icon follows the pointer by itself.
func (d *drag) Moved(p geom.FPoint) {
	d.at = p
	if d.source != nil && d.source.carrier != nil {
		d.source.carrier.moved(p)
	}
}

func (d *drag) hideIcon() {
	if d.icon != nil {
		d.icon = nil
		d.m.g.srv.shell.DragIcon(d.m.g.seat, nil, geom.Point{})
	}
}

// end closes the drag once.
func (d *drag) end(cancelled bool) {
	if d.over {
		return
	}
	d.over = true
	if d.m.drag == d {
		d.m.drag = nil
	}
	if d.source != nil && d.source.carrier != nil {
		d.source.carrier.ended(cancelled)
	}
	if d.source != nil && d.source.foreign != nil {
		d.source.foreign.Finished(!cancelled)
	}
	// Old sources hear only that another one took the clipboard.
	if cancelled && d.source != nil && d.source.tellsEnd() {
		d.source.Cancelled()
	}
	// Keyboard and pointer come back to whoever is under them.
	d.m.g.seat.Refocus()
}

// cancel: the source is gone.
func (d *drag) cancel() {
	if d.over {
		return
	}
	if d.dropped {
		d.end(false)
		return
	}
	d.source = nil
	d.m.g.seat.CancelDrag(d.grab)
}

func (d *drag) accept(o *dataOffer, mime *string) {
	if o != d.offer || d.source == nil || d.over {
		return
	}
	d.accepted = ""
	if mime != nil {
		d.accepted = *mime
	}
	d.source.sendTarget(mime)
	if o.res.Version() < 3 {
		d.actions = protocol.WlDataDeviceManagerDndActionCopy
		d.choose()
	}
}

func (d *drag) setActions(o *dataOffer, actions, preferred protocol.WlDataDeviceManagerDndAction) {
	if o != d.offer || d.over {
		return
	}
	d.actions, d.preferred = actions, preferred
	d.choose()
}

// choose picks the action: the target's preference if both can, else the
// first of copy, move, ask that both can.
func (d *drag) choose() {
	both := d.actions & d.sourceActions()
	a := d.preferred & both
	for _, x := range []protocol.WlDataDeviceManagerDndAction{
		protocol.WlDataDeviceManagerDndActionCopy,
		protocol.WlDataDeviceManagerDndActionMove,
		protocol.WlDataDeviceManagerDndActionAsk,
	} {
		if a == 0 {
			a = both & x
		}
	}
	if a == d.action {
		return
	}
	d.action = a
	if d.dropped {
		return // the target has decided; the source hears of it at the end
	}
	if d.source != nil {
		d.source.sendAction(a)
	}
	if d.offer != nil {
		d.offer.res.SendAction(a)
	}
}

// finish: the target has taken what it wants.
func (d *drag) finish() {
	if d.source != nil {
		if d.asked {
			d.source.sendAction(d.action)
		}
		d.source.sendFinished()
	}
	d.end(false)
}

// offerGone: the target destroyed the offer. After a drop that it did not
// finish, the source is told so.
func (d *drag) offerGone(o *dataOffer) {
	if d.offer != o {
		return
	}
	d.offer = nil
	if d.dropped && !d.over && !o.finished {
		d.end(o.res.Version() >= 3)
	}
}
