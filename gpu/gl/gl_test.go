//go:build cgo

package gl

import (
	"testing"

	"rayos/gpu/internal/rendertest"
	"rayos/gpu/render"
)

// open returns a renderer, or skips the test where there is no OpenGL.
func open(t testing.TB, o Options) *Renderer {
	t.Helper()
	r, err := New(o)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(r.Close)
	return r
}

func TestContract(t *testing.T) {
	rendertest.Contract(t, rendertest.Subject{
		New:    func(t testing.TB) render.Renderer { return open(t, Options{}) },
		Direct: 1,
		Scaled: 3,
	})
}
