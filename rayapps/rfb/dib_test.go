package rfb

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// someDIB is the header of a bitmap and so many bytes behind it.
func someDIB(bits uint16, kind, used uint32, more int) []byte {
	le := binary.LittleEndian
	p := le.AppendUint32(nil, 40)
	p = le.AppendUint32(p, 2)
	p = le.AppendUint32(p, 2)
	p = le.AppendUint16(p, 1)
	p = le.AppendUint16(p, bits)
	p = le.AppendUint32(p, kind)
	p = append(p, make([]byte, 12)...)
	p = le.AppendUint32(p, used)
	p = le.AppendUint32(p, 0)
	return append(p, bytes.Repeat([]byte{7}, more)...)
}

// A bitmap becomes a file that says where its pixels are, and comes out of it again.
func TestBMP(t *testing.T) {
	for name, v := range map[string]struct {
		dib []byte
		at  uint32 // of the pixels; 0 for an error
	}{
		"plain":         {someDIB(32, 0, 0, 16), 54},
		"palette":       {someDIB(8, 0, 0, 1024+8), 54 + 1024},
		"short palette": {someDIB(8, 0, 3, 12+8), 54 + 12},
		"masks":         {someDIB(32, biBitfields, 0, 12+16), 54 + 12},
		"four masks":    {someDIB(32, biAlphaBitfields, 0, 16+16), 54 + 16},
		"cut off":       {someDIB(8, 0, 0, 1000), 0},
		"huge palette":  {someDIB(8, 0, 1<<31, 1000), 0},
		"nothing":       {nil, 0},
		"no header":     {make([]byte, 40), 0},
	} {
		file, err := BMP(v.dib)
		if (err == nil) != (v.at != 0) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err != nil {
			continue
		}
		if got := binary.LittleEndian.Uint32(file[10:]); got != v.at || int(binary.LittleEndian.Uint32(file[2:])) != len(file) {
			t.Errorf("%s: pixels at %d of %d; want %d", name, got, len(file), v.at)
		}
		back, err := DIB(file)
		if err != nil || !bytes.Equal(back, v.dib) {
			t.Errorf("%s: DIB(BMP) = % x, %v", name, back, err)
		}
		file[10]++
		if _, err := DIB(file); err == nil {
			t.Errorf("%s: a gap before the pixels is taken", name)
		}
	}
}

func FuzzBMP(f *testing.F) {
	f.Add(someDIB(8, biBitfields, 3, 100))
	f.Fuzz(func(t *testing.T, dib []byte) {
		file, err := BMP(dib)
		if err != nil {
			return
		}
		if back, err := DIB(file); err != nil || !bytes.Equal(back, dib) {
			t.Errorf("DIB(BMP) = %v", err)
		}
	})
}
