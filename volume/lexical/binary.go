package lexical

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The binary form: "RLX1", how many terms, each with its length (a byte) and
// bytes; how many documents, each with its id (8 bytes, little-endian), its
// length in terms, how many different ones, and for each the distance to the
// number before and a byte for how often. Numbers are unsigned varints. What
// the terms are taken apart with is a part of the format: another tokeniser
// needs another magic.
const magic = "RLX1"

// ErrFormat is what Parse says of bytes that are no Index.
var ErrFormat = errors.New("bytes are no lexical index")

// AppendBinary appends the binary form of the Index. Indexes with the same
// documents, added in the same order, have the same form. The error is nil.
func (x *Index) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(dst, magic...)
	renumber := make([]int, len(x.terms))
	n := 0
	for i := range x.terms {
		renumber[i] = n
		if x.df[i] > 0 {
			n++
		}
	}
	dst = binary.AppendUvarint(dst, uint64(n))
	for i, t := range x.terms {
		if x.df[i] > 0 {
			dst = append(append(dst, byte(len(t))), t...)
		}
	}
	dst = binary.AppendUvarint(dst, uint64(x.Len()))
	for i := range x.docs {
		d := &x.docs[i]
		if d.gone {
			continue
		}
		dst = binary.LittleEndian.AppendUint64(dst, d.id)
		dst = binary.AppendUvarint(dst, uint64(d.length))
		dst = binary.AppendUvarint(dst, uint64(len(d.counts)))
		before := 0
		for _, c := range d.counts {
			t := renumber[c.Term()]
			dst = binary.AppendUvarint(dst, uint64(t-before))
			dst = append(dst, byte(c.N()))
			before = t
		}
	}
	return dst, nil
}

// Parse reads what AppendBinary wrote, all of src. It takes no more memory
// than about 64 times src, whatever is in it; errors wrap ErrFormat. Nothing of src is kept.
func Parse(src []byte) (*Index, error) {
	r := reader{left: src}
	if string(r.bytes(len(magic))) != magic {
		return nil, fmt.Errorf("%w: they don't begin with %s", ErrFormat, magic)
	}
	terms := r.count(maxTerms, 2)
	x := &Index{number: make(map[string]uint32), at: make(map[uint64]uint32)}
	for range terms {
		t := string(r.bytes(int(r.byte())))
		if _, twice := x.number[t]; twice || t == "" || len(t) > 2*MaxTerm {
			r.fail("a term is empty, too long or twice there")
		}
		if r.err != nil {
			return nil, r.err
		}
		x.intern(t)
	}
	docs := r.count(maxDocs, 10)
	for range docs {
		id := binary.LittleEndian.Uint64(r.bytes(8))
		length := r.uvarint(math.MaxUint32)
		counts := make([]Count, r.count(terms, 2))
		before := 0
		for i := range counts {
			t := before + int(r.uvarint(maxTerms))
			n := r.byte()
			if t >= terms || n == 0 || i > 0 && t == before {
				r.fail("a document's terms are out of order")
				break
			}
			counts[i], before = count(t, int(n)), t
		}
		if x.Has(id) {
			r.fail("a document is twice there")
		}
		if r.err != nil {
			return nil, r.err
		}
		x.put(id, int(length), counts)
	}
	if len(r.left) > 0 {
		r.fail("there are bytes behind the end")
	}
	if r.err != nil {
		return nil, r.err
	}
	return x, nil
}

// reader takes values off bytes. After its first error it gives zeros.
type reader struct {
	left []byte
	err  error
}

func (r *reader) fail(why string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrFormat, why)
	}
	r.left = nil
}

var zeros [256]byte

// bytes takes n of them, 256 at most.
func (r *reader) bytes(n int) []byte {
	if n > len(r.left) {
		r.fail("they end too soon")
		return zeros[:n]
	}
	b := r.left[:n]
	r.left = r.left[n:]
	return b
}

func (r *reader) byte() byte { return r.bytes(1)[0] }

func (r *reader) uvarint(limit uint64) uint64 {
	v, n := binary.Uvarint(r.left)
	if n <= 0 || v > limit {
		r.fail("a number is cut off or too large")
		return 0
	}
	r.left = r.left[n:]
	return v
}

// count takes how many things follow that take at least size bytes each.
func (r *reader) count(limit, size int) int {
	n := r.uvarint(uint64(limit))
	if n > uint64(len(r.left)/size) {
		r.fail("they promise more than they hold")
		return 0
	}
	return int(n)
}
