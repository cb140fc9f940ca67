package xwayland

import (
	"os"

	"github.com/jezek/xgb/xproto"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/surfaces/wayland"
)

// window is a top-level X11 window on the loop's side. It drives its
// GuestSurface while it is shown.
type window struct {
	r       *run
	id      xproto.Window
	props   props
	rect    geom.Rect // X pixels, as the X server or we had it last
	managed bool
	guest   *surfaces.GuestSurface // from the map request to the unmapping
	surf    *wayland.XSurface      // nil until both are there
	tree    *scene.Tree            // origin is the geometry's corner
	mapped  bool                   // has pixels on the desktop
	above   bool
	modal   bool
	hung    bool

	sent    surfaces.Configuration // asked last
	hasSent bool
	want    geom.Size // X pixels, of the whole window, asked last
	serial  uint32    // of the size that is waited for, 0 for none
	at      geom.Point
	placed  bool   // at is known
	states  states // told last
}

func (w *window) shell() Shell { return w.r.s.opt.Shell }
func (w *window) scale() int32 { return w.r.s.screen.scale }

// handle serves the manager.
func (w *window) handle(e event) {
	switch e := e.(type) {
	case evMap:
		w.props, w.rect = e.props, e.rect
		if e.override {
			w.openUnmanaged()
		} else {
			w.open()
		}
	case evUnmapped:
		w.close()
	case evDestroyed:
		w.close()
		w.r.forget(w)
	case evMoved:
		w.moved(e.rect)
	case evRaised:
		if w.guest != nil && !w.managed {
			w.tree.Raise()
			w.shell().UnmanagedChanged()
		}
	case evAsksRect:
		w.asksRect(e)
	case evProps:
		w.changed(e.props)
	case evAsksState:
		w.asksState(e)
	case evClose:
		w.Close()
	case evMinimize:
		w.request(wayland.Request{Kind: wayland.RequestMinimize})
	case evMoveResize:
		w.moveResize(e.direction)
	case evHung:
		w.setHung(e.on)
	}
}

// newGuest makes the GuestSurface.
func (w *window) newGuest(tree *scene.Tree) {
	srv := w.r.s.opt.Server
	w.tree = tree
	w.guest = &surfaces.GuestSurface{
		ID: srv.NewGuestID(), Kind: surfaces.KindX11, Window: w, Node: tree,
		Owner: wayland.OwnerOf(w.props.PID, uint32(os.Getuid()), uint32(os.Getgid())),
		Title: w.props.Title, AppID: w.props.appID(), Icon: w.props.Icon,
	}
}

// appID is the class, by which desktop files are found.
func (p *props) appID() string {
	if p.Class != "" {
		return p.Class
	}
	return p.Instance
}

// open begins the life of a managed window: it gets its first size, and is
// shown by the X server.
func (w *window) open() {
	if w.guest != nil {
		w.close()
	}
	w.managed = true
	w.newGuest(w.r.s.opt.Server.NewWindowTree())
	w.want = w.rect.Size()
	w.above, w.modal = w.props.State.has(stateAbove), w.props.State.has(stateModal)
	if w.props.State.has(stateFullscreen) {
		w.request(wayland.Request{Kind: wayland.RequestFullscreen})
	}
	if w.props.State.has(stateMaxVert) && w.props.State.has(stateMaxHorz) {
		w.request(wayland.Request{Kind: wayland.RequestMaximize})
	}
	w.shell().WindowOpened(w.guest)
	w.r.send(cmdMap{id: w.id})
	w.tellState()
	if w.surf != nil {
		w.surf.Show(w.tree)
	}
}

// openUnmanaged shows a window where its program has put it.
func (w *window) openUnmanaged() {
	if w.guest != nil {
		w.close()
	}
	w.managed = false
	w.newGuest(w.shell().UnmanagedTree().NewTree())
	w.tree.SetEnabled(false)
	if w.props.Type == typeDND {
		w.tree.SetInput(false)
	}
	if w.surf != nil {
		w.attach()
	}
}

// adopt takes the wl_surface that shows the window. It reports false while
// there is none.
func (w *window) adopt(id uint32) bool {
	s, ok := w.r.wl.Adopt(id, w)
	if !ok {
		return false
	}
	if w.surf != nil {
		w.dropSurface()
	}
	w.surf = s
	w.r.byFocus[s.Focus()] = w
	if w.guest != nil {
		w.attach()
	}
	return true
}

// attach joins surface and GuestSurface.
func (w *window) attach() {
	core := w.surf.Core()
	core.Guest, w.guest.Surface = w.guest, core
	w.surf.Show(w.tree)
	if core.HasBuffer() {
		w.Committed(surfaces.FieldBuffer)
	}
}

// Committing implements wayland.XSurfaceHandler.
func (w *window) Committing(size geom.Size) {
	if w.serial != 0 && w.mapped && size == w.want {
		serial := w.serial
		w.serial = 0
		w.shell().WindowAcked(w.guest, serial)
	}
}

// Committed implements wayland.XSurfaceHandler.
func (w *window) Committed(set surfaces.Fields) {
	if w.guest == nil {
		return
	}
	has := w.surf.Core().HasBuffer()
	w.arrange()
	switch {
	case has && !w.mapped:
		w.show()
	case !has && w.mapped:
		w.hide()
	case has && w.managed && set&(surfaces.FieldBuffer|surfaces.FieldScale|surfaces.FieldViewport) != 0:
		w.shell().WindowChanged(w.guest, wayland.ChangeGeometry)
	}
}

// arrange puts the surface so that the geometry's corner is the tree's origin.
func (w *window) arrange() {
	g := w.Geometry()
	if !w.managed {
		g = geom.Rect{}
		k := w.scale()
		w.tree.SetPosition(floorDiv(w.rect.X0, k), floorDiv(w.rect.Y0, k))
	}
	w.surf.Core().Tree().SetPosition(-g.X0, -g.Y0)
}

// show puts the window on the desktop.
func (w *window) show() {
	w.mapped = true
	w.step(surfaces.Ready)
	if !w.managed {
		w.step(surfaces.Presented)
		w.tree.Raise()
		w.tree.SetEnabled(true)
		if w.props.wantsKeys() && w.r.focusedWindow() == nil {
			w.r.launcher = w
		}
		w.shell().UnmanagedChanged()
		return
	}
	w.shell().WindowMapped(w.guest)
	w.r.s.opt.Server.ListWindow(w.guest)
	if w.above {
		w.shell().WindowAbove(w.guest, true)
	}
	if w.props.Size.Placed {
		w.shell().WindowPlaced(w.guest, w.toLogical(w.rect.Min()))
	}
	if w.props.Hints.Iconic {
		w.request(wayland.Request{Kind: wayland.RequestMinimize})
	}
	w.heed(props{})
}

// hide takes it off.
func (w *window) hide() {
	w.mapped = false
	w.serial = 0
	if w.managed {
		w.r.s.opt.Server.UnlistWindow(w.guest)
		w.shell().WindowUnmapped(w.guest)
		w.step(surfaces.Empty)
		return
	}
	w.tree.SetEnabled(false)
	w.step(surfaces.Empty)
	if w.r.launcher == w {
		w.r.launcher = nil
	}
	w.shell().UnmanagedChanged()
}

// close ends the GuestSurface: the program has unmapped its window.
func (w *window) close() {
	g := w.guest
	if g == nil {
		return
	}
	if w.mapped {
		w.hide()
	}
	if w.managed {
		w.shell().WindowClosed(g)
	}
	w.step(surfaces.Destroyed)
	w.dropSurface()
	w.tree.Destroy()
	w.guest, w.tree = nil, nil
	w.hasSent, w.placed, w.hung, w.states = false, false, false, 0
	w.managed = false
}

func (w *window) dropSurface() {
	if w.surf == nil {
		return
	}
	s := w.surf
	w.surf = nil
	delete(w.r.byFocus, s.Focus())
	if s.Core().Guest == w.guest {
		s.Core().Guest = nil
	}
	if w.guest != nil {
		w.guest.Surface = nil
	}
	s.Release()
}

// SurfaceGone implements wayland.XSurfaceHandler.
func (w *window) SurfaceGone() {
	if w.guest != nil && w.mapped {
		w.hide()
	}
	if w.surf != nil {
		delete(w.r.byFocus, w.surf.Focus())
		w.surf.Core().Guest = nil
		w.surf = nil
	}
	if w.guest != nil {
		w.guest.Surface = nil
	}
}

func (w *window) step(l surfaces.Lifecycle) {
	if err := w.guest.SetState(l); err != nil {
		w.r.s.log.Error("lifecycle", "err", err)
	}
}

// moved: the X server has it there. Managed windows are where we say.
func (w *window) moved(r geom.Rect) {
	w.rect = r
	if w.guest == nil || w.managed || w.surf == nil {
		return
	}
	w.arrange()
	w.shell().UnmanagedChanged()
}

// changed follows what the program says about its window.
func (w *window) changed(p props) {
	was := w.props
	w.props = p
	w.props.PID = was.PID
	if w.guest == nil {
		return
	}
	w.setTitle()
	w.guest.AppID, w.guest.Icon = p.appID(), p.Icon
	if w.surf != nil {
		w.arrange()
	}
	if w.managed && w.mapped {
		w.heed(was)
	}
}

// heed tells the session of what differs.
func (w *window) heed(was props) {
	p := &w.props
	var what wayland.Change
	add := func(differs bool, c wayland.Change) {
		if differs {
			what |= c
		}
	}
	add(p.Title != was.Title, wayland.ChangeTitle)
	add(p.appID() != was.appID(), wayland.ChangeAppID)
	add(p.Icon != was.Icon, wayland.ChangeIcon)
	add(p.Transient != was.Transient, wayland.ChangeParent)
	add(p.Size != was.Size, wayland.ChangeLimits)
	add(p.Motif != was.Motif || p.Shadow != was.Shadow || p.Type != was.Type, wayland.ChangeDecoration)
	add(p.Shadow != was.Shadow, wayland.ChangeGeometry)
	if what != 0 {
		w.r.s.opt.Server.WindowsChanged()
		w.shell().WindowChanged(w.guest, what)
	}
	if p.Hints.Urgent && !was.Hints.Urgent {
		w.request(wayland.Request{Kind: wayland.RequestAttention})
	}
}

func (w *window) setTitle() {
	w.guest.Title = w.props.Title
	if w.hung {
		w.guest.Title += " (not responding)"
	}
}

// setHung: the program doesn't answer. The next wish to close it kills it.
func (w *window) setHung(on bool) {
	if w.guest == nil || w.hung == on {
		return
	}
	w.hung = on
	w.setTitle()
	if w.managed && w.mapped {
		w.r.s.opt.Server.WindowsChanged()
		w.shell().WindowChanged(w.guest, wayland.ChangeTitle)
	}
}

func (w *window) request(r wayland.Request) {
	// Who asks for attention before the window is there only wants it to be
	// seen, which is the shell's to decide when it opens.
	if r.Kind == wayland.RequestAttention && !w.mapped {
		return
	}
	if w.guest != nil && w.managed {
		r.Client = w.r.wl.Client()
		w.shell().WindowRequest(w.guest, r)
	}
}
