package pulse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Version is that of the protocol.
const Version = 15

// Commands.
const (
	Error                = 0
	Reply                = 2
	CreatePlaybackStream = 3
	DeletePlaybackStream = 4
	Auth                 = 8
	SetClientName        = 9
	GetSinkInfo          = 21
	Subscribe            = 35
	GetSourceInfo        = 23
	SetSinkVolume        = 36
	SetSinkMute          = 39
	SetSourceMute        = 40
	Request              = 61 // of the server: a stream has room
	StreamKilled         = 64 // a stream for playback
	SubscribeEvent       = 66
)

// Limits of packets.
const (
	maxPacket   = 1 << 20
	maxString   = 4096
	maxChannels = 32 // PA_CHANNELS_MAX
	header      = 20 // bytes before each packet
	control     = 0xffffffff
)

const (
	// Invalid is an index that is none.
	Invalid = 0xffffffff
	// Norm is the volume that an output was made for.
	Norm = 0x10000
)

// ErrPacket says that a packet is not what the protocol has.
var ErrPacket = errors.New("the sound server sends what is not the protocol")

// Writer makes a packet: values, each behind a byte that tells its type. The zero
// value makes values without a packet around them.
type Writer struct{ B []byte }

// NewWriter begins a packet.
func NewWriter(command, tag uint32) *Writer {
	w := &Writer{make([]byte, header, 256)}
	w.U32(command)
	w.U32(tag)
	return w
}

// U32 writes a number.
func (w *Writer) U32(v uint32) { w.B = binary.BigEndian.AppendUint32(append(w.B, 'L'), v) }

// Str writes a text, which has no NUL.
func (w *Writer) Str(s string) { w.B = append(append(append(w.B, 't'), s...), 0) }

// None writes a text that isn't there.
func (w *Writer) None() { w.B = append(w.B, 'N') }

// Bytes writes an array of bytes.
func (w *Writer) Bytes(p []byte) {
	w.B = append(binary.BigEndian.AppendUint32(append(w.B, 'x'), uint32(len(p))), p...)
}

// Bool writes a truth.
func (w *Writer) Bool(v bool) {
	if v {
		w.B = append(w.B, '1')
	} else {
		w.B = append(w.B, '0')
	}
}

// Volumes writes the volume of each channel.
func (w *Writer) Volumes(v []uint32) {
	w.B = append(w.B, 'v', byte(len(v)))
	for _, c := range v {
		w.B = binary.BigEndian.AppendUint32(w.B, c)
	}
}

// S16LE is the format of samples of 16 bits, signed, little-endian.
const S16LE = 3

// Spec writes how samples look: format, channels and rate in Hz.
func (w *Writer) Spec(format, channels byte, rate uint32) {
	w.B = binary.BigEndian.AppendUint32(append(w.B, 'a', format, channels), rate)
}

// Positions of channels.
const (
	FrontLeft  = 1
	FrontRight = 2
)

// Map writes where each channel is heard.
func (w *Writer) Map(positions ...byte) {
	w.B = append(append(w.B, 'm', byte(len(positions))), positions...)
}

// Properties writes texts by name.
func (w *Writer) Properties(pairs ...string) {
	w.B = append(w.B, 'P')
	for i := 0; i+1 < len(pairs); i += 2 {
		w.Str(pairs[i])
		value := append([]byte(pairs[i+1]), 0)
		w.U32(uint32(len(value)))
		w.Bytes(value)
	}
	w.B = append(w.B, 'N')
}

// Packet returns the whole packet.
func (w *Writer) Packet() []byte {
	head(w.B, control)
	return w.B
}

// head writes what is before a packet for a channel.
func head(b []byte, channel uint32) {
	clear(b[:header])
	binary.BigEndian.PutUint32(b, uint32(len(b)-header))
	binary.BigEndian.PutUint32(b[4:], channel)
}

// ReadPacket reads the next packet, into buf if there is room in it. Those of
// streams, which nobody has asked for, are skipped.
func ReadPacket(r io.Reader, buf []byte) ([]byte, error) {
	for {
		if cap(buf) < header {
			buf = make([]byte, header, 256)
		}
		buf = buf[:header]
		if _, err := io.ReadFull(r, buf); err != nil {
			return nil, err
		}
		n, channel := binary.BigEndian.Uint32(buf), binary.BigEndian.Uint32(buf[4:])
		if n > maxPacket {
			return nil, fmt.Errorf("%w: a packet of %d bytes", ErrPacket, n)
		}
		if channel != control {
			if _, err := io.CopyN(io.Discard, r, int64(n)); err != nil {
				return nil, err
			}
			continue
		}
		if cap(buf) < int(n) {
			buf = make([]byte, n)
		}
		_, err := io.ReadFull(r, buf[:n])
		return buf[:n], err
	}
}

// Reader takes values from a packet. After the first that isn't there, or is of
// another type, all are zero and Bad is set.
type Reader struct {
	B   []byte
	Bad bool
}

// take returns n bytes behind the byte of a type.
func (r *Reader) take(kind byte, n int) []byte {
	if r.Bad || len(r.B) < 1+n || r.B[0] != kind {
		r.Bad = true
		return make([]byte, n)
	}
	p := r.B[1 : 1+n]
	r.B = r.B[1+n:]
	return p
}

// U32 takes a number.
func (r *Reader) U32() uint32 {
	if r.Bad || len(r.B) < 5 || r.B[0] != 'L' {
		r.Bad = true
		return 0
	}
	v := binary.BigEndian.Uint32(r.B[1:])
	r.B = r.B[5:]
	return v
}

// Str takes a text, "" if it isn't there.
func (r *Reader) Str() string {
	if len(r.B) > 0 && r.B[0] == 'N' {
		r.B = r.B[1:]
		return ""
	}
	for i := 1; i < len(r.B) && i <= maxString; i++ {
		if r.B[i] == 0 {
			return string(r.take('t', i)[:i-1])
		}
	}
	r.Bad = true
	return ""
}

// Bool takes a truth.
func (r *Reader) Bool() bool {
	if !r.Bad && len(r.B) > 0 && (r.B[0] == '0' || r.B[0] == '1') {
		v := r.B[0] == '1'
		r.B = r.B[1:]
		return v
	}
	r.Bad = true
	return false
}

// Spec takes how samples look.
func (r *Reader) Spec() (format, channels byte, rate uint32) {
	p := r.take('a', 6)
	return p[0], p[1], binary.BigEndian.Uint32(p[2:])
}

// counted takes a count of at most maxChannels and as many values of a size.
func (r *Reader) counted(kind byte, size int) []byte {
	if r.Bad || len(r.B) < 2 || r.B[1] < 1 || r.B[1] > maxChannels {
		r.Bad = true
		return nil
	}
	return r.take(kind, 1+int(r.B[1])*size)[1:]
}

// Map takes where each channel is heard.
func (r *Reader) Map() []byte { return r.counted('m', 1) }

// Volumes takes the volume of each channel.
func (r *Reader) Volumes() []uint32 {
	p := r.counted('v', 4)
	v := make([]uint32, len(p)/4)
	for i := range v {
		v[i] = binary.BigEndian.Uint32(p[4*i:])
	}
	return v
}
