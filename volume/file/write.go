package file

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
	"slices"
	"time"

	"rayos/internal/atomicfile"
)

// Write makes path a base of these sections, on disk when it returns; the old
// or the new one is there at any time, and readers of the old one go on with
// it. A Created or a Mark.Volume of zero is filled in: now, and by chance. The
// sections are read twice. One caller at a time writes to a path: the one that
// has its log.
func Write(path string, h Header, s []Section) error {
	return write(atomicfile.Dir(filepath.Dir(path)), filepath.Base(path), h, s)
}

func write(fs atomicfile.FS, name string, h Header, s []Section) error {
	if h.Created.IsZero() {
		h.Created = time.Now()
	}
	for h.Mark.Volume == 0 {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails
		h.Mark.Volume = le.Uint64(b[:])
	}
	if slices.ContainsFunc(s, func(s Section) bool { return s.Type == Embedder }) {
		return fmt.Errorf("%s can't be written: the embedder stands in the header", name)
	}
	s = append([]Section{{Type: Embedder, Data: append(h.EmbedderHash[:], h.Embedder...)}}, s...)
	head, ends, err := plan(&h, s)
	if err != nil {
		return fmt.Errorf("%s can't be written: %w", name, err)
	}
	f, err := atomicfile.Replace(fs, name, func(w io.Writer) error { return fill(w, head, ends, s) })
	if f != nil {
		_ = f.Close() // all of it is on disk
	}
	return err
}

// plan returns header and table, and where each section ends.
func plan(h *Header, s []Section) (head []byte, ends []uint64, err error) {
	if err := h.check(); err != nil {
		return nil, nil, err
	}
	if len(s) > maxSections {
		return nil, nil, fmt.Errorf("%d sections, there can be %d", len(s), maxSections)
	}
	table := make([]entry, len(s))
	at := uint64(headerSize + entrySize*len(s))
	for i := range s {
		e := &table[i]
		e.Type, e.off = s[i].Type, up(at)
		if e.Type.Derivable() {
			e.flags = flagDerivable
		}
		_ = s[i].parts(func(b []byte) error {
			e.len += uint64(len(b))
			e.crc = crc32.Update(e.crc, castagnoli, b)
			return nil
		})
		at = e.off + e.len
		ends = append(ends, at)
	}
	if err := layout(h, table, at+trailerSize); err != nil {
		return nil, nil, err
	}
	var rows []byte
	for i := range table {
		rows = table[i].append(rows)
	}
	head = h.append(nil, len(s), crc32.Checksum(rows, castagnoli))
	return append(head, rows...), ends, nil
}

func fill(to io.Writer, head []byte, ends []uint64, s []Section) error {
	sum := sha256.New()
	w := bufio.NewWriterSize(io.MultiWriter(to, sum), 64<<10)
	put := func(b []byte) error { _, err := w.Write(b); return err }
	if err := put(head); err != nil {
		return err
	}
	var zeros [page]byte
	at := uint64(len(head))
	for i := range s {
		if err := put(zeros[:up(at)-at]); err != nil {
			return err
		}
		if err := s[i].parts(put); err != nil {
			return err
		}
		at = ends[i]
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := to.Write(sum.Sum(nil))
	return err
}
