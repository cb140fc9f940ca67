package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
)

// addWlShell announces wl_shell. xdg_wm_base has taken its place long ago, so
// only a server that is asked to speaks it.
func (s *Server) addWlShell() {
	s.addGlobal(&protocol.WlShellInterface, 1, func(c *Client, id, version uint32) {
		server.NewWlShell(c.conn, id, version).Handler = wlShell{c}
	})
}

// wlShell is wl_shell.
type wlShell struct{ c *Client }

// GetShellSurface gives a surface the role.
func (h wlShell) GetShellSurface(res *server.WlShell, id *server.WlShellSurface, surf *server.WlSurface) {
	s := surfaceOf(surf)
	w := &shellSurface{c: h.c, s: s, res: id}
	id.Handler = w
	if s.xdg != nil || !s.setRole(w) {
		res.PostError(protocol.WlShellErrorRole, "wl_surface@%d is in use as %s", surf.ID(), s.roleName)
		return
	}
	w.tree = h.c.srv.limbo.NewTree()
	t := s.core.Tree()
	t.Reparent(w.tree)
	t.SetEnabled(true)
	w.popupTree = w.tree.NewTree()
}

// shellKind is what a wl_shell_surface is mapped as.
type shellKind uint8

const (
	shellUnmapped  shellKind = iota // no kind was set yet
	shellToplevel                   // a window
	shellTransient                  // above another surface, at a place relative to it
	shellPopup                      // a transient that ends with a press elsewhere
)

// shellSurface is wl_shell_surface. As a toplevel it drives a GuestSurface.
// There is no destructor: it ends with its wl_surface.
type shellSurface struct {
	c   *Client
	s   *surface
	res *server.WlShellSurface

	kind      shellKind
	mapped    bool
	guest     *surfaces.GuestSurface // of a toplevel
	tree      *scene.Tree            // its origin is that of the surface; nil without the role
	popupTree *scene.Tree            // above the surface

	above *shellSurface   // what a transient or popup belongs to, nil when that is gone
	below []*shellSurface // transients and popups of this one, oldest first
	grab  *seated         // that holds a seat's popup grab, or nil
	size  geom.Size       // asked for last

	title, class string
}

func (*shellSurface) roleName() string { return "wl_shell_surface" }

func (w *shellSurface) commit(*surface) bool { return true }

func (w *shellSurface) srv() *Server { return w.c.srv }

// committed follows the content.
func (w *shellSurface) committed(s *surface, set surfaces.Fields) {
	switch has := s.core.HasBuffer(); {
	case w.kind == shellUnmapped:
	case has && !w.mapped:
		w.mapped = true
		w.show()
	case !has && w.mapped:
		w.hide()
	case has && w.guest != nil && set&(surfaces.FieldBuffer|surfaces.FieldViewport|surfaces.FieldScale) != 0:
		w.srv().shell.WindowChanged(w.guest, ChangeGeometry)
	}
}

// show maps what has got its first content.
func (w *shellSurface) show() {
	if w.kind != shellToplevel {
		w.tree.SetEnabled(true)
		return
	}
	sh := w.srv().shell
	sh.WindowOpened(w.guest)
	w.step(surfaces.Ready)
	sh.WindowMapped(w.guest)
	w.srv().windows.add(w.guest)
}

// hide unmaps it.
func (w *shellSurface) hide() {
	if !w.mapped {
		return
	}
	w.mapped = false
	w.s.withdraw()
	w.endChildren()
	if w.kind != shellToplevel {
		w.ungrab()
		w.tree.SetEnabled(false)
		return
	}
	w.srv().windows.drop(w.guest)
	w.srv().shell.WindowUnmapped(w.guest)
	w.step(surfaces.Empty)
	w.size = geom.Size{}
}

func (w *shellSurface) step(l surfaces.Lifecycle) {
	if err := w.guest.SetState(l); err != nil {
		w.srv().log.Error("lifecycle", "err", err)
	}
}

// become changes the kind. What the surface was before is over; with content,
// it is mapped anew at once.
func (w *shellSurface) become(k shellKind) {
	mapped := w.mapped
	w.hide()
	w.leave()
	w.closeWindow()
	w.kind = k
	if k == shellToplevel {
		w.guest = &surfaces.GuestSurface{
			ID: w.srv().nextGuestID(), Kind: surfaces.KindWayland, Owner: w.c.owner,
			Window: w, Surface: w.s.core, Node: w.tree, Popups: w.popupTree,
			Title: w.title, AppID: w.class,
		}
		w.s.core.Guest = w.guest
	}
	w.mapped = mapped
	if mapped {
		w.show()
	}
}

// closeWindow ends the GuestSurface.
func (w *shellSurface) closeWindow() {
	g := w.guest
	if g == nil {
		return
	}
	w.guest = nil
	w.s.core.Guest = nil
	w.srv().shell.WindowClosed(g)
	if err := g.SetState(surfaces.Destroyed); err != nil {
		w.srv().log.Error("lifecycle", "err", err)
	}
}

// surfaceGone ends the object with its wl_surface.
func (w *shellSurface) surfaceGone(*surface) {
	if w.res.Alive() {
		w.c.conn.End(w.res)
	}
}

// ResourceDestroyed ends the role.
func (w *shellSurface) ResourceDestroyed() {
	if w.tree == nil {
		return // it never had the role
	}
	w.hide()
	w.endChildren()
	w.leave()
	w.closeWindow()
	if w.s.role == role(w) {
		w.s.dropRole()
	}
	w.popupTree.Destroy()
	w.tree.Destroy()
	w.tree = nil
}

// endChildren ends what belongs to this surface, the topmost first.
func (w *shellSurface) endChildren() {
	for len(w.below) > 0 {
		w.below[len(w.below)-1].dismiss()
	}
}

// leave takes a transient or popup away from its parent.
func (w *shellSurface) leave() {
	w.ungrab()
	if w.above == nil {
		return
	}
	w.above.below = remove(w.above.below, w)
	w.above = nil
	w.tree.Reparent(w.srv().limbo)
}

func (w *shellSurface) ungrab() {
	if v := w.grab; v != nil {
		w.grab = nil
		v.sc.g.seat.PopPopup(v.focus())
	}
}

// dismiss tells the client that a popup is over. Transients only hide.
func (w *shellSurface) dismiss() {
	w.endChildren()
	w.leave()
	if w.kind == shellPopup {
		w.res.SendPopupDone()
	}
}

// SetToplevel makes it a window in a size of its own.
func (w *shellSurface) SetToplevel(*server.WlShellSurface) {
	if w.kind != shellToplevel {
		w.become(shellToplevel)
		return
	}
	w.request(Request{Kind: RequestUnfullscreen})
	w.request(Request{Kind: RequestUnmaximize})
}

// SetFullscreen makes it a window that covers an output. How its content is
// fitted and at which rate the output runs is left to the session.
func (w *shellSurface) SetFullscreen(_ *server.WlShellSurface, _ protocol.WlShellSurfaceFullscreenMethod, _ uint32, out *server.WlOutput) {
	w.fill(Request{Kind: RequestFullscreen, Output: outputOf(out)})
}

// SetMaximized makes it a window that covers what panels leave of an output.
func (w *shellSurface) SetMaximized(_ *server.WlShellSurface, out *server.WlOutput) {
	w.fill(Request{Kind: RequestMaximize, Output: outputOf(out)})
}

func outputOf(out *server.WlOutput) *Output {
	if out == nil {
		return nil
	}
	return out.Handler.(*outputHandler).output
}

// fill asks for a state in which the session chooses the size. A client
// without content waits to hear of it before it draws.
func (w *shellSurface) fill(r Request) {
	if w.kind != shellToplevel {
		w.become(shellToplevel)
	}
	w.request(r)
	if !w.mapped {
		w.srv().shell.WindowOpened(w.guest)
	}
}

func (w *shellSurface) request(r Request) {
	if w.guest != nil {
		r.Client = w.c
		w.srv().shell.WindowRequest(w.guest, r)
	}
}

// Move lets the pointer drag the window.
func (w *shellSurface) Move(_ *server.WlShellSurface, on *server.WlSeat, serial uint32) {
	w.request(Request{Kind: RequestMove, Serial: serial, Seat: w.c.seatOf(on).g.seat})
}

// Resize lets the pointer drag edges of the window.
func (w *shellSurface) Resize(_ *server.WlShellSurface, on *server.WlSeat, serial uint32, edges protocol.WlShellSurfaceResize) {
	// The protocol's bits are those of surfaces.Edges; opposite edges make
	// no sense together.
	if e := surfaces.Edges(edges & 0xf); e != 0 && e&3 != 3 && e&12 != 12 {
		w.request(Request{Kind: RequestResize, Edges: e, Serial: serial, Seat: w.c.seatOf(on).g.seat})
	}
}

// SetTitle names the window.
func (w *shellSurface) SetTitle(_ *server.WlShellSurface, title string) {
	w.title = cleanText(title)
	w.tell(ChangeTitle)
}

// SetClass names the program.
func (w *shellSurface) SetClass(_ *server.WlShellSurface, class string) {
	w.class = cleanText(class)
	w.tell(ChangeAppID)
}

// tell passes names on to the window.
func (w *shellSurface) tell(what Change) {
	if w.guest == nil {
		return
	}
	w.guest.Title, w.guest.AppID = w.title, w.class
	w.srv().WindowsChanged()
	w.srv().shell.WindowChanged(w.guest, what)
}

// Pong answers a ping.
func (*shellSurface) Pong(*server.WlShellSurface, uint32) {}

// Configure asks the client for a size: the protocol has no words for states
// and no acknowledgements.
func (w *shellSurface) Configure(c surfaces.Configuration) uint32 {
	if c.Size.Empty() || c.Size == w.size || w.mapped && c.Size == w.s.core.Size() {
		return 0
	}
	w.size = c.Size
	w.res.SendConfigure(protocol.WlShellSurfaceResizeNone, c.Size.W, c.Size.H)
	return 0
}

// Close does nothing: wl_shell knows no such wish.
func (*shellSurface) Close() {}

// Geometry returns the surface without its subsurfaces.
func (w *shellSurface) Geometry() geom.Rect { return w.s.core.Size().Rect() }

// Limits returns none.
func (*shellSurface) Limits() (lo, hi geom.Size) { return lo, hi }

// SetTransient puts it above another surface of the client. The keyboard stays
// with the window.
func (w *shellSurface) SetTransient(_ *server.WlShellSurface, parent *server.WlSurface, x, y int32, _ protocol.WlShellSurfaceTransient) {
	w.attach(shellTransient, parent, geom.Point{X: x, Y: y})
}

// SetPopup makes it a menu: a press on another client's surface ends it.
func (w *shellSurface) SetPopup(_ *server.WlShellSurface, on *server.WlSeat, serial uint32, parent *server.WlSurface, x, y int32, _ protocol.WlShellSurfaceTransient) {
	w.attach(shellPopup, parent, geom.Point{X: x, Y: y})
	if w.above == nil {
		w.dismiss()
		return
	}
	g := w.c.seatOf(on).g
	if kind, ok := g.seat.ValidSerial(serial, w.c); !ok || !kind.ByUser() {
		w.dismiss()
		return
	}
	v := w.s.on(g)
	if err := g.seat.PushPopup(v.focus(), func() { w.grab = nil; w.dismiss() }); err != nil {
		w.dismiss()
		return
	}
	w.grab = v
}

// attach hangs a transient or popup above its parent, at a place relative to
// the parent's corner. Above what is no window it has no place.
func (w *shellSurface) attach(k shellKind, parent *server.WlSurface, at geom.Point) {
	p := surfaceOf(parent)
	w.become(k)
	above, depth := p.shellRole()
	if above == nil || depth >= maxPopups || above.isBelow(w) {
		return
	}
	w.above = above
	above.below = append(above.below, w)
	from, _ := p.core.Tree().AbsPosition()
	base, _ := above.tree.AbsPosition()
	at = at.Add(from.Sub(base))
	w.tree.Reparent(above.popupTree)
	w.tree.SetPosition(at.X, at.Y)
	w.tree.SetEnabled(w.mapped)
}

// shellRole returns the wl_shell surface that s is or is a subsurface of, nil
// if there is none, and how many others it stands on.
func (s *surface) shellRole() (w *shellSurface, depth int) {
	root, ok := s.core.Root().Data.(*surface)
	if !ok {
		return nil, 0
	}
	if w, ok = root.role.(*shellSurface); !ok {
		return nil, 0
	}
	for a := w.above; a != nil; a = a.above {
		depth++
	}
	return w, depth
}

// isBelow reports whether w is o or belongs to it.
func (w *shellSurface) isBelow(o *shellSurface) bool {
	for ; w != nil; w = w.above {
		if w == o {
			return true
		}
	}
	return false
}

// window returns what a chain of transients and popups stands on, nil if that
// is gone.
func (w *shellSurface) window() *surfaces.GuestSurface {
	for w.above != nil {
		w = w.above
	}
	return w.guest
}
