package rfb

import "math/bits"

// fastBits is the length of codes that a table finds at once.
const fastBits = 10

// noSymbol is what bits mean that are no code.
const noSymbol = 1 << 10

// huffman decodes one alphabet of DEFLATE.
type huffman struct {
	fast   [1 << fastBits]uint16 // symbol<<4 | length; 0 for longer codes
	count  [16]uint16            // codes of each length
	symbol [288]uint16           // in the order of their codes
}

// build makes codes of lengths; false when there are more than bits can tell.
func (h *huffman) build(lens []byte) bool {
	h.count = [16]uint16{}
	clear(h.fast[:])
	for _, l := range lens {
		h.count[l]++
	}
	h.count[0] = 0
	var next, at [16]int
	room := 1
	for l := 1; l < 16; l++ {
		next[l] = (next[l-1] + int(h.count[l-1])) << 1
		at[l] = at[l-1] + int(h.count[l-1])
		if room = room<<1 - int(h.count[l]); room < 0 {
			return false
		}
	}
	for sym, l := range lens {
		if l == 0 {
			continue
		}
		h.symbol[at[l]] = uint16(sym)
		at[l]++
		if l <= fastBits {
			code := int(bits.Reverse16(uint16(next[l])) >> (16 - l))
			for ; code < len(h.fast); code += 1 << l {
				h.fast[code] = uint16(sym)<<4 | uint16(l)
			}
		}
		next[l]++
	}
	return true
}

// decode returns the symbol that b begins with and how many bits it takes.
func (h *huffman) decode(b uint64) (sym int, used uint) {
	if e := h.fast[b&(1<<fastBits-1)]; e != 0 {
		return int(e >> 4), uint(e & 15)
	}
	code, first, index := 0, 0, 0
	for l := uint(1); l < 16; l++ {
		code |= int(b & 1)
		b >>= 1
		n := int(h.count[l])
		if code-first < n {
			return int(h.symbol[index+code-first]), l
		}
		index += n
		first = (first + n) << 1
		code <<= 1
	}
	return noSymbol, 15
}

// codes are those of a block.
type codes struct {
	lit, dist huffman
	lens      [320]byte
	head      huffman
}

// extra is a number of which a code tells the base and how many bits follow.
type extra struct {
	base  uint16
	extra uint8
}

// lengths and distances are the tables of RFC 1951, 3.2.5.
var (
	lengths   = extras(29, 3, 4)
	distances = extras(30, 1, 2)
)

// extras builds a table in which every group of codes has one bit more.
func extras(n, base, group int) []extra {
	var t []extra
	for i := range n {
		e := max(i/group-1, 0)
		t = append(t, extra{uint16(base), uint8(e)})
		base += 1 << e
	}
	if group == 4 {
		t[n-1] = extra{longest, 0}
	}
	return t
}

// fixed makes the codes of RFC 1951, 3.2.6.
func (c *codes) fixed() {
	for i := range 288 {
		switch {
		case i < 144, i >= 280:
			c.lens[i] = 8
		case i < 256:
			c.lens[i] = 9
		default:
			c.lens[i] = 7
		}
	}
	c.lit.build(c.lens[:288])
	for i := range 30 {
		c.lens[i] = 5
	}
	c.dist.build(c.lens[:30])
}

// read reads a block's own codes; false when the piece ends before they do, or
// with z.err.
func (c *codes) read(z *inflater) bool {
	z.refill()
	if z.n < 14 {
		return false
	}
	nlit, ndist, nhead := int(z.bits&31)+257, int(z.bits>>5&31)+1, int(z.bits>>10&15)+4
	z.drop(14)
	if nlit > 286 || ndist > 30 {
		z.err = errCorrupt
		return false
	}
	order := [19]byte{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	var head [19]byte
	for i := range nhead {
		if z.refill(); z.n < 3 {
			return false
		}
		head[order[i]] = byte(z.bits & 7)
		z.drop(3)
	}
	if !c.head.build(head[:]) {
		z.err = errCorrupt
		return false
	}
	for i := 0; i < nlit+ndist; {
		z.refill()
		sym, used := c.head.decode(z.bits)
		if used > z.n {
			return false
		}
		if sym < 16 {
			z.drop(used)
			c.lens[i] = byte(sym)
			i++
			continue
		}
		var value byte
		var more, base uint
		switch {
		case sym == 16 && i > 0:
			value, base, more = c.lens[i-1], 3, 2
		case sym == 17:
			base, more = 3, 3
		case sym == 18:
			base, more = 11, 7
		default:
			z.err = errCorrupt
			return false
		}
		if used+more > z.n {
			return false
		}
		repeat := int(base + uint(z.bits>>used&(1<<more-1)))
		z.drop(used + more)
		if i+repeat > nlit+ndist {
			z.err = errCorrupt
			return false
		}
		for ; repeat > 0; repeat-- {
			c.lens[i] = value
			i++
		}
	}
	if !c.lit.build(c.lens[:nlit]) || !c.dist.build(c.lens[nlit:nlit+ndist]) {
		z.err = errCorrupt
		return false
	}
	return true
}
