package window

import (
	"errors"
	"log/slog"

	"rayos/gpu/display"
)

// ErrNotBuilt is returned by New in a binary that was built without cgo.
var ErrNotBuilt = errors.New("this binary was built without cgo and cannot open windows on X11; build it with CGO_ENABLED=1, or use --display headless")

// OpenGL is when to render with the GPU.
type OpenGL uint8

// When to render with the GPU. In memory means: by another renderer, whose
// frames are uploaded.
const (
	Never      OpenGL = iota // always in memory
	IfHardware               // in memory where OpenGL is computed by the CPU, or is not there
	Always                   // it is an error if it is not there
)

// Options say what to open.
type Options struct {
	// OpenGL says whether the GPU renders what the windows show.
	OpenGL  OpenGL
	Log     *slog.Logger   // nil discards
	Title   string         // of the windows, "RayOS" if empty
	Outputs []display.Spec // one window each; one of display.DefaultSpec if empty
}
