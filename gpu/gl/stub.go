//go:build !cgo

package gl

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Renderer is not there without cgo.
type Renderer struct{ render.Renderer }

// New returns ErrNotBuilt.
func New(Options) (*Renderer, error) { return nil, ErrNotBuilt }

// Close does nothing.
func (*Renderer) Close() {}

// Device returns the empty string.
func (*Renderer) Device() string { return "" }

// OnLost does nothing.
func (*Renderer) OnLost(func(error)) {}

// Lose does nothing.
func (*Renderer) Lose() {}

// NewTarget returns ErrNotBuilt.
func (*Renderer) NewTarget(geom.Size) (render.Target, error) { return nil, ErrNotBuilt }

// FreeTarget does nothing.
func (*Renderer) FreeTarget(render.Target) {}
