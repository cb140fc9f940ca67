package wayland

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addPointerWarp() {
	s.addGlobal(&protocol.WpPointerWarpV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpPointerWarpV1(c.conn, id, version).Handler = pointerWarp{}
	})
}

type pointerWarp struct{}

func (pointerWarp) Destroy(*server.WpPointerWarpV1) {}

// WarpPointer puts the pointer somewhere on the surface that has it. What a
// client may not do has no effect: it can't know where the pointer is by now.
// A constraint limits this way too.
func (pointerWarp) WarpPointer(_ *server.WpPointerWarpV1, surf *server.WlSurface, ptr *server.WlPointer, x, y geom.Fixed, serial uint32) {
	s, sc := surfaceOf(surf), ptr.Handler.(*pointerHandler).seatClient
	st := sc.g.seat
	if serial != sc.enterSerial || surfaceBehind(st.PointerFocus()) != s {
		return
	}
	k := float64(s.c.pixels())
	p := geom.FPoint{X: x.Float() / k, Y: y.Float() / k}
	at, on := s.core.Node().AbsPosition()
	if !on || !p.Floor().In(s.core.Size().Rect()) {
		return
	}
	st.Warp(at.F().Add(p))
}
