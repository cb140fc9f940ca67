package wayland

import (
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addRelativePointer() {
	s.addGlobal(&protocol.ZwpRelativePointerManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpRelativePointerManagerV1(c.conn, id, version).Handler = relativePointers{}
	})
}

type relativePointers struct{}

func (relativePointers) Destroy(*server.ZwpRelativePointerManagerV1) {}

// GetRelativePointer lets the client hear how far the device was moved,
// wherever the pointer may go.
func (relativePointers) GetRelativePointer(_ *server.ZwpRelativePointerManagerV1, id *server.ZwpRelativePointerV1, ptr *server.WlPointer) {
	sc := ptr.Handler.(*pointerHandler).seatClient
	r := &relativePointer{sc, id, ptr}
	id.Handler = r
	sc.relatives = append(sc.relatives, r)
}

// relativePointer is zwp_relative_pointer_v1. It is silent once its wl_pointer
// is released.
type relativePointer struct {
	*seatClient
	res *server.ZwpRelativePointerV1
	ptr *server.WlPointer
}

func (*relativePointer) Destroy(*server.ZwpRelativePointerV1) {}

// ResourceDestroyed forgets the object.
func (r *relativePointer) ResourceDestroyed() { r.relatives = remove(r.relatives, r) }

// WantsRelative reports whether the client listens to relative motion.
func (v *seated) WantsRelative() bool { return len(v.sc.relatives) > 0 }

// RelativeMotion tells how far the device was moved.
func (v *seated) RelativeMotion(t time.Duration, d, raw geom.FPoint) {
	us := uint64(t / time.Microsecond)
	x, y := v.s.c.fixed(d)
	for _, r := range v.sc.relatives {
		if r.ptr.Alive() {
			r.res.SendRelativeMotion(uint32(us>>32), uint32(us), x, y,
				geom.FixedFromFloat(raw.X), geom.FixedFromFloat(raw.Y))
		}
	}
}
