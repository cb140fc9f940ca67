package nested

import (
	"errors"

	"golang.org/x/sys/unix"

	"rayos/gpu/display"
	"rayos/gpu/display/internal/fb"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// maxBuffers bounds the memory of an output: a host that holds on to two
// frames leaves one to draw into, and one to spare.
const maxBuffers = 4

// buffer is memory that the host can read. Between submit and the host's
// release it is the host's.
type buffer struct {
	mem     *fb.Buffer
	wl      *client.WlBuffer
	busy    bool   // the host may read it
	retired bool   // of a former size: goes when the host releases it
	frame   uint64 // number of the frame it holds, 0 for none
}

// swapchain is the buffers of one output.
type swapchain struct {
	out     *Output
	buffers []*buffer // of the present size
	old     []*buffer // retired and still busy
	frame   uint64    // number of the last submitted frame
	current *buffer   // acquired and not yet submitted
	last    *buffer   // submitted last
	shown   *buffer   // presented last
	starved bool      // acquire found none
}

func (s *swapchain) init(o *Output) { s.out = o }

// acquire returns the buffer to draw into: of those the host does not read the
// one that needs the least drawing.
func (s *swapchain) acquire() (*buffer, error) {
	if s.current != nil {
		return s.current, nil
	}
	for _, b := range s.buffers {
		if !b.busy && (s.current == nil || b.frame > s.current.frame) {
			s.current = b
		}
	}
	if s.current != nil {
		return s.current, nil
	}
	if len(s.buffers) == maxBuffers {
		s.starved = true
		return nil, display.ErrBusy
	}
	b, err := s.allocate()
	if err != nil {
		return nil, err
	}
	s.buffers = append(s.buffers, b)
	s.current = b
	return b, nil
}

func (s *swapchain) allocate() (*buffer, error) {
	mem, fd, err := fb.NewShared(s.out.info.Mode.Size)
	if err != nil {
		return nil, err
	}
	pool := s.out.display.host.shm.CreatePool(fd, int32(len(mem.Data)))
	b := &buffer{mem: mem, wl: pool.CreateBuffer(0, mem.W, mem.H, mem.Stride, protocol.WlShmFormatXrgb8888)}
	pool.Destroy()
	if err := unix.Close(fd); err != nil {
		return nil, errors.Join(err, mem.Free())
	}
	b.wl.OnRelease = func() { s.released(b) }
	return b, nil
}

// age is what Output.Framebuffer returns for b.
func (s *swapchain) age(b *buffer) int {
	if b.frame == 0 {
		return 0
	}
	return int(s.frame-b.frame) + 1
}

// submit gives the current buffer to the host.
func (s *swapchain) submit() *client.WlBuffer {
	b := s.current
	s.frame++
	b.frame, b.busy = s.frame, true
	s.current, s.last = nil, b
	return b.wl
}

// present notes that the frame submitted last is on the screen.
func (s *swapchain) present() { s.shown = s.last }

func (s *swapchain) released(b *buffer) {
	b.busy = false
	if b.retired {
		for i, p := range s.old {
			if p == b {
				s.old = append(s.old[:i], s.old[i+1:]...)
				break
			}
		}
		b.free()
		return
	}
	if s.starved {
		s.starved = false
		s.out.display.handler.NeedFrame(s.out)
	}
}

// retire gives up all buffers: the size has changed.
func (s *swapchain) retire() {
	for _, b := range s.buffers {
		if b.busy {
			b.retired = true
			s.old = append(s.old, b)
		} else {
			b.free()
		}
	}
	clear(s.buffers)
	s.buffers = s.buffers[:0]
	s.current, s.last, s.shown = nil, nil, nil
}

func (s *swapchain) destroy() {
	s.retire()
	for _, b := range s.old {
		b.free()
	}
	s.old = nil
}

func (b *buffer) free() {
	b.wl.Destroy()
	if err := b.mem.Free(); err != nil {
		panic("nested: munmap of a framebuffer: " + err.Error()) // it was mapped by us
	}
}
