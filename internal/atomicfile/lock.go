package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrBusy: another process has the lock.
var ErrBusy = errors.New("another process uses it")

// Lock takes the lock of that name, an empty file that it makes. The lock is
// free again when the file is closed, or the process has ended.
func Lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrBusy
		}
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return f, nil
}
