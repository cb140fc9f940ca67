package raster

// The pure-Go kernels work on two channels at a time, held in 16-bit lanes:
// blue and red (rb), green and alpha (ag).
const (
	lanes = 0x00ff00ff
	half  = 0x00800080
)

// div255 divides both lanes of t, each at most 255·255, by 255, rounding.
func div255(t uint32) uint32 {
	t += half
	return (t + t>>8&lanes) >> 8 & lanes
}

// addSat adds lanes of at most 255 and saturates at 255.
func addSat(a, b uint32) uint32 {
	t := a + b
	return (t | (0x01000100 - t>>8&0x00010001)) & lanes
}

// over1 composites s onto d.
func over1(s, d uint32) uint32 {
	ia := 255 - s>>24
	rb := addSat(s&lanes, div255((d&lanes)*ia))
	ag := addSat(s>>8&lanes, div255((d>>8&lanes)*ia))
	return rb | ag<<8
}

// scale1 multiplies all channels by a/255.
func scale1(s, a uint32) uint32 {
	return div255((s&lanes)*a) | div255((s>>8&lanes)*a)<<8
}

// lerp1 weighs a and b with 256-w and w.
func lerp1(a, b, w uint32) uint32 {
	v := 256 - w
	rb := ((a&lanes)*v + (b&lanes)*w + half) >> 8 & lanes
	ag := ((a>>8&lanes)*v + (b>>8&lanes)*w + half) & (lanes << 8)
	return rb | ag
}

func opaqueGo(dst, src []uint32) {
	src = src[:len(dst)]
	for i, s := range src {
		dst[i] = s | alphaMask
	}
}

func overGo(dst, src []uint32) {
	src = src[:len(dst)]
	for i, s := range src {
		switch {
		case s >= alphaMask:
			dst[i] = s
		case s != 0:
			dst[i] = over1(s, dst[i])
		}
	}
}

func overAlphaGo(dst, src []uint32, alpha uint8, or uint32) {
	src = src[:len(dst)]
	a := uint32(alpha)
	for i, s := range src {
		dst[i] = over1(scale1(s|or, a), dst[i])
	}
}

func fillGo(dst []uint32, c uint32) {
	if len(dst) == 0 {
		return
	}
	dst[0] = c
	for n := 1; n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

func fillOverGo(dst []uint32, c uint32) {
	for i, d := range dst {
		dst[i] = over1(c, d)
	}
}

func coverGo(dst []uint32, cover []uint8, c uint32) {
	cover = cover[:len(dst)]
	for i, k := range cover {
		switch {
		case k == 0:
		case k == 255 && c >= alphaMask:
			dst[i] = c
		default:
			dst[i] = over1(scale1(c, uint32(k)), dst[i])
		}
	}
}

func reverseGo(dst, src []uint32) {
	src = src[:len(dst)]
	for i, s := range src {
		dst[len(dst)-1-i] = s
	}
}

func gatherGo(dst, src []uint32, idx []int32, or uint32) {
	idx = idx[:len(dst)]
	for i, j := range idx {
		dst[i] = src[j] | or
	}
}

func gatherLerpGo(dst, src []uint32, idx []int32, w []uint32) {
	idx = idx[:len(dst)]
	w = w[:len(dst)]
	for i, j := range idx {
		dst[i] = lerp1(src[j], src[j+1], w[i]&0xffff)
	}
}

func lerpGo(dst, a, b []uint32, w uint32) {
	a = a[:len(dst)]
	b = b[:len(dst)]
	for i := range dst {
		dst[i] = lerp1(a[i], b[i], w)
	}
}

func accumulateGo(acc []uint16, src []uint32, w uint32) {
	src = src[:len(acc)/4]
	for i, s := range src {
		c := acc[4*i : 4*i+4 : 4*i+4]
		c[0] += uint16(s & 0xff * w)
		c[1] += uint16(s >> 8 & 0xff * w)
		c[2] += uint16(s >> 16 & 0xff * w)
		c[3] += uint16(s >> 24 * w)
	}
}

func settleGo(dst []uint32, acc []uint16) {
	acc = acc[:4*len(dst)]
	for i := range dst {
		c := acc[4*i : 4*i+4 : 4*i+4]
		dst[i] = uint32(c[0]>>8) | uint32(c[1]&0xff00) | uint32(c[2]&0xff00)<<8 | uint32(c[3]&0xff00)<<16
	}
}

func boxGo(dst, src []uint32, spans []span, weights []uint16) {
	spans = spans[:len(dst)]
	for i, sp := range spans {
		rb, ag := uint32(half), uint32(half)
		px := src[sp.first : sp.first+sp.n]
		ws := weights[sp.off : sp.off+sp.n]
		for j, s := range px {
			w := uint32(ws[j])
			rb += s & lanes * w
			ag += s >> 8 & lanes * w
		}
		dst[i] = rb>>8&lanes | ag&(lanes<<8)
	}
}

func transposeGo(dst, src block, w, h int, or uint32) {
	for x := range w {
		column := src.px[src.start+x*src.stride:][:h]
		to := dst.start + x
		for _, s := range column {
			dst.px[to] = s | or
			to += dst.stride
		}
	}
}
