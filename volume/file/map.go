package file

import (
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mapping is a file in memory, read-only.
//
// Memory that is a file's goes when the file is made shorter, and whoever then
// reads it ends by SIGBUS; when it is written to in place, what was checked
// changes. So the file has a lease while it is mapped (fcntl(2)): the kernel
// holds up who wants to open it for writing, or to cut it, until its bytes lie
// in memory of our own, at the same address. Files that can't have a lease, as
// somebody has one open for writing, it belongs to another user or its file
// system knows none, are read into memory at once.
type mapping struct {
	bytes []byte

	mu     sync.Mutex
	leased *os.File // nil when bytes are our own
}

func mapFile(path string) (*mapping, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	leased := lease(f) == nil
	m, err := mapOpen(f, leased)
	if err != nil || !leased {
		err = errors.Join(err, f.Close())
	}
	return m, err
}

// mapOpen maps f, which stays open if it has a lease.
func mapOpen(f *os.File, leased bool) (*mapping, error) {
	// The size counts from here on.
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w: it is no plain file", f.Name(), ErrForeign)
	}
	if st.Size() > math.MaxInt {
		return nil, fmt.Errorf("%s: %w: it has %d bytes", f.Name(), ErrForeign, st.Size())
	}
	if st.Size() == 0 && leased {
		return &mapping{leased: f}, nil
	}
	if st.Size() == 0 {
		return &mapping{}, nil
	}
	if !leased {
		b, err := readAnon(f, int(st.Size()))
		return &mapping{bytes: b}, err
	}
	p, err := unix.MmapPtr(int(f.Fd()), 0, nil, uintptr(st.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", f.Name(), err)
	}
	m := &mapping{bytes: unsafe.Slice((*byte)(p), int(st.Size())), leased: f}
	leases.add(m)
	return m, nil
}

// readAnon reads the first size bytes of a file into memory of its own.
func readAnon(f *os.File, size int) ([]byte, error) {
	p, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, fmt.Errorf("memory for %s: %w", f.Name(), err)
	}
	b := unsafe.Slice((*byte)(p), size)
	_, err = f.ReadAt(b, 0)
	if err == nil {
		err = unix.Mprotect(b, unix.PROT_READ)
	}
	if err != nil {
		return nil, errors.Join(err, unix.MunmapPtr(p, uintptr(size)))
	}
	return b, nil
}

// own makes bytes our own, where they are, and ends the lease.
func (m *mapping) own() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leased == nil {
		return nil
	}
	b, err := readAnon(m.leased, len(m.bytes))
	if err != nil {
		return err
	}
	size := uintptr(len(b))
	if _, err := unix.MremapPtr(unsafe.Pointer(&b[0]), size, unsafe.Pointer(&m.bytes[0]), size, unix.MREMAP_MAYMOVE|unix.MREMAP_FIXED); err != nil {
		return errors.Join(err, unix.MunmapPtr(unsafe.Pointer(&b[0]), size))
	}
	f := m.leased
	m.leased = nil
	return f.Close() // and with it the lease
}

func (m *mapping) close() error {
	leases.remove(m)
	m.mu.Lock()
	defer m.mu.Unlock()
	var err error
	if m.bytes != nil {
		err = unix.MunmapPtr(unsafe.Pointer(&m.bytes[0]), uintptr(len(m.bytes)))
		m.bytes = nil
	}
	if m.leased != nil {
		err = errors.Join(err, m.leased.Close())
		m.leased = nil
	}
	return err
}
