package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/capture"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addImageCaptureSources() {
	s.addPrivilegedGlobal(&protocol.ExtOutputImageCaptureSourceManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewExtOutputImageCaptureSourceManagerV1(c.conn, id, version).Handler = outputSources{}
	})
	s.addPrivilegedGlobal(&protocol.ExtForeignToplevelImageCaptureSourceManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewExtForeignToplevelImageCaptureSourceManagerV1(c.conn, id, version).Handler = toplevelSources{}
	})
}

// outputSources is ext_output_image_capture_source_manager_v1.
type outputSources struct{}

func (outputSources) Destroy(*server.ExtOutputImageCaptureSourceManagerV1) {}

// CreateSource names an output as a source.
func (outputSources) CreateSource(_ *server.ExtOutputImageCaptureSourceManagerV1, id *server.ExtImageCaptureSourceV1, out *server.WlOutput) {
	id.Handler = &sourceHandler{imageSource{output: out.Handler.(*outputHandler).output}}
}

// toplevelSources is ext_foreign_toplevel_image_capture_source_manager_v1.
type toplevelSources struct{}

func (toplevelSources) Destroy(*server.ExtForeignToplevelImageCaptureSourceManagerV1) {}

// CreateSource names a window as a source.
func (toplevelSources) CreateSource(_ *server.ExtForeignToplevelImageCaptureSourceManagerV1, id *server.ExtImageCaptureSourceV1, h *server.ExtForeignToplevelHandleV1) {
	id.Handler = &sourceHandler{imageSource{window: h.Handler.(*extHandle).win}}
}

// sourceHandler is ext_image_capture_source_v1.
type sourceHandler struct{ imageSource }

func (*sourceHandler) Destroy(*server.ExtImageCaptureSourceV1) {}

// imageSource is an output or a window; neither when it is gone. pointer says
// that the cursor over it is meant.
type imageSource struct {
	output  *Output
	window  *listed
	pointer bool
}

// maxPicture bounds the pixels of a picture: what a window is drawn into is
// memory of the session, and a window may be as large as it likes.
const maxPicture = 1 << 26

// lost reports whether there is nothing to capture any more.
func (i *imageSource) lost() bool {
	switch {
	case i.output != nil:
		return i.output.gone
	case i.window != nil:
		return !i.window.mapped
	}
	return true
}

// size returns the size of the picture in its pixels.
func (i *imageSource) size() geom.Size {
	switch {
	case i.lost():
		return geom.Size{}
	case i.output != nil:
		return i.output.Info.Mode.Size
	}
	size := i.scale().ApplyRect(i.window.guest.Window.Geometry().Size().Rect()).Size()
	if int64(size.W)*int64(size.H) > maxPicture {
		return geom.Size{}
	}
	return size
}

// scale returns how many pixels of the picture there are to a logical one.
func (i *imageSource) scale() geom.Scale {
	if i.output != nil {
		return i.output.Scale
	}
	if s := i.surface(); s != nil && s.scale != 0 {
		return s.scale
	}
	return geom.ScaleOne
}

// transform returns how the picture is turned.
func (i *imageSource) transform() geom.Transform {
	if i.output != nil {
		return i.output.Info.Transform
	}
	return geom.Normal
}

// surface returns the root surface of a window.
func (i *imageSource) surface() *surface {
	if i.window == nil || i.window.guest.Surface == nil {
		return nil
	}
	s, _ := i.window.guest.Surface.Data.(*surface)
	return s
}

// picture returns what a camera needs.
func (i *imageSource) picture(s *Server) capture.Source {
	if i.output != nil {
		return s.shell.Picture(i.output)
	}
	return capture.Source{Node: i.window.guest.Node, Scale: i.scale()}
}

// place maps a layout point to the picture. It reports false when the source is
// not on screen.
func (i *imageSource) place(p geom.FPoint) (geom.Point, bool) {
	var origin geom.Point
	switch {
	case i.output != nil:
		origin = i.output.Logical.Min()
	case i.window.guest.State() != surfaces.Presented:
		return geom.Point{}, false
	default:
		origin, _ = i.window.guest.Node.AbsPosition()
	}
	k := i.scale().Float()
	at := geom.FPoint{X: (p.X - float64(origin.X)) * k, Y: (p.Y - float64(origin.Y)) * k}.Floor()
	t := i.transform()
	upright := t.Invert().ApplySize(i.size())
	turned := t.ApplyRect(geom.XYWH(at.X, at.Y, 1, 1), upright)
	return turned.Min(), true
}
