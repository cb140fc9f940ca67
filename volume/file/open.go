package file

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"sync"
)

// File is an open base. Its methods may be called from any goroutine.
type File struct {
	path   string
	header Header
	table  []entry

	mu      sync.Mutex
	data    *mapping
	checked map[Type]error // of the sections that somebody asked for
}

// Open opens the base at path for reading. The file may be replaced or removed
// afterwards: what was opened stays.
func Open(path string) (*File, error) {
	m, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	f, err := parse(path, m)
	if err != nil {
		return nil, errors.Join(err, m.close())
	}
	return f, nil
}

func parse(path string, m *mapping) (*File, error) {
	f := &File{path: path, data: m, checked: map[Type]error{}}
	return f, f.parse()
}

func (f *File) damage(what string, off uint64, why string, args ...any) *Damage {
	return &Damage{Path: f.path, What: what, Offset: int64(off), Why: fmt.Sprintf(why, args...)}
}

func (f *File) rotten(e *entry) *Damage {
	d := f.damage("section "+e.Type.String(), e.off, "its checksum is another")
	d.Type, d.derivable = e.Type, e.flags&flagDerivable != 0
	return d
}

// parse checks header, table and layout.
func (f *File) parse() error {
	b := f.data.bytes
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		if len(b) == 0 || strings.HasPrefix(magic, string(b)) {
			return f.damage("header", 0, "the file has %d bytes", len(b))
		}
		return fmt.Errorf("%s: %w: it doesn't begin with RAYVOL2", f.path, ErrForeign)
	}
	if len(b) < headerSize+trailerSize {
		return f.damage("header", 0, "the file has %d bytes", len(b))
	}
	if crc32.Checksum(b[:60], castagnoli) != le.Uint32(b[60:]) {
		return f.damage("header", 0, "its checksum is another")
	}
	if v := le.Uint16(b[8:]); v != major {
		do := "a newer RayOS wrote it: open it with that one, or index its folders anew under another name"
		if v < major {
			do = "an older RayOS wrote it: import it"
		}
		return fmt.Errorf("%s: %w: it is %d.%d, this program reads %d; %s", f.path, ErrVersion, v, le.Uint16(b[10:]), major, do)
	}
	n, crc, err := f.header.parse(b)
	if err != nil {
		return f.damage("header", 0, "%v", err)
	}
	if n > maxSections || len(b)-headerSize-trailerSize < n*entrySize {
		return f.damage("section table", headerSize, "it has %d rows, in a file of %d bytes", n, len(b))
	}
	rows := b[headerSize:][:n*entrySize]
	if crc32.Checksum(rows, castagnoli) != crc {
		return f.damage("section table", headerSize, "its checksum is another")
	}
	for i := range n {
		f.table = append(f.table, parseEntry(rows[i*entrySize:]))
	}
	if err := layout(&f.header, f.table, uint64(len(b))); err != nil {
		return f.damage("section table", headerSize, "%v", err)
	}
	who, err := f.Section(Embedder)
	if err != nil {
		return err
	}
	copy(f.header.EmbedderHash[:], who)
	f.header.Embedder = string(who[32:])
	return nil
}

// Header returns what the file says of itself.
func (f *File) Header() Header { return f.header }

// Size is the file's, in bytes.
func (f *File) Size() int64 {
	n := uint64(headerSize + entrySize*len(f.table))
	for i := range f.table {
		n = f.table[i].off + f.table[i].len
	}
	return int64(n + trailerSize)
}

// Sections lists the types that are there, in the file's order, also those that
// this version doesn't know.
func (f *File) Sections() []Type {
	var list []Type
	for i := range f.table {
		list = append(list, f.table[i].Type)
	}
	return list
}

// Section returns a section where it lies: nobody may write to it, and it is
// valid until Close. Errors are ErrMissing, ErrClosed, and a *Damage when its
// checksum, which is compared once, is another.
func (f *File) Section(t Type) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.data == nil {
		return nil, ErrClosed
	}
	for i := range f.table {
		e := &f.table[i]
		if e.Type != t {
			continue
		}
		b := f.data.bytes[e.off:][:e.len:e.len]
		err, done := f.checked[t]
		if !done {
			if crc32.Checksum(b, castagnoli) != e.crc {
				err = f.rotten(e)
			}
			f.checked[t] = err
		}
		if err != nil {
			return nil, err
		}
		return b, nil
	}
	return nil, fmt.Errorf("%s: %w: %v", f.path, ErrMissing, t)
}

// Verify reads all of the file as it is now and compares every checksum. The
// error joins a *Damage for each part that is damaged. The file can't be closed
// meanwhile.
func (f *File) Verify(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.data == nil {
		return ErrClosed
	}
	b := f.data.bytes
	end := len(b) - trailerSize
	sum := sha256.New()
	var bad []error
	at := 0
	pass := func(to int) (crc uint32, err error) {
		for at < to {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			part := b[at:min(to, at+1<<20)]
			sum.Write(part)
			crc = crc32.Update(crc, castagnoli, part)
			at += len(part)
		}
		return crc, nil
	}
	for i := range f.table {
		e := &f.table[i]
		if _, err := pass(int(e.off)); err != nil {
			return err
		}
		crc, err := pass(int(e.off + e.len))
		if err != nil {
			return err
		}
		if crc != e.crc {
			bad = append(bad, f.rotten(e))
		}
	}
	if crc32.Checksum(b[:60], castagnoli) != le.Uint32(b[60:]) ||
		crc32.Checksum(b[headerSize:][:entrySize*len(f.table)], castagnoli) != le.Uint32(b[56:]) {
		bad = append(bad, f.damage("header", 0, "its checksum is another"))
	}
	if len(bad) == 0 && string(sum.Sum(nil)) != string(b[end:]) {
		bad = append(bad, f.damage("trailer", uint64(end), "it is another SHA-256 than the file's, whose parts are whole: it, or the space between them, was changed"))
	}
	return errors.Join(bad...)
}

// Close ends the use of the file and of its sections.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.data == nil {
		return nil
	}
	err := f.data.close()
	f.data = nil
	return err
}
