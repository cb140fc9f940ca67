package wayland

import (
	"slices"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
)

// This file lets drags cross the border to another window system: out of it to
// Wayland programs (ForeignDrag), and into it (DragOffer, DragTarget).

// Actions of drag and drop, the bits of wl_data_device_manager.dnd_action.
const (
	DragCopy = uint32(protocol.WlDataDeviceManagerDndActionCopy)
	DragMove = uint32(protocol.WlDataDeviceManagerDndActionMove)
	DragAsk  = uint32(protocol.WlDataDeviceManagerDndActionAsk)
)

// DragTarget is a foreign window that a Wayland program's drag is over.
type DragTarget interface {
	// Motion tells where the drag is, in the layout.
	Motion(p geom.FPoint)
	Leave()
	// Drop: the button went up, and the window has said that it takes it. It
	// ends with DragOffer.Finish.
	Drop()
}

// DragOffer is a Wayland program's drag as a DragTarget sees it.
type DragOffer struct{ d *drag }

// Source is what is dragged, nil when the program is gone.
func (o *DragOffer) Source() DataSource {
	if o.d.source == nil || o.d.over {
		return nil
	}
	return o.d.source
}

// Actions are what the source allows.
func (o *DragOffer) Actions() uint32 { return uint32(o.d.sourceActions()) }

// Accept says what the window would do with a drop: take it as mime by an
// action, or with an empty mime refuse it.
func (o *DragOffer) Accept(mime string, action uint32) {
	d := o.d
	if d.over || d.source == nil || d.dropped || d.remote == nil {
		return
	}
	a := protocol.WlDataDeviceManagerDndAction(action) & allActions
	if mime == "" {
		a = 0
	}
	if d.accepted != mime {
		d.accepted = mime
		if mime == "" {
			d.source.sendTarget(nil)
		} else {
			d.source.sendTarget(&mime)
		}
	}
	d.actions, d.preferred = a, a
	d.choose()
}

// Finish ends a drop.
func (o *DragOffer) Finish(taken bool) {
	d := o.d
	if d.over || !d.dropped {
		return
	}
	d.remote = nil
	if taken {
		d.finish()
		return
	}
	d.end(true)
}

// ForeignSource is a foreign program that something is dragged out of.
type ForeignSource interface {
	DataSource
	// Answered: what a drop would do now: nothing for no action.
	Answered(accepted bool, action uint32)
	// Finished: the target has taken a drop, or not.
	Finished(taken bool)
}

// foreignEvents makes a ForeignSource of what is sent to a wl_data_source.
type foreignEvents struct{ src ForeignSource }

// SendSend passes a descriptor on, which the caller closes.
func (e foreignEvents) SendSend(mime string, fd int) {
	if dup, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0); err == nil {
		e.src.Send(mime, dup)
	}
}

func (e foreignEvents) SendCancelled() { e.src.Finished(false) }

// ForeignDrag is a foreign program's drag over Wayland programs. Its owner
// follows the pointer.
type ForeignDrag struct {
	d    *drag
	over seat.Focus
	done bool
}

// StartForeignDrag begins a drag of the first seat, or returns nil while there
// is another.
func (s *Server) StartForeignDrag(src ForeignSource, actions uint32) *ForeignDrag {
	m := s.main.data
	if m.drag != nil && !m.drag.dropped {
		return nil
	}
	ds := &dataSource{clientSource: clientSource{events: foreignEvents{src}}, used: forDrag, foreign: src}
	ds.mimes = slices.Clone(src.MimeTypes()) // on nobody's bill: its owner bounds them
	ds.actions, ds.hasActs = protocol.WlDataDeviceManagerDndAction(actions)&allActions, true
	m.drag = &drag{m: m, source: ds}
	return &ForeignDrag{d: m.drag}
}

// At says what the pointer is over: nothing or a Wayland program's surface, with
// a point in it.
func (f *ForeignDrag) At(over seat.Focus, p geom.FPoint) {
	if f.done {
		return
	}
	if s := surfaceBehind(over); s == nil || s.c.xwayland != nil || !over.Accepts() {
		over = nil
	}
	if over == f.over {
		if over != nil {
			f.d.Motion(over, f.d.m.g.srv.Loop.Now(), p)
		}
		return
	}
	f.leave()
	if f.over = over; over != nil {
		f.d.Enter(over, f.d.m.g.seat.Serial(), p)
	}
}

// leave forgets a surface that may be gone.
func (f *ForeignDrag) leave() {
	if s := surfaceBehind(f.over); s != nil && !s.gone {
		f.d.Leave(f.over)
	}
	f.over = nil
}

// Drop hands over, if the target takes it. ForeignSource.Finished follows.
func (f *ForeignDrag) Drop() {
	if f.done {
		return
	}
	s := surfaceBehind(f.over)
	if s == nil || s.gone {
		f.Cancel()
		return
	}
	f.done = true
	f.d.Drop(f.over)
}

// Cancel ends the drag without a drop.
func (f *ForeignDrag) Cancel() {
	if f.done {
		return
	}
	f.leave()
	f.done = true
	f.d.end(true)
}

// What a source hears of a drag goes to its client, or to the foreign program.

func (d *dataSource) sendTarget(mime *string) {
	d.res.SendTarget(mime)
	d.target = mime != nil && *mime != ""
	d.answered()
}

func (d *dataSource) sendAction(a protocol.WlDataDeviceManagerDndAction) {
	d.res.SendAction(a)
	d.chosen = uint32(a)
	d.answered()
}

func (d *dataSource) answered() {
	if d.foreign != nil {
		d.foreign.Answered(d.target && d.chosen != 0, d.chosen)
	}
}

func (d *dataSource) sendDropPerformed() { d.res.SendDndDropPerformed() }

func (d *dataSource) sendFinished() {
	d.res.SendDndFinished()
	if d.foreign != nil {
		d.foreign.Finished(true)
	}
}

// tellsEnd reports whether the source hears of a drag that ends without a drop.
func (d *dataSource) tellsEnd() bool { return d.foreign != nil || d.res.Version() >= 3 }
