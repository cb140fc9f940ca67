package wayland

import (
	"encoding/binary"
	"strings"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

// toplevel is xdg_toplevel: a window. It drives its GuestSurface.
type toplevel struct {
	x      *xdgSurface
	res    *server.XdgToplevel
	guest  *surfaces.GuestSurface
	deco   *decoration
	dialog *dialog
	icon   iconState
	// carrier is the drag that it goes along with.
	carrier *toplevelDrag
	session *toplevelSession // that remembers it

	parent   *toplevel
	children []*toplevel
	owed     bool                   // a configure, as the answer to a request
	sent     surfaces.Configuration // asked last
	hasSent  bool
	serial   uint32 // of the configure sent last
	states   [4 * 16]byte
}

func newToplevel(x *xdgSurface, res *server.XdgToplevel) *toplevel {
	return &toplevel{x: x, res: res}
}

// start makes the GuestSurface.
func (t *toplevel) start() {
	srv := t.srv()
	t.guest = &surfaces.GuestSurface{
		ID: srv.nextGuestID(), Kind: surfaces.KindWayland, Owner: t.x.wm.c.owner,
		Window: t, Surface: t.x.s.core, Node: t.x.tree, Popups: t.x.popupTree,
	}
	if t.x.wm.c.guest != nil {
		t.guest.Kind = surfaces.KindGuest
	}
	t.x.s.core.Guest = t.guest
	srv.xdg[t.guest] = t
	if k := t.x.s.kde; k != nil {
		k.tell(false)
	}
}

func (t *toplevel) srv() *Server { return t.x.wm.c.srv }

func (*toplevel) roleName() string   { return "xdg_toplevel" }
func (*toplevel) needsSurface() bool { return true }

func (t *toplevel) commit(s *surface) bool {
	p := s.pending()
	if p.Set&surfaces.FieldLimits != 0 && !t.limitsFit(p.Min, p.Max) {
		return false
	}
	if !t.x.commit(s) {
		return false
	}
	t.icon.latch()
	if p.Set&surfaces.FieldAck != 0 && t.x.mapped {
		t.srv().shell.WindowAcked(t.guest, p.Ack)
	}
	return true
}

func (t *toplevel) limitsFit(lo, hi geom.Size) bool {
	if hi.W != 0 && lo.W > hi.W || hi.H != 0 && lo.H > hi.H {
		t.res.PostError(protocol.XdgToplevelErrorInvalidSize, "smallest size %v is larger than the largest %v", lo, hi)
		return false
	}
	return true
}

func (t *toplevel) committed(s *surface, set surfaces.Fields) {
	if t.icon.apply(t.guest) {
		t.tell(ChangeIcon)
	}
	t.x.committed(s, set)
}

func (t *toplevel) open() {
	if t.session != nil {
		t.session.opening()
	}
	if t.guest.AppID == "" {
		t.guest.AppID = t.x.wm.c.app
	}
	t.srv().shell.WindowOpened(t.guest)
}

func (t *toplevel) mapped() {
	t.step(surfaces.Ready)
	t.srv().shell.WindowMapped(t.guest)
	if t.x.wm.c.guest == nil { // the session lists a machine's when it shows it
		t.srv().windows.add(t.guest)
	}
}

func (t *toplevel) unmapped() {
	if t.session != nil {
		t.session.note()
	}
	if t.carrier != nil {
		t.carrier.detach(false)
	}
	t.srv().windows.drop(t.guest)
	t.srv().shell.WindowUnmapped(t.guest)
	t.step(surfaces.Empty)
	t.hasSent = false
	t.guest.Title, t.guest.AppID, t.guest.Tag, t.guest.Description = "", "", "", ""
	t.icon.reset(t.guest)
	t.leaveFamily()
}

// leaveFamily hands the children on to the parent.
func (t *toplevel) leaveFamily() {
	for len(t.children) > 0 {
		t.children[len(t.children)-1].setParent(t.parent)
	}
	t.setParent(nil)
}

func (t *toplevel) step(l surfaces.Lifecycle) {
	if err := t.guest.SetState(l); err != nil {
		t.srv().log.Error("lifecycle", "err", err)
	}
}

func (t *toplevel) changed(set surfaces.Fields) {
	var what Change
	if set&surfaces.FieldLimits != 0 {
		what |= ChangeLimits
	}
	if set&(surfaces.FieldGeometry|surfaces.FieldBuffer|surfaces.FieldViewport|surfaces.FieldScale|surfaces.FieldOrder) != 0 {
		what |= ChangeGeometry
	}
	if set&surfaces.FieldAck != 0 {
		what |= ChangeAck
	}
	if what != 0 {
		t.srv().shell.WindowChanged(t.guest, what)
	}
}

// surfaceGone: the client destroyed the wl_surface under the window.
func (t *toplevel) surfaceGone(*surface) { t.end() }

// end closes the window once.
func (t *toplevel) end() {
	if t.guest == nil || t.guest.State() == surfaces.Destroyed {
		return
	}
	t.x.close()
	if t.carrier != nil { // before it was mapped
		t.carrier.detach(false)
	}
	t.leaveFamily()
	t.x.s.core.Guest = nil
	srv := t.srv()
	t.icon.reset(t.guest)
	if t.session != nil {
		t.session.forget()
	}
	srv.revokeExports(t)
	delete(srv.xdg, t.guest)
	srv.shell.WindowClosed(t.guest)
	t.step(surfaces.Destroyed)
}

// Destroy unmaps the window. Objects that extend it go first.
func (t *toplevel) Destroy(*server.XdgToplevel) {
	if t.deco != nil {
		t.deco.res.PostError(protocol.ZxdgToplevelDecorationV1ErrorOrphaned, "the toplevel is destroyed before it")
	}
}

// ResourceDestroyed ends the window.
func (t *toplevel) ResourceDestroyed() {
	if t.x.role != xdgRole(t) {
		return
	}
	t.end()
	t.x.roleGone(t)
}

// Configure asks the client for a size and states.
func (t *toplevel) Configure(c surfaces.Configuration) uint32 {
	if t.res.Version() < 7 {
		c.Constrained = 0 // nothing to be told of
	}
	if !t.x.opened || t.hasSent && c == t.sent && !t.owed {
		return 0
	}
	if t.chosen(c) {
		t.sent = c
		return 0
	}
	t.owed = false
	if !t.hasSent {
		t.sendCapabilities()
	}
	if c.Bounds != t.sent.Bounds || !t.hasSent {
		t.res.SendConfigureBounds(c.Bounds.W, c.Bounds.H)
	}
	if t.deco != nil && !t.hasSent {
		t.deco.send()
	}
	t.sent, t.hasSent = c, true
	t.res.SendConfigure(c.Size.W, c.Size.H, t.stateArray(c))
	if m := t.x.s.machine; m != nil {
		m.size(c.Size)
	}
	t.serial = t.x.configure()
	return t.serial
}

// chosen reports whether c asks for nothing but the size that the client has
// taken by itself. To ask for that would be an invitation to answer with yet
// another size, for ever with a client whose subsurfaces reach beyond it.
func (t *toplevel) chosen(c surfaces.Configuration) bool {
	same := t.sent
	same.Size = c.Size
	return t.hasSent && !t.owed && c == same && t.Acked() && c.Size == t.Geometry().Size()
}

// Acked reports whether the client has committed an answer to the configure
// sent last.
func (t *toplevel) Acked() bool { return t.x.acked == t.serial }

func (t *toplevel) sendCapabilities() {
	var buf [16]byte
	for i, v := range []protocol.XdgToplevelWmCapabilities{
		protocol.XdgToplevelWmCapabilitiesWindowMenu, protocol.XdgToplevelWmCapabilitiesMaximize,
		protocol.XdgToplevelWmCapabilitiesFullscreen, protocol.XdgToplevelWmCapabilitiesMinimize,
	} {
		binary.NativeEndian.PutUint32(buf[4*i:], uint32(v))
	}
	t.res.SendWmCapabilities(buf[:])
}

// stateArray encodes the states that the client's version knows.
func (t *toplevel) stateArray(c surfaces.Configuration) []byte {
	out := t.states[:0]
	add := func(on bool, v protocol.XdgToplevelState, since uint32) {
		if on && t.res.Version() >= since {
			out = binary.NativeEndian.AppendUint32(out, uint32(v))
		}
	}
	add(c.Maximized, protocol.XdgToplevelStateMaximized, 1)
	add(c.Fullscreen, protocol.XdgToplevelStateFullscreen, 1)
	add(c.Resizing, protocol.XdgToplevelStateResizing, 1)
	add(c.Activated, protocol.XdgToplevelStateActivated, 1)
	add(c.Tiled&surfaces.Left != 0, protocol.XdgToplevelStateTiledLeft, 2)
	add(c.Tiled&surfaces.Right != 0, protocol.XdgToplevelStateTiledRight, 2)
	add(c.Tiled&surfaces.Top != 0, protocol.XdgToplevelStateTiledTop, 2)
	add(c.Tiled&surfaces.Bottom != 0, protocol.XdgToplevelStateTiledBottom, 2)
	add(c.Suspended, protocol.XdgToplevelStateSuspended, 6)
	add(c.Constrained&surfaces.Left != 0, protocol.XdgToplevelStateConstrainedLeft, 7)
	add(c.Constrained&surfaces.Right != 0, protocol.XdgToplevelStateConstrainedRight, 7)
	add(c.Constrained&surfaces.Top != 0, protocol.XdgToplevelStateConstrainedTop, 7)
	add(c.Constrained&surfaces.Bottom != 0, protocol.XdgToplevelStateConstrainedBottom, 7)
	return out
}

// Close asks the client to close the window. A machine's is taken off the
// desktop instead.
func (t *toplevel) Close() {
	if g := t.x.wm.c.guest; g != nil {
		g.host.GuestClose()
		return
	}
	t.res.SendClose()
}

// Geometry returns the window proper, surface-local.
func (t *toplevel) Geometry() geom.Rect { return t.x.geometry }

// Grown returns how far the corner of a geometry that the client leaves to us
// has moved since the last call, as when a subsurface reaches out to the left.
func (t *toplevel) Grown() geom.Point {
	d := t.x.grown
	t.x.grown = geom.Point{}
	return d
}

// Limits returns the sizes that the client allows.
func (t *toplevel) Limits() (lo, hi geom.Size) {
	return t.x.s.core.Current.Min, t.x.s.core.Current.Max
}

// Parent returns the window that g is a dialog of, or nil.
func (s *Server) Parent(g *surfaces.GuestSurface) *surfaces.GuestSurface {
	if t := s.xdg[g]; t != nil && t.parent != nil {
		return t.parent.guest
	}
	if p, ok := g.Window.(interface{ Parent() *surfaces.GuestSurface }); ok {
		return p.Parent()
	}
	return nil
}

// SetParent makes the window a dialog of another.
func (t *toplevel) SetParent(res *server.XdgToplevel, parent *server.XdgToplevel) {
	if parent == nil {
		t.setParent(nil)
		return
	}
	p := parent.Handler.(*toplevel)
	if p.hasAncestor(t) {
		res.PostError(protocol.XdgToplevelErrorInvalidParent, "the parent is the window itself or its child")
		return
	}
	if !p.x.mapped {
		p = nil
	}
	t.setParent(p)
}

func (t *toplevel) setParent(p *toplevel) {
	if t.parent == p {
		return
	}
	if t.parent != nil {
		t.parent.children = remove(t.parent.children, t)
	}
	t.parent = p
	if p != nil {
		p.children = append(p.children, t)
	}
	t.tell(ChangeParent)
}

// tell reports a change, unless the window is over: its wl_surface may be
// gone before it.
func (t *toplevel) tell(what Change) {
	if t.guest.State() != surfaces.Destroyed {
		t.srv().WindowsChanged()
		t.srv().shell.WindowChanged(t.guest, what)
	}
}

// maxText bounds titles and app ids, which are shown and logged.
const maxText = 1024

func cleanText(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// SetTitle names the window.
func (t *toplevel) SetTitle(_ *server.XdgToplevel, title string) {
	t.guest.Title = cleanText(title)
	t.tell(ChangeTitle)
}

// SetAppId names the program.
func (t *toplevel) SetAppId(_ *server.XdgToplevel, id string) { //nolint:revive // generated name
	t.guest.AppID = cleanText(id)
	if c := t.x.wm.c; c.app != "" {
		t.guest.AppID = c.app
	}
	t.tell(ChangeAppID)
}

func (t *toplevel) request(r Request) {
	r.Client = t.x.wm.c
	if t.guest != nil && t.guest.State() != surfaces.Destroyed {
		t.srv().shell.WindowRequest(t.guest, r)
	}
}

// ask is a request that the protocol answers with a configure in any case.
func (t *toplevel) ask(r Request) {
	if !t.owed {
		t.owed = true
		srv := t.srv()
		srv.owed = append(srv.owed, t)
	}
	t.request(r)
}

// answerOwed repeats the last configure to windows whose request has changed
// nothing.
func (s *Server) answerOwed() {
	for i, t := range s.owed {
		s.owed[i] = nil
		if t.owed && t.hasSent {
			t.Configure(t.sent)
		}
		t.owed = false
	}
	s.owed = s.owed[:0]
}

func (t *toplevel) seat(r *server.WlSeat) *seat.Seat { return t.x.wm.c.seatOf(r).g.seat }

// ShowWindowMenu asks for the session's own menu.
func (t *toplevel) ShowWindowMenu(_ *server.XdgToplevel, st *server.WlSeat, serial uint32, x, y int32) {
	t.request(Request{Kind: RequestMenu, At: geom.Point{X: x, Y: y}, Serial: serial, Seat: t.seat(st)})
}

// Move starts an interactive move.
func (t *toplevel) Move(_ *server.XdgToplevel, st *server.WlSeat, serial uint32) {
	t.request(Request{Kind: RequestMove, Serial: serial, Seat: t.seat(st)})
}

// Resize starts an interactive resize.
func (t *toplevel) Resize(res *server.XdgToplevel, st *server.WlSeat, serial uint32, edges protocol.XdgToplevelResizeEdge) {
	if !edges.Valid() {
		res.PostError(protocol.XdgToplevelErrorInvalidResizeEdge, "edge %d", edges)
		return
	}
	// The protocol's bits are those of surfaces.Edges: top 1, bottom 2,
	// left 4, right 8.
	if edges != 0 {
		t.request(Request{Kind: RequestResize, Edges: surfaces.Edges(edges), Serial: serial, Seat: t.seat(st)})
	}
}

// SetMaxSize limits the size; 0 is no limit.
func (t *toplevel) SetMaxSize(res *server.XdgToplevel, w, h int32) {
	if w < 0 || h < 0 {
		res.PostError(protocol.XdgToplevelErrorInvalidSize, "largest size %dx%d", w, h)
		return
	}
	t.limits().Max = geom.Size{W: w, H: h}
}

// SetMinSize limits the size; 0 is no limit.
func (t *toplevel) SetMinSize(res *server.XdgToplevel, w, h int32) {
	if w < 0 || h < 0 {
		res.PostError(protocol.XdgToplevelErrorInvalidSize, "smallest size %dx%d", w, h)
		return
	}
	t.limits().Min = geom.Size{W: w, H: h}
}

// limits returns the pending state with both limits filled in.
func (t *toplevel) limits() *surfaces.State {
	p := t.x.s.pending()
	if p.Set&surfaces.FieldLimits == 0 {
		p.Min, p.Max = t.x.s.core.Current.Min, t.x.s.core.Current.Max
		p.Set |= surfaces.FieldLimits
	}
	return p
}

// SetMaximized asks to fill the usable area.
func (t *toplevel) SetMaximized(*server.XdgToplevel) { t.ask(Request{Kind: RequestMaximize}) }

// UnsetMaximized asks to go back.
func (t *toplevel) UnsetMaximized(*server.XdgToplevel) { t.ask(Request{Kind: RequestUnmaximize}) }

// SetFullscreen asks to fill an output.
func (t *toplevel) SetFullscreen(_ *server.XdgToplevel, out *server.WlOutput) {
	r := Request{Kind: RequestFullscreen}
	if out != nil {
		r.Output = out.Handler.(*outputHandler).output
	}
	t.ask(r)
}

// UnsetFullscreen asks to go back.
func (t *toplevel) UnsetFullscreen(*server.XdgToplevel) {
	t.ask(Request{Kind: RequestUnfullscreen})
}

// SetMinimized asks to be put away.
func (t *toplevel) SetMinimized(*server.XdgToplevel) { t.request(Request{Kind: RequestMinimize}) }
