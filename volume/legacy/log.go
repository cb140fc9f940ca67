package legacy

import (
	"bytes"
	"encoding/binary"
)

// Sector is the size of a record on a log's disk, in bytes.
const Sector = 512

const (
	superMagic = 0x315F4C4F565F5941
	maxPayload = Sector - 8
)

// InputKind is the kind of a record that holds what somebody told System 2.
const InputKind = 1

// Record is one of a log's.
type Record struct {
	Index   uint64 // how many were written before it
	Kind    byte
	Payload []byte // into the bytes that were parsed
}

// ParseLog reads a log's disk and gives its records, the oldest first. Its first
// sector is a magic, how many records were ever written, and how many sectors the
// disk has, 64 bits each. A record is a sector: "RVOL", a kind, a zero, the length
// of its payload in 16 bits, and the payload. What was written n-th stands behind
// the first sector at n mod the sectors that are left. Nothing but the magic tells
// whether a record is whole.
func ParseLog(b []byte) ([]Record, error) {
	if len(b) < Sector || binary.LittleEndian.Uint64(b) != superMagic {
		return nil, wrong("it is no log's disk")
	}
	written, sectors := binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])
	if sectors < 2 || sectors > uint64(len(b)/Sector) {
		return nil, wrong("a log of %d sectors isn't on a disk of %d", sectors, len(b)/Sector)
	}
	ring := sectors - 1
	n := min(written, ring)
	records := make([]Record, 0, n)
	for i := written - n; i != written; i++ {
		at := 1 + int(i%ring)
		s := b[Sector*at:][:Sector]
		size := binary.LittleEndian.Uint16(s[6:])
		if !bytes.Equal(s[:4], []byte("RVOL")) || size > maxPayload {
			return nil, wrong("sector %d holds no record", at)
		}
		records = append(records, Record{Index: i, Kind: s[4], Payload: s[8 : 8+size]})
	}
	return records, nil
}
