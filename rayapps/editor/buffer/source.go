package buffer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
)

// block is how many bytes of a file are counted together.
const block = 64 << 10

// source is the bytes that a text began with: memory, or a file.
type source struct {
	data []byte // nil for a file
	file io.ReaderAt
	size int64
	sums []int64 // line feeds before each block, and at the end all

	mu     sync.Mutex
	blocks map[int64][]byte // read not long ago
	err    error            // the first of reading
}

// fill reads bytes of the source into p. What can't be read is NULs, and an
// error that is kept.
func (s *source) fill(p []byte, off int64) {
	if s.data != nil {
		copy(p, s.data[off:])
		return
	}
	n, err := s.file.ReadAt(p, off)
	if n == len(p) {
		return
	}
	clear(p[n:])
	if err == io.EOF {
		err = fmt.Errorf("the file is shorter than it was: %w", io.ErrUnexpectedEOF)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

func (s *source) failed() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// kept is how many blocks are kept.
const kept = 64

// at returns the block with number i.
func (s *source) at(i int64) []byte {
	from, to := i*block, min((i+1)*block, s.size)
	if s.data != nil {
		return s.data[from:to]
	}
	s.mu.Lock()
	b := s.blocks[i]
	s.mu.Unlock()
	if b != nil {
		return b
	}
	b = make([]byte, to-from)
	s.fill(b, from)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.blocks == nil {
		s.blocks = map[int64][]byte{}
	}
	for k := range s.blocks {
		if len(s.blocks) < kept {
			break
		}
		delete(s.blocks, k)
	}
	s.blocks[i] = b
	return b
}

// before returns how many line feeds there are before an offset.
func (s *source) before(off int64) int64 {
	i := off / block
	n := s.sums[i]
	if rest := off % block; rest > 0 {
		n += int64(bytes.Count(s.at(i)[:rest], lf))
	}
	return n
}

var lf = []byte{'\n'}

// count returns how many line feeds there are between two offsets.
func (s *source) count(from, to int64) int64 {
	if to-from > block {
		return s.before(to) - s.before(from)
	}
	if s.data != nil {
		return int64(bytes.Count(s.data[from:to], lf))
	}
	var n int64
	for from < to {
		b := s.at(from / block)[from%block:]
		b = b[:min(int64(len(b)), to-from)]
		n += int64(bytes.Count(b, lf))
		from += int64(len(b))
	}
	return n
}

// after returns the offset behind the n-th line feed from an offset on, n from
// 1. There are that many.
func (s *source) after(from, n int64) int64 {
	n += s.before(from)
	// The last block before which there are fewer.
	lo, hi := int64(0), int64(len(s.sums)-1)
	for lo+1 < hi {
		if mid := (lo + hi) / 2; s.sums[mid] < n {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo*block + int64(nth(s.at(lo), n-s.sums[lo]))
}

// nth returns the offset behind the n-th line feed of b, or the end.
func nth(b []byte, n int64) int {
	at := 0
	for ; n > 0; n-- {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return len(b)
		}
		at += i + 1
	}
	return at
}

// index counts the lines of a source. Progress is told how many bytes were
// looked at; crlf is how many lines end with a carriage return.
func (s *source) index(ctx context.Context, progress func(done, total int64)) (crlf int64, err error) {
	const step = 16 * block
	blocks := (s.size + block - 1) / block
	s.sums = make([]int64, 1, blocks+1)
	var buf []byte
	if s.data == nil {
		buf = make([]byte, step)
	}
	var last byte
	for off := int64(0); off < s.size; off += step {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n := min(step, s.size-off)
		b := buf
		if s.data != nil {
			b = s.data[off:]
		} else if k, err := s.file.ReadAt(buf[:n], off); int64(k) < n {
			return 0, fmt.Errorf("read at %d: %w", off, err)
		}
		b = b[:n]
		if last == '\r' && b[0] == '\n' {
			crlf++
		}
		crlf += int64(bytes.Count(b, []byte("\r\n")))
		last = b[n-1]
		for len(b) > 0 {
			k := min(block, len(b))
			s.sums = append(s.sums, s.sums[len(s.sums)-1]+int64(bytes.Count(b[:k], lf)))
			b = b[k:]
		}
		if progress != nil {
			progress(off+n, s.size)
		}
	}
	return crlf, nil
}
