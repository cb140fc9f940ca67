package bench

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"rayos/internal/bench/rawclient"
)

// crowd is a number of clients with a window each, driven by one goroutine.
type crowd struct {
	conns   []*rawclient.Conn
	windows []*rawclient.Window
}

func newCrowd(s *Session, n int, o rawclient.WindowOptions) (*crowd, error) {
	cr := &crowd{}
	for range n {
		c, err := s.Dial()
		if err != nil {
			return nil, errors.Join(err, cr.close())
		}
		cr.conns = append(cr.conns, c)
		w, err := c.NewWindow(o)
		if err != nil {
			return nil, errors.Join(err, cr.close())
		}
		cr.windows = append(cr.windows, w)
	}
	return cr, nil
}

// whileDrawing runs fn while another goroutine keeps every window drawing: full
// damage at each frame callback.
func (cr *crowd) whileDrawing(fn func() error) error {
	stop, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return fmt.Errorf("eventfd: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- cr.draw(stop) }()
	err = fn()
	var one [8]byte
	binary.NativeEndian.PutUint64(one[:], 1)
	if _, werr := unix.Write(stop, one[:]); werr != nil {
		return errors.Join(err, fmt.Errorf("stop the crowd: %w", werr))
	}
	return errors.Join(err, <-done, unix.Close(stop))
}

// draw answers frame callbacks until stop becomes readable.
func (cr *crowd) draw(stop int) error {
	fds := make([]unix.PollFd, len(cr.conns)+1)
	for i, c := range cr.conns {
		fds[i] = unix.PollFd{Fd: int32(c.FD()), Events: unix.POLLIN}
		cr.windows[i].RequestFrame(rawclient.FullDamage)
		if err := c.Flush(); err != nil {
			return err
		}
	}
	fds[len(cr.conns)] = unix.PollFd{Fd: int32(stop), Events: unix.POLLIN}
	for {
		if _, err := unix.Poll(fds, -1); err != nil {
			if err == unix.EINTR {
				continue
			}
			return fmt.Errorf("poll: %w", err)
		}
		if fds[len(cr.conns)].Revents != 0 {
			return nil
		}
		for i, c := range cr.conns {
			if fds[i].Revents == 0 {
				continue
			}
			if err := c.Read(); err != nil {
				return fmt.Errorf("drawing client %d: %w", i, err)
			}
			if cr.windows[i].Drawn() {
				cr.windows[i].RequestFrame(rawclient.FullDamage)
			}
			if err := c.Flush(); err != nil {
				return err
			}
		}
	}
}

// frames lets each window in turn draw n frames of small damage, which also
// answers whatever the compositor has asked meanwhile.
func (cr *crowd) frames(n int) error {
	for range n {
		for i, c := range cr.conns {
			cr.windows[i].RequestFrame(patch)
			if err := c.Flush(); err != nil {
				return err
			}
		}
		for i, c := range cr.conns {
			for !cr.windows[i].Drawn() {
				if err := c.Read(); err != nil {
					return fmt.Errorf("client %d: %w", i, err)
				}
			}
		}
	}
	return nil
}

func (cr *crowd) close() error {
	var errs []error
	for _, c := range cr.conns {
		errs = append(errs, c.Close())
	}
	for _, w := range cr.windows {
		errs = append(errs, w.Release())
	}
	return errors.Join(errs...)
}
