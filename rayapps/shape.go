package rayapps

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/surfaces/protocol"
)

// configure is what the compositor asked for and hasn't got yet.
type configure struct {
	serial uint32
	ack    bool
	size   geom.Size // 0 is the app's to choose
	bounds geom.Size // the most that it advises, or 0
	scale  geom.Scale
	states states
}

// states are those of xdg_toplevel that matter here.
type states struct {
	maximized, fullscreen, tiled, active, suspended bool
}

// shape makes the window's objects. It is seen after its first configure.
func (w *Window) shape() {
	h := &w.host
	w.scale, w.next.scale = geom.ScaleOne, geom.ScaleOne
	w.create(w, func(s geom.Scale) { w.next.scale = s })
	if h.fractional == nil {
		h.outputs.watch(w)
	}
	w.root.SetPopups(true)
	w.xdg = h.shell.GetXdgSurface(w.wl)
	w.xdg.OnConfigure = func(serial uint32) { w.next.serial, w.next.ack = serial, true }
	w.toplevel = w.xdg.GetToplevel()
	w.toplevel.OnConfigure = w.configured
	w.toplevel.OnConfigureBounds = func(width, height int32) {
		w.next.bounds = geom.Size{W: max(width, 0), H: max(height, 0)}
	}
	w.toplevel.OnClose = w.asked
	w.toplevel.SetTitle(w.title)
	w.toplevel.SetAppId(w.opts.ID)
	w.beKnown()
	w.bar.on = true
	if h.decoration != nil {
		d := h.decoration.GetToplevelDecoration(w.toplevel)
		d.OnConfigure = func(m protocol.ZxdgToplevelDecorationV1Mode) {
			w.bar.set(w, m != protocol.ZxdgToplevelDecorationV1ModeServerSide)
		}
		d.SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
		w.bar.on = false
	}
	if m := w.opts.MinSize; !m.Empty() {
		w.toplevel.SetMinSize(m.W, m.H+w.bar.height())
	}
	w.wl.Commit()
}

// configured notes the first half of a configure.
func (w *Window) configured(width, height int32, list []byte) {
	w.next.size = geom.Size{W: min(max(width, 0), maxSide), H: min(max(height, 0), maxSide)}
	var s states
	for ; len(list) >= 4; list = list[4:] {
		switch protocol.XdgToplevelState(binary.NativeEndian.Uint32(list)) {
		case protocol.XdgToplevelStateMaximized:
			s.maximized = true
		case protocol.XdgToplevelStateFullscreen:
			s.fullscreen = true
		case protocol.XdgToplevelStateActivated:
			s.active = true
		case protocol.XdgToplevelStateSuspended:
			s.suspended = true
		case protocol.XdgToplevelStateTiledLeft, protocol.XdgToplevelStateTiledRight,
			protocol.XdgToplevelStateTiledTop, protocol.XdgToplevelStateTiledBottom:
			s.tiled = true
		}
	}
	w.next.states = s
}

// maxSide bounds the window, in logical pixels.
const maxSide = 1 << 14

// reconfigure does what the compositor asked for since the last turn.
func (w *Window) reconfigure() {
	n := &w.next
	if !n.ack && n.scale == w.scale {
		return
	}
	size := w.size
	if n.ack {
		w.xdg.AckConfigure(n.serial)
		if !w.mapped {
			size = w.natural()
		}
		if n.size.W > 0 {
			size.W = n.size.W
		}
		if n.size.H > 0 {
			size.H = n.size.H
		}
		if w.states != n.states {
			if w.bar.on || w.states.fullscreen != n.states.fullscreen {
				w.root.Invalidate()
			}
			w.states = n.states
		}
		w.mapped = true
		n.ack = false
		w.suspend(n.states.suspended)
	}
	if size == w.size && n.scale == w.scale {
		// Nothing to draw: the answer is the ack.
		w.follow()
		w.wl.Commit()
		return
	}
	w.resize(size, n.scale)
	w.root.Resize(size, w.scale)
	w.root.Repaint()
}

// natural is the size of a window that nobody has given one.
func (w *Window) natural() geom.Size {
	s := w.opts.Size
	s.H += w.bar.height()
	if b := w.next.bounds; !b.Empty() {
		s = geom.Size{W: min(s.W, b.W), H: min(s.H, b.H)}
	}
	return s
}

// suspend tells the app that it can be seen, or can't.
func (w *Window) suspend(hidden bool) {
	switch {
	case hidden && w.resumed:
		w.resumed = false
		if p, ok := as[Pauser](w.app); ok {
			p.Pause(w)
		}
		w.save()
	case !hidden && !w.resumed:
		w.resumed = true
		if r, ok := as[Resumer](w.app); ok {
			r.Resume(w)
		}
		w.root.Invalidate()
	}
}

// beKnown gives the window the app's icon, and the focus that its starter has
// asked for.
func (w *Window) beKnown() {
	h := &w.host
	if h.icons != nil {
		i := h.icons.CreateIcon()
		i.SetName(w.opts.ID)
		h.icons.SetIcon(w.toplevel, i)
		i.Destroy()
	}
	if token := w.opts.Token; token != "" && h.activation != nil {
		h.activation.Activate(token, w.wl)
	}
}
