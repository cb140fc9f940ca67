package raster

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// kernelCase runs one kernel of a set on dst. aux is as long as dst plus one
// and src longer by one more; arg is anything.
type kernelCase struct {
	name string
	run  func(k *kernels, dst, src, aux []uint32, arg uint32)
}

var kernelCases = []kernelCase{
	{"opaque", func(k *kernels, dst, src, _ []uint32, _ uint32) { k.opaque(dst, src) }},
	{"stream", func(k *kernels, dst, src, _ []uint32, _ uint32) { k.stream(dst, src) }},
	{"over", func(k *kernels, dst, src, _ []uint32, _ uint32) { k.over(dst, src) }},
	{"overAlpha", func(k *kernels, dst, src, _ []uint32, arg uint32) {
		k.overAlpha(dst, src, uint8(arg), arg&0x100*0xff0000)
	}},
	{"fill", func(k *kernels, dst, _, _ []uint32, arg uint32) { k.fill(dst, arg) }},
	{"fillOver", func(k *kernels, dst, _, _ []uint32, arg uint32) { k.fillOver(dst, arg) }},
	{"cover", func(k *kernels, dst, src, _ []uint32, arg uint32) { k.cover(dst, bytes(src), arg) }},
	{"reverse", func(k *kernels, dst, src, _ []uint32, _ uint32) { k.reverse(dst, src) }},
	{"gather", func(k *kernels, dst, src, aux []uint32, arg uint32) {
		k.gather(dst, src, indices(dst, src, aux), arg)
	}},
	{"gatherLerp", func(k *kernels, dst, src, aux []uint32, _ uint32) {
		w := make([]uint32, len(dst))
		for i := range w {
			w[i] = aux[i] >> 8 % 257 * 0x10001
		}
		k.gatherLerp(dst, src, indices(dst, src, aux), w)
	}},
	{"lerp", func(k *kernels, dst, src, aux []uint32, arg uint32) { k.lerp(dst, src, aux, arg%257) }},
	{"average", func(k *kernels, dst, src, aux []uint32, arg uint32) {
		acc := make([]uint16, 4*len(dst))
		for i := range acc {
			acc[i] = 128
		}
		w := arg % 257
		k.accumulate(acc, src, w)
		k.accumulate(acc, aux, 256-w)
		k.settle(dst, acc)
	}},
	{"box", func(k *kernels, dst, src, aux []uint32, arg uint32) {
		spans := make([]span, len(dst))
		var weights []uint16
		for i := range spans {
			n := 1 + aux[i]%min(9, uint32(len(src)))
			spans[i] = span{int32(aux[i] >> 8 % (uint32(len(src)) - n + 1)), int32(n), int32(len(weights))}
			left := uint32(256)
			for j := range n {
				w := aux[i+1] >> j % (left + 1)
				if j == n-1 {
					w = left
				}
				left -= w
				weights = append(weights, uint16(w))
			}
		}
		k.box(dst, src, spans, weights)
	}},
	{"transpose", func(k *kernels, dst, src, _ []uint32, arg uint32) {
		// As many columns as fit, one word between rows.
		w := 1 + int(arg%37)
		h := (len(dst) + 1) / (w + 1)
		if h == 0 {
			return
		}
		from, to := block{px: src[:w*h], stride: h}, block{px: dst, stride: w + 1}
		if arg&0x100 != 0 {
			from = from.flip(w)
		}
		if arg&0x200 != 0 {
			to = to.flip(h)
		}
		k.transpose(to, from, w, h, arg&0x400<<20)
	}},
	{"shuffle", func(k *kernels, dst, src, _ []uint32, arg uint32) {
		k.shuffle(dst, bytes(src), [4]uint8{uint8(arg & 3), uint8(arg >> 2 & 3), uint8(arg >> 4 & 3), uint8(arg >> 6 & 3)}, arg)
	}},
	{"from565", func(k *kernels, dst, src, _ []uint32, _ uint32) { k.from565(dst, bytes(src)) }},
	{"from888", func(k *kernels, dst, src, _ []uint32, arg uint32) { k.from888(dst, bytes(src), arg&1 != 0) }},
	{"from2101010", func(k *kernels, dst, src, _ []uint32, arg uint32) {
		k.from2101010(dst, bytes(src), arg&1 != 0, arg&2 != 0)
	}},
}

// indices returns one index per pixel of dst that has a successor in src.
func indices(dst, src, aux []uint32) []int32 {
	idx := make([]int32, len(dst))
	for i := range idx {
		idx[i] = int32(aux[i] % uint32(len(src)-1))
	}
	return idx
}

// compare runs c in both sets on memory between canaries.
func compare(t *testing.T, c kernelCase, dst, src, aux []uint32, arg uint32) {
	t.Helper()
	const canary = 0xdeadbeef
	frame := func() []uint32 {
		return slices.Concat([]uint32{canary, canary, canary}, dst, []uint32{canary, canary, canary, canary, canary, canary, canary, canary})
	}
	n := len(dst)
	fast, slow := frame(), frame()
	c.run(bestKernels(), fast[3:3+n], src, aux, arg)
	c.run(&portable, slow[3:3+n], src, aux, arg)
	if !slices.Equal(fast, slow) {
		for i := range fast {
			if fast[i] != slow[i] {
				t.Fatalf("%s of %d pixels, arg %#x: word %d is %#08x; want %#08x", c.name, n, arg, i-3, fast[i], slow[i])
			}
		}
	}
	for i, w := range slow {
		if (i < 3 || i >= 3+n) && w != canary {
			t.Fatalf("%s of %d pixels, arg %#x: wrote word %d outside of its row", c.name, n, arg, i-3)
		}
	}
}

// noise returns n pixels: premultiplied ones in runs of equal opacity, so that
// short cuts are taken, and now and then anything.
func noise(rng *rand.Rand, n int) []uint32 {
	px := make([]uint32, n)
	for i := 0; i < n; {
		mode := rng.IntN(4)
		for end := min(n, i+1+rng.IntN(24)); i < end; i++ {
			switch v := rng.Uint32(); mode {
			case 0:
				px[i] = v | alphaMask
			case 1:
				px[i] = 0
			case 2:
				px[i] = straight(rng)
			case 3:
				px[i] = v
			}
		}
	}
	return px
}

// TestKernelsAgree holds both kernel sets together bit for bit.
func TestKernelsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, c := range kernelCases {
		t.Run(c.name, func(t *testing.T) {
			for round := range 400 {
				n := round % 100
				if round == 399 {
					n = 4099
				}
				compare(t, c, noise(rng, n), noise(rng, n+2), noise(rng, n+1), rng.Uint32())
			}
		})
	}
}

// FuzzKernels is TestKernelsAgree with chosen pixels.
func FuzzKernels(f *testing.F) {
	for i := range kernelCases {
		f.Add(uint8(i), uint32(0x80), []byte("\xff\xff\xff\xff\x00\x00\x00\x00\x80\x80\x80\x80\xff\x00\x00\x01 and so on and so forth until there are enough pixels for one round and a half of the assembly loops, with their three inputs: that is some hundred bytes"))
	}
	f.Fuzz(func(t *testing.T, which uint8, arg uint32, data []byte) {
		c := kernelCases[int(which)%len(kernelCases)]
		words := make([]uint32, 0, len(data)/4)
		for len(data) >= 4 && len(words) < 1<<10 {
			words = append(words, binary.LittleEndian.Uint32(data))
			data = data[4:]
		}
		if len(words) < 3 {
			return
		}
		n := (len(words) - 3) / 3
		compare(t, c, words[:n], words[n:2*n+2], words[2*n+2:3*n+3], arg)
	})
}

// TestOverIsExact checks OVER against its definition for all alphas and
// values of a channel.
func TestOverIsExact(t *testing.T) {
	dst, src := make([]uint32, 256), make([]uint32, 256)
	for a := range uint32(256) {
		for d := range uint32(256) {
			dst[d] = d * 0x01010101
			src[d] = a << 24
		}
		bestKernels().over(dst, src)
		for d := range uint32(256) {
			// d·(255−a)/255, half up.
			v := (2*d*(255-a) + 255) / 510
			if want := v*0x00010101 | (v+a)<<24; dst[d] != want {
				t.Fatalf("over(alpha %d, %#02x) = %#08x; want %#08x", a, d, dst[d], want)
			}
		}
	}
}
