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
func (h *cursorShapes) GetTabletToolV2(_ *server.WpCursorShapeManagerV1, id *server.WpCursorShapeDeviceV1, _ *server.ZwpTabletToolV2) {
	id.Handler = &cursorShape{&h.c.seat}
}

type cursorShape struct{ *seatClient }

func (*cursorShape) Destroy(*server.WpCursorShapeDeviceV1) {}

// SetShape shows one of the session's cursors.
func (h *cursorShape) SetShape(res *server.WpCursorShapeDeviceV1, serial uint32, shape protocol.WpCursorShapeDeviceV1Shape) {
	if !shape.Valid() || shape > lastShapeV1 && res.Version() < 2 {
		res.PostError(protocol.WpCursorShapeDeviceV1ErrorInvalidShape, "shape %d", shape)
		return
	}
	if h.mayChangeCursor(serial) {
		h.cursor = nil
		h.c.srv.shell.SetCursorShape(h.g.seat, shape.String())
	}
}
