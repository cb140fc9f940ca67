package rfb

import (
	"bytes"
	"errors"
	"fmt"
)

// Markers of a JPEG stream (ITU T.81, table B.1), after 0xff.
const (
	jpegSOI = 0xd8
	jpegEOI = 0xd9
	jpegSOS = 0xda
	jpegDQT = 0xdb
	jpegDHT = 0xc4
)

// jpegMost is how long a picture of so many pixels may be: three components with two
// bytes for each sample are more than any coder writes, and tables and comments come
// beside them.
func jpegMost(pixels int) int { return 6*pixels + 128<<10 }

// jpegTables reads pictures of the JPEG encoding, which have no length before them and
// leave out tables that were sent with one before (rfbproto, JPEG Encoding). It belongs
// to the goroutine that reads.
type jpegTables struct {
	quant [4][]byte // segments of one table each, by their number
	huff  [8][]byte // by class and number
}

// read appends a picture that has all its tables to p: those kept, and then what the
// server sends, of which most bytes are taken.
func (t *jpegTables) read(d *reader, p []byte, most int) ([]byte, error) {
	q, err := d.take(2)
	if err != nil {
		return p, err
	}
	if q[0] != 0xff || q[1] != jpegSOI {
		return p, fmt.Errorf("it begins with % x", q)
	}
	p = append(p, 0xff, jpegSOI)
	for _, list := range [][][]byte{t.quant[:], t.huff[:]} {
		for _, segment := range list {
			p = append(p, segment...)
		}
	}
	for end := len(p) + most; ; {
		marker, err := jpegMarker(d)
		if err != nil {
			return p, err
		}
		p = append(p, 0xff, marker)
		if marker == jpegEOI {
			return p, nil
		}
		if q, err = d.take(2); err != nil {
			return p, err
		}
		n := int(q[0])<<8 | int(q[1])
		if n < 2 {
			return p, fmt.Errorf("a segment of %d bytes", n)
		}
		if len(p)+n > end {
			return p, errJPEGLong
		}
		p = append(p, q...)
		at := len(p)
		if p, err = d.append(p, n-2); err != nil {
			return p, err
		}
		switch marker {
		case jpegDQT, jpegDHT:
			err = t.keep(marker, p[at:])
		case jpegSOS:
			p, err = jpegScan(d, p, end)
		}
		if err != nil {
			return p, err
		}
	}
}

var errJPEGLong = errors.New("jpeg: longer than its pixels can be")

// jpegMarker reads the next marker; any number of 0xff may stand before it.
func jpegMarker(d *reader) (byte, error) {
	b, err := d.u8()
	if err == nil && b != 0xff {
		err = fmt.Errorf("jpeg: %#02x where a marker should be", b)
	}
	for i := 0; err == nil && b == 0xff; i++ {
		if i > 64 {
			return 0, errors.New("jpeg: no end of filling")
		}
		b, err = d.u8()
	}
	if err == nil && (b == 0 || b == 1 || b >= 0xd0 && b <= jpegSOI) {
		err = fmt.Errorf("jpeg: marker %#02x between segments", b)
	}
	return b, err
}

// jpegScan appends the coded data of a scan, up to the next marker.
func jpegScan(d *reader, p []byte, end int) ([]byte, error) {
	for {
		if d.r == d.w {
			if err := d.fill(1); err != nil {
				return p, err
			}
		}
		seen := d.buf[d.r:d.w]
		n := bytes.IndexByte(seen, 0xff)
		if n < 0 {
			n = len(seen)
		}
		if len(p)+n > end {
			return p, errJPEGLong
		}
		p = append(p, seen[:n]...)
		d.r += n
		d.pos += int64(n)
		if n == len(seen) {
			continue
		}
		if d.w-d.r < 2 {
			if err := d.fill(2); err != nil {
				return p, err
			}
		}
		// A zero says that 0xff is data; restart markers are of the scan.
		if b := d.buf[d.r+1]; b != 0 && (b < 0xd0 || b > 0xd7) {
			return p, nil
		}
		p = append(p, d.buf[d.r:d.r+2]...)
		d.r += 2
		d.pos += 2
	}
}

// keep remembers the tables of a segment for the pictures that follow.
func (t *jpegTables) keep(marker byte, p []byte) error {
	for len(p) > 0 {
		n, slot := 0, (*[]byte)(nil)
		switch number := p[0] & 15; {
		case number > 3 || p[0]>>4 > 1:
			return fmt.Errorf("jpeg: table %#02x", p[0])
		case marker == jpegDQT:
			n, slot = 1+64<<(p[0]>>4), &t.quant[number]
		case len(p) < 17:
			return errJPEGTable
		default:
			slot = &t.huff[p[0]>>4<<2|number]
			n = 17
			for _, v := range p[1:17] {
				n += int(v)
			}
		}
		if n > len(p) {
			return errJPEGTable
		}
		*slot = append(append((*slot)[:0], 0xff, marker, byte((n+2)>>8), byte(n+2)), p[:n]...)
		p = p[n:]
	}
	return nil
}

var errJPEGTable = errors.New("jpeg: a table is cut off")
