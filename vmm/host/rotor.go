package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// Limits of a log: what a guest writes without end takes no more than this.
const (
	logSize = 1 << 20
	logKeep = 4 // older files
)

// rotor is a log file of bounded size: path is the newest, path.1 the one
// before.
type rotor struct {
	path string
	size int64
	keep int

	mu   sync.Mutex
	f    *os.File
	used int64
}

func newRotor(path string) *rotor { return &rotor{path: path, size: logSize, keep: logKeep} }

// Write appends to the log.
func (r *rotor) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		if err := r.open(); err != nil {
			return 0, err
		}
	}
	if r.used > 0 && r.used+int64(len(b)) > r.size {
		if err := r.rotate(); err != nil {
			return 0, err
		}
	}
	n, err := r.f.Write(b)
	r.used += int64(n)
	return n, err
}

func (r *rotor) open() error {
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	st, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	r.f, r.used = f, st.Size()
	return nil
}

func (r *rotor) rotate() error {
	err := r.f.Close()
	r.f = nil
	if err != nil {
		return err
	}
	for i := r.keep; i > 0; i-- {
		from := r.path
		if i > 1 {
			from = fmt.Sprintf("%s.%d", r.path, i-1)
		}
		if err := os.Rename(from, fmt.Sprintf("%s.%d", r.path, i)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return r.open()
}

// Close ends the log.
func (r *rotor) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return nil
	}
	err := r.f.Close()
	r.f = nil
	return err
}
