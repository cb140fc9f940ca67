package file

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"time"
)

const (
	magic = "RAYVOL2\x00"
	major = 2
	minor = 0

	headerSize  = 64
	entrySize   = 32
	trailerSize = 32
	page        = 4096

	maxSections = 64
	maxName     = 255

	// flagDerivable is set in entries of the table whose sections can be made
	// anew from others, also for readers that don't know their type.
	flagDerivable = 1
)

// Limits of a Header.
const (
	MaxDim   = 1 << 16
	MaxCount = 1<<31 - 2
)

// Mark says of which volume a base is and which records of its log it holds.
type Mark struct {
	Volume uint64 // drawn when the first base of the volume is written
	Seq    uint64 // number of the last record that it holds, 0 for none
}

// Header is what a base says of itself.
type Header struct {
	Dim, Count    int
	Metric, Quant uint8  // as package hnsw numbers them
	Embedder      string // what made the vectors: at most 255 bytes
	EmbedderHash  [32]byte
	M, EFC        int // of the graph
	Created       time.Time
	Flags         uint16 // their owner's
	Mark          Mark
}

var (
	le         = binary.LittleEndian
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

func (h *Header) check() error {
	switch {
	case h.Dim < 0 || h.Dim > MaxDim:
		return fmt.Errorf("%d dimensions, there can be %d", h.Dim, MaxDim)
	case h.Count < 0 || h.Count > MaxCount:
		return fmt.Errorf("%d vectors, there can be %d", h.Count, MaxCount)
	case h.M < 0 || h.M > math.MaxUint16:
		return fmt.Errorf("the graph's M is %d, it can be %d", h.M, math.MaxUint16)
	case h.EFC < 0 || h.EFC > math.MaxInt32:
		return fmt.Errorf("the graph's efConstruction is %d, it can be %d", h.EFC, math.MaxInt32)
	case len(h.Embedder) > maxName:
		return fmt.Errorf("the embedder's name has %d bytes, it can have %d", len(h.Embedder), maxName)
	case h.Mark.Volume == 0:
		return fmt.Errorf("the volume has no number")
	case h.Mark.Seq == math.MaxUint64:
		return fmt.Errorf("the number of the last record is too large")
	}
	return nil
}

// append appends the 64 bytes.
func (h *Header) append(b []byte, sections int, tableCRC uint32) []byte {
	at := len(b)
	b = append(b, magic...)
	b = le.AppendUint16(b, major)
	b = le.AppendUint16(b, minor)
	b = le.AppendUint16(b, h.Flags)
	b = append(b, h.Metric, h.Quant)
	b = le.AppendUint32(b, uint32(h.Dim))
	b = le.AppendUint32(b, uint32(h.Count))
	b = le.AppendUint16(b, uint16(h.M))
	b = le.AppendUint16(b, uint16(sections))
	b = le.AppendUint32(b, uint32(h.EFC))
	b = le.AppendUint64(b, uint64(h.Created.UnixNano()))
	b = le.AppendUint64(b, h.Mark.Volume)
	b = le.AppendUint64(b, h.Mark.Seq)
	b = le.AppendUint32(b, tableCRC)
	return le.AppendUint32(b, crc32.Checksum(b[at:], castagnoli))
}

// parse reads the first 64 bytes of b.
func (h *Header) parse(b []byte) (sections int, tableCRC uint32, err error) {
	*h = Header{
		Flags: le.Uint16(b[12:]), Metric: b[14], Quant: b[15],
		Dim: int(le.Uint32(b[16:])), Count: int(le.Uint32(b[20:])),
		M: int(le.Uint16(b[24:])), EFC: int(le.Uint32(b[28:])),
		Created: time.Unix(0, int64(le.Uint64(b[32:]))),
		Mark:    Mark{Volume: le.Uint64(b[40:]), Seq: le.Uint64(b[48:])},
	}
	return int(le.Uint16(b[26:])), le.Uint32(b[56:]), h.check()
}

// entry is a row of the section table.
type entry struct {
	Type     Type
	flags    uint32
	off, len uint64
	crc      uint32
}

func (e *entry) append(b []byte) []byte {
	b = le.AppendUint32(b, uint32(e.Type))
	b = le.AppendUint32(b, e.flags)
	b = le.AppendUint64(b, e.off)
	b = le.AppendUint64(b, e.len)
	b = le.AppendUint32(b, e.crc)
	return le.AppendUint32(b, 0)
}

func parseEntry(b []byte) entry {
	return entry{Type(le.Uint32(b)), le.Uint32(b[4:]), le.Uint64(b[8:]), le.Uint64(b[16:]), le.Uint32(b[24:])}
}

// layout checks where sections lie: each begins on the page behind the one
// before, and the trailer ends the file of that size.
func layout(h *Header, table []entry, size uint64) error {
	at := uint64(headerSize + entrySize*len(table))
	seen := map[Type]bool{}
	for i := range table {
		e := &table[i]
		at = up(at)
		if e.off != at || e.len > size || at > size-e.len {
			return fmt.Errorf("%v lies at byte %d and has %d, in a file of %d", e.Type, e.off, e.len, size)
		}
		at += e.len
		if seen[e.Type] {
			return fmt.Errorf("%v is there twice", e.Type)
		}
		seen[e.Type] = true
		if k, ok := types[e.Type]; ok && k.fits != nil && !k.fits(h, e.len) {
			return fmt.Errorf("%v has %d bytes, which doesn't fit %d vectors of %d dimensions with M %d", e.Type, e.len, h.Count, h.Dim, h.M)
		}
	}
	if at+trailerSize != size {
		return fmt.Errorf("it has %d bytes, its parts have %d", size, at+trailerSize)
	}
	return nil
}

// up is the next beginning of a page.
func up(n uint64) uint64 { return (n + page - 1) &^ (page - 1) }
