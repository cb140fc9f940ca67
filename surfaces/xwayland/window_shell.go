package xwayland

import (
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/wayland"
)

// This file is how the session drives an X11 window (surfaces.Window) and what
// the program may ask for.

func floorDiv(v, k int32) int32 {
	q := v / k
	if v%k < 0 {
		q--
	}
	return q
}

func (w *window) toLogical(p geom.Point) geom.Point {
	k := w.scale()
	return geom.Point{X: floorDiv(p.X, k), Y: floorDiv(p.Y, k)}
}

// Configure implements surfaces.Window. The serial that it returns is
// acknowledged by a buffer of the size that was asked for.
func (w *window) Configure(c surfaces.Configuration) uint32 {
	first, same := !w.hasSent, w.hasSent && c.Size == w.sent.Size
	free := !c.Maximized && !c.Fullscreen && c.Tiled == 0
	w.sent, w.hasSent = c, true
	if !first {
		w.tellState()
	}
	if same || c.Size.Empty() {
		return 0
	}
	want := w.pixels(c.Size, free)
	if want == w.want {
		return 0
	}
	w.want = want
	w.serial = w.r.s.opt.Seat.Serial()
	w.sendPlace(false)
	return w.serial
}

// pixels is the whole window's size for a content of size s. What the program
// has chosen stays if it comes to the same.
func (w *window) pixels(s geom.Size, snap bool) geom.Size {
	k, shadow := w.scale(), w.props.Shadow.size()
	have := geom.Size{W: (w.want.W - shadow.W) / k, H: (w.want.H - shadow.H) / k}
	if s == have {
		return w.want
	}
	p := geom.Size{W: min(s.W*k, maxExtent) + shadow.W, H: min(s.H*k, maxExtent) + shadow.H}
	if snap {
		p = w.props.Size.snap(p)
	}
	return p
}

// Place implements surfaces.Placer.
func (w *window) Place(content geom.Rect) {
	if at := content.Min(); !w.placed || at != w.at {
		w.at, w.placed = at, true
		w.sendPlace(false)
	}
}

// sendPlace tells the X server where the window is. tell answers a request of
// the program in any case.
func (w *window) sendPlace(tell bool) {
	at := w.rect.Min()
	if w.placed {
		k := w.scale()
		at = geom.Point{X: w.at.X*k - w.props.Shadow.Left, Y: w.at.Y*k - w.props.Shadow.Top}
	}
	w.r.send(cmdPlace{id: w.id, rect: geom.XYWH(at.X, at.Y, w.want.W, w.want.H), tell: tell})
}

// rescaled asks for the same logical size in the new pixels.
func (w *window) rescaled() {
	if w.guest == nil || !w.managed || !w.hasSent || w.surf == nil {
		return
	}
	k, shadow, size := w.scale(), w.props.Shadow.size(), w.Geometry().Size()
	w.want = geom.Size{W: size.W*k + shadow.W, H: size.H*k + shadow.H}
	w.sendPlace(false)
}

// Close implements surfaces.Window.
func (w *window) Close() { w.r.send(cmdClose{id: w.id, kill: w.hung}) }

// Geometry implements surfaces.Window: the window without its shadow.
func (w *window) Geometry() geom.Rect {
	k := w.scale()
	size := geom.Size{W: max(w.rect.W()/k, 1), H: max(w.rect.H()/k, 1)}
	if w.surf != nil && w.surf.Core().HasBuffer() {
		size = w.surf.Core().Size()
	}
	e := w.props.Shadow
	r := geom.Rect{X0: e.Left / k, Y0: e.Top / k, X1: size.W - e.Right/k, Y1: size.H - e.Bottom/k}
	if r.Empty() {
		return size.Rect()
	}
	return r
}

// Limits implements surfaces.Window.
func (w *window) Limits() (lo, hi geom.Size) {
	k, shadow, h := w.scale(), w.props.Shadow.size(), &w.props.Size
	lo = geom.Size{W: max(h.Min.W-shadow.W+k-1, 0) / k, H: max(h.Min.H-shadow.H+k-1, 0) / k}
	if h.Max.W > 0 {
		hi.W = max((h.Max.W-shadow.W)/k, 1)
	}
	if h.Max.H > 0 {
		hi.H = max((h.Max.H-shadow.H)/k, 1)
	}
	return lo, hi
}

// Parent is the window that this one is a dialog of, or nil.
func (w *window) Parent() *surfaces.GuestSurface {
	for p, n := w.r.windows[w.props.Transient], 0; p != nil && n < 16; p, n = w.r.windows[p.props.Transient], n+1 {
		if p == w {
			return nil // a circle
		}
		if p.mapped && p.managed {
			return p.guest
		}
	}
	return nil
}

// Modal reports whether the parent waits for it.
func (w *window) Modal() bool { return w.modal }

// Quiet reports whether it wants to appear without taking the focus.
func (w *window) Quiet() bool { return w.props.Quiet || w.props.Type == typeSplash }

// WantsFrame reports whether the session shall draw the frame.
func (w *window) WantsFrame() bool {
	switch w.props.Type {
	case typeSplash, typeDock, typeDesktop, typeNotification:
		return false
	}
	return !w.props.Motif.NoFrame && w.props.Shadow == extents{}
}

// tellState writes what has become of the window.
func (w *window) tellState() {
	c := &w.sent
	s := states(0).with(stateFullscreen, c.Fullscreen).with(stateMaxVert, c.Maximized).with(stateMaxHorz, c.Maximized).
		with(stateHidden, c.Suspended).with(stateFocused, c.Activated).with(stateModal, w.modal).with(stateAbove, w.above)
	if s != w.states || !w.mapped {
		w.states = s
		w.r.send(cmdState{w.id, s})
	}
}

// asksRect lets a floating program choose its size and place.
func (w *window) asksRect(e evAsksRect) {
	if w.guest == nil || !w.managed {
		return
	}
	if w.sent.Maximized || w.sent.Fullscreen || w.sent.Tiled != 0 {
		w.sendPlace(true)
		return
	}
	size, at := w.want, e.rect.Min()
	if e.mask&xproto.ConfigWindowWidth != 0 {
		size.W = min(max(e.rect.W(), 1), maxExtent)
	}
	if e.mask&xproto.ConfigWindowHeight != 0 {
		size.H = min(max(e.rect.H(), 1), maxExtent)
	}
	w.want = size
	const moved = xproto.ConfigWindowX | xproto.ConfigWindowY
	if e.mask&moved != 0 && w.mapped {
		now := geom.Point{X: w.at.X * w.scale(), Y: w.at.Y * w.scale()}
		if e.mask&xproto.ConfigWindowX == 0 {
			at.X = now.X
		}
		if e.mask&xproto.ConfigWindowY == 0 {
			at.Y = now.Y
		}
		w.shell().WindowPlaced(w.guest, w.toLogical(at))
	}
	w.sendPlace(true)
}

// asksState serves _NET_WM_STATE.
func (w *window) asksState(e evAsksState) {
	if w.guest == nil || !w.managed {
		return
	}
	on := func(now bool) bool { return e.to == 1 || e.to == 2 && !now }
	ask := func(now bool, yes, no wayland.RequestKind) {
		kind := no
		if on(now) {
			kind = yes
		}
		w.request(wayland.Request{Kind: kind})
	}
	if e.states.has(stateFullscreen) {
		ask(w.sent.Fullscreen, wayland.RequestFullscreen, wayland.RequestUnfullscreen)
	}
	if e.states.has(stateMaxVert) && e.states.has(stateMaxHorz) {
		ask(w.sent.Maximized, wayland.RequestMaximize, wayland.RequestUnmaximize)
	}
	if e.states.has(stateHidden) {
		ask(w.sent.Suspended, wayland.RequestMinimize, wayland.RequestUnminimize)
	}
	if e.states.has(stateAttention) && on(false) {
		w.request(wayland.Request{Kind: wayland.RequestAttention})
	}
	if e.states.has(stateModal) {
		if v := on(w.modal); v != w.modal {
			w.modal = v
			w.shell().WindowChanged(w.guest, wayland.ChangeModal)
		}
	}
	if e.states.has(stateAbove) {
		if v := on(w.above); v != w.above {
			w.above = v
			w.shell().WindowAbove(w.guest, v)
		}
	}
	w.tellState()
}

// moveResize starts what the person drags with the button that is held on one
// of the program's windows.
func (w *window) moveResize(direction uint32) {
	st := w.r.s.opt.Seat
	if f := st.PointerFocus(); st.ButtonsHeld() == 0 || f == nil || f.Client() != w.r.wl.Client() {
		return
	}
	edges := [...]surfaces.Edges{
		surfaces.Top | surfaces.Left, surfaces.Top, surfaces.Top | surfaces.Right, surfaces.Right,
		surfaces.Bottom | surfaces.Right, surfaces.Bottom, surfaces.Bottom | surfaces.Left, surfaces.Left,
	}
	const move = 8
	switch {
	case direction < uint32(len(edges)):
		w.request(wayland.Request{Kind: wayland.RequestResize, Edges: edges[direction]})
	case direction == move:
		w.request(wayland.Request{Kind: wayland.RequestMove})
	}
}
