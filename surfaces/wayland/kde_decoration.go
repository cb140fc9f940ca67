package wayland

import (
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// This file is KDE's older way to agree on who draws the frame. It is the only
// one that GTK speaks. Where a window has an object of both kinds, the newer
// xdg-decoration counts.

// Modes, named without their long prefix.
const (
	kdeNone   = protocol.OrgKdeKwinServerDecorationManagerModeNone
	kdeClient = protocol.OrgKdeKwinServerDecorationManagerModeClient
	kdeServer = protocol.OrgKdeKwinServerDecorationManagerModeServer
)

func (s *Server) addKdeDecoration() {
	s.addGlobal(&protocol.OrgKdeKwinServerDecorationManagerInterface, 1, func(c *Client, id, version uint32) {
		res := server.NewOrgKdeKwinServerDecorationManager(c.conn, id, version)
		res.Handler = kdeDecorations{}
		res.SendDefaultMode(kdeServer)
	})
}

type kdeDecorations struct{}

// Create makes a decoration object for a surface, which may become a window
// later. The newest one of a surface counts.
func (kdeDecorations) Create(_ *server.OrgKdeKwinServerDecorationManager, id *server.OrgKdeKwinServerDecoration, surf *server.WlSurface) {
	d := &kdeDecoration{s: surfaceOf(surf), res: id, wish: kdeServer}
	id.Handler = d
	d.s.kde = d
	d.changed()
	d.tell(true)
}

// kdeDecoration is org_kde_kwin_server_decoration.
type kdeDecoration struct {
	s    *surface
	res  *server.OrgKdeKwinServerDecoration
	wish protocol.OrgKdeKwinServerDecorationManagerMode
	sent protocol.OrgKdeKwinServerDecorationManagerMode
}

func (*kdeDecoration) Release(*server.OrgKdeKwinServerDecoration) {}

// ResourceDestroyed goes back to no agreement: the client draws.
func (d *kdeDecoration) ResourceDestroyed() {
	if d.s.kde == d {
		d.s.kde = nil
		d.changed()
	}
}

// RequestMode tells the client's wish. The answer is what it gets; a wish that
// is repeated and was refused is not answered again, for there are clients
// that would repeat it for ever.
func (d *kdeDecoration) RequestMode(res *server.OrgKdeKwinServerDecoration, mode protocol.OrgKdeKwinServerDecorationManagerMode) {
	if !mode.Valid() {
		d.s.c.conn.PostError(1, uint32(protocol.WlDisplayErrorInvalidMethod), "decoration mode out of range")
		return
	}
	again := mode == d.wish
	d.wish = mode
	if d.s.kde == d && !again {
		d.changed()
	}
	d.tell(!again)
}

// window returns the toplevel that the surface is, or nil.
func (d *kdeDecoration) window() *toplevel {
	if t, ok := d.s.role.(*toplevel); ok && !d.s.gone && t.guest.State() != surfaces.Destroyed {
		return t
	}
	return nil
}

func (d *kdeDecoration) changed() {
	if t := d.window(); t != nil && t.deco == nil {
		t.srv().shell.WindowChanged(t.guest, ChangeDecoration)
	}
}

// mode is what the client gets.
func (d *kdeDecoration) mode() protocol.OrgKdeKwinServerDecorationManagerMode {
	t := d.window()
	switch {
	case t == nil:
		return d.wish
	case t.srv().shell.Decorates(t.guest):
		return kdeServer
	case d.wish == kdeServer:
		return kdeClient
	}
	return d.wish
}

// tell sends the mode if it is new, or if it is asked for.
func (d *kdeDecoration) tell(always bool) {
	if m := d.mode(); m != d.sent || always {
		d.sent = m
		d.res.SendMode(m)
	}
}
