package rfb

import (
	"encoding/binary"
	"errors"
	"io"
)

// window is how many bytes a reader can show at once: more than a ZRLE tile of
// plain pixels, a palette or a row of Hextile needs.
const window = 64 << 10

// reader shows the bytes of src in windows, without copying small things out.
// It never reads past what src gives, and counts what was taken.
type reader struct {
	src  io.Reader
	vec  *vector // of src, nil where it isn't a socket
	buf  []byte
	r, w int
	pos  int64 // bytes of src before buf[r]
}

func newReader(src io.Reader) *reader {
	return &reader{src: src, vec: newVector(src), buf: make([]byte, window)}
}

// drop forgets what is buffered.
func (d *reader) drop() {
	d.pos += int64(d.w - d.r)
	d.r, d.w = 0, 0
}

// take returns the next n ≤ window bytes, good until the next call.
func (d *reader) take(n int) ([]byte, error) {
	if d.w-d.r < n {
		if err := d.fill(n); err != nil {
			return nil, err
		}
	}
	p := d.buf[d.r : d.r+n]
	d.r += n
	d.pos += int64(n)
	return p, nil
}

// peek returns the next byte if it is buffered.
func (d *reader) peek() (byte, bool) {
	if d.r == d.w {
		return 0, false
	}
	return d.buf[d.r], true
}

func (d *reader) fill(n int) error {
	if n > len(d.buf) {
		return errors.New("more asked for than a window holds")
	}
	if d.r > 0 {
		d.w = copy(d.buf, d.buf[d.r:d.w])
		d.r = 0
	}
	for idle := 0; d.w < n; {
		k, err := d.src.Read(d.buf[d.w:])
		d.w += k
		if d.w >= n {
			break
		}
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		if k > 0 {
			idle = 0
		} else if idle++; idle > 100 {
			return io.ErrNoProgress
		}
	}
	return nil
}

// full fills p, past the buffer when p is large.
func (d *reader) full(p []byte) error {
	n := copy(p, d.buf[d.r:d.w])
	d.r += n
	d.pos += int64(n)
	if n == len(p) {
		return nil
	}
	if rest := p[n:]; len(rest) >= len(d.buf)/2 {
		k, err := io.ReadFull(d.src, rest)
		d.pos += int64(k)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	q, err := d.take(len(p) - n)
	copy(p[n:], q)
	return err
}

// rows fills n rows of the same length. Where there is much of them the kernel puts
// what has come into the rows, past the buffer.
func (d *reader) rows(n int, row func(i int) []byte) error {
	for i := 0; i < n; {
		size := len(row(i))
		if d.vec == nil || d.w > d.r || (n-i)*size < window/2 {
			if err := d.full(row(i)); err != nil {
				return err
			}
			i++
			continue
		}
		k := 0
		d.vec.reset()
		for ; i+k < n && d.vec.add(row(i+k)); k++ {
		}
		got, err := d.vec.read()
		d.pos += int64(got)
		i += got / size
		if rest := got % size; rest > 0 && err == nil {
			if err = d.full(row(i)[rest:]); err == nil {
				i++
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// append appends n bytes to p. It grows p as bytes arrive, so a length that a
// peer only claims costs nothing.
func (d *reader) append(p []byte, n int) ([]byte, error) {
	for n > 0 {
		at, k := len(p), min(n, max(cap(p)-len(p), window))
		if cap(p)-at < k {
			p = append(p, make([]byte, k)...)
		} else {
			p = p[:at+k]
		}
		if err := d.full(p[at:]); err != nil {
			return p[:at], err
		}
		n -= k
	}
	return p, nil
}

// skip passes over n bytes.
func (d *reader) skip(n int) error {
	for n > 0 {
		k := min(n, window)
		if _, err := d.take(k); err != nil {
			return err
		}
		n -= k
	}
	return nil
}

func (d *reader) u8() (byte, error) {
	if d.r < d.w {
		b := d.buf[d.r]
		d.r++
		d.pos++
		return b, nil
	}
	p, err := d.take(1)
	if err != nil {
		return 0, err
	}
	return p[0], nil
}

func (d *reader) u32() (uint32, error) {
	p, err := d.take(4)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(p), nil
}
