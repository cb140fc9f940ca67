package gl

import (
	"errors"
	"log/slog"
	"unsafe"
)

// ErrNotBuilt is returned by New in a binary that was built without cgo.
var ErrNotBuilt = errors.New("this binary was built without cgo and has no OpenGL renderer; build it with CGO_ENABLED=1, or use --renderer software")

// ErrLost is returned by a pass during which the GPU lost its memory. The
// picture is incomplete; whatever is drawn afterwards is drawn in software.
var ErrLost = errors.New("gl: the GPU lost its memory")

// errSoftware: see Options.Hardware.
var errSoftware = errors.New("OpenGL is computed by the CPU here")

// Options configure a Renderer. The zero value is a renderer without windows.
type Options struct {
	// X11 is the connection (an Xlib Display) for windows, and Visual the id of
	// their visual. Close the renderer before the connection.
	X11    unsafe.Pointer
	Visual int
	// Hardware refuses OpenGL that is computed by the CPU, which takes 10 to
	// 25 times as long as the software renderer.
	Hardware bool
	Log      *slog.Logger // nil discards
}
