package rayapps

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// maxBuffers is how many frames a compositor may hold before the app waits.
const maxBuffers = 3

// buffer is memory that the compositor can read. From a commit until its release
// it is the compositor's.
type buffer struct {
	fd     int
	data   []byte // all of the file
	pool   *client.WlShmPool
	wl     *client.WlBuffer
	pixels render.Pixels
	stale  geom.Region // what the newest frame has and this one doesn't
	busy   bool
	old    bool // of a former size: to be made anew when it is free
}

// swapchain is the window's buffers. Their memory is used again when the size
// changes.
type swapchain struct {
	w       *Window
	size    geom.Size // physical
	buffers []*buffer
	starved bool // a frame waits for a release
	alpha   bool // what isn't drawn is transparent
}

// resize sets the size of the frames to come.
func (s *swapchain) resize(size geom.Size) {
	if s.size == size {
		return
	}
	s.size = size
	for _, b := range s.buffers {
		b.old = true
	}
}

// damaged notes what the next frame has new.
func (s *swapchain) damaged(d *geom.Region) {
	for _, b := range s.buffers {
		if !b.old {
			b.stale.Union(d)
		}
	}
}

// acquire returns the buffer that needs the least drawing, or nil if the
// compositor reads all of them.
func (s *swapchain) acquire() (*buffer, error) {
	var best *buffer
	for _, b := range s.buffers {
		switch {
		case b.busy:
		case best == nil, best.old && !b.old:
			best = b
		case best.old == b.old && b.stale.Area() < best.stale.Area():
			best = b
		}
	}
	if best == nil {
		if len(s.buffers) == maxBuffers {
			return nil, nil
		}
		best = &buffer{fd: -1, old: true}
		s.buffers = append(s.buffers, best)
	}
	if best.old {
		if err := s.fit(best); err != nil {
			return nil, err
		}
	}
	return best, nil
}

// fit gives a free buffer the present size.
func (s *swapchain) fit(b *buffer) error {
	stride := 4 * int(s.size.W)
	need := stride * int(s.size.H)
	if b.wl != nil {
		b.wl.Destroy()
		b.wl = nil
	}
	if need > len(b.data) || need < len(b.data)/4 {
		room := need
		if len(b.data) > 0 && need > len(b.data) {
			room += need / 4 // it is being made larger: there is more to come
		}
		if err := errors.Join(b.free(), b.allocate(s.w.host.shm, room)); err != nil {
			return err
		}
	}
	format, pixels := protocol.WlShmFormatXrgb8888, render.XRGB8888
	if s.alpha {
		format, pixels = protocol.WlShmFormatArgb8888, render.ARGB8888
	}
	b.wl = b.pool.CreateBuffer(0, s.size.W, s.size.H, int32(stride), format)
	b.wl.OnRelease = func() {
		b.busy = false
		s.starved = false
	}
	b.pixels = render.Pixels{Data: b.data[:need], W: s.size.W, H: s.size.H, Stride: int32(stride), Format: pixels}
	b.stale.SetRect(s.size.Rect())
	b.old = false
	return nil
}

func (b *buffer) allocate(shm *client.WlShm, room int) error {
	page := unix.Getpagesize()
	room = (room + page - 1) / page * page
	fd, err := unix.MemfdCreate("rayapp", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING|unix.MFD_NOEXEC_SEAL)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3
		fd, err = unix.MemfdCreate("rayapp", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, int64(room)); err != nil {
		return err
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL); err != nil {
		return err
	}
	data, err := unix.Mmap(fd, 0, room, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("mmap: %w", err)
	}
	b.data = data
	b.pool = shm.CreatePool(fd, int32(room))
	return nil
}

func (b *buffer) free() error {
	if b.data == nil {
		return nil
	}
	if b.wl != nil {
		b.wl.Destroy()
		b.wl = nil
	}
	b.pool.Destroy()
	err := unix.Munmap(b.data)
	b.data, b.pool = nil, nil
	return err
}

func (s *swapchain) free() error {
	var errs []error
	for _, b := range s.buffers {
		errs = append(errs, b.free())
	}
	s.buffers = nil
	return errors.Join(errs...)
}
