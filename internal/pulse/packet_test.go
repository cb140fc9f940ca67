package pulse

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestReadPacket(t *testing.T) {
	w := NewWriter(Reply, 5)
	w.Properties("application.name", "RayOS")
	stream := make([]byte, header+3)
	binary.BigEndian.PutUint32(stream, 3) // of channel 0: sound
	in := append(stream, w.Packet()...)
	for _, buf := range [][]byte{nil, make([]byte, 0, 4096)} {
		p, err := ReadPacket(bytes.NewReader(in), buf)
		if err != nil || !bytes.Equal(p, w.Packet()[header:]) {
			t.Errorf("%q, %v", p, err)
		}
	}
	huge := make([]byte, header)
	binary.BigEndian.PutUint32(huge, maxPacket+1)
	if _, err := ReadPacket(bytes.NewReader(huge), nil); !errors.Is(err, ErrPacket) {
		t.Errorf("a huge packet: %v", err)
	}
	if _, err := ReadPacket(bytes.NewReader(w.Packet()[:header+2]), nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("half a packet: %v", err)
	}
}

// values are one of each.
func values() []byte {
	var w Writer
	w.U32(7)
	w.Str("a text")
	w.None()
	w.Bool(true)
	w.Spec(S16LE, 2, 48000)
	w.Map(FrontLeft, FrontRight)
	w.Volumes([]uint32{Norm, 0})
	return w.B
}

func TestValues(t *testing.T) {
	r := Reader{B: values()}
	n, s, none, yes := r.U32(), r.Str(), r.Str(), r.Bool()
	format, channels, rate := r.Spec()
	m, v := r.Map(), r.Volumes()
	if r.Bad || len(r.B) > 0 || n != 7 || s != "a text" || none != "" || !yes || format != S16LE || channels != 2 || rate != 48000 ||
		!bytes.Equal(m, []byte{FrontLeft, FrontRight}) || !slices.Equal(v, []uint32{Norm, 0}) {
		t.Errorf("%d %q %q %v %d %d %d %v %v, bad %v, left %q", n, s, none, yes, format, channels, rate, m, v, r.Bad, r.B)
	}
	long := Reader{B: []byte("t" + strings.Repeat("x", maxString+1) + "\x00")}
	if long.Str(); !long.Bad {
		t.Error("a text without end is one")
	}
}

// FuzzReader takes values of all types from anything, in the order that the input
// says.
func FuzzReader(f *testing.F) {
	f.Add(values(), []byte{0, 1, 1, 2, 3, 4, 5})
	f.Add([]byte{'v', 255}, []byte{5})
	f.Fuzz(func(t *testing.T, b, order []byte) {
		r := Reader{B: b}
		for _, kind := range order {
			left, bad := len(r.B), r.Bad
			switch kind % 6 {
			case 0:
				r.U32()
			case 1:
				if s := r.Str(); len(s) > maxString {
					t.Errorf("a text of %d bytes", len(s))
				}
			case 2:
				r.Bool()
			case 3:
				r.Spec()
			case 4:
				r.Map()
			case 5:
				if n := len(r.Volumes()); n > maxChannels {
					t.Errorf("%d channels", n)
				}
			}
			if len(r.B) > left || bad && !r.Bad {
				t.Fatalf("%d bytes are %d; bad %v", left, len(r.B), r.Bad)
			}
		}
	})
}
