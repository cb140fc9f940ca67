package rayapps

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"rayos/internal/atomicfile"
)

// store keeps an app's state in a file, written by a goroutine of its own.
type store struct {
	path  string
	write chan []byte // nil while nothing was saved
	done  chan struct{}
}

// saveAfter is how long after a change the state is saved.
const saveAfter = time.Second

// statePath is the file with an app's state:
// $XDG_STATE_HOME/rayapps/<id>/state.
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
	w.store.path = path
	f, err := os.Open(path)
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
				if err := writeState(s.path, data); err != nil {
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

func writeState(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, data)
}

// close returns when everything has been written.
func (s *store) close() {
	if s.write != nil {
		close(s.write)
		<-s.done
	}
}

// stop ends the app's life on the screen.
func (w *Window) stop() {
	w.suspend(true)
	w.save()
	w.store.close()
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
