package raster

// kernels is one set of row functions. A row is len(dst) pixels; sources are
// at least as long. Every set gives the same bits.
//
// Weights are in 0..256 and those of one pixel sum to 256. In a lane weight
// both halves of the word hold it.
type kernels struct {
	// opaque copies src with alpha 255. stream does the same for rows that
	// nobody reads soon, past the cache.
	opaque func(dst, src []uint32)
	stream func(dst, src []uint32)
	// over composites src onto dst.
	over func(dst, src []uint32)
	// overAlpha composites (src|or)·alpha/255 onto dst.
	overAlpha func(dst, src []uint32, alpha uint8, or uint32)
	// fill sets all of dst to c.
	fill func(dst []uint32, c uint32)
	// fillOver composites c onto dst.
	fillOver func(dst []uint32, c uint32)
	// cover composites c·cover/255 onto dst.
	cover func(dst []uint32, cover []uint8, c uint32)
	// reverse copies src backwards: dst[0] = src[len(dst)-1].
	reverse func(dst, src []uint32)
	// gather sets dst[i] = src[idx[i]] and the bits or.
	gather func(dst, src []uint32, idx []int32, or uint32)
	// gatherLerp weighs src[idx[i]] and src[idx[i]+1], the latter with the
	// lane weight w[i].
	gatherLerp func(dst, src []uint32, idx []int32, w []uint32)
	// lerp weighs a and b, b with w.
	lerp func(dst, a, b []uint32, w uint32)
	// accumulate adds w times the channels of src, from blue up, to acc,
	// four per pixel.
	accumulate func(acc []uint16, src []uint32, w uint32)
	// settle sets dst to the high bytes of acc.
	settle func(dst []uint32, acc []uint16)
	// box weighs, for each dst[i], the pixels that spans[i] names by
	// consecutive weights.
	box func(dst, src []uint32, spans []span, weights []uint16)
	// transpose sets the w pixels of each of the h rows of dst to columns of
	// src and the bits or.
	transpose func(dst, src block, w, h int, or uint32)
	// shuffle picks the bytes of each pixel by order and sets the bits or.
	shuffle func(dst []uint32, src []byte, order [4]uint8, or uint32)
	// from565 and from888 expand opaque pixels; swap exchanges red and blue.
	from565 func(dst []uint32, src []byte)
	from888 func(dst []uint32, src []byte, swap bool)
	// from2101010 keeps the high 8 bits of each channel; with opaque, alpha
	// is 255.
	from2101010 func(dst []uint32, src []byte, swap, opaque bool)
}

// span is a run of weighted pixels: n from first, with weights from off.
type span struct{ first, n, off int32 }

// block is a rectangle of pixels whose rows may run backwards in memory. Row
// i starts at px[start+i*stride].
type block struct {
	px            []uint32
	start, stride int
}

// rows moves b down by n rows.
func (b block) rows(n int) block {
	b.start += n * b.stride
	return b
}

// columns moves b right by n pixels.
func (b block) columns(n int) block {
	b.start += n
	return b
}

// flip turns b, of n rows, upside down.
func (b block) flip(n int) block {
	b.start += (n - 1) * b.stride
	b.stride = -b.stride
	return b
}

const alphaMask = 0xff000000

// portable is the pure-Go set.
var portable = kernels{
	opaque:      opaqueGo,
	stream:      opaqueGo,
	over:        overGo,
	overAlpha:   overAlphaGo,
	fill:        fillGo,
	fillOver:    fillOverGo,
	cover:       coverGo,
	reverse:     reverseGo,
	gather:      gatherGo,
	gatherLerp:  gatherLerpGo,
	lerp:        lerpGo,
	accumulate:  accumulateGo,
	settle:      settleGo,
	box:         boxGo,
	transpose:   transposeGo,
	shuffle:     shuffleGo,
	from565:     from565Go,
	from888:     from888Go,
	from2101010: from2101010Go,
}
