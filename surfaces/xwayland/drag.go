package xwayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/wayland"
)

// This file is the loop's side of drag and drop.

// dragState is what the loop knows of drags that cross the border.
type dragState struct {
	// offer is a Wayland program's drag over an X11 window, or dropped there.
	offer *wayland.DragOffer
	mime  string // that a drop would be asked for

	began   bool // an X11 program drags
	foreign *wayland.ForeignDrag
	source  *dragged
	proxy   bool // the pointer is over a Wayland window
}

// DragEnter implements wayland.XwaylandHost.
func (r *run) DragEnter(s *surfaces.Surface, o *wayland.DragOffer) wayland.DragTarget {
	for _, w := range r.byFocus {
		if w.surf.Core() != s || o.Source() == nil || len(o.Source().MimeTypes()) == 0 {
			continue
		}
		r.drag.offer, r.drag.mime = o, o.Source().MimeTypes()[0]
		r.send(cmdDragEnter{w.id, o.Source().MimeTypes(), o.Actions()})
		return &target{r, o}
	}
	return nil
}

// target is the X11 window that a drag is over.
type target struct {
	r *run
	o *wayland.DragOffer
}

// Motion implements wayland.DragTarget.
func (t *target) Motion(p geom.FPoint) {
	k := float64(t.r.s.screen.scale)
	t.r.send(cmdDragMotion{geom.FPoint{X: p.X * k, Y: p.Y * k}.Floor()})
}

// Leave implements wayland.DragTarget.
func (t *target) Leave() {
	if t.r.drag.offer == t.o {
		t.r.drag.offer = nil
		t.r.send(cmdDragLeave{})
	}
}

// Drop implements wayland.DragTarget.
func (t *target) Drop() { t.r.send(cmdDragDrop{}) }

// dragSource is what a Wayland program drags over an X11 window, or nil.
func (r *run) dragSource() wayland.DataSource {
	if r.drag.offer == nil {
		return nil
	}
	return r.drag.offer.Source()
}

// dragged is what an X11 program drags.
type dragged struct {
	source
	dropped bool
}

// Answered implements wayland.ForeignSource.
func (d *dragged) Answered(accepted bool, action uint32) { d.r.send(cmdDragStatus{accepted, action}) }

// Finished implements wayland.ForeignSource.
func (d *dragged) Finished(taken bool) {
	if d.dropped {
		d.dropped = false
		d.r.send(cmdDragFinished{taken})
	}
}

// handleDrag serves the manager.
func (r *run) handleDrag(e event) {
	d := &r.drag
	switch e := e.(type) {
	case evDragStatus:
		if d.offer != nil {
			mime := d.mime
			if !e.accepted {
				mime = ""
			}
			d.offer.Accept(mime, e.action)
		}
	case evDragFinished:
		if o := d.offer; o != nil {
			d.offer = nil
			o.Finish(e.taken)
		}
	case evDragBegan:
		d.began = true
		r.dragMoved()
	case evDragEnter:
		d.source = &dragged{source: source{r: r, sel: selDrag, mimes: e.mimes}}
	case evDragAt:
		r.dragAt(e.action)
	case evDragLeave:
		r.cancelDrag()
	case evDragDrop:
		if d.foreign == nil {
			r.send(cmdDragFinished{false})
			return
		}
		f := d.foreign
		d.foreign = nil
		d.source.dropped = true
		d.source = nil // positions that come late are of no drag
		f.Drop()
	}
}

// dragAt: the X11 program has found the proxy.
func (r *run) dragAt(action uint32) {
	d := &r.drag
	if d.source == nil {
		return
	}
	if d.foreign == nil {
		if d.foreign = r.s.opt.Server.StartForeignDrag(d.source, action|wayland.DragCopy); d.foreign == nil {
			return
		}
	}
	r.dragMoved()
}

// pointerMoved follows the pointer during a drag of an X11 program.
func (s *Server) pointerMoved(geom.FPoint) {
	if s.run == nil || !s.run.drag.began {
		return
	}
	if s.opt.Seat.ButtonsHeld() == 0 {
		s.run.drag.began = false // many programs keep the selection
		s.run.hideProxy()
		return
	}
	s.run.dragMoved()
}

// dragMoved looks what is under the pointer: a Wayland window, or nothing that
// the X server wouldn't know of.
func (r *run) dragMoved() {
	d := &r.drag
	st := r.s.opt.Seat
	if g := st.PointerFocus(); st.ButtonsHeld() == 0 || g == nil || g.Client() != r.wl.Client() {
		return
	}
	f, p := r.s.opt.Hit(st.Position())
	over := f != nil && f.Client() != r.wl.Client()
	if over != d.proxy {
		d.proxy = over
		r.send(cmdProxy{over})
	}
	if d.foreign != nil {
		if !over {
			f = nil
		}
		d.foreign.At(f, p)
	}
}

// dragOver: the X11 program has let go of its drag.
func (r *run) dragOver() {
	r.cancelDrag()
	r.drag.began, r.drag.source = false, nil
	r.hideProxy()
}

func (r *run) hideProxy() {
	if r.drag.proxy {
		r.drag.proxy = false
		r.send(cmdProxy{false})
	}
}

func (r *run) cancelDrag() {
	if f := r.drag.foreign; f != nil {
		r.drag.foreign = nil
		f.Cancel()
	}
}

// endDrag: the X server is gone.
func (r *run) endDrag() {
	if o := r.drag.offer; o != nil {
		r.drag.offer = nil
		o.Finish(false)
	}
	r.dragOver()
}
