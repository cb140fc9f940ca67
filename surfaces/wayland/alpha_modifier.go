package wayland

import (
	"math"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addAlphaModifier() {
	s.addGlobal(&protocol.WpAlphaModifierV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpAlphaModifierV1(c.conn, id, version).Handler = alphaModifiers{}
	})
}

type alphaModifiers struct{}

func (alphaModifiers) Destroy(*server.WpAlphaModifierV1) {}

// GetSurface gives a surface its one alpha modifier.
func (alphaModifiers) GetSurface(res *server.WpAlphaModifierV1, id *server.WpAlphaModifierSurfaceV1, surf *server.WlSurface) {
	a := &alphaModifier{surfaceOf(surf)}
	id.Handler = a
	if a.s.alpha != nil {
		res.PostError(protocol.WpAlphaModifierV1ErrorAlreadyConstructed, "wl_surface@%d has an alpha modifier", surf.ID())
		return
	}
	a.s.alpha = a
}

// alphaModifier makes a surface translucent as a whole.
type alphaModifier struct{ s *surface }

func (*alphaModifier) Destroy(*server.WpAlphaModifierSurfaceV1) {}

// ResourceDestroyed takes the factor away, with the next commit.
func (a *alphaModifier) ResourceDestroyed() {
	if a.s.alpha == a && !a.s.gone {
		a.s.alpha = nil
		a.set(math.MaxUint32)
	}
}

// SetMultiplier sets the factor of the next commit, of 2³²-1 parts.
func (a *alphaModifier) SetMultiplier(res *server.WpAlphaModifierSurfaceV1, factor uint32) {
	if a.s.gone {
		res.PostError(protocol.WpAlphaModifierSurfaceV1ErrorNoSurface, "the wl_surface is destroyed")
		return
	}
	a.set(factor)
}

// set rounds the factor to what a pixel can tell apart.
func (a *alphaModifier) set(factor uint32) {
	p := a.s.pending()
	p.Alpha = uint8((uint64(factor)*255 + math.MaxUint32/2) / math.MaxUint32)
	p.Set |= surfaces.FieldAlpha
}
