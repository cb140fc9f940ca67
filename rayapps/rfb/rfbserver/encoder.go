package rfbserver

import (
	"bytes"
	"encoding/binary"

	"github.com/klauspost/compress/zlib"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// encoder makes rectangles for one viewer. It keeps the zlib streams, which go on
// from one rectangle to the next.
type encoder struct {
	format  *format
	kind    rfb.Encoding
	quality int // of JPEG, 0 to 9; -1 for none
	// unfenced is how many bytes of pictures have gone since the last fence.
	unfenced int
	lacks    geom.Region // scratch
	zlib     [tightStreams]stream

	tile       tile
	raw, small []byte
	rgba       []byte
	jpegs      bytes.Buffer
}

// level is that of zlib: more gains little and costs the session's time.
const level = 1

// stream is a zlib stream. The zero value has not begun.
type stream struct {
	z   *zlib.Writer
	out bytes.Buffer
}

// append appends data to b, deflated and flushed.
func (s *stream) append(b, data []byte) ([]byte, error) {
	if s.z == nil {
		var err error
		if s.z, err = zlib.NewWriterLevel(&s.out, level); err != nil {
			return b, err
		}
	}
	s.out.Reset()
	if _, err := s.z.Write(data); err != nil {
		return b, err
	}
	if err := s.z.Flush(); err != nil {
		return b, err
	}
	return append(b, s.out.Bytes()...), nil
}

// head appends what each rectangle begins with.
func head(b []byte, r geom.Rect, enc rfb.Encoding) []byte {
	be := binary.BigEndian
	b = be.AppendUint16(b, uint16(r.X0))
	b = be.AppendUint16(b, uint16(r.Y0))
	b = be.AppendUint16(b, uint16(r.W()))
	b = be.AppendUint16(b, uint16(r.H()))
	return be.AppendUint32(b, uint32(enc))
}

// rect appends a part of a picture. It returns how many rectangles that took.
func (e *encoder) rect(b []byte, s *picture, r geom.Rect) ([]byte, int, error) {
	switch e.kind {
	case rfb.Tight:
		return e.tight(b, s, r)
	case rfb.ZRLE:
		b, err := e.zrle(b, s, r)
		return b, 1, err
	case rfb.Hextile:
		return e.hextile(b, s, r), 1, nil
	}
	b = head(b, r, rfb.Raw)
	for y := r.Y0; y < r.Y1; y++ {
		row := s.row(r.X0, y, int(r.W()))
		if e.format.plain {
			b = append(b, row...)
			continue
		}
		for i := 0; i < len(row); i += 4 {
			b = e.format.pixel(b, e.format.of(binary.LittleEndian.Uint32(row[i:])))
		}
	}
	return b, 1, nil
}
