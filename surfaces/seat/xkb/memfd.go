package xkb

import (
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// sealed is the shared file of a keymap.
type sealed struct {
	once    sync.Once
	fd      int
	err     error
	cleanup runtime.Cleanup
}

// Size is what wl_keyboard.keymap announces: the text and its final NUL.
func (k *Keymap) Size() uint32 { return uint32(len(k.text)) + 1 }

// FD returns a sealed memfd (shrink, grow, write, seal) with the text and a
// NUL, the same for every call. It stays the keymap's: send it, do not close
// it. Only clients of wl_seat version 7 and later map it right (MAP_PRIVATE);
// older ones need a CopyFD.
func (k *Keymap) FD() (int, error) {
	k.file.once.Do(func() {
		k.file.fd, k.file.err = k.newFile(unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE | unix.F_SEAL_SEAL)
		if k.file.err == nil {
			// Clients bring keymaps and nobody knows who still sends them.
			k.file.cleanup = runtime.AddCleanup(k, func(fd int) { _ = unix.Close(fd) }, k.file.fd)
		}
	})
	return k.file.fd, k.file.err
}

// CopyFD returns a new memfd that the caller owns. Its content can be mapped
// shared, as wl_seat up to version 6 lets clients do, so no two clients may
// get the same one.
func (k *Keymap) CopyFD() (int, error) {
	return k.newFile(unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_SEAL)
}

// Close frees the shared file now rather than when the keymap is collected.
// Only for a keymap that nobody sends any more.
func (k *Keymap) Close() error {
	err := error(nil)
	k.file.once.Do(func() { k.file.fd, k.file.err = -1, unix.EBADF })
	if k.file.err == nil {
		k.file.cleanup.Stop()
		err = unix.Close(k.file.fd)
		k.file.fd, k.file.err = -1, unix.EBADF
	}
	return err
}

func (k *Keymap) newFile(seals int) (int, error) {
	fd, err := unix.MemfdCreate("rayos-keymap", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return -1, fmt.Errorf("keymap file: %w", err)
	}
	data := append([]byte(k.text), 0)
	for off := 0; off < len(data); {
		n, err := unix.Pwrite(fd, data[off:], int64(off))
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			_ = unix.Close(fd)
			return -1, fmt.Errorf("write keymap file: %w", err)
		}
		off += n
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		_ = unix.Close(fd)
		return -1, fmt.Errorf("seal keymap file: %w", err)
	}
	return fd, nil
}
