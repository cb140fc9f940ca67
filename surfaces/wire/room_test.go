package wire_test

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// Requests of wl_surface in the test room.

func (h surfaceH) Destroy(*server.WlSurface) { h.call("destroy") }

func (h surfaceH) Attach(_ *server.WlSurface, b *server.WlBuffer, _, _ int32) {
	if b == nil {
		h.call("attach nil")
		return
	}
	h.call("attach")
}

func (h surfaceH) Damage(_ *server.WlSurface, x, y, width, height int32) {
	if h.panic {
		panic("test")
	}
}

func (h surfaceH) Frame(_ *server.WlSurface, callback *server.WlCallback) {
	h.callbacks = append(h.callbacks, callback)
}
func (h surfaceH) SetOpaqueRegion(*server.WlSurface, *server.WlRegion) { h.call("opaque") }
func (h surfaceH) SetInputRegion(*server.WlSurface, *server.WlRegion)  { h.call("input") }
func (h surfaceH) Commit(*server.WlSurface)                            {}
func (h surfaceH) SetBufferTransform(r *server.WlSurface, tr protocol.WlOutputTransform) {
	if !tr.Valid() {
		r.PostError(protocol.WlSurfaceErrorInvalidTransform, "transform %d", tr)
		return
	}
	h.call("transform " + tr.String())
}

func (h surfaceH) SetBufferScale(r *server.WlSurface, scale int32) {
	if scale <= 0 {
		r.PostError(protocol.WlSurfaceErrorInvalidScale, "scale %d", scale)
	}
}
func (h surfaceH) DamageBuffer(_ *server.WlSurface, x, y, width, height int32) {}
func (h surfaceH) Offset(*server.WlSurface, int32, int32)                      {}
func (h surfaceH) ResourceDestroyed()                                          { h.ended++ }
