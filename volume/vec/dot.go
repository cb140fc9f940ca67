package vec

import "fmt"

// kernels is one set of functions. Lengths are checked before they are called.
type kernels struct {
	// dot and dot8 take slices of one length.
	dot  func(a, b []float32) float32
	dot8 func(a, b []int8) int32
	// rows and gather set all of dst. ids are below n. len(q) is any for the portable set, a multiple of the block for the others.
	rows     func(dst, q, rows []float32, stride int)
	gather   func(dst, q, rows []float32, stride, n int, ids []uint32) bool
	rows16   func(dst []int32, q []int16, rows []int8, stride int)
	gather16 func(dst []int32, q []int16, rows []int8, stride, n int, ids []uint32) bool
}

var portable = kernels{
	dot: dotGo, dot8: dot8Go,
	rows: rowsGo, gather: gatherGo, rows16: rows16Go, gather16: gather16Go,
}

var best = bestKernels()

// Dot is the inner product of a and b, which are of one length.
func Dot(a, b []float32) float32 { return best.dot(a, b[:len(a)]) }

// Dot8 is the inner product of codes. It is exact up to 131,071 elements.
func Dot8(a, b []int8) int32 { return best.dot8(a, b[:len(a)]) }

// Rows sets dst[i] to the inner product of q and the row that starts at rows[i*stride], for all of dst. The stride is in elements and at least len(q).
func Rows(dst, q, rows []float32, stride int) {
	if len(dst) == 0 {
		return
	}
	if have := count(len(q), len(rows), stride); have < len(dst) {
		panic(fmt.Sprintf("vec: %d rows wanted of %d", len(dst), have))
	}
	of(len(q)%Block).rows(dst, q, rows, stride)
}

// Gather sets dst[i] to the inner product of q and the row that starts at rows[ids[i]*stride].
func Gather(dst, q, rows []float32, stride int, ids []uint32) {
	n := count(len(q), len(rows), stride)
	if !of(len(q)%Block).gather(dst[:len(ids)], q, rows, stride, n, ids) {
		panic(fmt.Sprintf("vec: a row of %v is not among %d", ids, n))
	}
}

// Rows16 is Rows of a 16-bit query with rows of codes. Sums wrap around beyond 32 bits: Σ|qᵢ|·128 must stay below 2³¹.
func Rows16(dst []int32, q []int16, rows []int8, stride int) {
	if len(dst) == 0 {
		return
	}
	if have := count(len(q), len(rows), stride); have < len(dst) {
		panic(fmt.Sprintf("vec: %d rows wanted of %d", len(dst), have))
	}
	of(len(q)%Block8).rows16(dst, q, rows, stride)
}

// Gather16 is Gather of a 16-bit query with rows of codes, with the limit of Rows16.
func Gather16(dst []int32, q []int16, rows []int8, stride int, ids []uint32) {
	n := count(len(q), len(rows), stride)
	if !of(len(q)%Block8).gather16(dst[:len(ids)], q, rows, stride, n, ids) {
		panic(fmt.Sprintf("vec: a row of %v is not among %d", ids, n))
	}
}

// of is the set for queries that leave a rest of that many elements.
func of(rest int) *kernels {
	if rest != 0 {
		return &portable
	}
	return best
}

// count is the number of whole rows of d elements in all of them.
func count(d, all, stride int) int {
	if stride < d || stride <= 0 {
		panic(fmt.Sprintf("vec: stride %d for rows of %d", stride, d))
	}
	if all < d {
		return 0
	}
	return (all-d)/stride + 1
}
