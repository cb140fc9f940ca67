package legacy

import "hash/fnv"

// Table is a volume.bin: keys with values, printable ASCII both.
type Table struct {
	keys   []string
	values map[string]string
	sum    uint64
}

// sumBytes is how much of the file Sum covers.
const sumBytes = 64 << 10

// ParseTable reads a volume.bin: "RAYOSVOL", version 1, the number of entries,
// both 32 bits; an entry is the lengths of its key and value, 16 bits each, 32
// bits 0, the key, the value, and zeros up to a multiple of four bytes.
func ParseTable(b []byte) (*Table, error) {
	c := cursor{rest: b}
	if err := c.header("RAYOSVOL"); err != nil {
		return nil, err
	}
	n := c.u32()
	if c.bad || !c.fits(n, 8) {
		return nil, wrong("%d entries don't fit in %d bytes", n, len(b))
	}
	h := fnv.New64a()
	h.Write(b[:min(len(b), sumBytes)])
	t := &Table{keys: make([]string, 0, n), values: make(map[string]string, n), sum: h.Sum64()}
	for i := range n {
		klen, vlen := int(c.u16()), int(c.u16())
		reserved := c.u32()
		key, value := c.take(klen), c.take(vlen)
		pad := c.take(-(klen + vlen) & 3)
		switch {
		case c.bad:
			return nil, wrong("it ends within entry %d of %d", i, n)
		case reserved != 0 || !zeros(pad):
			return nil, wrong("entry %d has bytes that should be zero", i)
		case klen == 0 || !printable(key) || !printable(value):
			return nil, wrong("entry %d isn't printable ASCII with a key", i)
		}
		if _, twice := t.values[string(key)]; twice {
			return nil, wrong("the key %q is there twice", key)
		}
		t.keys, t.values[string(key)] = append(t.keys, string(key)), string(value)
	}
	if len(c.rest) != 0 {
		return nil, wrong("%d bytes stand behind the last entry", len(c.rest))
	}
	return t, nil
}

func zeros(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// Keys gives the keys in the order of the file. The caller doesn't change them.
func (t *Table) Keys() []string { return t.keys }

// Get gives the value of a key.
func (t *Table) Get(key string) (value string, ok bool) {
	value, ok = t.values[key]
	return value, ok
}

// Sum is the 64-bit FNV-1a of the file's first 64 KiB.
func (t *Table) Sum() uint64 { return t.sum }
