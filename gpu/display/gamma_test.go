package display

import (
	"encoding/binary"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

// ramps where red is as it was, green is inverted and blue is off.
func testRamps() []uint16 {
	r := make([]uint16, 3*GammaSize)
	for i := range GammaSize {
		r[i], r[GammaSize+i] = uint16(i*257), uint16((255-i)*257)
	}
	return r
}

func fill(p *render.Pixels, r geom.Rect, v uint32) {
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			binary.LittleEndian.PutUint32(p.Data[y*p.Stride+4*x:], v)
		}
	}
}

func at(p *render.Pixels, x, y int32) uint32 {
	return binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:])
}

func TestGammaFollowsDamageAndAge(t *testing.T) {
	g := NewGamma(testRamps())
	picture := render.NewPixels(40, 30, render.XRGB8888)
	buffers := [2]render.Pixels{render.NewPixels(40, 30, render.XRGB8888), render.NewPixels(40, 30, render.XRGB8888)}
	all := picture.Size().Rect()
	fill(&picture, all, 0x00102030)
	damage := geom.RegionOf(all)
	g.Put(&buffers[0], &picture, &damage, 0)
	if got, want := at(&buffers[0], 39, 29), uint32(0xff10df00); got != want {
		t.Errorf("a pixel is %#x; want %#x", got, want)
	}
	// The other buffer is new; then both are used in turn.
	for i := 1; i < 8; i++ {
		r := geom.XYWH(int32(4*i), 3, 4, 4)
		fill(&picture, r, 0x00ff0000+uint32(i))
		damage.SetRect(r)
		age := 2
		if i == 1 {
			age = 0
		}
		b := &buffers[i%2]
		g.Put(b, &picture, &damage, age)
		for y := range picture.H {
			for x := range picture.W {
				v := at(&picture, x, y)
				want := 0xff000000 | v&0xff0000 | (0xff-v>>8&0xff)<<8
				if got := at(b, x, y); got != want {
					t.Fatalf("frame %d at %d,%d: %#x; want %#x", i, x, y, got, want)
				}
			}
		}
	}
	// Only what is damaged is touched.
	fill(&buffers[0], all, 0)
	damage.SetRect(geom.XYWH(-5, -5, 10, 10))
	g.Put(&buffers[0], &picture, &damage, 1)
	if at(&buffers[0], 4, 4) == 0 || at(&buffers[0], 5, 5) != 0 {
		t.Error("what was drawn is not the damage")
	}
	if n := testing.AllocsPerRun(20, func() { g.Put(&buffers[0], &picture, &damage, 2) }); n != 0 {
		t.Errorf("%v allocations for a frame", n)
	}
}

func BenchmarkGamma(b *testing.B) {
	g := NewGamma(testRamps())
	src, dst := render.NewPixels(1920, 1080, render.XRGB8888), render.NewPixels(1920, 1080, render.XRGB8888)
	damage := geom.RegionOf(src.Size().Rect())
	b.SetBytes(int64(len(src.Data)))
	for b.Loop() {
		g.Put(&dst, &src, &damage, 1)
	}
}
