// Package vec computes inner products of embeddings: of one pair, of one query with rows that lie one after the other (the exact scan), and of one
// query with rows picked by number (the steps of a graph search).
//
// Two kinds of numbers are known. float32 are embeddings as they come. int8 are codes of a scalar quantiser (SQ8); their sums are exact integers, and a
// query may have 16 bits a dimension, so that only the stored side loses precision.
//
//	d := vec.Dot(a, b)
//	vec.Rows(scores, query, rows, stride)           // scores[i] = query · rows[i*stride:]
//	vec.Gather(scores, query, rows, stride, []uint32{7, 3})
//
// On amd64 with AVX2 and FMA the work is done by assembly, elsewhere by Go that is unrolled by four. Both give the same integers. Sums of float32 differ
// in their order: both are within len·2⁻²³·Σ|aᵢ·bᵢ| of the true sum, which tests hold. Rows whose length is a multiple of Block are the fast
// ones: pad them, and the query, with zeros.
//
// Nothing here allocates or keeps what it is given. Functions may be called from any goroutine. A slice that is too short is a panic, as an index out of
// range is: nothing is read outside the slices that are given.
package vec

// Block is the number of elements that the kernels take in one step. Rows of float32 whose padded length is a multiple of 16, and rows of int8 whose is of 32, are
// read without a rest.
const (
	Block  = 16
	Block8 = 32
)
