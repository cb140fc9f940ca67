package crash

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"sync"

	"rayos/internal/atomicfile"
)

// Disk is a folder in memory that knows what of it is on disk.
type Disk struct {
	mu      sync.Mutex
	names   map[string]*node // as programs see them
	safe    map[string]*node // as they are on disk
	changes []change         // from safe to names
}

// node is a file, whatever it is called.
type node struct{ data, safe []byte }

// change gives a name to a file, or takes it away when that is nil.
type change struct {
	name string
	to   *node
	from string // taken away in the same moment
}

// NewDisk is an empty one.
func NewDisk() *Disk { return &Disk{names: map[string]*node{}, safe: map[string]*node{}} }

func (d *Disk) do(c change) {
	d.changes = append(d.changes, c)
	c.apply(d.names)
}

func (c change) apply(names map[string]*node) {
	if c.from != "" {
		delete(names, c.from)
	}
	if c.to == nil {
		delete(names, c.name)
	} else {
		names[c.name] = c.to
	}
}

func missing(op, name string) error { return &os.PathError{Op: op, Path: name, Err: os.ErrNotExist} }

// Open implements atomicfile.FS.
func (d *Disk) Open(name string, flag int) (atomicfile.Handle, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.names[name]
	if n == nil {
		if flag&os.O_CREATE == 0 {
			return nil, missing("open", name)
		}
		n = &node{}
		d.do(change{name: name, to: n})
	}
	if flag&os.O_TRUNC != 0 {
		n.data = nil
	}
	return &handle{d: d, n: n}, nil
}

// Rename implements atomicfile.FS.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.names[from]
	if n == nil {
		return missing("rename", from)
	}
	d.do(change{name: to, to: n, from: from})
	return nil
}

// Remove implements atomicfile.FS.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.names[name] == nil {
		return missing("remove", name)
	}
	d.do(change{name: name})
	return nil
}

// Sync implements atomicfile.FS.
func (d *Disk) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.safe, d.changes = maps.Clone(d.names), nil
	return nil
}

// File returns the bytes of a file, nil if there is none.
func (d *Disk) File(name string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.names[name]; n != nil {
		return slices.Clone(n.data)
	}
	return nil
}

// Put makes a file of these bytes, on disk at once.
func (d *Disk) Put(name string, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := &node{slices.Clone(data), slices.Clone(data)}
	d.names[name], d.safe[name] = n, n
}

// leftovers are what a crash may leave of a file.
var leftovers = []struct {
	what string
	of   func(n *node) []byte
}{
	{"what was synced", func(n *node) []byte { return n.safe }},
	{"all", func(n *node) []byte { return n.data }},
	{"the first half", func(n *node) []byte {
		return n.data[:min(len(n.data), (len(n.safe)+len(n.data))/2)]
	}},
	{"the second half", func(n *node) []byte {
		b := n.lengthened()
		half := min(len(b), (len(n.safe)+len(b))/2)
		copy(b[half:], n.data[half:])
		return b
	}},
	{"the length", (*node).lengthened},
}

// lengthened is the file at its new length with its old bytes.
func (n *node) lengthened() []byte {
	b := make([]byte, len(n.data))
	copy(b, n.safe)
	return b
}

// Left yields each disk that a crash of the machine may leave now, with a word
// on it. What is on it is on disk.
func (d *Disk) Left() iter.Seq2[string, *Disk] {
	return func(yield func(string, *Disk) bool) {
		d.mu.Lock()
		defer d.mu.Unlock()
		for n := range len(d.changes) + 1 {
			names := maps.Clone(d.safe)
			for _, c := range d.changes[:n] {
				c.apply(names)
			}
			for _, l := range leftovers {
				left := NewDisk()
				for name, n := range names {
					left.Put(name, l.of(n))
				}
				if !yield(fmt.Sprintf("%d of %d changes of names, of files %s", n, len(d.changes), l.what), left) {
					return
				}
			}
		}
	}
}

type handle struct {
	d  *Disk
	n  *node
	at int64
}

func (h *handle) Read(p []byte) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if h.at >= int64(len(h.n.data)) {
		return 0, io.EOF
	}
	n := copy(p, h.n.data[h.at:])
	h.at += int64(n)
	return n, nil
}

func (h *handle) Write(p []byte) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	h.resize(max(int64(len(h.n.data)), h.at+int64(len(p))))
	copy(h.n.data[h.at:], p)
	h.at += int64(len(p))
	return len(p), nil
}

// resize copies, so that what Left gave away and what is safe stay as they are.
func (h *handle) resize(size int64) {
	b := make([]byte, size)
	copy(b, h.n.data)
	h.n.data = b
}

func (h *handle) Seek(to int64, whence int) (int64, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		to += h.at
	case io.SeekEnd:
		to += int64(len(h.n.data))
	}
	if to < 0 {
		return 0, os.ErrInvalid
	}
	h.at = to
	return to, nil
}

func (h *handle) Truncate(size int64) error {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	h.resize(size)
	return nil
}

func (h *handle) Sync() error {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	h.n.safe = slices.Clone(h.n.data)
	return nil
}

func (h *handle) Close() error { return nil }
