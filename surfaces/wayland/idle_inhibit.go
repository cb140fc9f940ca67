package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addIdleInhibit() {
	s.addGlobal(&protocol.ZwpIdleInhibitManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpIdleInhibitManagerV1(c.conn, id, version).Handler = idleInhibitors{}
	})
}

type idleInhibitors struct{}

func (idleInhibitors) Destroy(*server.ZwpIdleInhibitManagerV1) {}

// CreateInhibitor puts idleness off while the surface can be seen.
func (idleInhibitors) CreateInhibitor(_ *server.ZwpIdleInhibitManagerV1, id *server.ZwpIdleInhibitorV1, surf *server.WlSurface) {
	s := surfaceOf(surf)
	h := &idleInhibitor{s: s, idle: s.c.srv.idle}
	id.Handler = h
	h.idle.inhibitors = append(h.idle.inhibitors, h)
	h.idle.look()
}

// idleInhibitor is zwp_idle_inhibitor_v1.
type idleInhibitor struct {
	s    *surface
	idle *idleness
}

// effective reports whether a part of the surface can be seen.
func (h *idleInhibitor) effective() bool {
	return !h.s.gone && h.s.core.HasBuffer() && h.s.c.srv.Core.Scene.PrimaryOutput(h.s.core.Node()) != nil
}

func (*idleInhibitor) Destroy(*server.ZwpIdleInhibitorV1) {}

// ResourceDestroyed takes the effect back.
func (h *idleInhibitor) ResourceDestroyed() {
	h.idle.inhibitors = remove(h.idle.inhibitors, h)
	h.idle.look()
}
