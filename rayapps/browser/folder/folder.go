package folder

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Entry is something in a folder.
type Entry struct {
	Name string
	Size int64 // bytes
	Mod  time.Time
	Mode fs.FileMode // of what a link leads to, if it leads somewhere
	Link bool
	// Broken is a link that leads nowhere.
	Broken bool
}

// IsDir reports whether it is a folder, or a link to one.
func (e *Entry) IsDir() bool { return e.Mode.IsDir() }

// Hidden reports whether it isn't shown unless it is asked for.
func (e *Entry) Hidden() bool { return strings.HasPrefix(e.Name, ".") }

// MaxEntries bounds what is read of a folder.
const MaxEntries = 200_000

// Listing is a folder at one time.
type Listing struct {
	Entries []Entry
	More    bool // there are more than MaxEntries
}

// batch is how many names are read at once.
const batch = 1024

// Read reads a folder; ctx ends it. Entries that vanish meanwhile are left out.
func Read(ctx context.Context, dir string) (l Listing, err error) {
	f, err := os.Open(dir)
	if err != nil {
		return l, err
	}
	defer f.Close()
	for len(l.Entries) < MaxEntries {
		found, err := f.ReadDir(batch)
		for _, e := range found {
			if entry, ok := look(dir, e); ok {
				l.Entries = append(l.Entries, entry)
			}
		}
		switch {
		case ctx.Err() != nil:
			return Listing{}, ctx.Err()
		case errors.Is(err, io.EOF):
			return l, nil
		case err != nil:
			return l, err
		}
	}
	l.Entries = l.Entries[:MaxEntries]
	l.More = true
	return l, nil
}

func look(dir string, e fs.DirEntry) (Entry, bool) {
	st, err := e.Info()
	if err != nil {
		return Entry{}, false
	}
	n := Entry{Name: e.Name(), Size: st.Size(), Mod: st.ModTime(), Mode: st.Mode()}
	if st.Mode()&fs.ModeSymlink != 0 {
		n.Link = true
		if to, err := os.Stat(filepath.Join(dir, e.Name())); err == nil {
			n.Size, n.Mod, n.Mode = to.Size(), to.ModTime(), to.Mode()
		} else {
			n.Broken = true
		}
	}
	return n, true
}

// Order is what a folder is sorted by.
type Order uint8

// Orders.
const (
	ByName Order = iota
	BySize
	ByTime
	ByKind
)

// Sort sorts entries, folders first.
func Sort(list []Entry, by Order, down bool) {
	slices.SortStableFunc(list, func(a, b Entry) int {
		if a.IsDir() != b.IsDir() {
			if a.IsDir() {
				return -1
			}
			return 1
		}
		c := 0
		switch by {
		case BySize:
			c = cmp.Compare(a.Size, b.Size)
		case ByTime:
			c = a.Mod.Compare(b.Mod)
		case ByKind:
			c = strings.Compare(strings.ToLower(filepath.Ext(a.Name)), strings.ToLower(filepath.Ext(b.Name)))
		}
		if by == ByName {
			c = Compare(a.Name, b.Name)
		}
		if down {
			c = -c
		}
		if c == 0 {
			c = Compare(a.Name, b.Name)
		}
		return c
	})
}

// Compare orders names as people read them: without regard to case, numbers by
// their value. Different names are never equal.
func Compare(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		if digit(x[0]) && digit(y[0]) {
			m, n := number(x), number(y)
			v, w := strings.TrimLeft(x[:m], "0"), strings.TrimLeft(y[:n], "0")
			if c := cmp.Or(cmp.Compare(len(v), len(w)), strings.Compare(v, w)); c != 0 {
				return c
			}
			x, y = x[m:], y[n:]
			continue
		}
		r, i := utf8.DecodeRuneInString(x)
		s, j := utf8.DecodeRuneInString(y)
		if c := cmp.Compare(lower(r), lower(s)); c != 0 {
			return c
		}
		x, y = x[i:], y[j:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func number(s string) (n int) {
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}
