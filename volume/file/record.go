package file

import (
	"fmt"
	"hash/crc32"
	"math"
)

const (
	logMagic      = "RAYVLOG2"
	logMajor      = 2
	logMinor      = 0
	logHeaderSize = 48
	recordHead    = 29

	// MaxRecord is the longest payload of a record, in bytes.
	MaxRecord = 64 << 20
	// MaxLog is the longest log, in bytes.
	MaxLog = 1 << 30
)

// logHeader is what a log says of itself.
type logHeader struct {
	volume uint64
	first  uint64 // number of its first record
	salt   uint64 // by chance: no text that is kept can look like a record
}

func (h *logHeader) append(b []byte) []byte {
	at := len(b)
	b = append(b, logMagic...)
	b = le.AppendUint16(b, logMajor)
	b = le.AppendUint16(b, logMinor)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint64(b, h.volume)
	b = le.AppendUint64(b, h.first)
	b = le.AppendUint64(b, h.salt)
	b = le.AppendUint32(b, 0)
	return le.AppendUint32(b, crc32.Checksum(b[at:], castagnoli))
}

// parse reads the header of a log at path.
func (h *logHeader) parse(path string, b []byte) error {
	bad := func(why string, args ...any) error {
		return &Damage{Path: path, What: "header of the log", Why: fmt.Sprintf(why, args...)}
	}
	if string(b[:min(len(b), len(logMagic))]) != logMagic[:min(len(b), len(logMagic))] {
		return fmt.Errorf("%s: %w: it doesn't begin with %s", path, ErrForeign, logMagic)
	}
	if len(b) < logHeaderSize {
		return bad("the file has %d bytes", len(b))
	}
	if crc32.Checksum(b[:logHeaderSize-4], castagnoli) != le.Uint32(b[logHeaderSize-4:]) {
		return bad("its checksum is another")
	}
	if v := le.Uint16(b[8:]); v != logMajor {
		return fmt.Errorf("%s: %w: it is %d.%d, this program reads %d; open it with the RayOS that wrote it and let that write the volume anew", path, ErrVersion, v, le.Uint16(b[10:]), logMajor)
	}
	*h = logHeader{le.Uint64(b[16:]), le.Uint64(b[24:]), le.Uint64(b[32:])}
	if h.first == 0 || h.first > math.MaxInt64 {
		return bad("its first record has the number %d", h.first)
	}
	return nil
}

// record is one of a log.
type record struct {
	number  uint64
	synced  uint64 // the last that was on disk when this one was written
	op      uint8
	payload []byte
}

// appendRecord appends r with payload in parts.
func (h *logHeader) appendRecord(b []byte, r record, payload ...[]byte) []byte {
	at, n, crc := len(b), 0, uint32(0)
	for _, p := range payload {
		n += len(p)
		crc = crc32.Update(crc, castagnoli, p)
	}
	b = le.AppendUint32(b, uint32(n))
	b = le.AppendUint32(b, 0)
	b = le.AppendUint64(b, r.number)
	b = le.AppendUint64(b, r.synced)
	b = le.AppendUint32(b, crc)
	b = append(b, r.op)
	le.PutUint32(b[at+4:], h.crc(b[at:]))
	for _, p := range payload {
		b = append(b, p...)
	}
	return b
}

// crc is the checksum of the head that b begins with: of the salt, the length,
// and what follows the checksum.
func (h *logHeader) crc(b []byte) uint32 {
	var salt [8]byte
	le.PutUint64(salt[:], h.salt)
	crc := crc32.Update(crc32.Checksum(salt[:], castagnoli), castagnoli, b[:4])
	return crc32.Update(crc, castagnoli, b[8:recordHead])
}

// record reads the one that b begins with, and how long it is in all.
func (h *logHeader) record(b []byte) (r record, n int, ok bool) {
	if len(b) < recordHead {
		return r, 0, false
	}
	size := le.Uint32(b)
	if size > MaxRecord || int(size) > len(b)-recordHead || h.crc(b) != le.Uint32(b[4:]) {
		return r, 0, false
	}
	n = recordHead + int(size)
	r = record{le.Uint64(b[8:]), le.Uint64(b[16:]), b[28], b[recordHead:n:n]}
	return r, n, r.synced < r.number && crc32.Checksum(r.payload, castagnoli) == le.Uint32(b[24:])
}

// find looks for the next whole record behind the first byte of b, of a number
// between low and high, and returns where it is, 0 for none. Without the salt
// nobody can write a payload that holds up this search.
func (h *logHeader) find(b []byte, low, high uint64) (at int) {
	for at = 1; at+recordHead <= len(b); at++ {
		if n := le.Uint64(b[at+8:]); n < low || n > high {
			continue
		}
		if _, _, ok := h.record(b[at:]); ok {
			return at
		}
	}
	return 0
}

// scanned is what a log has for a base.
type scanned struct {
	records []record // behind the base's, in their order
	at      []int    // where each begins
	skipped int      // that the base has
	last    uint64   // number of the last one that is whole, first-1 without any
	end     int      // where the torn end begins, len(b) if there is none
}

// scan reads all of a log, with its header, of which the base holds the
// records up to seq. It ends at the first record that isn't whole and wasn't
// acknowledged. If it was, as records behind it tell, that is an error.
func (h *logHeader) scan(path string, b []byte, seq uint64) (scanned, error) {
	s := scanned{last: h.first - 1, end: logHeaderSize}
	for s.end < len(b) {
		r, n, ok := h.record(b[s.end:])
		if ok && r.number == s.last+1 {
			s.take(r, seq)
			s.end += n
			continue
		}
		whole, err := h.behind(path, b, seq, &s)
		if err != nil || !whole {
			return s, err
		}
	}
	return s, nil
}

// behind judges the record at s.end, which isn't whole, by what is behind it.
// It reports whether the base has it, and then s goes on with the next one that
// is whole.
func (h *logHeader) behind(path string, b []byte, seq uint64, s *scanned) (bool, error) {
	lost := max(s.last, seq) + 1 // the first one that nobody has
	low, high := s.last+2, s.last+1+uint64(len(b)-s.end)/recordHead
	for at := s.end; ; {
		skip := h.find(b[at:], low, high)
		if skip == 0 {
			return false, nil
		}
		at += skip
		r, _, _ := h.record(b[at:])
		if r.number <= lost {
			s.last, s.end = r.number-1, at
			return true, nil
		}
		if r.synced >= lost {
			return false, h.damaged(path, *s, fmt.Sprintf("it isn't whole, but record %d at byte %d is, and was written when it was on disk; with the log moved away the volume opens as it was before the log's changes", r.number, at))
		}
		low = r.number + 1
	}
}

func (s *scanned) take(r record, seq uint64) {
	s.last = r.number
	if r.number <= seq {
		s.skipped++
		return
	}
	s.records, s.at = append(s.records, r), append(s.at, s.end)
}

func (h *logHeader) damaged(path string, s scanned, why string) error {
	return &Damage{Path: path, What: fmt.Sprintf("record %d", s.last+1), Offset: int64(s.end), Why: why}
}
