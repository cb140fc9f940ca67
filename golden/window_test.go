package golden_test

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// view is a surface with content: of a window, a popup or a subsurface.
type view struct {
	a         *app
	surface   *client.WlSurface
	size      geom.Size // logical
	scale     int32     // of the buffer
	transform geom.Transform
	memory    memoryKind
	// translucent content has an alpha channel.
	translucent bool
	paint       func(*canvas)
}

// newView makes a surface that nothing is drawn on yet.
func (a *app) newView(size geom.Size, paint func(*canvas)) *view {
	return &view{a: a, surface: a.compositor.CreateSurface(), size: size, scale: 1, paint: paint}
}

// draw attaches new content, all of it damaged. It takes effect with commit.
func (v *view) draw() {
	v.attach()
	v.surface.DamageBuffer(0, 0, 1<<30, 1<<30)
}

// attach is draw without damage.
func (v *view) attach() {
	c := newCanvas(v.size, v.scale)
	v.paint(c)
	data, size := c.bytes(v.transform)
	format := protocol.WlShmFormatXrgb8888
	if v.translucent {
		format = protocol.WlShmFormatArgb8888
	}
	v.surface.SetBufferScale(v.scale)
	v.surface.SetBufferTransform(protocol.WlOutputTransform(v.transform))
	v.surface.Attach(v.a.buffer(data, size, format, v.memory), 0, 0)
}

// redraw shows new content at once.
func (v *view) redraw() {
	v.draw()
	v.surface.Commit()
}

// window is a toplevel. It takes every size that it is asked for.
type window struct {
	*view
	xdg      *client.XdgSurface
	toplevel *client.XdgToplevel
	id       uint32 // of the session's commands
}

// look is what a window is made of.
type look struct {
	name        string // app id and title
	size        geom.Size
	at          geom.Point // of the frame's corner
	paint       func(*canvas)
	scale       int32 // of the buffer, 0 is 1
	transform   geom.Transform
	decorated   bool
	translucent bool
	memory      memoryKind
	before      func(*window) // runs before the first commit
}

// open maps a window, moves it to its place and waits until it is shown.
func (a *app) open(l look) *window {
	a.t.Helper()
	w := &window{view: a.newView(l.size, l.paint)}
	w.scale, w.transform, w.translucent, w.memory = max(l.scale, 1), l.transform, l.translucent, l.memory
	w.xdg = a.wm.GetXdgSurface(w.surface)
	w.toplevel = w.xdg.GetToplevel()
	w.toplevel.SetAppId(l.name)
	w.toplevel.SetTitle(l.name)
	if l.decorated {
		a.decoration.GetToplevelDecoration(w.toplevel).SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
	}
	var want geom.Size
	w.toplevel.OnConfigure = func(width, height int32, _ []byte) { want = geom.Size{W: width, H: height} }
	drawn := geom.Size{}
	w.xdg.OnConfigure = func(serial uint32) {
		w.xdg.AckConfigure(serial)
		if !want.Empty() {
			w.size = want
		}
		if drawn == w.size {
			w.surface.Commit()
			return
		}
		drawn = w.size
		w.redraw()
	}
	if l.before != nil {
		l.before(w)
	}
	w.surface.Commit()
	a.d.settle()
	windows := a.d.ctl.Windows()
	for _, c := range windows {
		if c.AppID == l.name {
			w.id = c.ID
		}
	}
	if w.id == 0 {
		a.t.Fatalf("window %s did not appear among %d", l.name, len(windows))
	}
	a.d.do(a.d.ctl.Move(w.id, l.at))
	return w
}

// subsurface adds a desynchronised child at p, and draws it.
func (v *view) subsurface(p geom.Point, size geom.Size, paint func(*canvas)) (*view, *client.WlSubsurface) {
	child := v.a.newView(size, paint)
	sub := v.a.sub.GetSubsurface(child.surface, v.surface)
	sub.SetPosition(p.X, p.Y)
	sub.SetDesync()
	child.redraw()
	return child, sub
}
