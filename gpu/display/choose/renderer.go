package choose

import (
	"fmt"
	"path/filepath"
	"strings"

	"rayos/gpu/display"
	"rayos/gpu/display/window"
	"rayos/gpu/gl"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// Renderers are what --renderer takes.
var Renderers = []string{"auto", "software", "gl"}

// Renderer is a renderer that is closed when the session has ended.
type Renderer interface {
	render.Renderer
	Close()
}

// OpenRenderer returns the renderer for a display that Open returned, with the
// same options, and a line that says which and why. Asked for by name it is
// that one or an error. Else it is the GPU's where its pictures are shown
// without being read back, which is on X11, and the software renderer
// everywhere else: OpenGL computed by the CPU takes 10 to 25 times as long.
//
// With a GPU's renderer, package gl's rules for goroutines hold.
func OpenRenderer(d display.Display, o Options) (Renderer, string, error) {
	w, inWindow := d.(interface {
		Renderer() (*gl.Renderer, error)
	})
	var passed error
	if inWindow {
		var r *gl.Renderer
		if r, passed = w.Renderer(); r != nil {
			return r, "gl renderer: " + r.Device(), nil
		}
	}
	switch o.Renderer {
	case "gl":
		r, err := gl.New(gl.Options{Log: o.Log})
		if err != nil {
			return nil, "", err
		}
		return r, "gl renderer: " + r.Device(), nil
	case "software":
		return raster.New(raster.Options{}), "software renderer: asked for", nil
	case "", "auto":
	default:
		return nil, "", fmt.Errorf("unknown renderer %q (--renderer takes %s)", o.Renderer, strings.Join(Renderers, ", "))
	}
	why := "a display that takes memory"
	switch {
	case passed != nil:
		why = passed.Error()
	case inWindow:
		why = "no GPU (there is no " + renderNodes + ")"
	}
	return raster.New(raster.Options{}), "software renderer: " + why, nil
}

// renderNodes are the device files of GPUs.
const renderNodes = "/dev/dri/renderD*"

// openGL says how windows are to be drawn. Without the device file of a GPU
// OpenGL is not even loaded, which would cost more than all of the start.
func (o *Options) openGL() window.OpenGL {
	switch o.Renderer {
	case "gl":
		return window.Always
	case "", "auto":
		nodes := o.nodes
		if nodes == "" {
			nodes = renderNodes
		}
		if found, err := filepath.Glob(nodes); err == nil && len(found) > 0 {
			return window.IfHardware
		}
	}
	return window.Never
}
