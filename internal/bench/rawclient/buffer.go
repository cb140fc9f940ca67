package rawclient

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Format is a wl_shm pixel format.
type Format uint32

// The two formats that every compositor has.
const (
	ARGB8888 Format = 0 // premultiplied
	XRGB8888 Format = 1
)

// pool is a sealed memfd, mapped here, that holds equal buffers one after
// another. The descriptor is closed once the compositor has it.
type pool struct {
	conn    *Conn
	id      uint32
	pixels  []byte
	buffers []buffer
}

type buffer struct {
	id     uint32
	pixels []byte
	busy   bool // attached and not yet released
}

func newPool(c *Conn, width, height int32, format Format, n int) (*pool, error) {
	stride := int64(width) * 4
	each := stride * int64(height)
	p := &pool{conn: c, buffers: make([]buffer, n)}
	fd, err := unix.MemfdCreate("raybench", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("memfd: %w", err)
	}
	err = p.fill(fd, each*int64(n))
	if err == nil {
		p.id = c.newID(p)
		c.request(c.globals.shm, 0, p.id, uint32(each*int64(n)))
		err = c.flushFD(fd)
	}
	if err = errors.Join(err, unix.Close(fd)); err != nil {
		return nil, errors.Join(err, p.unmap())
	}
	for i := range p.buffers {
		b := &p.buffers[i]
		b.pixels = p.pixels[each*int64(i) : each*int64(i+1)]
		b.id = c.newID(p)
		c.request(p.id, 0, b.id, uint32(each*int64(i)), uint32(width), uint32(height), uint32(stride), uint32(format))
	}
	return p, nil
}

func (p *pool) fill(fd int, size int64) error {
	if err := unix.Ftruncate(fd, size); err != nil {
		return fmt.Errorf("size the pool: %w", err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL); err != nil {
		return fmt.Errorf("seal the pool: %w", err)
	}
	var err error
	if p.pixels, err = unix.Mmap(fd, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return fmt.Errorf("map the pool: %w", err)
	}
	return nil
}

func (p *pool) unmap() error {
	if p.pixels == nil {
		return nil
	}
	err := unix.Munmap(p.pixels)
	p.pixels = nil
	return err
}

// paint fills each buffer with the colour, 0xAARRGGBB, told apart by its lowest
// bits.
func (p *pool) paint(color uint32) {
	for i := range p.buffers {
		paint(p.buffers[i].pixels, p.color(color, i))
	}
}

func (p *pool) color(color uint32, i int) uint32 { return color&^0xf | uint32(i)&0xf }

func paint(b []byte, color uint32) {
	if len(b) < 4 {
		return
	}
	binary.NativeEndian.PutUint32(b, color)
	for n := 4; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}

// next returns a buffer that the compositor does not hold. Waiting for a
// release is part of the wait for a frame, so when all are held it takes them
// in turn, like a client that draws over what it showed.
func (p *pool) next(last int) int {
	n := len(p.buffers)
	for i := 1; i <= n; i++ {
		if k := (last + i) % n; !p.buffers[k].busy {
			return k
		}
	}
	return (last + 1) % n
}

// destroy ends all buffers and the pool and unmaps the pixels.
func (p *pool) destroy() error {
	for i := range p.buffers {
		p.conn.request(p.buffers[i].id, 0)
		p.conn.bury(p.buffers[i].id)
	}
	p.conn.request(p.id, 1)
	p.conn.bury(p.id)
	return p.unmap()
}

func (p *pool) receive(id uint32, opcode uint16, _ args) {
	for i := range p.buffers {
		if p.buffers[i].id == id && opcode == 0 {
			p.buffers[i].busy = false
			return
		}
	}
}
