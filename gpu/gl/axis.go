package gl

import (
	"math/bits"

	"rayos/gpu/render"
)

// maxSide is the largest width or height of an image in pixels, as in the
// software renderer.
const maxSide = 1 << 20

// sampling is how one axis of a destination samples one axis of a texture, in
// buffer orientation. The rules are those of the software renderer.
type sampling uint8

const (
	samplePoint  sampling = iota // one texel, the one under the centre
	sampleLinear                 // the two around the centre
	sampleBox                    // all that are covered
	sampleDirect                 // no sampling: texels and pixels coincide on both axes
	samplings
)

const one = 1 << 16 // a texel in fixed point

// axis is a crop of a texture that spans n destination pixels.
type axis struct {
	kind        sampling
	direct      bool  // texels and pixels coincide
	start, size int64 // in 1/65536 texels
	n           int32
	lo, hi      int32 // first and last texel that may be read
}

// fixed returns v in 1/65536, rounded half up. |v| is at most maxSide.
func fixed(v float64) int64 {
	f := v*one + 0.5
	i := int64(f)
	if float64(i) > f {
		i--
	}
	return i
}

// makeAxis returns the axis for the crop [a,b) of side texels onto n pixels.
// It reports false if there is nothing to draw.
func makeAxis(a, b float64, side, n int32, f render.Filter) (axis, bool) {
	// Written so that NaN fails.
	if !(a >= -maxSide && b <= maxSide && a < b) || n <= 0 {
		return axis{}, false
	}
	x := axis{start: fixed(a), n: n}
	end := fixed(b)
	x.size = end - x.start
	x.lo = int32(max(x.start>>16, 0))
	x.hi = int32(min((end-1)>>16, int64(side)-1))
	if x.size <= 0 || x.lo > x.hi {
		return axis{}, false
	}
	x.direct = x.size == int64(n)*one && x.start%one == 0 && x.start >= 0 && end <= int64(side)*one
	switch {
	case x.direct || f == render.Nearest:
		x.kind = samplePoint
	case x.size > 2*int64(n)*one:
		x.kind = sampleBox
	case x.lo < x.hi:
		x.kind = sampleLinear
	}
	return x, true
}

// steps are the uniforms that a shader walks an axis with: the position of
// pixel j, counted from the first that is visible, is
//
//	base + j·step + (carry + j·rest) / n   (in 1/65536 texels, rounded down)
//
// Whole texels are apart from their fraction, so that 32 bits hold all.
type steps struct {
	base, baseFrac int32
	step, stepFrac int32
	carry, rest, n uint32
	kind           int32
	lo, hi         int32
}

// exact is the largest n whose carries fit into 32 bits; beyond it positions
// are rounded to 1/65536 of a texel differently than in the software renderer.
const exact = 1 << 15

// steps returns the walk from destination pixel first on. Boxes walk along
// the pixels' edges, the others along their centres.
func (x *axis) steps(first int32) steps {
	n := uint64(x.n)
	twice := 2 * uint64(first)
	if x.kind != sampleBox {
		twice++
	}
	// Everything in units of 1/2n, as the centres are.
	hi, lo := bits.Mul64(twice, uint64(x.size))
	at, carry := bits.Div64(hi, lo, 2*n)
	whole, rest := uint64(x.size)/n, uint64(x.size)%n*2
	n *= 2
	for n > 2*exact {
		n, carry, rest = n>>1, carry>>1, rest>>1
	}
	base := x.start + int64(at)
	return steps{
		base: int32(base >> 16), baseFrac: int32(base & (one - 1)),
		step: int32(whole >> 16), stepFrac: int32(whole & (one - 1)),
		carry: uint32(min(carry, n-1)), rest: uint32(rest), n: uint32(n),
		kind: int32(x.kind), lo: x.lo, hi: x.hi,
	}
}
