package rayapps

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/atomicfile"
)

// store keeps an app's state in a file, written by a goroutine of its own.
//
// Windows of one app that are open together have a file each: state, state.2 and
// so on. Who begins takes the first that nobody has, so a window that was killed
// finds its own again. A window that the person has closed leaves nothing but
// the first file.
type store struct {
	path  string
	slot  int         // from 1
	lock  *os.File    // whose byte number slot is locked while the store is open
	write chan []byte // nil while nothing was saved
	done  chan struct{}
}

// saveAfter is how long after a change the state is saved.
const saveAfter = time.Second

// statePath is the file with an app's state:
// $XDG_STATE_HOME/rayapps/<id>/state, for the first window.
func statePath(id string) (string, error) {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no place for saved state: %w", err)
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "rayapps", id, "state"), nil
}

// restore returns what was saved, nil for nothing.
func (w *Window) restore() ([]byte, error) {
	if _, ok := as[Saver](w.app); !ok {
		return nil, nil
	}
	path, err := statePath(w.opts.ID)
	if err != nil {
		return nil, err
	}
	if err := w.store.claim(path); err != nil {
		return nil, err
	}
	f, err := os.Open(w.store.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxState+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxState {
		return nil, ErrState
	}
	w.saved = data
	return data, nil
}

// maxSlots is how many windows of an app have a state.
const maxSlots = 64

// claim takes the first file that no other process has.
func (s *store) claim(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	for slot := 1; slot <= maxSlots; slot++ {
		l := unix.Flock_t{Type: unix.F_WRLCK, Start: int64(slot), Len: 1}
		err = unix.FcntlFlock(lock.Fd(), unix.F_OFD_SETLK, &l)
		switch {
		case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES):
			continue
		case err != nil:
			return errors.Join(fmt.Errorf("%s: lock: %w", lock.Name(), err), lock.Close())
		}
		if slot > 1 {
			path = fmt.Sprintf("%s.%d", path, slot)
		}
		s.path, s.slot, s.lock = path, slot, lock
		return nil
	}
	return errors.Join(fmt.Errorf("%d windows of this app are open: the state of this one isn't kept", maxSlots), lock.Close())
}

// dirty is called when the app's state may have changed.
func (w *Window) dirty() {
	if w.store.path != "" && !w.saver.Armed() && !w.ended {
		w.saver.Arm(w.loop.Now() + saveAfter)
	}
}

// save writes the app's state if it has changed.
func (w *Window) save() {
	w.saver.Disarm()
	if w.store.path == "" {
		return
	}
	s, _ := as[Saver](w.app)
	data, err := s.Save()
	switch {
	case err == nil && len(data) > MaxState:
		err = ErrState
	case err == nil && w.saved != nil && bytes.Equal(data, w.saved):
		return
	}
	if err != nil {
		w.opts.Log.Warn("save", "err", err)
		return
	}
	w.saved = bytes.Clone(data)
	w.store.put(w.saved, func(err error) { w.opts.Log.Warn("save", "err", err) })
}

// put writes data in the background; of several that wait the newest counts.
func (s *store) put(data []byte, failed func(error)) {
	if s.write == nil {
		s.write, s.done = make(chan []byte, 1), make(chan struct{})
		go func() {
			defer close(s.done)
			for data := range s.write {
				if err := atomicfile.Write(s.path, data); err != nil {
					failed(err)
				}
			}
		}()
	}
	select {
	case <-s.write: // older, and not begun
	default:
	}
	s.write <- data
}

// close returns when everything has been written, and gives the file to whoever
// begins next. Where the window is gone for good it goes with it.
func (s *store) close(gone bool) (err error) {
	if s.write != nil {
		close(s.write)
		<-s.done
		s.write = nil
	}
	if s.lock == nil {
		return nil
	}
	if gone && s.slot > 1 {
		if err = os.Remove(s.path); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	err = errors.Join(err, s.lock.Close())
	s.lock = nil
	return err
}

// stop ends the app's life on the screen.
func (w *Window) stop() error {
	w.suspend(true)
	w.save()
	return w.store.close(w.closed)
}

// destroy takes the window away.
func (w *Window) destroy() error {
	w.ended = true
	if s := w.host.seat; s != nil {
		s.release()
		w.host.seat = nil
	}
	if w.toplevel != nil {
		w.dropPopups(0)
		w.toplevel.Destroy()
		w.xdg.Destroy()
		w.wl.Destroy()
		w.toplevel = nil
	}
	err := w.swap.free()
	return errors.Join(err, w.host.close())
}
