package sound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Commands of the protocol that are used.
const (
	cmdError         = 0
	cmdReply         = 2
	cmdAuth          = 8
	cmdSetClientName = 9
	cmdGetSinkInfo   = 21
	cmdSubscribe     = 35
	cmdSetSinkVolume = 36
	cmdSetSinkMute   = 39
	cmdEvent         = 66
)

// Limits of packets.
const (
	maxPacket   = 1 << 20
	maxString   = 4096
	maxChannels = 32 // PA_CHANNELS_MAX
	header      = 20 // bytes before each packet
	control     = 0xffffffff
	invalid     = 0xffffffff // an index that is none
)

// errPacket says that a packet is not what the protocol has.
var errPacket = errors.New("the sound server sends what is not the protocol")

// writer makes a packet: values, each behind a byte that tells its type.
type writer struct{ b []byte }

func newWriter(command, tag uint32) *writer {
	w := &writer{b: make([]byte, header, 128)}
	w.u32(command)
	w.u32(tag)
	return w
}

func (w *writer) u32(v uint32) { w.b = binary.BigEndian.AppendUint32(append(w.b, 'L'), v) }

func (w *writer) str(s string) { w.b = append(append(append(w.b, 't'), s...), 0) }

func (w *writer) bytes(p []byte) {
	w.b = append(binary.BigEndian.AppendUint32(append(w.b, 'x'), uint32(len(p))), p...)
}

func (w *writer) bool(v bool) {
	if v {
		w.b = append(w.b, '1')
	} else {
		w.b = append(w.b, '0')
	}
}

func (w *writer) volumes(v []uint32) {
	w.b = append(w.b, 'v', byte(len(v)))
	for _, c := range v {
		w.b = binary.BigEndian.AppendUint32(w.b, c)
	}
}

// properties writes texts by name.
func (w *writer) properties(pairs ...string) {
	w.b = append(w.b, 'P')
	for i := 0; i+1 < len(pairs); i += 2 {
		w.str(pairs[i])
		value := append([]byte(pairs[i+1]), 0)
		w.u32(uint32(len(value)))
		w.bytes(value)
	}
	w.b = append(w.b, 'N')
}

// packet returns the whole packet.
func (w *writer) packet() []byte {
	clear(w.b[:header])
	binary.BigEndian.PutUint32(w.b, uint32(len(w.b)-header))
	binary.BigEndian.PutUint32(w.b[4:], control)
	return w.b
}

// readPacket reads the next packet. Those of streams, which nobody has asked for,
// are skipped.
func readPacket(r io.Reader) ([]byte, error) {
	for {
		var head [header]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil, err
		}
		n := binary.BigEndian.Uint32(head[:])
		if n > maxPacket {
			return nil, fmt.Errorf("%w: a packet of %d bytes", errPacket, n)
		}
		if binary.BigEndian.Uint32(head[4:]) != control {
			if _, err := io.CopyN(io.Discard, r, int64(n)); err != nil {
				return nil, err
			}
			continue
		}
		p := make([]byte, n)
		_, err := io.ReadFull(r, p)
		return p, err
	}
}

// reader takes values from a packet. After the first that isn't there, or is of
// another type, all are zero and bad is set.
type reader struct {
	b   []byte
	bad bool
}

// take returns n bytes behind the byte of a type.
func (r *reader) take(kind byte, n int) []byte {
	if r.bad || len(r.b) < 1+n || r.b[0] != kind {
		r.bad = true
		return make([]byte, n)
	}
	p := r.b[1 : 1+n]
	r.b = r.b[1+n:]
	return p
}

func (r *reader) u32() uint32 { return binary.BigEndian.Uint32(r.take('L', 4)) }

func (r *reader) str() string {
	if len(r.b) > 0 && r.b[0] == 'N' { // none
		r.b = r.b[1:]
		return ""
	}
	for i := 1; i < len(r.b) && i <= maxString; i++ {
		if r.b[i] == 0 {
			return string(r.take('t', i)[:i-1])
		}
	}
	r.bad = true
	return ""
}

func (r *reader) bool() bool {
	if !r.bad && len(r.b) > 0 && (r.b[0] == '0' || r.b[0] == '1') {
		v := r.b[0] == '1'
		r.b = r.b[1:]
		return v
	}
	r.bad = true
	return false
}

// counted takes a count of at most maxChannels and as many values of a size.
func (r *reader) counted(kind byte, size int) []byte {
	if r.bad || len(r.b) < 2 || r.b[1] < 1 || r.b[1] > maxChannels {
		r.bad = true
		return nil
	}
	return r.take(kind, 1+int(r.b[1])*size)[1:]
}

func (r *reader) volumes() []uint32 {
	p := r.counted('v', 4)
	v := make([]uint32, len(p)/4)
	for i := range v {
		v[i] = binary.BigEndian.Uint32(p[4*i:])
	}
	return v
}

// sink is what is known of the default output.
type sink struct {
	volumes []uint32
	muted   bool
}

// parseSink reads the answer to cmdGetSinkInfo, as far as it matters.
func parseSink(p []byte) (sink, error) {
	r := reader{b: p}
	r.u32()           // index
	r.str()           // name
	r.str()           // description
	r.take('a', 6)    // format, channels, rate
	r.counted('m', 1) // map of the channels
	r.u32()           // module
	s := sink{volumes: r.volumes(), muted: r.bool()}
	if r.bad {
		return sink{}, fmt.Errorf("%w: the answer about the default output", errPacket)
	}
	return s, nil
}
