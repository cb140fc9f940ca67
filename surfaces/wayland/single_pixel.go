package wayland

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addSinglePixelBuffer() {
	s.addGlobal(&protocol.WpSinglePixelBufferManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpSinglePixelBufferManagerV1(c.conn, id, version).Handler = &singlePixel{c}
	})
}

type singlePixel struct{ c *Client }

func (*singlePixel) Destroy(*server.WpSinglePixelBufferManagerV1) {}

// CreateU32RgbaBuffer makes a buffer of one premultiplied pixel, with 32 bits
// to a channel.
func (h *singlePixel) CreateU32RgbaBuffer(_ *server.WpSinglePixelBufferManagerV1, id *server.WlBuffer, r, g, b, a uint32) {
	p := render.NewPixels(1, 1, render.ARGB8888)
	p.Data[0], p.Data[1], p.Data[2], p.Data[3] = byte(b>>24), byte(g>>24), byte(r>>24), byte(a>>24)
	id.Handler = &pixelBuffer{c: h.c, res: id, pixels: p}
}

// pixelBuffer is a wl_buffer of one pixel, in the server's own memory.
type pixelBuffer struct {
	c      *Client
	res    *server.WlBuffer
	pixels render.Pixels
	locks  int
	gone   bool
}

func (*pixelBuffer) Destroy(*server.WlBuffer) {}

func (b *pixelBuffer) ResourceDestroyed()     { b.gone = true }
func (b *pixelBuffer) Size() geom.Size        { return geom.Size{W: 1, H: 1} }
func (b *pixelBuffer) Destroyed() bool        { return b.gone }
func (b *pixelBuffer) Pixels() *render.Pixels { return nil }
func (b *pixelBuffer) Lock()                  { b.locks++ }

func (b *pixelBuffer) Unlock() {
	if b.locks--; b.locks == 0 && !b.gone {
		b.res.SendRelease()
	}
}

// Texture copies the pixel: the surface owns it, the buffer is free at once.
func (b *pixelBuffer) Texture(render.Texture, *geom.Region) (render.Texture, bool, error) {
	t, err := b.c.srv.Core.Renderer.Import(b.pixels, false)
	return t, false, err
}
