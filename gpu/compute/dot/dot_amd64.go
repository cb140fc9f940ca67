package dot

import "golang.org/x/sys/cpu"

var fast = cpu.X86.HasAVX2

// rows4AVX2 takes n rows of dim numbers, a positive multiple of 4.
//
//go:noescape
func rows4AVX2(dst, q, rows *float32, dim, n int)

// rowsFast does as many of the first rows as assembly can, and says how many.
func rowsFast(dst, q, rows []float32) int {
	n := len(dst) &^ 3
	if !fast || n == 0 || len(q) == 0 {
		return 0
	}
	rows4AVX2(&dst[0], &q[0], &rows[0], len(q), n)
	return n
}
