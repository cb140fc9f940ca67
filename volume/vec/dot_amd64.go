package vec

import "golang.org/x/sys/cpu"

// bestKernels returns the fastest set for this CPU.
func bestKernels() *kernels {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return &avx2
	}
	return &portable
}

// avx2 does whole blocks in assembly and the rest in Go.
var avx2 = kernels{
	dot: dotFast, dot8: dot8Fast,
	rows: rowsFast, gather: gatherFast, rows16: rows16Fast, gather16: gather16Fast,
}

// Prefetch asks for the cache line of p, where the CPU can be asked.
//
//go:noescape
func Prefetch(p *uint32)

// The assembly takes lengths that are positive multiples of a block (of 16 float32, of 32 codes) and addresses without alignment. Strides are in bytes.

//go:noescape
func dotAVX2(a, b *float32, n int) float32

//go:noescape
func dot8AVX2(a, b *int8, n int) int32

// rows4 and gather4 take n rows, a positive multiple of 4. gather4 reports whether all ids are below limit and stops at the first four of which one is not.

//go:noescape
func rows4AVX2(dst, q, rows *float32, d, stride, n int)

//go:noescape
func gather4AVX2(dst, q, rows *float32, d, stride int, ids *uint32, n, limit int) bool

//go:noescape
func rows16x4AVX2(dst *int32, q *int16, rows *int8, d, stride, n int)

//go:noescape
func gather16x4AVX2(dst *int32, q *int16, rows *int8, d, stride int, ids *uint32, n, limit int) bool

func dotFast(a, b []float32) float32 {
	n := len(a) &^ (Block - 1)
	if n == 0 {
		return dotGo(a, b)
	}
	s := dotAVX2(&a[0], &b[0], n)
	if n < len(a) {
		s += dotGo(a[n:], b[n:])
	}
	return s
}

func dot8Fast(a, b []int8) int32 {
	n := len(a) &^ (Block8 - 1)
	if n == 0 {
		return dot8Go(a, b)
	}
	return dot8AVX2(&a[0], &b[0], n) + dot8Go(a[n:], b[n:])
}

func rowsFast(dst, q, rows []float32, stride int) {
	if len(q) == 0 {
		clear(dst)
		return
	}
	n := len(dst) &^ 3
	if n > 0 {
		rows4AVX2(&dst[0], &q[0], &rows[0], len(q), stride*4, n)
	}
	for i := n; i < len(dst); i++ {
		dst[i] = dotAVX2(&q[0], &rows[i*stride], len(q))
	}
}

func gatherFast(dst, q, rows []float32, stride, limit int, ids []uint32) bool {
	if len(q) == 0 {
		return gatherGo(dst, q, rows, stride, limit, ids)
	}
	n := len(ids) &^ 3
	if n > 0 && !gather4AVX2(&dst[0], &q[0], &rows[0], len(q), stride*4, &ids[0], n, limit) {
		return false
	}
	for i := n; i < len(ids); i++ {
		if int(ids[i]) >= limit {
			return false
		}
		dst[i] = dotAVX2(&q[0], &rows[int(ids[i])*stride], len(q))
	}
	return true
}

func rows16Fast(dst []int32, q []int16, rows []int8, stride int) {
	if len(q) == 0 {
		clear(dst)
		return
	}
	n := len(dst) &^ 3
	if n > 0 {
		rows16x4AVX2(&dst[0], &q[0], &rows[0], len(q), stride, n)
	}
	if n == len(dst) {
		return
	}
	var four [4]uint32
	for i := range len(dst) - n {
		four[i] = uint32(i)
	}
	var sums [4]int32
	gather16x4AVX2(&sums[0], &q[0], &rows[n*stride], len(q), stride, &four[0], 4, 4)
	copy(dst[n:], sums[:])
}

func gather16Fast(dst []int32, q []int16, rows []int8, stride, limit int, ids []uint32) bool {
	if len(q) == 0 {
		return gather16Go(dst, q, rows, stride, limit, ids)
	}
	n := len(ids) &^ 3
	if n > 0 && !gather16x4AVX2(&dst[0], &q[0], &rows[0], len(q), stride, &ids[0], n, limit) {
		return false
	}
	if n == len(ids) {
		return true
	}
	var four [4]uint32 // the rest, and its first row again
	for i := range four {
		four[i] = ids[n]
	}
	copy(four[:], ids[n:])
	var sums [4]int32
	if !gather16x4AVX2(&sums[0], &q[0], &rows[0], len(q), stride, &four[0], 4, limit) {
		return false
	}
	copy(dst[n:], sums[:])
	return true
}
