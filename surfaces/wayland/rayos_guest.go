package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// GuestHost is told what comes over the connection of a virtual machine.
type GuestHost interface {
	// GuestClose: the person has closed the window. That takes it off the
	// desktop; the machine and the program that shows it are not told.
	GuestClose()
	// GuestState: where in its life the machine is, for people.
	GuestState(state protocol.RayosGuestV1State, detail string)
	// GuestGone: the connection has ended.
	GuestGone()
}

// GuestStatistics count a machine's pictures. Each is modulo 2³².
type GuestStatistics struct {
	Received uint32 // changes that the guest has made
	Shown    uint32 // pictures committed
	Dropped  uint32 // changes that were overtaken by newer ones
}

// Guest is the connection of a virtual machine. What it may do is less than
// what an ordinary client may: see guestGlobals.
type Guest struct {
	c          *Client
	host       GuestHost
	presented  bool
	statistics GuestStatistics
	// pastes and copies say which way the clipboard may pass: into the
	// machine, and out of it.
	pastes, copies bool
}

// AllowClipboard lets the machine paste what the session has copied, and copy
// for the session. Without it the machine has no clipboard. It is called before
// the connection is served.
func (g *Guest) AllowClipboard(pastes, copies bool) { g.pastes, g.copies = pastes, copies }

// mayUse reports whether the machine sees a global.
func (g *Guest) mayUse(name string) bool {
	return guestGlobals[name] || name == protocol.WlDataDeviceManagerInterface.Name && (g.pastes || g.copies)
}

// AddGuest serves the connection of a machine; fd belongs to the server from
// here on. The owner is what the registry says of the machine: nothing that
// comes over the connection can change it. Only such clients see
// rayos_guest_manager_v1.
func (s *Server) AddGuest(fd int, owner surfaces.Owner, host GuestHost) (*Guest, error) {
	c, err := s.addClient(fd, owner)
	if err != nil {
		return nil, err
	}
	c.guest = &Guest{c: c, host: host}
	return c.guest, nil
}

// guestGlobals is what machines see: enough for windows and input, nothing of
// other clients. The session's keys are theirs only while the person says so.
var guestGlobals = map[string]bool{
	protocol.RayosGuestManagerV1Interface.Name: true,

	protocol.WlCompositorInterface.Name: true, protocol.WlSubcompositorInterface.Name: true,
	protocol.WlShmInterface.Name: true, protocol.ZwpLinuxDmabufV1Interface.Name: true,
	protocol.WpViewporterInterface.Name: true, protocol.WpFractionalScaleManagerV1Interface.Name: true,
	protocol.WlOutputInterface.Name: true, protocol.WlSeatInterface.Name: true,
	protocol.XdgWmBaseInterface.Name: true, protocol.ZxdgDecorationManagerV1Interface.Name: true,
	protocol.WpPresentationInterface.Name: true, protocol.WpCursorShapeManagerV1Interface.Name: true,
	protocol.ZwpRelativePointerManagerV1Interface.Name: true, protocol.ZwpPointerConstraintsV1Interface.Name: true,
	protocol.WpSinglePixelBufferManagerV1Interface.Name: true, protocol.WlFixesInterface.Name: true,
	protocol.ZwpKeyboardShortcutsInhibitManagerV1Interface.Name: true,
}

// Close ends the connection.
func (g *Guest) Close() { g.c.close() }

// Client is what the seat knows the machine as.
func (g *Guest) Client() any { return g.c }

// Statistics are what the machine said last.
func (g *Guest) Statistics() GuestStatistics { return g.statistics }

// Present tells the machine whether its windows are on the desktop.
func (g *Guest) Present(on bool) {
	if g.presented == on {
		return
	}
	g.presented = on
	for _, h := range g.windows() {
		h.tell()
	}
}

// windows are the machine's windows that say more than xdg_shell can.
func (g *Guest) windows() []*rayosGuest {
	var list []*rayosGuest
	for _, s := range g.c.surfaces {
		if w := s.machine; w != nil {
			list = append(list, w)
		}
	}
	return list
}

// GuestOf returns the connection that a window came by, nil for windows of
// ordinary clients.
func (s *Server) GuestOf(g *surfaces.GuestSurface) *Guest {
	if t := s.xdg[g]; t != nil {
		return t.x.wm.c.guest
	}
	return nil
}

func (s *Server) addRayosGuest() {
	g := s.addPrivilegedGlobal(&protocol.RayosGuestManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewRayosGuestManagerV1(c.conn, id, version).Handler = rayosGuestManager{c}
	})
	g.guest = true
}

// rayosGuestManager is rayos_guest_manager_v1.
type rayosGuestManager struct{ c *Client }

func (rayosGuestManager) Destroy(*server.RayosGuestManagerV1) {}

// GetGuest lets a window of the machine say more.
func (m rayosGuestManager) GetGuest(res *server.RayosGuestManagerV1, id *server.RayosGuestV1, top *server.XdgToplevel) {
	t := top.Handler.(*toplevel)
	h := &rayosGuest{g: m.c.guest, s: t.x.s, res: id}
	id.Handler = h
	if t.x.s.machine != nil {
		res.PostError(protocol.RayosGuestManagerV1ErrorAlreadyConstructed, "xdg_toplevel@%d has a rayos_guest_v1", top.ID())
		return
	}
	t.x.s.machine = h
	h.tell()
	if t.hasSent {
		h.size(t.sent.Size)
	}
}

// rayosGuest is rayos_guest_v1.
type rayosGuest struct {
	g   *Guest
	s   *surface
	res *server.RayosGuestV1

	sent  geom.Size // pixels
	scale geom.Scale
}

func (*rayosGuest) Destroy(*server.RayosGuestV1) {}

// ResourceDestroyed lets the window have another.
func (h *rayosGuest) ResourceDestroyed() {
	if h.s.machine == h {
		h.s.machine = nil
	}
}

// tell says whether the window is on the desktop.
func (h *rayosGuest) tell() {
	if h.g.presented {
		h.res.SendPresented()
	} else {
		h.res.SendHidden()
	}
}

// size tells how many pixels of the output a content of a logical size covers,
// so that the guest can have a screen of as many. Empty sizes leave the choice
// to the guest.
func (h *rayosGuest) size(logical geom.Size) {
	scale := h.s.likelyScale()
	if logical.Empty() || scale == 0 {
		return
	}
	px := scale.ApplyRect(logical.Rect()).Size()
	if px == h.sent && scale == h.scale {
		return
	}
	h.sent, h.scale = px, scale
	h.res.SendSize(px.W, px.H, uint32(scale))
}

// SetState says where in its life the machine is.
func (h *rayosGuest) SetState(res *server.RayosGuestV1, state protocol.RayosGuestV1State, detail string) {
	if !state.Valid() {
		res.PostError(protocol.RayosGuestV1ErrorInvalidState, "state %d", state)
		return
	}
	h.g.host.GuestState(state, cleanText(detail))
}

// SetStatistics counts pictures.
func (h *rayosGuest) SetStatistics(_ *server.RayosGuestV1, received, shown, dropped uint32) {
	h.g.statistics = GuestStatistics{Received: received, Shown: shown, Dropped: dropped}
}
