package volume

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rayos/volume/ingest"
)

// This file is the form of documents in the log and in the section of documents:
// see docs/VOLUME.md. Numbers are varints of encoding/binary.

var errForm = errors.New("it isn't in the form of documents")

// Limits of what is read.
const (
	maxPath    = 4096 + 256 // a path of the system, or that of an import
	maxHeading = 1 << 10
)

// appendDoc appends a document without its texts, which are as long as it says.
func appendDoc(b []byte, d *doc) []byte {
	str := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	str(d.path)
	b = append(b, d.hash[:]...)
	b = binary.AppendUvarint(b, uint64(d.size))
	b = binary.AppendVarint(b, nanoseconds(d.time))
	b = binary.AppendVarint(b, nanoseconds(d.at))
	b = binary.AppendUvarint(b, d.first)
	b = binary.AppendUvarint(b, uint64(len(d.chunks)))
	for i := range d.chunks {
		c := &d.chunks[i]
		str(c.heading)
		for _, n := range []int32{c.from, c.to, c.line, c.page} {
			b = binary.AppendUvarint(b, uint64(n))
		}
		b = binary.AppendUvarint(b, uint64(len(c.text)))
	}
	return b
}

// nanoseconds is a time since 1970, 0 for none.
func nanoseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func moment(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns)
}

// reader reads what appendDoc wrote. After an error it reads zeros.
type reader struct {
	b      []byte
	failed bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.b, r.failed = nil, true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) number(most uint64) uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > most {
		r.b, r.failed = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) signed() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.b, r.failed = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) str(most uint64) string { return string(r.take(r.number(most))) }

// leastChunk is how many bytes a chunk has at least.
const leastChunk = 6

// doc reads a document without its texts, and how long these are. It takes no more
// memory than a fixed multiple of the bytes that it reads.
func (r *reader) doc() (*doc, []uint32, error) {
	d := &doc{path: r.str(maxPath)}
	copy(d.hash[:], r.take(uint64(len(ingest.Hash{}))))
	d.size = int64(r.number(math.MaxInt64))
	d.time, d.at = moment(r.signed()), moment(r.signed())
	d.first = r.number(math.MaxInt64)
	n := r.number(MaxChunks)
	if n*leastChunk > uint64(len(r.b)) {
		return nil, nil, errForm
	}
	d.chunks = make([]chunk, n)
	sizes := make([]uint32, n)
	for i := range d.chunks {
		c := &d.chunks[i]
		if c.heading = r.str(maxHeading); i > 0 && c.heading == d.chunks[i-1].heading {
			c.heading = d.chunks[i-1].heading // one for all
		}
		for _, to := range []*int32{&c.from, &c.to, &c.line, &c.page} {
			*to = int32(r.number(math.MaxInt32))
		}
		if sizes[i] = uint32(r.number(math.MaxInt32)); sizes[i] == 0 || c.to < c.from {
			r.failed = true
		}
	}
	if r.failed || d.path == "" || !filepath.IsAbs(d.path) && !strings.HasPrefix(d.path, Imported) {
		return nil, nil, errForm
	}
	return d, sizes, nil
}

// record is a document with its texts, as the log has it.
func record(d *doc) (parts [][]byte) {
	parts = append(parts, appendDoc(nil, d))
	for i := range d.chunks {
		parts = append(parts, d.chunks[i].text)
	}
	return parts
}

// parseRecord reads a record.
func parseRecord(b []byte) (*doc, error) {
	r := reader{b: b}
	d, sizes, err := r.doc()
	if err != nil {
		return nil, err
	}
	for i, n := range sizes {
		d.chunks[i].text = slices.Clone(r.take(uint64(n)))
	}
	if r.failed {
		return nil, fmt.Errorf("%w: a text is missing", errForm)
	}
	if len(r.b) > 0 {
		return nil, fmt.Errorf("%w: %d bytes are left", errForm, len(r.b))
	}
	return d, nil
}

// parseDocs reads the section of documents: how many there are, how long that
// part is, the documents, then all their texts, which stay where they lie.
func parseDocs(b []byte) (list []*doc, err error) {
	if len(b) < 16 {
		return nil, errForm
	}
	n, size := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	if size > uint64(len(b)-16) {
		return nil, errForm
	}
	r := reader{b: b[16:][:size]}
	texts := b[16+size:]
	at := 0
	for range n {
		d, sizes, err := r.doc()
		if err != nil {
			return nil, err
		}
		for i, n := range sizes {
			if int(n) > len(texts)-at {
				return nil, fmt.Errorf("%w: texts are missing", errForm)
			}
			d.chunks[i].text = texts[at:][:n:n]
			at += int(n)
		}
		list = append(list, d)
	}
	if len(r.b) > 0 || at != len(texts) {
		return nil, fmt.Errorf("%w: %d bytes are left", errForm, len(r.b)+len(texts)-at)
	}
	return list, nil
}

// docsSection is what parseDocs reads, its texts where they lie.
func docsSection(list []*doc) (head []byte, texts [][]byte) {
	head = make([]byte, 16)
	for _, d := range list {
		head = appendDoc(head, d)
		for i := range d.chunks {
			texts = append(texts, d.chunks[i].text)
		}
	}
	binary.LittleEndian.PutUint64(head, uint64(len(list)))
	binary.LittleEndian.PutUint64(head[8:], uint64(len(head)-16))
	return head, texts
}
