package session

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/decor"
	"rayos/shell/theme"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// window is a GuestSurface with its frame in the scene.
type window struct {
	s     *Session
	id    wm.WindowID
	guest *surfaces.GuestSurface
	spot  wm.Placement // as the scene has it
	frame frameNodes
	focus frameFocus

	asks      asks        // before it was mapped
	left      *geom.Point // where its frame was when it was unmapped, nil if it did not float
	decorated bool
	mapped    bool
	above     bool      // it wants to be above the others
	told      bool      // markers have told of it
	firstOn   *output   // where its first picture is drawn
	firstAt   uint64    // frame of that output with it, 0 before
	attention bool      // it would like to be activated, and was not
	size      geom.Size // content size that the window manager knows
	want      geom.Size // content size configured last
	waiting   uint32    // serial of a configure that changes the size, 0 for none
	held      *surfaces.Blocker
	grab      seat.PointerGrab // a move or resize under way
	grabSeat  *seat.Seat       // whose it is
	carry     *carry           // by a drag and drop, nil for none
}

// frameNodes are a window's nodes: the tree's origin is the frame's corner.
type frameNodes struct {
	tree    *scene.Tree
	shadow  *scene.Tree
	input   *scene.Buffer // takes the pointer around the content
	borders []*scene.Rect
	corners []*scene.Buffer
	title   *scene.Buffer
	tex     render.Texture
	content *scene.Tree
	popups  *scene.Tree
	shade   []*scene.Buffer // pieces of the shadow
	drawn   decor.Frame     // what the nodes show
	placed  bool
}

func (s *Session) newWindow(g *surfaces.GuestSurface) *window {
	w := &window{s: s, id: wm.WindowID(g.ID), guest: g, decorated: s.Decorates(g)}
	w.focus.w, w.focus.seat = w, s.seat
	f := &w.frame
	f.tree = s.layers.windows.NewTree()
	f.tree.SetEnabled(false)
	f.shadow = f.tree.NewTree()
	f.input = f.tree.NewBuffer()
	f.input.Data = &w.focus
	f.content = f.tree.NewTree()
	f.title = f.tree.NewBuffer()
	f.title.SetInputNone()
	f.popups = f.tree.NewTree()
	g.Node.Reparent(f.content)
	g.Node.SetPosition(0, 0)
	g.Node.SetEnabled(true)
	if g.Popups != nil {
		g.Popups.Reparent(f.popups)
	}
	s.windows[w.id] = w
	return w
}

func (w *window) destroy() {
	w.s.markers.closed(w)
	w.release()
	if w.guest.State() != surfaces.Destroyed {
		w.guest.Node.SetEnabled(false)
		w.guest.Node.Reparent(w.s.scene.Root())
		if w.guest.Popups != nil {
			w.guest.Popups.Reparent(w.guest.Node)
		}
	}
	w.frame.title.SetTexture(nil, nil)
	if w.frame.tex != nil {
		w.frame.tex.Release()
	}
	w.frame.tree.Destroy()
	w.s.seat.Forget(&w.focus)
	for _, v := range w.s.visitors {
		v.forget(w)
	}
	delete(w.s.windows, w.id)
}

// release lets a held commit go on.
func (w *window) release() {
	w.waiting = 0
	if w.held != nil {
		b := w.held
		w.held = nil
		b.Clear()
	}
}

// configuration is what the client shall become.
func (w *window) configuration(p *wm.Placement) surfaces.Configuration {
	return surfaces.Configuration{
		Size: p.Configure, Bounds: p.Bounds,
		Activated: p.Activated || w.s.visited(w.id), Maximized: p.Maximized, Fullscreen: p.Fullscreen,
		Resizing: p.Resizing, Suspended: w.mapped && !p.Visible && !w.s.server.Captured(w.guest), Tiled: surfaces.Edges(p.Tiled),
		Constrained: surfaces.Edges(p.Constrained),
	}
}

// trust maps an owner's trust to the frame's.
func trust(t surfaces.Trust) theme.Trust {
	switch t {
	case surfaces.TrustSession:
		return theme.Session
	case surfaces.TrustLinuxGuest:
		return theme.Linux
	case surfaces.TrustWindowsGuest:
		return theme.Windows
	case surfaces.TrustRemote:
		return theme.Remote
	case surfaces.TrustSandboxed:
		return theme.Sandboxed
	}
	return theme.Unknown
}

// scale is that of the output which shows the window.
func (w *window) scale() geom.Scale {
	for _, o := range w.s.outputs {
		if o.id == w.spot.Output {
			return o.info.Scale
		}
	}
	return geom.ScaleOne
}

// describe returns the frame as it should look now.
func (w *window) describe() decor.Frame {
	p := &w.spot
	lo, hi := w.guest.Window.Limits()
	fixed := lo == hi && !lo.Empty()
	hover, pressed := w.hovered()
	return decor.Frame{
		State: decor.State{
			Maximized: p.Maximized, Fullscreen: p.Fullscreen,
			Tiled: p.Tiled != 0 && !p.Maximized, Shaded: p.Shaded,
		},
		Size:  p.Content.Size(),
		Title: w.title(), Owner: w.guest.Owner.Label, Trust: trust(w.guest.Owner.Trust), Word: trust(w.guest.Owner.Trust).Name(),
		Active: p.Activated || w.s.visited(w.id), Attention: w.attention, Resizable: !fixed,
		Hover: hover, Pressed: pressed,
		Scale: w.scale(), Scheme: w.s.opt.Scheme,
	}
}

// snap is what rounding makes of the frame where it lies.
func (w *window) snap(f *decor.Frame) decor.Snap {
	for _, o := range w.s.outputs {
		if o.id == w.spot.Output {
			return f.SnapAt(w.spot.Frame.Min().Sub(o.scene.Logical().Min()))
		}
	}
	return decor.Snap{}
}

// hovered returns the parts of the frame under the pointers: of the first seat
// or else of a visitor's.
func (w *window) hovered() (hover, pressed decor.Part) {
	hover, pressed = w.focus.hover, w.focus.pressed
	for _, v := range w.s.visitors {
		for _, f := range v.frames {
			if f.w == w && hover == decor.None {
				hover, pressed = f.hover, f.pressed
			}
		}
	}
	return hover, pressed
}

func (w *window) title() string {
	if w.guest.Title != "" {
		return w.guest.Title
	}
	if w.guest.AppID != "" {
		return w.guest.AppID
	}
	return w.guest.Owner.Label
}

// place shows the window at p.
func (w *window) place(p *wm.Placement) {
	w.s.markers.placed(&w.spot, p)
	w.spot = *p
	w.attention = w.attention && !p.Activated
	f := &w.frame
	f.tree.SetEnabled(p.Visible && w.mapped)
	f.tree.SetPosition(p.Frame.X0, p.Frame.Y0)
	at := p.Content.Min().Sub(p.Frame.Min())
	f.content.SetPosition(at.X, at.Y)
	f.popups.SetPosition(at.X, at.Y)
	f.content.SetEnabled(!p.Shaded)
	f.content.SetClip(p.Content.Size().Rect(), p.Decorated)
	w.present(p.Visible && w.mapped)
	if t, ok := w.guest.Window.(surfaces.Placer); ok {
		t.Place(p.Content)
	}
	w.drawFrame()
	if m := w.s.machineOf(w.guest); m != nil {
		m.updateCard()
	}
}

// attend shows that the window would like to be activated, until it is.
func (w *window) attend() {
	w.attention = !w.spot.Activated
	w.s.bars.stale = true
	w.drawFrame()
	w.s.server.WorkspacesChanged()
}

// present moves the surface between shown and hidden. It never touches the
// owner's life.
func (w *window) present(on bool) {
	g := w.guest
	var err error
	switch {
	case on && (g.State() == surfaces.Ready || g.State() == surfaces.Hidden):
		err = g.SetState(surfaces.Presented)
	case !on && g.State() == surfaces.Presented:
		err = g.SetState(surfaces.Hidden)
	}
	if err != nil {
		w.s.log.Error("lifecycle", "err", err)
	}
}

// drawFrame brings the decoration in line. What looks the same is not drawn
// again.
func (w *window) drawFrame() {
	f := &w.frame
	shown := w.spot.Decorated && !w.spot.Fullscreen
	f.title.SetEnabled(shown)
	f.input.SetEnabled(shown)
	f.shadow.SetEnabled(shown && !w.spot.Maximized)
	if !shown {
		for _, b := range f.borders {
			b.SetEnabled(false)
		}
		w.drawCorners(nil)
		f.placed = false
		return
	}
	now := w.describe()
	now.Snap = w.snap(&now)
	if f.placed && now == f.drawn {
		return
	}
	before := f.drawn
	fresh := !f.placed
	f.drawn, f.placed = now, true
	w.drawTitle(&now)
	if fresh || before.Outer() != now.Outer() || before.State != now.State || before.Active != now.Active ||
		before.Scale != now.Scale || before.Trust != now.Trust {
		w.drawBorders(&now)
		w.drawCorners(&now)
		w.drawShadow(&now)
		w.placeInput(&now)
	}
}

func (w *window) drawTitle(d *decor.Frame) {
	f := &w.frame
	bar := w.s.decor.Title(d)
	if f.tex != nil && f.tex.Size() == bar.Size() {
		if err := w.s.render.Update(f.tex, bar, nil); err != nil {
			w.s.log.Error("title", "err", err)
			return
		}
	} else {
		t, err := w.s.render.Import(bar, false)
		if err != nil {
			w.s.log.Error("title", "err", err)
			return
		}
		f.title.SetTexture(nil, nil)
		if f.tex != nil {
			f.tex.Release()
		}
		f.tex = t
	}
	f.title.SetDestSize(geom.Size{W: d.Outer().W, H: theme.TitleBar})
	f.title.SetTexture(f.tex, nil)
}

func (w *window) drawBorders(d *decor.Frame) {
	f := &w.frame
	sides := d.Borders()
	for len(f.borders) < len(sides) {
		b := f.tree.NewRect(geom.Size{}, 0)
		b.PlaceBelow(f.title)
		f.borders = append(f.borders, b)
	}
	for i, b := range f.borders {
		b.SetEnabled(i < len(sides))
		if i < len(sides) {
			b.SetPosition(sides[i].Rect.X0, sides[i].Rect.Y0)
			b.SetSize(sides[i].Rect.Size())
			b.SetColor(sides[i].Color)
		}
	}
}

// drawCorners rounds the lower corners of a frame, if it has such; nil is none.
func (w *window) drawCorners(d *decor.Frame) {
	f := &w.frame
	round := d != nil && d.RoundBelow()
	for _, b := range f.corners {
		b.SetEnabled(round)
	}
	if !round {
		f.content.SetCorners(geom.Rect{}, 0)
		return
	}
	f.content.SetCorners(d.Size.Rect(), d.ContentRadius())
	for i, c := range w.s.decor.Corners(d) {
		if i == len(f.corners) {
			b := f.tree.NewBuffer()
			b.SetInputNone()
			b.PlaceBelow(f.title)
			f.corners = append(f.corners, b)
		}
		t, err := w.s.art.texture(c.Pixels)
		if err != nil {
			w.s.log.Error("corner", "err", err)
			return
		}
		b := f.corners[i]
		b.SetPosition(c.Dst.X0, c.Dst.Y0)
		b.SetDestSize(c.Dst.Size())
		b.SetTexture(t, nil)
	}
}

// drawShadow shows the shared picture of a shadow around the frame.
func (w *window) drawShadow(d *decor.Frame) {
	f := &w.frame
	parts := w.s.decor.Shadow(d).Place(d.Outer())
	for len(f.shade) < len(parts) {
		b := f.shadow.NewBuffer()
		b.SetInputNone()
		f.shade = append(f.shade, b)
	}
	for i, b := range f.shade {
		b.SetEnabled(i < len(parts))
		if i >= len(parts) {
			continue
		}
		t, err := w.s.art.texture(parts[i].Pixels)
		if err != nil {
			w.s.log.Error("shadow", "err", err)
			return
		}
		b.SetPosition(parts[i].Dst.X0, parts[i].Dst.Y0)
		b.SetDestSize(parts[i].Dst.Size())
		b.SetSource(parts[i].Src)
		b.SetTexture(t, nil)
	}
}

// placeInput covers the frame and a few pixels around it, below the content.
func (w *window) placeInput(d *decor.Frame) {
	out := int32(0)
	if d.Resizable && !d.Maximized {
		out = theme.ResizeEdge
	}
	size := d.Outer()
	w.frame.input.SetPosition(-out, -out)
	w.frame.input.SetDestSize(geom.Size{W: size.W + 2*out, H: size.H + 2*out})
	w.focus.margin = out
}

// rewrite draws all text anew: more of it can be written than before.
func (s *Session) rewrite() {
	s.parts.repaint()
	for _, w := range s.windows {
		if w.frame.placed {
			w.drawTitle(&w.frame.drawn)
		}
	}
}

// refreshFrames draws all frames anew where they differ, as after a change of
// scale.
func (s *Session) refreshFrames() {
	for _, w := range s.windows {
		if w.mapped {
			w.drawFrame()
		}
	}
}
