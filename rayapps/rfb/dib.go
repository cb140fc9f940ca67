package rfb

import (
	"encoding/binary"
	"errors"
)

// fileHeader is what stands before a bitmap in a file of type BMP, in bytes.
const fileHeader = 14

// Kinds of compression in a bitmap's header that make masks follow on it.
const (
	biBitfields      = 3
	biAlphaBitfields = 6
)

// BMP returns a bitmap as a file of type BMP, or an error if it is none. The header
// says where pixels begin, which the bitmap's own tells by what comes between: masks
// and a palette (BITMAPINFOHEADER and its successors).
func BMP(dib []byte) ([]byte, error) {
	le := binary.LittleEndian
	if len(dib) < 40 || len(dib) > 1<<30 {
		return nil, errors.New("rfb: not a bitmap")
	}
	size, bits, kind, used := le.Uint32(dib), le.Uint16(dib[14:]), le.Uint32(dib[16:]), le.Uint32(dib[32:])
	at := uint64(size)
	if size == 40 && kind == biBitfields {
		at += 12
	} else if size == 40 && kind == biAlphaBitfields {
		at += 16
	}
	if used == 0 && bits <= 8 {
		used = 1 << bits
	}
	at += 4 * uint64(used)
	if size < 40 || at > uint64(len(dib)) {
		return nil, errors.New("rfb: a bitmap without pixels")
	}
	file := append(make([]byte, 0, fileHeader+len(dib)), "BM"...)
	file = le.AppendUint32(file, uint32(fileHeader+len(dib)))
	file = append(file, 0, 0, 0, 0)
	file = le.AppendUint32(file, uint32(fileHeader+at))
	return append(file, dib...), nil
}

// DIB returns the bitmap in a file of type BMP, whose bytes it shares. Its pixels must
// follow on what describes them.
func DIB(file []byte) ([]byte, error) {
	if len(file) < fileHeader+40 || file[0] != 'B' || file[1] != 'M' {
		return nil, errors.New("rfb: not a file of type BMP")
	}
	dib := file[fileHeader:]
	again, err := BMP(dib)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	if have, want := le.Uint32(file[10:]), le.Uint32(again[10:]); have != want {
		return nil, errors.New("rfb: a file of type BMP with something before its pixels")
	}
	return dib, nil
}
