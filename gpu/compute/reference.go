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

func better(a, b Match) bool {
	ka, kb := order(a.Score), order(b.Score)
	return ka > kb || ka == kb && a.ID < b.ID
}

// insert puts m into best, which has n entries of at most len(best), and
// returns how many it has then.
func insert(best []Match, n int, m Match) int {
	if n == len(best) {
		if !better(m, best[n-1]) {
			return n
		}
		n--
	}
	i := n
	for ; i > 0 && better(m, best[i-1]); i-- {
		best[i] = best[i-1]
	}
	best[i] = m
	return n + 1
}

func searchBlock(best []Match, query, vectors []float32, from, to int) {
	var scores [block]float32
	dot.Rows(scores[:to-from], query, vectors[from*len(query):to*len(query)])
	n := 0
	for i, score := range scores[:to-from] {
		if n == len(best) && score < best[n-1].Score {
			continue // most of them
		}
		n = insert(best, n, Match{uint32(from + i), score})
	}
	for ; n < len(best); n++ {
		best[n] = Match{ID: NoMatch}
	}
}

// mergeBlocks finds the best of all blocks, of which each has as many matches at
// every stride of parts.
func mergeBlocks(best, parts []Match, stride int) {
	n := 0
	for ; len(parts) > 0; parts = parts[min(stride, len(parts)):] {
		for _, m := range parts[:len(best)] {
			if m.ID != NoMatch {
				n = insert(best, n, m)
			}
		}
	}
	for ; n < len(best); n++ {
		best[n] = Match{ID: NoMatch}
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
