package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addCursorShape() {
	s.addGlobal(&protocol.WpCursorShapeManagerV1Interface, 2, func(c *Client, id, version uint32) {
		server.NewWpCursorShapeManagerV1(c.conn, id, version).Handler = &cursorShapes{c}
	})
}

type cursorShapes struct{ c *Client }

func (*cursorShapes) Destroy(*server.WpCursorShapeManagerV1) {}

// GetPointer makes a device whose cursor the client names.
func (h *cursorShapes) GetPointer(_ *server.WpCursorShapeManagerV1, id *server.WpCursorShapeDeviceV1, ptr *server.WlPointer) {
	id.Handler = &cursorShape{ptr.Handler.(*pointerHandler).seatClient}
}

// lastShapeV1 is the last shape that version 1 knows.
const lastShapeV1 = protocol.WpCursorShapeDeviceV1ShapeZoomOut

// GetTabletToolV2 makes the same for a tablet tool.
func (h *cursorShapes) GetTabletToolV2(_ *server.WpCursorShapeManagerV1, id *server.WpCursorShapeDeviceV1, tool *server.ZwpTabletToolV2) {
	id.Handler = &toolShape{tool.Handler.(*tabletTool)}
}

type cursorShape struct{ *seatClient }

func (*cursorShape) Destroy(*server.WpCursorShapeDeviceV1) {}

// SetShape shows one of the session's cursors.
func (h *cursorShape) SetShape(res *server.WpCursorShapeDeviceV1, serial uint32, shape protocol.WpCursorShapeDeviceV1Shape) {
	if validShape(res, shape) && h.mayChangeCursor(serial) {
		h.cursor = nil
		h.c.srv.shell.SetCursorShape(h.g.seat, shape.String())
	}
}

// validShape posts an error for a shape that the object's version lacks.
func validShape(res *server.WpCursorShapeDeviceV1, shape protocol.WpCursorShapeDeviceV1Shape) bool {
	ok := shape.Valid() && (shape <= lastShapeV1 || res.Version() >= 2)
	if !ok {
		res.PostError(protocol.WpCursorShapeDeviceV1ErrorInvalidShape, "shape %d", shape)
	}
	return ok
}

// toolShape is a cursor shape device for a tablet tool. It is inert without
// its tool.
type toolShape struct{ o *tabletTool }

func (*toolShape) Destroy(*server.WpCursorShapeDeviceV1) {}

// SetShape shows one of the session's cursors where the tool is.
func (h *toolShape) SetShape(res *server.WpCursorShapeDeviceV1, serial uint32, shape protocol.WpCursorShapeDeviceV1Shape) {
	if o := h.o; validShape(res, shape) && o.mayChangeCursor(serial) {
		o.cursor, o.shaped = nil, true
		o.ts.c.srv.shell.SetCursorShape(o.ts.g.seat, shape.String())
	}
}
