package file

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rayos/internal/atomicfile/crash"
)

// FuzzOpen: no file ends the program or has a section outside itself, also when
// its checksums fit. A file is given by its beginning and its size, with zeros
// between: what is wrong stands in header and table.
func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "v")
	err := Write(path, Header{Count: 1, Dim: 3, M: 2, Created: created}, []Section{{Type: Ids, Data: make([]byte, 8)}, {Type: LinksUp}})
	if err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	head, size := data[:headerSize+3*entrySize], uint32(len(data))
	f.Add(head, size, true)
	f.Add(head, size-1, true)
	f.Add(head, size, false)
	f.Add(head[:100], uint32(300), true)
	f.Add([]byte("RAYVOL2"), uint32(7), false)
	f.Fuzz(func(t *testing.T, head []byte, size uint32, fit bool) {
		b := make([]byte, size%(64<<10))
		copy(b, head)
		if fit {
			mendSections(b)
			mend(b)
			if end := len(b) - trailerSize; end > headerSize {
				sum := sha256.Sum256(b[:end])
				copy(b[end:], sum[:])
			}
		}
		v, err, sections, verify := read(t, b)
		if err != nil {
			return
		}
		if sections != nil && verify == nil {
			t.Fatalf("it is said to be whole: %v", sections)
		}
		if v.Size() != int64(len(b)) {
			t.Fatalf("%d bytes in a file of %d", v.Size(), len(b))
		}
		h, sum := v.Header(), 0
		for _, k := range v.Sections() {
			s, err := v.Section(k)
			if k == Vectors && err == nil && len(s) != h.Count*RowBytes(h.Dim) {
				t.Fatalf("%d bytes of vectors for %+v", len(s), h)
			}
			sum += len(s)
		}
		if sum > len(b) {
			t.Fatalf("%d bytes of sections in a file of %d", sum, len(b))
		}
	})
}

// mendSections gives the sections of a table that lie in the file checksums that
// fit.
func mendSections(b []byte) {
	for i := headerSize; i+entrySize <= len(b) && i < headerSize+maxSections*entrySize; i += entrySize {
		if e := parseEntry(b[i:]); e.off < uint64(len(b)) && e.len <= uint64(len(b))-e.off {
			le.PutUint32(b[i+24:], crc32.Checksum(b[e.off:][:e.len], castagnoli))
		}
	}
}

// mendLog gives records one behind the other, and the header, checksums that fit.
func mendLog(b []byte) {
	if len(b) < logHeaderSize {
		return
	}
	copy(b, logMagic)
	le.PutUint16(b[8:], logMajor)
	le.PutUint64(b[16:], mark.Volume)
	le.PutUint32(b[44:], crc32.Checksum(b[:44], castagnoli))
	h := logHeader{salt: le.Uint64(b[32:])}
	for b = b[logHeaderSize:]; len(b) >= recordHead; {
		n := recordHead + int(le.Uint32(b))
		if n > len(b) {
			return
		}
		le.PutUint32(b[24:], crc32.Checksum(b[recordHead:n], castagnoli))
		le.PutUint32(b[4:], h.crc(b))
		b = b[n:]
	}
}

// FuzzOpenLog: no log ends the program; records come in the order of their
// numbers; what was read is read again, and what was refused is as it was.
func FuzzOpenLog(f *testing.F) {
	_, data := log(f, "one", "", "three")
	f.Add(data, uint64(0), true)
	f.Add(data, uint64(2), false)
	f.Add(data[:len(data)-2], uint64(0), false)
	f.Add(append(slices.Clone(data[:60]), data[80:]...), uint64(1), true)
	f.Add(append(slices.Clone(data), make([]byte, 100)...), uint64(9), false)
	f.Fuzz(func(t *testing.T, b []byte, seq uint64, fit bool) {
		if fit {
			mendLog(b)
		}
		d := crash.NewDisk()
		d.Put("log", b)
		open := func() (l *Log, got []string, err error) {
			l = &Log{fs: d, name: "log", path: "log"}
			err = l.open(at(seq), func(op uint8, p []byte) error {
				got = append(got, fmt.Sprintf("%d%s", op, p))
				return nil
			})
			return l, got, err
		}
		l, got, err := open()
		if err != nil {
			if len(got) > 0 || !bytes.Equal(d.File("log"), b) {
				t.Fatalf("%v, and %q was replayed", err, got)
			}
			return
		}
		if n := l.Mark().Seq; n-seq != uint64(len(got)) {
			t.Fatalf("%d records from %d to %d", len(got), seq, n)
		}
		if l.Size() != int64(len(d.File("log"))) {
			t.Fatalf("%d bytes of %d", l.Size(), len(d.File("log")))
		}
		if err := l.Append(7, []byte("more")); err != nil {
			t.Fatal(err)
		}
		_, again, err := open()
		if err != nil || !slices.Equal(again, append(got, "7more")) {
			t.Fatalf("%q, then %q, %v", got, again, err)
		}
	})
}
