package bench

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// xwaylandProbe measures from the connect of the first X11 program, which has
// the X server started, to the moment at which its window is on the screen as
// far as X11 can tell.
func xwaylandProbe() Probe {
	return Probe{
		Name:  "xwayland",
		Setup: Setup{X11: true},
		Rows:  []Row{{Key: "xwayland.first", Name: "X11: connect to first window, Xwayland on demand", Unit: "ms", Bar: ratioBar(1)}},
		Start: func(l *Launcher, c *Compositor, e Effort) (Values, error) {
			var ms []float64
			for i := range e.Starts + 1 {
				s, err := l.Start(c, Setup{X11: true})
				if err != nil {
					return nil, err
				}
				took, err := s.firstX11Window()
				if i > 0 { // the first warms the page cache
					ms = append(ms, took.Seconds()*1e3)
				}
				if err := errors.Join(err, s.Stop()); err != nil {
					return nil, err
				}
			}
			return Values{"xwayland.first": Median(ms)}, nil
		},
	}
}

// x11Limit is how long after its first answer a compositor may take to claim a
// display number.
const x11Limit = 2 * time.Second

// x11Socket waits for the socket of the compositor's display.
func (s *Session) x11Socket() (string, error) {
	for end := time.Now().Add(x11Limit); time.Now().Before(end); time.Sleep(time.Millisecond) {
		path, err := s.x11Lock()
		if path != "" || err != nil {
			return path, err
		}
	}
	return "", &UnfitError{"it runs no X11 programs"}
}

// x11Lock is the socket whose lock file has the compositor's process id, empty
// while there is none.
func (s *Session) x11Lock() (string, error) {
	locks, err := filepath.Glob("/tmp/.X*-lock")
	if err != nil {
		return "", err
	}
	for _, path := range locks {
		b, err := os.ReadFile(path)
		if err == nil && strings.Trim(string(b), " \n\x00") == strconv.Itoa(s.PID) {
			n := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), ".X"), "-lock")
			return "/tmp/.X11-unix/X" + n, nil
		}
	}
	return "", nil
}

// firstX11Window maps a window and waits until it is there.
func (s *Session) firstX11Window() (time.Duration, error) {
	path, err := s.x11Socket()
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	c, err := dialAs(path)
	if err != nil {
		return 0, err
	}
	defer c.Close() // nothing is left to be written
	if err := c.SetDeadline(begin.Add(startLimit)); err != nil {
		return 0, err
	}
	if err := mapWindow(c); err != nil {
		return 0, fmt.Errorf("X11 window: %w%s", err, s.logTail())
	}
	return time.Since(begin), nil
}

// dialAs connects as the user that compositors run as: the X server takes no
// other. Credentials belong to the thread until it is given back.
func dialAs(path string) (net.Conn, error) {
	if os.Getuid() != 0 {
		return net.Dial("unix", path)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const keep = ^uintptr(0)
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, keep, nobody, keep); errno != 0 {
		return nil, fmt.Errorf("change the user: %w", errno)
	}
	c, err := net.Dial("unix", path)
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, keep, 0, keep); errno != 0 {
		err = errors.Join(err, fmt.Errorf("change the user back: %w", errno))
	}
	return c, err
}

// mapWindow is the shortest X11 program: setup, CreateWindow, MapWindow, Expose.
func mapWindow(c net.Conn) error {
	le := binary.LittleEndian
	hello := make([]byte, 12)
	hello[0] = 'l'
	le.PutUint16(hello[2:], 11)
	if _, err := c.Write(hello); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(c, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(le.Uint16(head[6:])))
	if _, err := io.ReadFull(c, body); err != nil {
		return err
	}
	if head[0] != 1 {
		return fmt.Errorf("the X server refuses: %q", body)
	}
	// Fixed part, vendor's name, formats of 8 bytes, then the first screen.
	screen := 32 + (int(le.Uint16(body[16:]))+3)&^3 + 8*int(body[21])
	if screen+4 > len(body) {
		return errors.New("the setup is too short")
	}
	id, root := le.Uint32(body[4:])|1, le.Uint32(body[screen:])
	const (
		createWindow = 1
		mapOpcode    = 8
		expose       = 12
		inputOutput  = 1
		backPixel    = 1 << 1
		eventMask    = 1 << 11
		exposure     = 1 << 15
	)
	b := []byte{createWindow, 0}
	b = le.AppendUint16(b, 10)
	b = le.AppendUint32(b, id)
	b = le.AppendUint32(b, root)
	for _, v := range []uint16{0, 0, 640, 480, 0, inputOutput} {
		b = le.AppendUint16(b, v)
	}
	for _, v := range []uint32{0, backPixel | eventMask, 0xffffff, exposure} {
		b = le.AppendUint32(b, v)
	}
	b = append(b, mapOpcode, 0)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint32(b, id)
	if _, err := c.Write(b); err != nil {
		return err
	}
	ev := make([]byte, 32)
	for {
		if _, err := io.ReadFull(c, ev); err != nil {
			return err
		}
		switch ev[0] & 0x7f {
		case 0:
			return fmt.Errorf("X11 error %d", ev[1])
		case expose:
			return nil
		}
	}
}
