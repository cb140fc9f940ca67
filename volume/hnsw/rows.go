package hnsw

import (
	"fmt"
	"math"

	"rayos/volume/vec"
)

// RowStride is the number of float32 from one stored vector to the next. The rest of a row is 0.
func RowStride(dim int) int { return (dim + vec.Block - 1) &^ (vec.Block - 1) }

// CodeStride is the number of bytes from one vector's codes to the next. The row ends with its scale, a little-endian float32: a code times the scale is a component.
func CodeStride(dim int) int { return (dim + scaleSize + vec.Block8 - 1) &^ (vec.Block8 - 1) }

const scaleSize = 4

// probe is a query in the forms that the kernels take. All rows have inner products with it.
type probe struct {
	row   []float32 // RowStride; shared with the arena when it is a stored vector
	words []int16   // CodeStride, 0 beyond Dim
	scale float32   // of words
}

// check tells whether v can be a vector or query, and the factor that makes it one.
func (ix *Index) check(v []float32) (factor float32, err error) {
	if len(v) != ix.cfg.Dim {
		return 0, fmt.Errorf("%w: it has %d dimensions, those of this index have %d", ErrVector, len(v), ix.cfg.Dim)
	}
	sum := 0.0
	for _, x := range v {
		sum += float64(float64(x) * float64(x))
	}
	if !(sum <= math.MaxFloat32) { // also NaN
		return 0, fmt.Errorf("%w: a component is infinite, no number, or too large", ErrVector)
	}
	if ix.cfg.Metric != Cosine {
		return 1, nil
	}
	f := 1 / math.Sqrt(sum)
	if float32(f) > math.MaxFloat32/2 || math.IsInf(f, 0) {
		return 0, fmt.Errorf("%w: all components are 0, which has no direction", ErrVector)
	}
	return float32(f), nil
}

// aim makes p the query v times factor.
func (ix *Index) aim(p *probe, own []float32, v []float32, factor float32) {
	p.row = own[:RowStride(ix.cfg.Dim)]
	for i, x := range v {
		p.row[i] = float32(x * factor)
	}
	clear(p.row[len(v):])
	if !ix.coded {
		return
	}
	largest := float32(0)
	for _, x := range p.row {
		largest = max(largest, x, -x)
	}
	// As many bits as leave the sum of all products within 32.
	limit := float32(min(math.MaxInt16, math.MaxInt32/(128*ix.cfg.Dim)))
	p.words = resize(p.words, CodeStride(ix.cfg.Dim))
	clear(p.words)
	if p.scale = largest / limit; p.scale == 0 {
		return
	}
	for i, x := range p.row[:len(v)] {
		p.words[i] = int16(math.RoundToEven(float64(x) / float64(p.scale)))
	}
}

// aimAt makes p the stored vector of a slot.
func (ix *Index) aimAt(p *probe, slot uint32) {
	if !ix.coded {
		stride := RowStride(ix.cfg.Dim)
		p.row = ix.rows[int(slot)*stride:][:stride]
		return
	}
	stride := CodeStride(ix.cfg.Dim)
	row := ix.codes[int(slot)*stride:][:stride]
	p.words = resize(p.words, stride)
	for i, c := range row[:ix.cfg.Dim] {
		p.words[i] = int16(c)
	}
	clear(p.words[ix.cfg.Dim:])
	p.scale = scaleIn(row)
}

// compare returns the inner products of p with the vectors of slots, in memory of s. The graph is made of these: of codes where there are any.
func (ix *Index) compare(s *scratch, p *probe, slots []uint32) []float32 {
	out := s.scores[:len(slots)]
	if !ix.coded {
		vec.Gather(out, p.row, ix.rows, RowStride(ix.cfg.Dim), slots)
		return out
	}
	stride := CodeStride(ix.cfg.Dim)
	sums := s.sums[:len(slots)]
	vec.Gather16(sums, p.words, ix.codes, stride, slots)
	for i, slot := range slots {
		out[i] = float32(sums[i]) * float32(p.scale*scaleIn(ix.codes[int(slot)*stride:][:stride]))
	}
	return out
}

// scaleIn is the scale at the end of a row of codes.
func scaleIn(row []int8) float32 {
	b := row[len(row)-scaleSize:]
	return math.Float32frombits(uint32(uint8(b[0])) | uint32(uint8(b[1]))<<8 | uint32(uint8(b[2]))<<16 | uint32(uint8(b[3]))<<24)
}

// clips are the parts of the largest component that encode tries as the end of the codes' range.
var clips = [...]float64{1, .95, .9, .85, .8, .75, .7}

// encode writes the codes of v into row. Of some ranges it takes the one whose codes point most nearly where v does, and then the scale with which v's inner
// product with its own codes is that with itself (as in RaBitQ: Gao and Long 2024): what is lost lies across v, where near queries hardly see it.
func encode(row []int8, v []float32) {
	largest, length := float32(0), 0.0
	for _, x := range v {
		largest = max(largest, x, -x)
		length += float64(float64(x) * float64(x))
	}
	clear(row)
	if largest == 0 {
		return
	}
	scale, best := 0.0, 0.0
	for _, clip := range clips {
		step := clip * float64(largest) / 127
		dot, square := 0.0, 0.0
		for _, x := range v {
			c := code(x, step)
			dot += float64(float64(x) * c)
			square += float64(c * c)
		}
		if square == 0 || float64(dot*dot)/square <= best {
			continue
		}
		best, scale = float64(dot*dot)/square, length/dot
		for i, x := range v {
			row[i] = int8(code(x, step))
		}
	}
	b := math.Float32bits(float32(scale))
	for i := range scaleSize {
		row[len(row)-scaleSize+i] = int8(b >> (8 * i))
	}
}

// code is x in steps, within the range of codes.
func code(x float32, step float64) float64 {
	return max(-127, min(127, math.RoundToEven(float64(x)/step)))
}

// store writes v times factor into the row of a slot.
func (ix *Index) store(slot uint32, v []float32, factor float32) {
	scaled := make([]float32, len(v))
	for i, x := range v {
		scaled[i] = float32(x * factor)
	}
	if ix.cfg.Quant != SQ8 {
		stride := RowStride(ix.cfg.Dim)
		row := ix.rows[int(slot)*stride:][:stride]
		clear(row[copy(row, scaled):])
	}
	if ix.coded {
		stride := CodeStride(ix.cfg.Dim)
		encode(ix.codes[int(slot)*stride:][:stride], scaled)
	}
}

func (ix *Index) vector(slot uint32) []float32 {
	v := make([]float32, ix.cfg.Dim)
	if ix.cfg.Quant != SQ8 {
		copy(v, ix.rows[int(slot)*RowStride(ix.cfg.Dim):])
		return v
	}
	stride := CodeStride(ix.cfg.Dim)
	row := ix.codes[int(slot)*stride:][:stride]
	scale := scaleIn(row)
	for i := range v {
		v[i] = float32(float32(row[i]) * scale)
	}
	return v
}

// resize returns a slice of n elements, s if it is large enough. What is in it is anything.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
