// Package dot computes dot products of 32-bit floats with the same bits on every
// machine: eight sums, element k in sum k mod 8, added up as a tree; each
// multiplication and addition is rounded by itself. The kernels in shader do the
// same. Package volume/vec is faster by its fused multiplication and addition,
// and only close.
//
//	dot.Rows(scores, query, vectors) // scores[i] = query · the i-th row
//
// On amd64 with AVX2 the work is done by assembly, elsewhere by Go. Numbers are
// finite. Nothing here allocates or keeps what it is given.
package dot

import "fmt"

// Dot returns the dot product of two vectors of one length.
func Dot(a, b []float32) float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	n := len(a) &^ 7
	b = b[:len(a)]
	for k := 0; k < n; k += 8 {
		x, y := a[k:k+8:k+8], b[k:k+8:k+8]
		s0 += float32(x[0] * y[0])
		s1 += float32(x[1] * y[1])
		s2 += float32(x[2] * y[2])
		s3 += float32(x[3] * y[3])
		s4 += float32(x[4] * y[4])
		s5 += float32(x[5] * y[5])
		s6 += float32(x[6] * y[6])
		s7 += float32(x[7] * y[7])
	}
	s := [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
	for k := n; k < len(a); k++ {
		s[k-n] += float32(a[k] * b[k])
	}
	return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))
}

// Rows sets dst[i] to the dot product of q and the i-th of the rows, which lie
// one after the other and are as long as q.
func Rows(dst, q, rows []float32) {
	if len(rows) < len(dst)*len(q) {
		panic(fmt.Sprintf("dot: %d rows wanted of %d numbers in rows of %d", len(dst), len(rows), len(q)))
	}
	for i := rowsFast(dst, q, rows); i < len(dst); i++ {
		dst[i] = Dot(q, rows[i*len(q):(i+1)*len(q)])
	}
}
