package window

import (
	"errors"

	"rayos/gpu/display"
)

// ErrNotBuilt is returned by New in a binary that was built without cgo.
var ErrNotBuilt = errors.New("this binary was built without cgo and cannot open windows on X11; build it with CGO_ENABLED=1, or use --display headless")

// Options say what to open.
type Options struct {
	Title   string         // of the windows, "RayOS" if empty
	Outputs []display.Spec // one window each; one of display.DefaultSpec if empty
}
