package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"

	"rayos/surfaces"
)

func (s *Server) addXdgDecoration() {
	s.addGlobal(&protocol.ZxdgDecorationManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZxdgDecorationManagerV1(c.conn, id, version).Handler = decorationManager{}
	})
}

type decorationManager struct{}

func (decorationManager) Destroy(*server.ZxdgDecorationManagerV1) {}

// GetToplevelDecoration lets a client and the session agree on who draws the
// frame.
func (decorationManager) GetToplevelDecoration(_ *server.ZxdgDecorationManagerV1, id *server.ZxdgToplevelDecorationV1, top *server.XdgToplevel) {
	t := top.Handler.(*toplevel)
	d := &decoration{t: t, res: id}
	id.Handler = d
	switch {
	case t.deco != nil:
		id.PostError(protocol.ZxdgToplevelDecorationV1ErrorAlreadyConstructed, "the toplevel has a decoration object")
	case t.x.s != nil && t.x.s.core.HasBuffer():
		id.PostError(protocol.ZxdgToplevelDecorationV1ErrorUnconfiguredBuffer, "the toplevel has a buffer already")
	default:
		t.deco = d
		if t.hasSent {
			d.send()
			t.x.configure()
		}
	}
}

// decoration is zxdg_toplevel_decoration_v1.
type decoration struct {
	t    *toplevel
	res  *server.ZxdgToplevelDecorationV1
	mode protocol.ZxdgToplevelDecorationV1Mode // the client's wish, 0 for none
}

func (*decoration) Destroy(*server.ZxdgToplevelDecorationV1) {}

// ResourceDestroyed goes back to no agreement: the client draws.
func (d *decoration) ResourceDestroyed() {
	if d.t.deco == d {
		d.t.deco = nil
		d.changed()
	}
}

// SetMode tells the client's wish.
func (d *decoration) SetMode(res *server.ZxdgToplevelDecorationV1, mode protocol.ZxdgToplevelDecorationV1Mode) {
	if !mode.Valid() {
		res.PostError(protocol.ZxdgToplevelDecorationV1ErrorInvalidMode, "mode %d", mode)
		return
	}
	d.set(mode)
}

// UnsetMode leaves it to the session.
func (d *decoration) UnsetMode(*server.ZxdgToplevelDecorationV1) { d.set(0) }

func (d *decoration) set(mode protocol.ZxdgToplevelDecorationV1Mode) {
	d.mode = mode
	if d.t.hasSent {
		d.send()
		d.t.x.configure()
	}
	d.changed()
}

func (d *decoration) changed() {
	if g := d.t.guest; g != nil && g.State() != surfaces.Destroyed {
		d.t.srv().shell.WindowChanged(g, ChangeDecoration)
		if k := d.t.x.s.kde; k != nil {
			k.tell(false)
		}
	}
}

func (d *decoration) send() {
	mode := protocol.ZxdgToplevelDecorationV1ModeClientSide
	if d.t.srv().shell.Decorates(d.t.guest) {
		mode = protocol.ZxdgToplevelDecorationV1ModeServerSide
	}
	d.res.SendConfigure(mode)
}

// DecorationWish tells what the client wants: whether it has said anything, and
// whether the session should draw the frame.
func (s *Server) DecorationWish(g *surfaces.GuestSurface) (known, serverSide bool) {
	if f, ok := g.Window.(interface{ WantsFrame() bool }); ok {
		return true, f.WantsFrame()
	}
	t := s.xdg[g]
	switch {
	case t == nil:
		return false, false
	case t.deco != nil:
		return true, t.deco.mode != protocol.ZxdgToplevelDecorationV1ModeClientSide
	case t.x.s.kde != nil:
		return true, t.x.s.kde.wish == kdeServer
	}
	return false, false
}
