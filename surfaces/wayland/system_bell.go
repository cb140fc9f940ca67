package wayland

import (
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// BellShell is the policy of wp system bells.
type BellShell interface {
	// Bell: a client rings, for one of its windows or, with nil, for none in
	// particular. It may do so as often as it likes; the shell need not.
	Bell(g *surfaces.GuestSurface)
}

func (s *Server) addSystemBell() {
	s.addGlobal(&protocol.XdgSystemBellV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewXdgSystemBellV1(c.conn, id, version).Handler = systemBell{c}
	})
}

type systemBell struct{ c *Client }

func (systemBell) Destroy(*server.XdgSystemBellV1) {}

// Ring asks for the bell. A surface that is no window rings for none.
func (h systemBell) Ring(_ *server.XdgSystemBellV1, surf *server.WlSurface) {
	var g *surfaces.GuestSurface
	if s := surfaceOf(surf); s != nil {
		if g = s.Guest(); g != nil && g.State() == surfaces.Destroyed {
			g = nil
		}
	}
	h.c.srv.shell.Bell(g)
}
