package raster

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/internal/rendertest"
	"rayos/gpu/render"
)

// sets are the kernel sets to test.
func sets() map[string]Options {
	return map[string]Options{
		"fast":     {Workers: 1},
		"portable": {Workers: 1, Portable: true},
	}
}

func TestContract(t *testing.T) {
	for name, opts := range sets() {
		t.Run(name, func(t *testing.T) {
			rendertest.Contract(t, rendertest.Subject{
				New: func(t testing.TB) render.Renderer {
					r := New(opts)
					t.Cleanup(r.Close)
					return r
				},
				Scaled: 3,
			})
		})
	}
}

// What the tests of pictures share with those of other renderers.
var (
	must     = rendertest.Must
	picture  = rendertest.Picture
	straight = rendertest.Straight
	differ   = rendertest.Differ
)

func draw(t testing.TB, r *Renderer, target *render.Pixels, op *render.TextureOp, clip *geom.Region) {
	t.Helper()
	rendertest.Draw(t, r, target, op, clip)
}
