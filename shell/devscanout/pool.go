package devscanout

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// pool is the memory of pictures: a few buffers of one size.
type pool struct {
	size geom.Size
	list []*buffer
}

// buffer is a picture that the session may read while it is busy.
type buffer struct {
	data   []byte
	buffer *client.WlBuffer
	busy   bool
}

// take returns a buffer of a size that the session doesn't read.
func (p *pool) take(shm *client.WlShm, size geom.Size) (*buffer, error) {
	if size != p.size {
		p.free()
		p.size = size
	}
	for _, b := range p.list {
		if !b.busy {
			return b, nil
		}
	}
	b, err := newBuffer(shm, size)
	if err != nil {
		return nil, err
	}
	p.list = append(p.list, b)
	return b, nil
}

// free gives all memory back; the session keeps its own mapping.
func (p *pool) free() {
	for _, b := range p.list {
		b.buffer.Destroy()
		// It was mapped, and nobody else knows of the mapping.
		_ = unix.Munmap(b.data)
	}
	p.list = nil
}

func newBuffer(shm *client.WlShm, size geom.Size) (*buffer, error) {
	total := 4 * int(size.W) * int(size.H)
	fd, err := unix.MemfdCreate("rayos-dev-scanout", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("memory for a picture: %w", err)
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, int64(total)); err != nil {
		return nil, fmt.Errorf("memory for a picture: %w", err)
	}
	data, err := unix.Mmap(fd, 0, total, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("memory for a picture: %w", err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL); err != nil {
		return nil, errors.Join(fmt.Errorf("memory for a picture: %w", err), unix.Munmap(data))
	}
	b := &buffer{data: data}
	mem := shm.CreatePool(fd, int32(total))
	b.buffer = mem.CreateBuffer(0, size.W, size.H, 4*size.W, protocol.WlShmFormatXrgb8888)
	mem.Destroy()
	b.buffer.OnRelease = func() { b.busy = false }
	return b, nil
}
