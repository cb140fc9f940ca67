// Package fb allocates framebuffers outside of Go's heap, so that pages which
// nobody drew into cost nothing and freed ones go back to the kernel at once.
package fb

import (
	"fmt"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
)

// Buffer is an XRGB8888 image in memory that was mapped for it.
type Buffer struct {
	render.Pixels
	mem []byte
}

// New maps a zeroed framebuffer in anonymous memory.
func New(size geom.Size) (*Buffer, error) {
	return mapped(size, -1, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
}

// NewShared maps a zeroed framebuffer in a memfd that is sealed against
// shrinking, for another process to read. The caller closes the descriptor,
// which may happen before Free.
func NewShared(size geom.Size) (*Buffer, int, error) {
	fd, err := unix.MemfdCreate("rayos-framebuffer", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, -1, fmt.Errorf("memfd_create: %w", err)
	}
	b, err := func() (*Buffer, error) {
		if err := unix.Ftruncate(fd, int64(bytes(size))); err != nil {
			return nil, fmt.Errorf("framebuffer of %v: ftruncate: %w", size, err)
		}
		const seals = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
			return nil, fmt.Errorf("framebuffer of %v: seal: %w", size, err)
		}
		return mapped(size, fd, unix.MAP_SHARED)
	}()
	if err != nil {
		unix.Close(fd)
		return nil, -1, err
	}
	return b, fd, nil
}

func bytes(size geom.Size) int { return int(size.W) * 4 * int(size.H) }

func mapped(size geom.Size, fd, flags int) (*Buffer, error) {
	mem, err := unix.Mmap(fd, 0, bytes(size), unix.PROT_READ|unix.PROT_WRITE, flags)
	if err != nil {
		return nil, fmt.Errorf("framebuffer of %v: mmap: %w", size, err)
	}
	return &Buffer{
		Pixels: render.Pixels{Data: mem, W: size.W, H: size.H, Stride: size.W * 4, Format: render.XRGB8888},
		mem:    mem,
	}, nil
}

// Free unmaps the memory. Nobody may read or write the pixels afterwards.
func (b *Buffer) Free() error {
	b.Data = nil
	return unix.Munmap(b.mem)
}
