package bench

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"rayos/internal/bench/rawclient"
)

// crowd is a number of clients with a window each.
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

// whileDrawing runs fn while every window keeps drawing, full damage at each
// frame callback, on a thread of its own.
func (cr *crowd) whileDrawing(fn func() error) error {
	// Each thread needs a place to run Go, or they would wait for each other
	// in the client instead of in the kernel.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + len(cr.conns)))
	var stop atomic.Bool
	errs := make(chan error, len(cr.windows))
	for _, w := range cr.windows {
		go func() {
			for !stop.Load() {
				if err := w.Frame(rawclient.FullDamage); err != nil {
					errs <- fmt.Errorf("drawing client: %w", err)
					return
				}
			}
			errs <- nil
		}()
	}
	err := fn()
	stop.Store(true)
	for range cr.windows {
		err = errors.Join(err, <-errs)
	}
	return err
}

// settle draws frames with the last window, the one on top, until all windows
// are shown, and answers what the compositor asks of the others meanwhile. Those
// may lie hidden, and nobody owes a hidden window a frame callback.
func (cr *crowd) settle() error {
	for range warmFrames {
		if err := cr.windows[len(cr.windows)-1].Frame(patch); err != nil {
			return err
		}
		for i, c := range cr.conns {
			if err := c.Sync(); err != nil {
				return fmt.Errorf("client %d: %w", i, err)
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
