package wayland

import (
	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addFractionalScale() {
	s.addGlobal(&protocol.WpFractionalScaleManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpFractionalScaleManagerV1(c.conn, id, version).Handler = fractionalScales{}
	})
}

type fractionalScales struct{}

func (fractionalScales) Destroy(*server.WpFractionalScaleManagerV1) {}

// GetFractionalScale lets the surface hear at which scale it should draw. It
// hears so at once: a client that knows the scale before its first frame draws
// that frame only once.
func (fractionalScales) GetFractionalScale(res *server.WpFractionalScaleManagerV1, id *server.WpFractionalScaleV1, surf *server.WlSurface) {
	s := surfaceOf(surf)
	f := &fractionalScale{s: s, res: id}
	id.Handler = f
	if s.fraction != nil {
		res.PostError(protocol.WpFractionalScaleManagerV1ErrorFractionalScaleExists, "wl_surface@%d has a fractional scale", surf.ID())
		return
	}
	s.fraction = f
	f.send(s.likelyScale())
}

// fractionalScale is wp_fractional_scale_v1.
type fractionalScale struct {
	s    *surface
	res  *server.WpFractionalScaleV1
	sent geom.Scale
}

func (*fractionalScale) Destroy(*server.WpFractionalScaleV1) {}

// ResourceDestroyed lets the surface have another.
func (f *fractionalScale) ResourceDestroyed() {
	if f.s.fraction == f {
		f.s.fraction = nil
	}
}

// send tells the scale, in 120ths as the protocol has it too.
func (f *fractionalScale) send(scale geom.Scale) {
	if scale != 0 && scale != f.sent {
		f.sent = scale
		f.res.SendPreferredScale(uint32(scale))
	}
}

// likelyScale is the scale of the surface or, before it is on an output, that
// of the surface it belongs to or of the output where the person is. It is 0
// without outputs.
func (s *surface) likelyScale() geom.Scale {
	if s.scale != 0 {
		return s.scale
	}
	root := s
	if r, ok := s.core.Root().Data.(*surface); ok {
		root = r
	}
	if g := s.Guest(); g != nil {
		if r, ok := g.Surface.Data.(*surface); ok {
			root = r
		}
	}
	if root.scale != 0 {
		return root.scale
	}
	srv := s.c.srv
	if len(srv.outputs) == 0 {
		return 0
	}
	at := srv.Seat.Position().Floor()
	for _, o := range srv.outputs {
		if o.Logical.Contains(geom.XYWH(at.X, at.Y, 1, 1)) {
			return o.Scale
		}
	}
	return srv.outputs[0].Scale
}
