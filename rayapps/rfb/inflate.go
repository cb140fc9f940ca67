package rfb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// inflater reads a zlib stream that comes in pieces (RFC 1950, 1951). The
// standard library's fails for good at the end of a piece and allocates for
// every block; this one stops before a symbol that isn't whole and carries on
// with the next piece. The stream has no end, so its checksum is never seen.
type inflater struct {
	in    []byte // the piece
	at    int    // of in, what comes next
	rest  []byte // what the last piece left: less than a block's header
	bits  uint64 // those taken from in, the next one lowest
	n     uint   // how many of bits count
	state inflateState
	final bool // the block is the last
	left  int  // bytes of a stored block
	err   error
	codes codes
	win   [1 << 16]byte // the last 32 KiB, and what hasn't been read
	r, w  int           // of win
	out   *reader
}

type inflateState uint8

const (
	inHeader inflateState = iota
	inBlock               // before a block
	inStored
	inCodes
	inEnd // after the last block
)

const (
	history = 1 << 15
	longest = 258 // a match
)

var errCorrupt = errors.New("zlib: corrupt")

// feed gives the next piece, which must stay until end.
func (z *inflater) feed(p []byte) {
	if len(z.rest) > 0 {
		z.rest = append(z.rest, p...)
		p = z.rest
	}
	z.in, z.at = p, 0
	if z.out == nil {
		z.out = newReader(z)
	}
	z.out.drop()
}

// end inflates what of the piece nobody asked for, and drops it.
func (z *inflater) end() {
	for z.r = z.w; z.err == nil; z.r = z.w {
		if z.run(); z.r == z.w {
			break
		}
	}
	if z.err != nil { // nothing will be read any more
		z.in, z.at, z.rest = nil, 0, nil
		z.bits, z.n = 0, 0
		return
	}
	z.at -= int(z.n >> 3) // whole bytes go back
	z.n &= 7
	z.bits &= 1<<z.n - 1
	z.rest = append(z.rest[:0], z.in[z.at:]...)
	z.in, z.at = nil, 0
}

// reset starts a new stream.
func (z *inflater) reset() {
	z.in, z.at, z.rest, z.bits, z.n, z.err = nil, 0, z.rest[:0], 0, 0, nil
	z.state, z.r, z.w = inHeader, 0, 0
}

// Read gives inflated bytes; it fails when the piece holds no more.
func (z *inflater) Read(p []byte) (int, error) {
	if z.r == z.w {
		if z.err == nil {
			z.run()
		}
		if z.r == z.w {
			if z.err != nil {
				return 0, z.err
			}
			return 0, fmt.Errorf("zlib: %w", io.ErrUnexpectedEOF)
		}
	}
	n := copy(p, z.win[z.r:z.w])
	z.r += n
	return n, nil
}

// refill makes n at least 56 unless the piece ends.
func (z *inflater) refill() {
	if len(z.in)-z.at >= 8 {
		z.bits |= binary.LittleEndian.Uint64(z.in[z.at:]) << z.n
		z.at += int(63-z.n) >> 3
		z.n |= 56
		return
	}
	for z.n < 56 && z.at < len(z.in) {
		z.bits |= uint64(z.in[z.at]) << z.n
		z.at++
		z.n += 8
	}
}

// drop takes k ≤ n bits.
func (z *inflater) drop(k uint) {
	z.bits >>= k
	z.n -= k
}

// run inflates until the window is full or the piece ends.
func (z *inflater) run() {
	if z.w > len(z.win)-longest {
		copy(z.win[:], z.win[z.w-history:z.w])
		z.r, z.w = history, history
	}
	for z.err == nil && z.w <= len(z.win)-longest {
		var more bool
		switch z.state {
		case inHeader:
			more = z.header()
		case inBlock:
			more = z.block()
		case inStored:
			more = z.stored()
		case inCodes:
			more = z.symbols()
		case inEnd:
			z.err = fmt.Errorf("zlib: %w", io.ErrUnexpectedEOF)
		}
		if !more {
			return
		}
	}
}

func (z *inflater) header() bool {
	z.refill()
	if z.n < 16 {
		return false
	}
	cmf, flg := byte(z.bits), byte(z.bits>>8)
	if cmf&15 != 8 || cmf>>4 > 7 || (uint(cmf)<<8|uint(flg))%31 != 0 || flg&0x20 != 0 {
		z.err = fmt.Errorf("zlib header %#02x %#02x", cmf, flg)
		return false
	}
	z.drop(16)
	z.state = inBlock
	return true
}

// block reads a block's header, whole or not at all.
func (z *inflater) block() bool {
	if z.final {
		z.final, z.state = false, inEnd
		return true
	}
	z.refill()
	if z.n < 3 {
		return false
	}
	at, bits, n := z.at, z.bits, z.n
	z.final = z.bits&1 != 0
	kind := z.bits >> 1 & 3
	z.drop(3)
	ok := true
	switch kind {
	case 0:
		z.drop(z.n & 7)
		z.refill()
		if ok = z.n >= 32; ok {
			size := uint16(z.bits)
			if size != ^uint16(z.bits>>16) {
				z.err = errCorrupt
				return false
			}
			z.drop(32)
			z.at -= int(z.n >> 3) // the bytes are copied from in
			z.n, z.bits = 0, 0
			z.left, z.state = int(size), inStored
		}
	case 1:
		z.codes.fixed()
		z.state = inCodes
	case 2:
		if ok = z.codes.read(z); ok {
			z.state = inCodes
		}
	default:
		z.err = errCorrupt
	}
	if !ok {
		z.at, z.bits, z.n, z.final = at, bits, n, false
	}
	return ok && z.err == nil
}

func (z *inflater) stored() bool {
	n := copy(z.win[z.w:min(z.w+z.left, len(z.win))], z.in[z.at:])
	z.w += n
	z.at += n
	z.left -= n
	if z.left == 0 {
		z.state = inBlock
		return true
	}
	return n > 0
}

// spare is how much of the window is left free behind a match in quick: copies may
// write as far, in words.
const spare = longest + 8

// symbols inflates a block of codes.
func (z *inflater) symbols() bool {
	switch z.quick() {
	case quickBlock:
		z.state = inBlock
		return true
	case quickCorrupt:
		z.err = errCorrupt
		return false
	}
	lit, dist := &z.codes.lit, &z.codes.dist
	w := z.w
	defer func() { z.w = w }()
	for w <= len(z.win)-longest {
		z.refill()
		bits := z.bits
		sym, used := lit.decode(bits)
		if sym < 256 {
			if used > z.n {
				return false
			}
			z.win[w] = byte(sym)
			w++
			z.drop(used)
			continue
		}
		if sym == 256 {
			if used > z.n {
				return false
			}
			z.drop(used)
			z.state = inBlock
			return true
		}
		if sym -= 257; sym >= len(lengths) {
			if z.n >= 15 {
				z.err = errCorrupt
			}
			return false
		}
		l := lengths[sym]
		length := int(l.base) + int(bits>>used&(1<<l.extra-1))
		used += uint(l.extra)
		sym, k := dist.decode(bits >> used)
		used += k
		if sym >= len(distances) {
			if z.n >= 48 {
				z.err = errCorrupt
			}
			return false
		}
		d := distances[sym]
		back := int(d.base) + int(bits>>used&(1<<d.extra-1))
		if used += uint(d.extra); used > z.n {
			return false
		}
		if back > w {
			z.err = errCorrupt
			return false
		}
		z.drop(used)
		if back >= length {
			copy(z.win[w:w+length], z.win[w-back:])
		} else {
			for i := w; i < w+length; i++ {
				z.win[i] = z.win[i-back]
			}
		}
		w += length
	}
	return true
}

// Why quick has ended.
type quickEnd uint8

const (
	quickEdge quickEnd = iota // near the end of the piece or of the window
	quickBlock
	quickCorrupt
)

// quick inflates symbols while there are bits for any: nothing is looked at twice,
// and up to four literals come between two looks at the piece. What it leaves is
// whole for symbols to go on with.
func (z *inflater) quick() quickEnd {
	lit, dist := &z.codes.lit, &z.codes.dist
	in, at, win := z.in, z.at, &z.win
	bits, n, w := z.bits, z.n, z.w
	end := quickEdge
	for w <= len(win)-spare && len(in)-at >= 16 {
		bits |= binary.LittleEndian.Uint64(in[at:]) << n
		at += int(63-n) >> 3
		n |= 56
		e := lit.fast[bits&(1<<fastBits-1)]
		if e-1 < literalEnd {
			// Four codes of the table are at most 40 of the 56 bits.
			win[w&windowMask] = byte(e >> 4)
			bits, n, w = bits>>(e&15), n-uint(e&15), w+1
			if e = lit.fast[bits&(1<<fastBits-1)]; e-1 < literalEnd {
				win[w&windowMask] = byte(e >> 4)
				bits, n, w = bits>>(e&15), n-uint(e&15), w+1
				if e = lit.fast[bits&(1<<fastBits-1)]; e-1 < literalEnd {
					win[w&windowMask] = byte(e >> 4)
					bits, n, w = bits>>(e&15), n-uint(e&15), w+1
					if e = lit.fast[bits&(1<<fastBits-1)]; e-1 < literalEnd {
						win[w&windowMask] = byte(e >> 4)
						bits, n, w = bits>>(e&15), n-uint(e&15), w+1
						continue
					}
				}
			}
			bits |= binary.LittleEndian.Uint64(in[at:]) << n
			at += int(63-n) >> 3
			n |= 56
		}
		sym, used := int(e>>4), uint(e&15)
		if e == 0 {
			if sym, used = lit.decode(bits); sym < 256 {
				win[w&windowMask] = byte(sym)
				bits, n, w = bits>>used, n-used, w+1
				continue
			}
		}
		if sym == 256 {
			bits, n, end = bits>>used, n-used, quickBlock
			break
		}
		if sym -= 257; sym >= len(lengths) {
			end = quickCorrupt
			break
		}
		l := lengths[sym]
		length := int(l.base) + int(bits>>used&(1<<l.extra-1))
		used += uint(l.extra)
		var k uint
		sym, k = dist.decode(bits >> used)
		used += k
		if sym >= len(distances) {
			end = quickCorrupt
			break
		}
		d := distances[sym]
		back := int(d.base) + int(bits>>used&(1<<d.extra-1))
		used += uint(d.extra)
		if back > w {
			end = quickCorrupt
			break
		}
		bits, n = bits>>used, n-used
		from := w - back
		switch {
		case back >= 8:
			for i := 0; i < length; i += 8 {
				binary.LittleEndian.PutUint64(win[w+i:], binary.LittleEndian.Uint64(win[from+i:]))
			}
		case back == 1:
			fill := win[w : w+length]
			for i := range fill {
				fill[i] = win[from]
			}
		default:
			for i := range length {
				win[w+i] = win[from+i]
			}
		}
		w += length
	}
	z.at, z.bits, z.n, z.w = at, bits, n, w
	return end
}

// windowMask keeps an index within the window, as the compiler can see.
const windowMask = 1<<16 - 1

// literalEnd is where entries of a table, less one, are those of literals no more.
const literalEnd = 256<<4 - 1
