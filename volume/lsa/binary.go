package lsa

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The binary form: "RLS1", then 32-bit numbers, little-endian: dimensions,
// terms, documents of the fit, captured (a float32); the singular values; for
// each term its length (a byte) and bytes, its IDF and its row of the basis.
const magic = "RLS1"

const maxTerms = 1 << 20

// ErrFormat is what Parse says of bytes that are no Model.
var ErrFormat = errors.New("bytes are no lsa model")

// AppendBinary appends the binary form. The error is nil.
func (m *Model) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(dst, magic...)
	for _, n := range []int{m.dims, len(m.terms), m.docs} {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(n))
	}
	dst = floats(dst, m.captured)
	dst = floats(dst, m.sigma...)
	for i, t := range m.terms {
		dst = append(append(dst, byte(len(t))), t...)
		dst = floats(dst, m.idf[i])
		dst = floats(dst, m.basis[i*m.dims:][:m.dims]...)
	}
	return dst, nil
}

func floats(dst []byte, v ...float32) []byte {
	for _, x := range v {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(x))
	}
	return dst
}

// Parse reads what AppendBinary wrote, all of src. It takes no more memory
// than a small multiple of src, whatever is in it; errors wrap ErrFormat.
// Nothing of src is kept.
func Parse(src []byte) (*Model, error) {
	bad := func(why string) (*Model, error) { return nil, fmt.Errorf("%w: %s", ErrFormat, why) }
	if len(src) < 20 || string(src[:4]) != magic {
		return bad("they don't begin with " + magic)
	}
	dims, terms := binary.LittleEndian.Uint32(src[4:]), binary.LittleEndian.Uint32(src[8:])
	docs := binary.LittleEndian.Uint32(src[12:])
	if dims < 2 || dims > MaxDims || terms < 2 || terms > maxTerms || docs > math.MaxInt32 {
		return bad("dimensions, terms or documents are out of bounds")
	}
	src, m := src[16:], &Model{dims: int(dims), docs: int(docs), row: make(map[string]uint32)}
	if uint64(len(src)) < 4+4*uint64(dims)+uint64(terms)*(6+4*uint64(dims)) {
		return bad("they promise more than they hold")
	}
	r := reader{left: src}
	head := r.floats(nil, 1)
	m.captured = head[0]
	m.sigma = r.floats(nil, m.dims)
	m.basis = make([]float32, 0, int(terms)*m.dims)
	for i := range terms {
		t := r.string()
		if _, twice := m.row[t]; twice || t == "" {
			return bad("a term is empty, cut off or twice there")
		}
		m.row[t] = i
		m.terms = append(m.terms, t)
		m.idf = r.floats(m.idf, 1)
		m.basis = r.floats(m.basis, m.dims)
		if r.short {
			return bad("they end too soon")
		}
	}
	if r.short || r.strange || len(r.left) > 0 {
		return bad("a number is none, or there are bytes behind the end")
	}
	return m, nil
}

type reader struct {
	left           []byte
	short, strange bool
}

func (r *reader) string() string {
	if len(r.left) == 0 || len(r.left) <= int(r.left[0]) {
		r.short = true
		return ""
	}
	n := int(r.left[0])
	s := string(r.left[1:][:n])
	r.left = r.left[1+n:]
	return s
}

func (r *reader) floats(dst []float32, n int) []float32 {
	for range n {
		if len(r.left) < 4 {
			r.short = true
			return append(dst, 0)
		}
		f := math.Float32frombits(binary.LittleEndian.Uint32(r.left))
		if f != f || math.Abs(float64(f)) > 1e6 {
			r.strange = true // arithmetic with it would poison every answer
		}
		dst, r.left = append(dst, f), r.left[4:]
	}
	return dst
}
