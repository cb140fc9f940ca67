package wayland

import (
	"errors"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// shmFormats are what wl_shm offers, as protocol values: ARGB8888 and XRGB8888
// have numbers of their own there, all others are fourcc codes.
func shmFormat(f protocol.WlShmFormat) render.Format {
	switch f {
	case protocol.WlShmFormatArgb8888:
		return render.ARGB8888
	case protocol.WlShmFormatXrgb8888:
		return render.XRGB8888
	}
	return render.Format(f)
}

func shmCode(f render.Format) protocol.WlShmFormat {
	switch f {
	case render.ARGB8888:
		return protocol.WlShmFormatArgb8888
	case render.XRGB8888:
		return protocol.WlShmFormatXrgb8888
	}
	return protocol.WlShmFormat(f)
}

func (s *Server) addShm() {
	s.addGlobal(&protocol.WlShmInterface, 2, func(c *Client, id, version uint32) {
		res := server.NewWlShm(c.conn, id, version)
		res.Handler = &shm{c}
		for _, f := range s.Core.Renderer.Formats() {
			res.SendFormat(shmCode(f))
		}
	})
}

type shm struct{ c *Client }

func (*shm) Release(*server.WlShm) {}

// CreatePool maps a client's memory. The descriptor is not kept: a client with
// many pools costs mappings, which are counted, and no descriptors.
func (h *shm) CreatePool(res *server.WlShm, id *server.WlShmPool, fd *wire.FD, size int32) {
	p := &shmPool{c: h.c}
	id.Handler = p
	if size <= 0 {
		res.PostError(protocol.WlShmErrorInvalidStride, "pool size %d is not positive", size)
		return
	}
	if !h.c.mayMap() {
		return
	}
	f := fd.Take()
	defer unix.Close(f)
	m, err := mapFile(h.c, f, size)
	if err != nil {
		res.PostError(protocol.WlShmErrorInvalidFd, "%v", err)
		return
	}
	p.mem = m
}

// shmPool is a client's memory. Buffers keep the mapping that they were made
// in; the pool keeps the largest.
type shmPool struct {
	c   *Client
	mem *mapping // nil when the pool object is gone
}

// CreateBuffer makes an image in the pool. Everything that the client says
// about it is checked against the mapping here, once.
func (p *shmPool) CreateBuffer(res *server.WlShmPool, id *server.WlBuffer, offset, width, height, stride int32, format protocol.WlShmFormat) {
	b := &shmBuffer{c: p.c, res: id}
	id.Handler = b
	f := shmFormat(format)
	bpp := f.BytesPerPixel()
	switch {
	case bpp == 0 || !p.c.supports(f):
		res.PostErrorCode(uint32(protocol.WlShmErrorInvalidFormat), "format %#x is not supported", uint32(format))
		return
	case width <= 0 || height <= 0:
		res.PostErrorCode(uint32(protocol.WlShmErrorInvalidStride), "buffer size %dx%d is not positive", width, height)
		return
	case offset < 0 || stride <= 0 || int64(stride) < int64(width)*int64(bpp):
		res.PostErrorCode(uint32(protocol.WlShmErrorInvalidStride), "offset %d, stride %d and width %d don't fit", offset, stride, width)
		return
	case int64(offset)+int64(stride)*int64(height) > int64(len(p.mem.data)):
		res.PostErrorCode(uint32(protocol.WlShmErrorInvalidStride), "a buffer of %d bytes at %d leaves the pool of %d bytes", int64(stride)*int64(height), offset, len(p.mem.data))
		return
	}
	end := int64(offset) + int64(stride)*int64(height)
	b.pixels = render.Pixels{
		Data: p.mem.data[offset:end:end], W: width, H: height, Stride: stride, Format: f,
	}
	b.mem = p.mem
	b.mem.refs++
}

func (c *Client) supports(f render.Format) bool {
	for _, g := range c.srv.Core.Renderer.Formats() {
		if f == g {
			return true
		}
	}
	return false
}

// Resize grows the pool.
func (p *shmPool) Resize(res *server.WlShmPool, size int32) {
	old := len(p.mem.data)
	if int64(size) < int64(old) {
		res.PostErrorCode(uint32(protocol.WlShmErrorInvalidFd), "a pool of %d bytes can't shrink to %d", old, size)
		return
	}
	if int(size) == old || !p.c.mayMap() {
		return
	}
	m, err := p.mem.grow(int(size))
	if err != nil {
		res.PostErrorCode(uint32(protocol.WlShmErrorInvalidFd), "%v", err)
		return
	}
	p.mem.unref()
	p.mem = m
}

func (*shmPool) Destroy(*server.WlShmPool) {}

// ResourceDestroyed lets go of the pool; its buffers keep the memory.
func (p *shmPool) ResourceDestroyed() {
	if p.mem != nil {
		p.mem.unref()
		p.mem = nil
	}
}

// shmBuffer is a wl_buffer in shared memory.
type shmBuffer struct {
	c      *Client
	res    *server.WlBuffer
	mem    *mapping // nil when the memory is not needed any more
	pixels render.Pixels
	tex    render.Texture // in place only
	locks  int
	gone   bool // the client destroyed it
	icons  []*icon
}

// Destroy is too early while an icon has it.
func (b *shmBuffer) Destroy(*server.WlBuffer) {
	for _, i := range b.icons {
		i.res.PostError(protocol.XdgToplevelIconV1ErrorNoBuffer, "wl_buffer@%d is destroyed before it", b.res.ID())
	}
}

// ResourceDestroyed: what is on screen stays there until it is replaced.
func (b *shmBuffer) ResourceDestroyed() {
	b.gone = true
	b.release()
}

func (b *shmBuffer) release() {
	if !b.gone || b.locks > 0 || b.mem == nil {
		return
	}
	if b.tex != nil {
		b.tex.Release()
		b.tex = nil
	}
	b.pixels.Data = nil
	b.mem.unref()
	b.mem = nil
}

func (b *shmBuffer) Size() geom.Size { return b.pixels.Size() }
func (b *shmBuffer) Destroyed() bool { return b.gone }
func (b *shmBuffer) Lock()           { b.locks++ }

// Unlock tells the client that it may write again when no reader is left.
func (b *shmBuffer) Unlock() { b.unlock(true) }

// unlock gives a lock back, and tells the client if it has to be told.
func (b *shmBuffer) unlock(tell bool) {
	if b.locks--; b.locks > 0 {
		return
	}
	if !b.gone && tell {
		b.res.SendRelease()
	}
	b.release()
}

// Pixels may be scanned out only when they can't vanish.
func (b *shmBuffer) Pixels() *render.Pixels {
	if !b.mem.sealed {
		return nil
	}
	return &b.pixels
}

// Texture reads sealed memory in place and copies any other.
func (b *shmBuffer) Texture(old render.Texture, damage *geom.Region) (render.Texture, bool, error) {
	r := b.c.srv.Core.Renderer
	if b.mem.sealed {
		if b.tex == nil {
			t, err := r.Import(b.pixels, true)
			if err != nil {
				return nil, false, err
			}
			b.tex = t
			return t, true, nil
		}
		return b.tex, true, r.Update(b.tex, b.pixels, damage)
	}
	if size := b.Size(); (old == nil || old.Size() != size) && !b.c.mayCopy(textureBytes(size)) {
		b.c.conn.PostError(1, uint32(protocol.WlDisplayErrorNoMemory), "too many pixels")
		return nil, false, errTooMuch
	}
	t, err := b.copyOut(r, old, damage)
	if err != nil {
		b.res.PostErrorCode(uint32(protocol.WlShmErrorInvalidFd), "reading the buffer: %v", err)
	}
	return t, false, err
}

// maxCopies bounds the pixels that are copied for one client. One buffer on
// many surfaces would cost it nothing else.
const maxCopies = 1 << 30

var errTooMuch = errors.New("the client has too many pixels on its surfaces")

func textureBytes(s geom.Size) int64 { return 4 * int64(s.W) * int64(s.H) }

// mayCopy reports whether the client may have n more bytes of copied pixels,
// and counts them. Textures that are gone are noticed when the limit is met.
func (c *Client) mayCopy(n int64) bool {
	if c.copied+n > c.srv.copies {
		c.copied = 0
		for _, s := range c.surfaces {
			// One that keeps its buffer reads the client's own memory.
			if t := s.core.Texture(); t != nil && s.core.Current.Buffer == nil {
				c.copied += textureBytes(t.Size())
			}
		}
	}
	if c.copied+n > c.srv.copies {
		return false
	}
	c.copied += n
	return true
}

// copyOut copies the damaged pixels, or all when there is no texture of the
// same shape to bring up to date. Truncated memory faults here and nowhere
// else.
func (b *shmBuffer) copyOut(r render.Renderer, old render.Texture, damage *geom.Region) (t render.Texture, err error) {
	err = guardFault(func() error {
		if old != nil && old.Size() == b.pixels.Size() && old.Opaque() == b.pixels.Format.Opaque() {
			if r.Update(old, b.pixels, damage) == nil {
				t = old
				return nil
			}
		}
		var err error
		t, err = r.Import(b.pixels, false)
		return err
	})
	return t, err
}
