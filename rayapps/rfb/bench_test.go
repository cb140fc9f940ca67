package rfb

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"rayos/geom"
)

// replay gives the same frame over and over: the zlib streams of ZRLE and Tight
// start anew with each, which Tight says itself and ZRLE is told.
type replay struct {
	d     *decoder
	in    *bytes.Reader
	data  []byte
	enc   Encoding
	rects []geom.Rect
}

// newReplay encodes a frame of w×h in rectangles of the given size.
func newReplay(enc Encoding, workers, w, h, side int, noise bool) *replay {
	rnd := rand.New(rand.NewPCG(4, 4))
	m := newPicture(w, h)
	p := &replay{enc: enc}
	var out []byte
	e := newEncoder(m, rnd)
	for y := 0; y < h; y += side {
		for x := 0; x < w; x += side {
			r := geom.XYWH(int32(x), int32(y), int32(min(side, w-x)), int32(min(side, h-y)))
			colours := []int{2, 12, 100}[(x/side+y/side)%3]
			if noise {
				colours = 0
			}
			m.paint(rnd, r, colours)
			e.z = [streams]*zlib.Writer{}
			at := len(out)
			out = e.pixels(out, enc, r)
			if enc == Tight && out[at]&0x80 == 0 {
				out[at] |= 15
			}
			p.rects = append(p.rects, r)
		}
	}
	p.data = out
	p.in = bytes.NewReader(out)
	p.d = newDecoder(newReader(p.in), workers)
	*p.d.fb = NewFramebuffer(geom.Size{W: int32(w), H: int32(h)})
	return p
}

func (p *replay) frame() error {
	p.in.Reset(p.data)
	for i, r := range p.rects {
		if p.enc == ZRLE {
			if err := p.d.crew.await(geom.Rect{}, zrleStream); err != nil {
				return err
			}
			p.d.zlib[zrleStream].reset()
		}
		if err := p.d.rect(p.enc, i, r); err != nil {
			return err
		}
	}
	return p.d.crew.flush()
}

// A frame costs no memory once all buffers have their size.
func TestFrameAllocs(t *testing.T) {
	for _, enc := range pixelEncodings {
		for _, workers := range []int{0, 2} {
			p := newReplay(enc, workers, 640, 480, 160, false)
			defer p.d.crew.close()
			for range 20 {
				if err := p.frame(); err != nil {
					t.Fatal(err)
				}
			}
			got := testing.AllocsPerRun(20, func() {
				if err := p.frame(); err != nil {
					t.Fatal(err)
				}
			})
			if got > 0 {
				t.Errorf("%v with %d workers: %v allocations a frame", enc, workers, got)
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, enc := range pixelEncodings {
		for _, noise := range []bool{false, true} {
			for _, workers := range []int{0, 2} {
				kind := "ui"
				if noise {
					kind = "noise"
				}
				if workers > 0 && enc != Tight && enc != ZRLE {
					continue
				}
				b.Run(fmt.Sprintf("%v/%s/%d workers", enc, kind, workers), func(b *testing.B) {
					p := newReplay(enc, workers, 1920, 1080, 240, noise)
					defer p.d.crew.close()
					runtime.GC()
					b.ReportAllocs()
					b.ResetTimer()
					for b.Loop() {
						if err := p.frame(); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(b.N)*1920*1080/1e6/b.Elapsed().Seconds(), "Mpix/s")
				})
			}
		}
	}
}
