//go:build !cgo || wayland

package window

import (
	"rayos/gpu/display"
	"rayos/internal/loop"
)

// New returns ErrNotBuilt.
func New(*loop.Loop, Options) (display.Display, error) { return nil, ErrNotBuilt }
