package raster

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// bestKernels returns the fastest set for this CPU.
func bestKernels() *kernels {
	if cpu.X86.HasAVX2 {
		return &avx2
	}
	return &portable
}

// avx2 does whole groups of eight pixels in assembly and the rest in Go.
var avx2 = kernels{
	opaque:      opaqueFast,
	stream:      streamFast,
	over:        overFast,
	overAlpha:   overAlphaFast,
	fill:        fillFast,
	fillOver:    fillOverFast,
	cover:       coverFast,
	reverse:     reverseFast,
	gather:      gatherFast,
	gatherLerp:  gatherLerpFast,
	lerp:        lerpFast,
	accumulate:  accumulateFast,
	settle:      settleFast,
	box:         boxFast,
	transpose:   transposeFast,
	shuffle:     shuffleFast,
	from565:     from565Fast,
	from888:     from888Fast,
	from2101010: from2101010Fast,
}

// The assembly takes counts that are positive multiples of 8 pixels and
// addresses without alignment.

//go:noescape
func opaqueAVX2(dst, src *uint32, n int)

// streamAVX2 wants dst aligned to 32 bytes and n to 32 pixels.
//
//go:noescape
func streamAVX2(dst, src *uint32, n int)

//go:noescape
func overAVX2(dst, src *uint32, n int)

//go:noescape
func overAlphaAVX2(dst, src *uint32, n int, alpha, or uint32)

//go:noescape
func fillAVX2(dst *uint32, n int, c uint32)

//go:noescape
func fillOverAVX2(dst *uint32, n int, c uint32)

//go:noescape
func coverAVX2(dst *uint32, cover *uint8, n int, c uint32)

//go:noescape
func reverseAVX2(dst, src *uint32, n int)

//go:noescape
func gatherAVX2(dst, src *uint32, idx *int32, n int, or uint32)

//go:noescape
func gatherLerpAVX2(dst, src *uint32, idx *int32, w *uint32, n int)

//go:noescape
func lerpAVX2(dst, a, b *uint32, n int, w uint32)

//go:noescape
func accumulateAVX2(acc *uint16, src *uint32, n int, w uint32)

//go:noescape
func settleAVX2(dst *uint32, acc *uint16, n int)

// boxAVX2 takes any positive n.
//
//go:noescape
func boxAVX2(dst, src *uint32, spans *span, weights *uint16, n int)

// transposeAVX2 turns 8 rows of n pixels; strides are in bytes.
//
//go:noescape
func transposeAVX2(dst *uint32, ds int, src *uint32, ss, n int, or uint32)

//go:noescape
func shuffleAVX2(dst *uint32, src *byte, n int, order, or uint32)

//go:noescape
func from565AVX2(dst *uint32, src *byte, n int)

// from888AVX2 reads four bytes more than n pixels have. order names the source
// byte for each of the three colours from blue up.
//
//go:noescape
func from888AVX2(dst *uint32, src *byte, n int, order uint32)

// from2101010AVX2 wants the channels' left shifts that bring the high bits of
// red and blue to bits 31..24.
//
//go:noescape
func from2101010AVX2(dst *uint32, src *byte, n int, red, blue, or uint32)

func opaqueFast(dst, src []uint32) {
	src = src[:len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		opaqueAVX2(&dst[0], &src[0], n)
	}
	opaqueGo(dst[n:], src[n:])
}

func streamFast(dst, src []uint32) {
	src = src[:len(dst)]
	head := 0
	if len(dst) > 0 {
		head = int(-uintptr(unsafe.Pointer(&dst[0]))%32) / 4
	}
	n := (len(dst) - head) &^ 31
	if n <= 0 || uintptr(unsafe.Pointer(&dst[0]))%4 != 0 {
		opaqueFast(dst, src)
		return
	}
	opaqueGo(dst[:head], src)
	streamAVX2(&dst[head], &src[head], n)
	opaqueFast(dst[head+n:], src[head+n:])
}

func overFast(dst, src []uint32) {
	src = src[:len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		overAVX2(&dst[0], &src[0], n)
	}
	overGo(dst[n:], src[n:])
}

func overAlphaFast(dst, src []uint32, alpha uint8, or uint32) {
	src = src[:len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		overAlphaAVX2(&dst[0], &src[0], n, uint32(alpha), or)
	}
	overAlphaGo(dst[n:], src[n:], alpha, or)
}

func fillFast(dst []uint32, c uint32) {
	n := len(dst) &^ 7
	if n > 0 {
		fillAVX2(&dst[0], n, c)
	}
	fillGo(dst[n:], c)
}

func fillOverFast(dst []uint32, c uint32) {
	n := len(dst) &^ 7
	if n > 0 {
		fillOverAVX2(&dst[0], n, c)
	}
	fillOverGo(dst[n:], c)
}

func coverFast(dst []uint32, cover []uint8, c uint32) {
	cover = cover[:len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		coverAVX2(&dst[0], &cover[0], n, c)
	}
	coverGo(dst[n:], cover[n:], c)
}

func reverseFast(dst, src []uint32) {
	src = src[:len(dst)]
	n := len(dst) &^ 7
	rest := len(dst) - n
	if n > 0 {
		reverseAVX2(&dst[rest], &src[0], n)
	}
	reverseGo(dst[:rest], src[n:])
}

func gatherFast(dst, src []uint32, idx []int32, or uint32) {
	idx = idx[:len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		gatherAVX2(&dst[0], &src[0], &idx[0], n, or)
	}
	gatherGo(dst[n:], src, idx[n:], or)
}

func gatherLerpFast(dst, src []uint32, idx []int32, w []uint32) {
	idx = idx[:len(dst)]
	w = w[:len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		gatherLerpAVX2(&dst[0], &src[0], &idx[0], &w[0], n)
	}
	gatherLerpGo(dst[n:], src, idx[n:], w[n:])
}

func lerpFast(dst, a, b []uint32, w uint32) {
	a = a[:len(dst)]
	b = b[:len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		lerpAVX2(&dst[0], &a[0], &b[0], n, w)
	}
	lerpGo(dst[n:], a[n:], b[n:], w)
}

func accumulateFast(acc []uint16, src []uint32, w uint32) {
	src = src[:len(acc)/4]
	n := len(src) &^ 7
	if n > 0 {
		accumulateAVX2(&acc[0], &src[0], n, w)
	}
	accumulateGo(acc[4*n:], src[n:], w)
}

func settleFast(dst []uint32, acc []uint16) {
	acc = acc[:4*len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		settleAVX2(&dst[0], &acc[0], n)
	}
	settleGo(dst[n:], acc[4*n:])
}

func boxFast(dst, src []uint32, spans []span, weights []uint16) {
	spans = spans[:len(dst)]
	if len(dst) > 0 {
		boxAVX2(&dst[0], &src[0], &spans[0], &weights[0], len(dst))
	}
}

func transposeFast(dst, src block, w, h int, or uint32) {
	w8, h8 := w&^7, h&^7
	if h8 > 0 {
		for x := 0; x < w8; x += 8 {
			s, d := src.rows(x), dst.columns(x)
			// The far corners too have to lie inside.
			_ = s.px[s.start+7*s.stride+h8-1]
			_ = d.px[d.start+(h8-1)*d.stride+7]
			transposeAVX2(&d.px[d.start], 4*d.stride, &s.px[s.start], 4*s.stride, h8, or)
		}
	}
	if h8 < h {
		transposeGo(dst.rows(h8), src.columns(h8), w8, h-h8, or)
	}
	if w8 < w {
		transposeGo(dst.columns(w8), src.rows(w8), w-w8, h, or)
	}
}

func shuffleFast(dst []uint32, src []byte, order [4]uint8, or uint32) {
	src = src[:4*len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		o := uint32(order[0]) | uint32(order[1])<<8 | uint32(order[2])<<16 | uint32(order[3])<<24
		shuffleAVX2(&dst[0], &src[0], n, o, or)
	}
	shuffleGo(dst[n:], src[4*n:], order, or)
}

func from565Fast(dst []uint32, src []byte) {
	src = src[:2*len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		from565AVX2(&dst[0], &src[0], n)
	}
	from565Go(dst[n:], src[2*n:])
}

func from888Fast(dst []uint32, src []byte, swap bool) {
	src = src[:3*len(dst)]
	n := max(len(dst)-2, 0) &^ 7
	if n > 0 {
		order := uint32(0x020100)
		if swap {
			order = 0x000102
		}
		from888AVX2(&dst[0], &src[0], n, order)
	}
	from888Go(dst[n:], src[3*n:], swap)
}

func from2101010Fast(dst []uint32, src []byte, swap, opaque bool) {
	src = src[:4*len(dst)]
	n := len(dst) &^ 7
	if n > 0 {
		red, blue, or := uint32(2), uint32(22), uint32(0)
		if swap {
			red, blue = blue, red
		}
		if opaque {
			or = alphaMask
		}
		from2101010AVX2(&dst[0], &src[0], n, red, blue, or)
	}
	from2101010Go(dst[n:], src[4*n:], swap, opaque)
}
