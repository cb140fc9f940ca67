package raster

import (
	"fmt"
	"math/bits"
	"slices"
)

const (
	// mapFrom is the size from which textures live in mappings of their
	// own: the pages go back to the system without waiting for a collection
	// and do not count for when the next one is due.
	mapFrom = 64 << 10
	// keepBytes is how much released memory is kept for the next textures:
	// fresh pages cost twenty times what the copy into them does, and a
	// window that is being resized needs new ones with each frame.
	keepBytes = 16 << 20
)

// store gives memory to textures.
type store struct {
	spare [][]byte // released mappings, the latest last
	kept  int      // bytes of spare
}

// class rounds n up to the next quarter of a power of two, so that sizes near
// to each other can follow each other in the same memory. Pages that are never
// touched cost nothing.
func class(n int) int {
	quarter := 1 << max(bits.Len(uint(n-1))-3, 12)
	return (n + quarter - 1) &^ (quarter - 1)
}

// alloc returns n bytes with any content.
func (s *store) alloc(n int) ([]byte, error) {
	if n < mapFrom {
		return make([]byte, n), nil
	}
	size := class(n)
	for i, b := range slices.Backward(s.spare) {
		if cap(b) == size {
			s.spare = slices.Delete(s.spare, i, i+1)
			s.kept -= size
			return b[:n], nil
		}
	}
	b, err := mapPages(size)
	if err != nil {
		return nil, fmt.Errorf("raster: map %d bytes: %w", size, err)
	}
	return b[:n], nil
}

// free takes back what alloc returned.
func (s *store) free(b []byte) {
	if len(b) < mapFrom {
		return
	}
	b = b[:cap(b)]
	s.spare = append(s.spare, b)
	s.kept += len(b)
	s.trim(keepBytes)
}

// trim unmaps the oldest spare memory until at most limit bytes are kept.
func (s *store) trim(limit int) {
	for s.kept > limit {
		b := s.spare[0]
		s.spare = slices.Delete(s.spare, 0, 1)
		s.kept -= len(b)
		if err := unmapPages(b); err != nil {
			panic(fmt.Sprintf("raster: unmap %d bytes: %v", len(b), err)) // not a mapping of ours
		}
	}
}
