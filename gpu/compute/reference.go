package compute

import (
	"bytes"
	"math"

	"rayos/gpu/compute/dot"
)

// The reference: what the kernels in shader compute, in Go. Integers agree bit
// for bit; so do floats, because both sides add in one order, round each
// operation by itself (explicit conversions here, precise there) and Vulkan asks
// for correctly rounded addition, subtraction and multiplication of 32-bit
// floats. What a GPU may do differently is left out: division, and numbers below
// 2^-126, which it may take for zero.

// order makes floats comparable as integers, as the kernel does.
func order(v float32) uint32 {
	b := math.Float32bits(v)
	if b&(1<<31) != 0 {
		return ^b
	}
	return b | 1<<31
}

func unorder(o uint32) float32 {
	if o&(1<<31) != 0 {
		return math.Float32frombits(o &^ (1 << 31))
	}
	return math.Float32frombits(^o)
}

// key orders matches as numbers: the better one is larger. 0 is none.
func key(score float32, id uint32) uint64 { return uint64(order(score))<<32 | uint64(^id) }

func (m *Match) unkey(k uint64) {
	*m = Match{ID: NoMatch}
	if k != 0 {
		*m = Match{ID: ^uint32(k), Score: unorder(uint32(k >> 32))}
	}
}

// insert puts k into best, which is sorted downwards and larger than its last,
// which goes.
func insert(best []uint64, k uint64) {
	i := len(best) - 1
	for ; i > 0 && best[i-1] < k; i-- {
		best[i] = best[i-1]
	}
	best[i] = k
}

func searchBlock(best []Match, query, vectors []float32, from, to int) {
	var scores [block]float32
	dot.Rows(scores[:to-from], query, vectors[from*len(query):to*len(query)])
	var keys [MaxK]uint64
	top := keys[:len(best)]
	last := &top[len(top)-1]
	least := float32(math.Inf(-1)) // that may be among the best
	for i, score := range scores[:to-from] {
		if score < least {
			continue // most of them
		}
		if k := key(score, uint32(from+i)); k > *last {
			if insert(top, k); *last != 0 {
				least = unorder(uint32(*last >> 32))
			}
		}
	}
	for i, k := range top {
		best[i].unkey(k)
	}
}

// mergeBlocks finds the best of all blocks, of which each has as many matches at
// every stride of parts.
func mergeBlocks(best, parts []Match, stride int) {
	var keys [MaxK]uint64
	top := keys[:len(best)]
	last := &top[len(top)-1]
	for ; len(parts) > 0; parts = parts[min(stride, len(parts)):] {
		for _, m := range parts[:len(best)] {
			if m.ID == NoMatch {
				break
			}
			if k := key(m.Score, m.ID); k > *last {
				insert(top, k)
			}
		}
	}
	for i, k := range top {
		best[i].unkey(k)
	}
}

// tile compares the tile with its corner at left, top. Lines that are the same,
// most of them, are found at the speed of memory.
func (t *TileTask) tile(left, top int) Tile {
	edge := uint32(t.Edge)
	r := Tile{X0: edge, Y0: edge}
	w, h := min(t.Edge, t.Now.Width-left), uint32(min(t.Edge, t.Now.Height-top))
	for y := range h {
		now := t.Now.Pixels[(top+int(y))*t.Now.Stride+left:][:w]
		before := t.Before.Pixels[(top+int(y))*t.Before.Stride+left:][:w]
		if bytes.Equal(raw(now), raw(before)) {
			continue
		}
		for x, v := range now {
			if x := uint32(x); (v^before[x])&t.Mask != 0 {
				r.Changed++
				r.X0, r.Y0 = min(r.X0, x), min(r.Y0, y)
				r.X1, r.Y1 = max(r.X1, x+1), max(r.Y1, y+1)
			}
		}
	}
	if r.Changed == 0 {
		r.X0, r.Y0 = 0, 0
	}
	return r
}

// mean is the pixel x, y of the smaller picture.
func (t *ScaleTask) mean(x, y int) uint32 {
	s := &t.Source
	x0, x1 := x*s.Width/t.Width, (x+1)*s.Width/t.Width
	y0, y1 := y*s.Height/t.Height, (y+1)*s.Height/t.Height
	var b, g, r, a uint32
	for sy := y0; sy < y1; sy++ {
		for _, v := range s.Pixels[sy*s.Stride+x0 : sy*s.Stride+x1] {
			b += v & 255
			g += v >> 8 & 255
			r += v >> 16 & 255
			a += v >> 24
		}
	}
	n := uint32((x1 - x0) * (y1 - y0))
	up := n / 2
	return (b+up)/n | (g+up)/n<<8 | (r+up)/n<<16 | (a+up)/n<<24
}
