package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addFifo() {
	s.addGlobal(&protocol.WpFifoManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpFifoManagerV1(c.conn, id, version).Handler = fifoManager{}
	})
}

type fifoManager struct{}

func (fifoManager) Destroy(*server.WpFifoManagerV1) {}

// GetFifo makes the one fifo object of a surface.
func (fifoManager) GetFifo(res *server.WpFifoManagerV1, id *server.WpFifoV1, surf *server.WlSurface) {
	f := &fifo{}
	id.Handler = f
	p := surfaceOf(surf).pacing()
	if p.fifo != nil {
		res.PostError(protocol.WpFifoManagerV1ErrorAlreadyExists, "wl_surface@%d has one", surf.ID())
		return
	}
	f.p, p.fifo = p, id
}

// fifo is wp_fifo_v1.
type fifo struct{ p *pacing }

func (*fifo) Destroy(*server.WpFifoV1) {}

// ResourceDestroyed lets the surface have another.
func (f *fifo) ResourceDestroyed() {
	if f.p != nil {
		f.p.fifo = nil
	}
}

func (f *fifo) alive(res *server.WpFifoV1) bool {
	if f.p.s.gone {
		res.PostError(protocol.WpFifoV1ErrorSurfaceDestroyed, "the wl_surface is destroyed")
	}
	return !f.p.s.gone
}

// SetBarrier has the commits that wait for it follow a refresh later.
func (f *fifo) SetBarrier(res *server.WpFifoV1) {
	if f.alive(res) {
		f.p.set = true
	}
}

// WaitBarrier has the next commit wait for the barrier of those before it.
func (f *fifo) WaitBarrier(res *server.WpFifoV1) {
	if f.alive(res) {
		f.p.wait = true
	}
}
