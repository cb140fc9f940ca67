package images

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// exif is what a camera says of a picture (Exif 2.32, CIPA DC-008, 4.6).
type exif struct {
	orientation         int // 1 to 8, 0 if unknown
	maker, model, lens  string
	taken               string // "2026:11:23 17:20:00"
	exposure, f, length ratio
	iso                 int
}

type ratio struct{ n, d uint32 }

func (r ratio) float() float64 {
	if r.d == 0 {
		return 0
	}
	return float64(r.n) / float64(r.d)
}

// Limits of what is looked at.
const (
	maxExif    = 1 << 20
	maxEntries = 256
	maxField   = 256
	maxChunks  = 4096
)

// Tags of TIFF and Exif.
const (
	tagMake         = 0x010f
	tagModel        = 0x0110
	tagOrientation  = 0x0112
	tagDateTime     = 0x0132
	tagExposure     = 0x829a
	tagFNumber      = 0x829d
	tagExif         = 0x8769
	tagISO          = 0x8827
	tagDateOriginal = 0x9003
	tagFocalLength  = 0x920a
	tagLens         = 0xa434
)

// parseExif reads a TIFF header and what it leads to. What makes no sense is left
// out.
func parseExif(b []byte) (e exif) {
	if len(b) < 8 || len(b) > maxExif {
		return e
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return e
	}
	r := exifReader{b, order}
	if at := r.directory(order.Uint32(b[4:]), &e); at != 0 {
		r.directory(at, &e)
	}
	return e
}

type exifReader struct {
	b     []byte
	order binary.ByteOrder
}

// directory reads an image file directory and returns where that of Exif is.
func (r exifReader) directory(at uint32, e *exif) (more uint32) {
	if int64(at)+2 > int64(len(r.b)) {
		return 0
	}
	list := r.b[at+2:]
	for range min(int(r.order.Uint16(r.b[at:])), maxEntries, len(list)/12) {
		more = max(more, r.entry(list[:12], e))
		list = list[12:]
	}
	return more
}

// Types of TIFF.
const (
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
)

func (r exifReader) entry(b []byte, e *exif) (more uint32) {
	tag, kind, count := r.order.Uint16(b), r.order.Uint16(b[2:]), int64(r.order.Uint32(b[4:]))
	size := map[uint16]int64{typeASCII: 1, typeShort: 2, typeLong: 4, typeRational: 8}[kind]
	if size == 0 || count < 1 || count > maxField {
		return 0
	}
	value := b[8:12]
	if n := size * count; n > 4 {
		at := int64(r.order.Uint32(value))
		if at+n > int64(len(r.b)) {
			return 0
		}
		value = r.b[at : at+n]
	}
	number := uint32(0)
	switch kind {
	case typeShort:
		number = uint32(r.order.Uint16(value))
	case typeLong:
		number = r.order.Uint32(value)
	}
	words := func(to *string) {
		if kind == typeASCII && *to == "" {
			s, _, _ := strings.Cut(string(value[:min(count, int64(len(value)))]), "\x00")
			*to = clean(s)
		}
	}
	fraction := func(to *ratio) {
		if kind == typeRational {
			*to = ratio{r.order.Uint32(value), r.order.Uint32(value[4:])}
		}
	}
	switch tag {
	case tagMake:
		words(&e.maker)
	case tagModel:
		words(&e.model)
	case tagLens:
		words(&e.lens)
	case tagOrientation:
		if number <= 8 {
			e.orientation = int(number)
		}
	case tagDateOriginal:
		e.taken = ""
		words(&e.taken)
	case tagDateTime:
		words(&e.taken)
	case tagExposure:
		fraction(&e.exposure)
	case tagFNumber:
		fraction(&e.f)
	case tagFocalLength:
		fraction(&e.length)
	case tagISO:
		e.iso = int(number)
	case tagExif:
		return number
	}
	return 0
}

// clean is text of a camera as it can be shown.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfffd {
			return -1
		}
		return r
	}, s))
}

// findExif returns the Exif of a JPEG (ISO/IEC 10918-1, B.1.1.4), a PNG (eXIf,
// PNG 3rd edition 11.3.4.5), a WebP (RFC 9649, 2.7.1.4) or a TIFF, nil if there is
// none.
func findExif(b []byte) []byte {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8")):
		b = b[2:]
		for range maxChunks {
			if len(b) < 4 || b[0] != 0xff || b[1] == 0xda || b[1] == 0xd9 {
				return nil
			}
			n := int(binary.BigEndian.Uint16(b[2:])) + 2
			if n < 4 || n > len(b) {
				return nil
			}
			if data, ok := bytes.CutPrefix(b[4:n], []byte("Exif\x00\x00")); ok && b[1] == 0xe1 {
				return data
			}
			b = b[n:]
		}
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return chunk(b[8:], "eXIf", binary.BigEndian, 4, 12, 1)
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return bytes.TrimPrefix(chunk(b[12:], "EXIF", binary.LittleEndian, 0, 8, 2), []byte("Exif\x00\x00"))
	case bytes.HasPrefix(b, []byte("II*\x00")), bytes.HasPrefix(b, []byte("MM\x00*")):
		return b[:min(len(b), maxExif)]
	}
	return nil
}

// chunk finds one by its name, which stands at an offset in a head that, with a
// tail, has so many bytes besides the data; sizes are padded to a multiple.
func chunk(b []byte, name string, order binary.ByteOrder, nameAt, extra, pad int) []byte {
	for range maxChunks {
		if len(b) < extra {
			return nil
		}
		n := int64(order.Uint32(b[4-nameAt:]))
		if n > int64(len(b)-extra) {
			return nil
		}
		if string(b[nameAt:nameAt+4]) == name {
			return b[8 : 8+n]
		}
		n = (n + int64(pad) - 1) / int64(pad) * int64(pad)
		b = b[min(n+int64(extra), int64(len(b))):]
	}
	return nil
}
