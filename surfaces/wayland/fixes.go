package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// addFixes offers wl_fixes: what the core protocol forgot.
func (s *Server) addFixes() {
	s.addGlobal(&protocol.WlFixesInterface, 1, func(c *Client, id, version uint32) {
		server.NewWlFixes(c.conn, id, version).Handler = fixes{c}
	})
}

type fixes struct{ c *Client }

func (fixes) Destroy(*server.WlFixes) {}

// DestroyRegistry ends a registry, which has no request of its own for that.
func (h fixes) DestroyRegistry(_ *server.WlFixes, reg *server.WlRegistry) { h.c.conn.End(reg) }
