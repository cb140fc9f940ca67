package vector

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

// half returns v half pixels.
func half(v int32) geom.Fixed { return geom.Fixed(v << 7) }

func coverage(t *testing.T, p *Path, clip geom.Rect) Mask {
	t.Helper()
	var r Rasterizer
	return r.Coverage(p, clip)
}

func TestCoverageIsTheExactArea(t *testing.T) {
	box := geom.Rect{X1: 8, Y1: 8}
	for _, c := range []struct {
		name string
		draw func(*Path)
		want map[geom.Point]uint8
	}{
		{
			"whole pixels",
			func(p *Path) { p.Rect(Px(1), Px(2), Px(3), Px(4)) },
			map[geom.Point]uint8{{X: 1, Y: 2}: 255, {X: 2, Y: 3}: 255, {X: 0, Y: 2}: 0, {X: 3, Y: 2}: 0, {X: 1, Y: 4}: 0},
		},
		{
			"half pixels",
			func(p *Path) { p.Rect(half(1), half(1), half(5), half(3)) },
			map[geom.Point]uint8{{X: 0, Y: 0}: 64, {X: 1, Y: 0}: 128, {X: 2, Y: 0}: 64, {X: 1, Y: 1}: 128},
		},
		{
			"a diagonal",
			func(p *Path) { p.Polygon(Pt(0, 0), Pt(Px(4), Px(4)), Pt(0, Px(4))) },
			map[geom.Point]uint8{{X: 0, Y: 0}: 128, {X: 1, Y: 1}: 128, {X: 0, Y: 1}: 255, {X: 1, Y: 0}: 0},
		},
		{
			"counter-clockwise",
			func(p *Path) { p.Polygon(Pt(0, 0), Pt(0, Px(2)), Pt(Px(2), Px(2)), Pt(Px(2), 0)) },
			map[geom.Point]uint8{{X: 0, Y: 0}: 255, {X: 1, Y: 1}: 255, {X: 2, Y: 2}: 0},
		},
		{
			"the same direction adds up and saturates",
			func(p *Path) { p.Rect(0, 0, Px(3), Px(3)); p.Rect(Px(1), Px(1), Px(4), Px(4)) },
			map[geom.Point]uint8{{X: 0, Y: 0}: 255, {X: 1, Y: 1}: 255, {X: 3, Y: 3}: 255, {X: 3, Y: 0}: 0},
		},
		{
			"the other direction cuts a hole",
			func(p *Path) {
				p.Rect(0, 0, Px(4), Px(4))
				p.Polygon(Pt(Px(1), Px(1)), Pt(Px(1), Px(3)), Pt(Px(3), Px(3)), Pt(Px(3), Px(1)))
			},
			map[geom.Point]uint8{{X: 0, Y: 0}: 255, {X: 1, Y: 1}: 0, {X: 2, Y: 2}: 0, {X: 3, Y: 3}: 255},
		},
		{
			"an open contour is closed",
			func(p *Path) { p.MoveTo(Pt(0, 0)); p.LineTo(Pt(Px(2), 0)); p.LineTo(Pt(Px(2), Px(2))) },
			map[geom.Point]uint8{{X: 0, Y: 0}: 128, {X: 1, Y: 0}: 255, {X: 0, Y: 1}: 0},
		},
		{
			"left of and above the clip",
			func(p *Path) { p.Rect(Px(-5), Px(-5), Px(2), half(3)) },
			map[geom.Point]uint8{{X: 0, Y: 0}: 255, {X: 1, Y: 0}: 255, {X: 1, Y: 1}: 128, {X: 2, Y: 0}: 0},
		},
	} {
		var p Path
		c.draw(&p)
		m := coverage(t, &p, box)
		for at, want := range c.want {
			if got := m.At(at.X, at.Y); got != want {
				t.Errorf("%s: coverage at %v = %d; want %d", c.name, at, got, want)
			}
		}
	}
}

// TestCoverageAgreesWithSamples compares random triangles with 16 × 16 samples
// per pixel.
func TestCoverageAgreesWithSamples(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var r Rasterizer
	for range 40 {
		var q [3]Point
		for i := range q {
			q[i] = Pt(geom.Fixed(rng.IntN(24<<8)-4<<8), geom.Fixed(rng.IntN(24<<8)-4<<8))
		}
		var p Path
		p.Polygon(q[:]...)
		m := r.Coverage(&p, geom.Rect{X1: 16, Y1: 16})
		side := func(a, b Point, x, y int64) bool {
			return int64(b.X-a.X)*(y-int64(a.Y))-int64(b.Y-a.Y)*(x-int64(a.X)) >= 0
		}
		for y := range int32(16) {
			for x := range int32(16) {
				n := 0
				for k := range 256 {
					sx, sy := int64(x)<<8+int64(k%16)*16+8, int64(y)<<8+int64(k/16)*16+8
					a, b, c := side(q[0], q[1], sx, sy), side(q[1], q[2], sx, sy), side(q[2], q[0], sx, sy)
					if a == b && b == c {
						n++
					}
				}
				if d := int(m.At(x, y)) - n; d < -16 || d > 16 {
					t.Fatalf("triangle %v: coverage at %d,%d = %d; samples say %d", q, x, y, m.At(x, y), n)
				}
			}
		}
	}
}

// blob is a path with lines and both kinds of curves.
func blob(rng *rand.Rand, size int32) Path {
	var p Path
	pt := func() Point {
		return Pt(geom.Fixed(rng.Int32N(size<<9)-size<<7), geom.Fixed(rng.Int32N(size<<9)-size<<7))
	}
	p.MoveTo(pt())
	for range 8 {
		switch rng.IntN(4) {
		case 0:
			p.QuadTo(pt(), pt())
		case 1:
			p.CubeTo(pt(), pt(), pt())
		case 2:
			p.Close()
			p.MoveTo(pt())
		default:
			p.LineTo(pt())
		}
	}
	return p
}

func TestClipsAndBandsDontChangeThePicture(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var r Rasterizer
	for range 20 {
		p := blob(rng, 64)
		whole := render.NewPixels(64, 64, render.ARGB8888)
		r.Fill(&whole, whole.Size().Rect(), &p, Solid(0xff336699))
		tiled := render.NewPixels(64, 64, render.ARGB8888)
		for y := int32(0); y < 64; y += 13 {
			for x := int32(0); x < 64; x += 17 {
				r.Fill(&tiled, geom.XYWH(x, y, 17, 13), &p, Solid(0xff336699))
			}
		}
		if !bytes.Equal(whole.Data, tiled.Data) {
			t.Fatal("a picture drawn in tiles differs from one drawn whole")
		}
	}
}

func TestTallFillNeedsManyBands(t *testing.T) {
	const w, h = 700, 500 // several times bandCells
	px := render.NewPixels(w, h, render.ARGB8888)
	var p Path
	p.Polygon(Pt(0, 0), Pt(Px(w), 0), Pt(Px(w), Px(h)), Pt(0, Px(h)))
	var r Rasterizer
	r.Fill(&px, px.Size().Rect(), &p, Solid(0xff010203))
	for i := 0; i < len(px.Data); i += 4 {
		if px.Data[i] != 3 || px.Data[i+3] != 0xff {
			t.Fatalf("pixel %d is not filled", i/4)
		}
	}
}

func TestFillStaysInsideItsClip(t *testing.T) {
	px := render.NewPixels(20, 20, render.ARGB8888)
	clip := geom.XYWH(5, 6, 7, 3)
	var p Path
	p.Rect(Px(-100), Px(-100), Px(100), Px(100))
	var r Rasterizer
	r.Fill(&px, clip, &p, Solid(0xffffffff))
	for y := range int32(20) {
		for x := range int32(20) {
			want := byte(0)
			if (geom.Point{X: x, Y: y}).In(clip) {
				want = 255
			}
			if got := px.Data[y*px.Stride+4*x+3]; got != want {
				t.Fatalf("alpha at %d,%d = %d; want %d", x, y, got, want)
			}
		}
	}
}

func TestOpaqueTargetsStayOpaque(t *testing.T) {
	px := render.NewPixels(4, 4, render.XRGB8888)
	var p Path
	p.Rect(0, 0, half(3), half(3))
	var r Rasterizer
	r.Fill(&px, px.Size().Rect(), &p, Solid(render.RGBA(255, 0, 0, 128)))
	if got := px.Data[3]; got != 0xff {
		t.Errorf("alpha byte = %#x; want 0xff", got)
	}
}

func TestSteadyStateAllocatesLittle(t *testing.T) {
	px := render.NewPixels(64, 64, render.ARGB8888)
	var r Rasterizer
	var p Path
	var paint Paint = Solid(0xff112233)
	draw := func() {
		p.Reset()
		p.RoundRect(Px(1), Px(1), Px(60), Px(60), Px(9))
		r.Fill(&px, px.Size().Rect(), &p, paint)
	}
	draw()
	if n := testing.AllocsPerRun(50, draw); n > 2 {
		t.Errorf("a fill allocates %v times; want at most 2", n)
	}
}

func TestLimits(t *testing.T) {
	var p Path
	p.MoveTo(Pt(1<<31-1, -1<<31))
	const m = geom.Fixed(Limit << 8)
	if p.pts[0] != Pt(m, -m) {
		t.Errorf("a huge coordinate became %v; want it saturated", p.pts[0])
	}
	p.Reset()
	for range MaxPoints + 10 {
		p.LineTo(Pt(Px(3), Px(4)))
	}
	if !p.Full() || len(p.pts) > MaxPoints {
		t.Errorf("%d points, full %v; want at most %d, and told", len(p.pts), p.Full(), MaxPoints)
	}
	p.Reset()
	if p.Full() || !p.Empty() {
		t.Error("Reset leaves something behind")
	}
	var none Path
	none.Close()
	if m := coverage(t, &none, geom.Rect{X1: 4, Y1: 4}); len(m.Pix) != 0 {
		t.Error("an empty path covers something")
	}
}

func FuzzFill(f *testing.F) {
	f.Add([]byte{0, 10, 10, 1, 200, 20, 2, 30, 200, 99, 1, 4})
	f.Add([]byte{3, 255, 255, 0, 0, 128, 7, 4, 4, 4, 4})
	f.Add(bytes.Repeat([]byte{2, 0x80, 0x7f, 3, 1, 9}, 20))
	var r Rasterizer
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 512 {
			return
		}
		var p, outline Path
		next := func() geom.Fixed {
			if len(data) < 2 {
				data = nil
				return 0
			}
			v := geom.Fixed(int8(data[0]))<<14 | geom.Fixed(data[1])<<3
			data = data[2:]
			return v
		}
		for len(data) > 0 {
			op := data[0]
			data = data[1:]
			switch op % 5 {
			case 0:
				p.MoveTo(Pt(next(), next()))
			case 1:
				p.LineTo(Pt(next(), next()))
			case 2:
				p.QuadTo(Pt(next(), next()), Pt(next(), next()))
			case 3:
				p.CubeTo(Pt(next(), next()), Pt(next(), next()), Pt(next(), next()))
			case 4:
				p.Close()
			}
		}
		px := render.NewPixels(33, 21, render.ARGB8888)
		clip := geom.XYWH(3, 2, 25, 15)
		r.Fill(&px, clip, &p, Solid(0x80402010))
		outline.Stroke(&p, 384, Round)
		r.Fill(&px, clip, &outline, Solid(0xffffffff))
		for y := range px.H {
			for x := range px.W {
				if v := px.Data[y*px.Stride+4*x+3]; v != 0 && !(geom.Point{X: x, Y: y}).In(clip) {
					t.Fatalf("alpha %d at %d,%d, outside of the clip", v, x, y)
				}
			}
		}
		for _, v := range r.acc[:cap(r.acc)] {
			if v != 0 {
				t.Fatal("the accumulator is not clear between fills")
			}
		}
	})
}

func BenchmarkFillRoundRect(b *testing.B) {
	px := render.NewPixels(1920, 34, render.ARGB8888)
	var r Rasterizer
	var p Path
	p.RoundRect(0, 0, Px(1920), Px(34), Px(10))
	b.ReportAllocs()
	for b.Loop() {
		r.Fill(&px, px.Size().Rect(), &p, Solid(0xff112233))
	}
}
