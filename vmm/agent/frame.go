package agent

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// MaxPayload is the largest payload of a frame, in bytes.
const MaxPayload = 256 << 10

const (
	magic      = "RYA1"
	headerSize = 12
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendFrame appends a frame around payload.
func AppendFrame(b, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return b, fmt.Errorf("agent: a payload of %d bytes: at most %d", len(payload), MaxPayload)
	}
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(payload, castagnoli))
	return append(b, payload...), nil
}

// FrameReader reads frames from a stream that may have begun anywhere.
type FrameReader struct {
	in *bufio.Reader
	// Skipped counts bytes that belonged to no frame.
	Skipped uint64
}

// NewFrameReader reads from r.
func NewFrameReader(r io.Reader) *FrameReader {
	return &FrameReader{in: bufio.NewReaderSize(r, headerSize+MaxPayload)}
}

// Next returns the payload of the next whole frame, borrowed until the next
// call. Anything else is skipped. It fails when the stream does.
func (r *FrameReader) Next() ([]byte, error) {
	for {
		head, err := r.in.Peek(headerSize)
		if err != nil {
			return nil, err
		}
		if string(head[:4]) != magic {
			r.skip(1)
			continue
		}
		n := binary.LittleEndian.Uint32(head[4:])
		if n > MaxPayload {
			r.skip(len(magic))
			continue
		}
		sum := binary.LittleEndian.Uint32(head[8:])
		frame, err := r.in.Peek(headerSize + int(n))
		if errors.Is(err, io.EOF) {
			// Less than was promised: perhaps no frame began here.
			if r.skip(1); r.in.Buffered() < headerSize {
				return nil, io.ErrUnexpectedEOF
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		payload := frame[headerSize:]
		if crc32.Checksum(payload, castagnoli) != sum {
			r.skip(len(magic))
			continue
		}
		// What Peek returned stays valid until the next read from in.
		if _, err := r.in.Discard(len(frame)); err != nil {
			return nil, err
		}
		return payload, nil
	}
}

// skip drops n bytes that Peek has shown.
func (r *FrameReader) skip(n int) {
	d, _ := r.in.Discard(n) // they are buffered
	r.Skipped += uint64(d)
}
