package file

import (
	"errors"
	"fmt"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// mapping is a file in memory, read-only.
type mapping struct {
	bytes []byte
}

func mapFile(path string) (*mapping, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	m, err := mapOpen(f)
	return m, errors.Join(err, f.Close())
}

func mapOpen(f *os.File) (*mapping, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w: it is no plain file", f.Name(), ErrForeign)
	}
	if st.Size() == 0 || st.Size() > math.MaxInt {
		return &mapping{}, nil
	}
	b, err := unix.Mmap(int(f.Fd()), 0, int(st.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", f.Name(), err)
	}
	return &mapping{b}, nil
}

func (m *mapping) close() error {
	if m.bytes == nil {
		return nil
	}
	return unix.Munmap(m.bytes)
}
