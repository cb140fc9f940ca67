package guest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Limits of a moving picture.
const (
	maxDrawFrames = 100_000
	maxDrawRate   = 120 // per second
)

// drawLine begins a moving picture that fills the screen, "frames:rate": load
// of a known size for whoever measures how pictures are shown. Its end is told
// on the log.
func (s *system) drawLine(arg string) string {
	refuse := func(reason string) string { return "RAYOS_LINUX_DRAW_ERR reason=" + reason + "\n" }
	frames, rate, err := parseDraw(arg)
	if err != nil {
		return refuse(err.Error())
	}
	if !s.drawing.CompareAndSwap(false, true) {
		return refuse("busy")
	}
	f, err := openFramebuffer("/dev/fb0")
	if err != nil {
		s.drawing.Store(false)
		s.say("rayos-agent: draw: %v", err)
		return refuse("no_framebuffer")
	}
	// The console's own cursor would draw between the pictures.
	if err := os.WriteFile("/sys/class/graphics/fbcon/cursor_blink", []byte("0"), 0); err != nil {
		s.say("rayos-agent: draw: %v", err)
	}
	go func() {
		defer s.drawing.Store(false)
		took, err := f.animate(frames, time.Second/time.Duration(rate))
		if err = errors.Join(err, f.file.Close()); err != nil {
			s.say("rayos-agent: draw: %v", err)
			return
		}
		s.say("RAYOS_LINUX_DRAW_END frames=%d ms=%d", frames, took.Milliseconds())
	}()
	return fmt.Sprintf("RAYOS_LINUX_DRAW_BEGIN frames=%d w=%d h=%d\n", frames, f.width, f.height)
}

func parseDraw(arg string) (frames, rate int, err error) {
	a, b, ok := strings.Cut(arg, ":")
	frames, ferr := strconv.Atoi(a)
	rate, rerr := strconv.Atoi(b)
	if !ok || ferr != nil || rerr != nil || frames < 1 || frames > maxDrawFrames || rate < 1 || rate > maxDrawRate {
		return 0, 0, errors.New("want_frames_rate")
	}
	return frames, rate, nil
}

// framebuffer is a Linux framebuffer device of 32 bits a pixel.
type framebuffer struct {
	file          *os.File
	width, height int
	stride        int // bytes
}

// Requests of linux/fb.h, and where the fields are that matter.
const (
	fbVariable      = 0x4600 // FBIOGET_VSCREENINFO
	fbFixed         = 0x4602 // FBIOGET_FSCREENINFO
	fbVariableBits  = 24     // bits_per_pixel
	fbFixedStride   = 48     // line_length, of 64-bit systems
	fbMaxSide       = 16384
	fbInfoSize      = 256 // larger than either structure
	bytesPerPixel32 = 4
)

func openFramebuffer(path string) (*framebuffer, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	var variable, fixed [fbInfoSize]byte
	for _, q := range []struct {
		request uintptr
		into    *[fbInfoSize]byte
	}{{fbVariable, &variable}, {fbFixed, &fixed}} {
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), q.request, uintptr(unsafe.Pointer(q.into))); errno != 0 {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, errno), f.Close())
		}
	}
	fb, err := parseFramebuffer(variable[:], fixed[:])
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	fb.file = f
	return fb, nil
}

// parseFramebuffer reads struct fb_var_screeninfo and struct fb_fix_screeninfo.
func parseFramebuffer(variable, fixed []byte) (*framebuffer, error) {
	ne := binary.NativeEndian
	fb := &framebuffer{width: int(ne.Uint32(variable)), height: int(ne.Uint32(variable[4:])), stride: int(ne.Uint32(fixed[fbFixedStride:]))}
	bits := ne.Uint32(variable[fbVariableBits:])
	if bits != 8*bytesPerPixel32 || fb.width < 1 || fb.width > fbMaxSide || fb.height < 1 || fb.height > fbMaxSide || fb.stride < bytesPerPixel32*fb.width {
		return nil, fmt.Errorf("a framebuffer of %dx%d, %d bits, stride %d", fb.width, fb.height, bits, fb.stride)
	}
	return fb, nil
}

// animate writes whole pictures, one each period, and returns how long all took.
// A picture that comes late moves none of the others.
func (f *framebuffer) animate(frames int, period time.Duration) (time.Duration, error) {
	pictures := [2][]byte{f.gradient(0), f.gradient(0x55)}
	begin := time.Now()
	tick := time.NewTicker(period)
	defer tick.Stop()
	for i := range frames {
		if _, err := f.file.WriteAt(pictures[i%len(pictures)], 0); err != nil {
			return 0, err
		}
		<-tick.C
	}
	return time.Since(begin), nil
}

// gradient is a picture in which each pixel differs from that of any other
// shift.
func (f *framebuffer) gradient(shift int) []byte {
	b := make([]byte, f.stride*f.height)
	for y := range f.height {
		row := b[y*f.stride:]
		for x := range f.width {
			binary.NativeEndian.PutUint32(row[bytesPerPixel32*x:],
				uint32(byte(255*x/f.width+shift))<<16|uint32(byte(255*y/f.height+shift))<<8|uint32(byte(x+y+shift)))
		}
	}
	return b
}
