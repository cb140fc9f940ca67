package vector

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
)

func TestScaleRoundsToNearest(t *testing.T) {
	for v := range uint32(256) {
		for k := range uint32(256) {
			want := (v*k + 127) / 255
			c := v<<24 | v<<16 | v<<8 | v
			if got := Scale(c, uint8(k)); got != want<<24|want<<16|want<<8|want {
				t.Fatalf("Scale(%#x, %d) = %#x; want %#x in each channel", c, k, got, want)
			}
		}
	}
}

func TestOver(t *testing.T) {
	for _, c := range []struct{ src, dst, want uint32 }{
		{0xff102030, 0xffffffff, 0xff102030},
		{0, 0x80402010, 0x80402010},
		{0x80808080, 0xff000000, 0xff808080},
		{0x80000000, 0xffffffff, 0xff7f7f7f},
	} {
		if got := Over(c.src, c.dst); got != c.want {
			t.Errorf("Over(%#x, %#x) = %#x; want %#x", c.src, c.dst, got, c.want)
		}
	}
	// No channel overflows into its neighbour.
	for a := range uint32(256) {
		for d := range uint32(256) {
			src, dst := a<<24|a<<16|a<<8|a, d<<24|d<<16|d<<8|d
			v := Over(src, dst)
			if v>>24 != v&0xff || v>>24 < a {
				t.Fatalf("Over(%#x, %#x) = %#x", src, dst, v)
			}
		}
	}
}

func TestMix(t *testing.T) {
	if got := Mix(0xff000000, 0xffffffff, 255); got != 0xffffffff {
		t.Errorf("Mix to the end = %#x", got)
	}
	if got := Mix(0xff123456, 0xffffffff, 0); got != 0xff123456 {
		t.Errorf("Mix at the start = %#x", got)
	}
	for k := range 256 {
		if got := Mix(0xff336699, 0xff99cc00, uint8(k)); !got.Opaque() {
			t.Fatalf("Mix of opaque colours by %d = %#x, translucent", k, got)
		}
	}
}

func TestRamp(t *testing.T) {
	r := NewRamp(Stop{0, 0xff000000}, Stop{100, 0xff646464}, Stop{200, 0xffffffff})
	for i, want := range map[int]uint32{0: 0xff000000, 1: 0xff010101, 50: 0xff323232, 100: 0xff646464, 200: 0xffffffff, 255: 0xffffffff} {
		if r[i] != want {
			t.Errorf("ramp at %d = %#x; want %#x", i, r[i], want)
		}
	}
	if NewRamp()[7] != 0 {
		t.Error("a ramp without stops is not transparent")
	}
}

func TestGradientsHaveEnds(t *testing.T) {
	ramp := NewRamp(Stop{0, 0xff000000}, Stop{255, 0xffffffff})
	out := make([]uint32, 20)
	Linear{Pt(Px(5), 0), Pt(Px(15), 0), ramp}.span(0, 0, out)
	if out[0] != 0xff000000 || out[19] != 0xffffffff {
		t.Errorf("linear ends are %#x, %#x", out[0], out[19])
	}
	for i := 1; i < len(out); i++ {
		if out[i] < out[i-1] {
			t.Errorf("linear falls at %d", i)
		}
	}
	Radial{Pt(Px(10), Px(0)), Px(6), ramp}.span(0, 0, out)
	if out[10] > 0xff202020 || out[0] != 0xffffffff || out[9] != out[10] {
		t.Errorf("radial = %#x", out)
	}
	// Nothing divides by zero.
	Linear{Ramp: ramp}.span(0, 0, out)
	Radial{Ramp: ramp}.span(0, 0, out)
}

func TestFillRect(t *testing.T) {
	px := render.NewPixels(3, 3, render.ARGB8888)
	FillRect(&px, geom.Rect{X0: -5, Y0: 1, X1: 2, Y1: 50}, 0xffaabbcc)
	if px.Data[0] != 0 || px.Data[px.Stride] != 0xcc || px.Data[px.Stride+8] != 0 {
		t.Errorf("pixels are % x", px.Data)
	}
	opaque := render.NewPixels(1, 1, render.XRGB8888)
	FillRect(&opaque, geom.Rect{X1: 1, Y1: 1}, 0x80000000)
	if opaque.Data[3] != 0xff {
		t.Error("an XRGB target got a translucent pixel")
	}
}

func TestBlurKeepsTheLight(t *testing.T) {
	for _, sigma := range []geom.Fixed{0, 128, Px(1), Px(4), Px(16)} {
		m := Mask{Bounds: geom.XYWH(3, 4, 40, 30), Pix: make([]uint8, 40*30)}
		for i := range m.Pix {
			m.Pix[i] = 255
		}
		soft := Blur(m, sigma)
		if want := m.Bounds.Inset(-Spread(sigma)); soft.Bounds != want {
			t.Errorf("sigma %d: bounds %v; want %v", sigma, soft.Bounds, want)
		}
		var sum int64
		for _, v := range soft.Pix {
			sum += int64(v)
		}
		if want := int64(40 * 30 * 65535); abs64(sum-want) > want/200 {
			t.Errorf("sigma %d: sum %d; want %d within 0.5 %%", sigma, sum, want)
		}
		b := soft.Bounds
		for y := b.Y0; y < b.Y1; y++ {
			for x := b.X0; x < b.X1; x++ {
				if soft.At(x, y) != soft.At(b.X0+b.X1-1-x, y) || soft.At(x, y) != soft.At(x, b.Y0+b.Y1-1-y) {
					t.Fatalf("sigma %d: not symmetric at %d,%d", sigma, x, y)
				}
			}
		}
	}
}

// TestBlurIsAboutSigmaWide compares the variance of a blurred edge with what
// was asked for.
func TestBlurIsAboutSigmaWide(t *testing.T) {
	for sigma := int64(1); sigma <= 20; sigma++ {
		var got int64
		for _, r := range Boxes(Px(int32(sigma))) {
			got += int64(r * (r + 1))
		}
		if want := sigma * sigma * 3; abs64(got-want) > sigma*2+1 {
			t.Errorf("sigma %d: three times the variance is %d; want %d", sigma, got, want)
		}
	}
}

func TestStrokeHasItsArea(t *testing.T) {
	sum := func(m Mask) (n int64) {
		for _, v := range m.Pix {
			n += int64(v)
		}
		return n * 256 / 255
	}
	near := func(name string, got, want int64) {
		t.Helper()
		if abs64(got-want) > want/50 {
			t.Errorf("%s: area %d; want %d within 2 %%", name, got, want)
		}
	}
	box := geom.Rect{X1: 64, Y1: 64}
	var line Path
	line.MoveTo(Pt(Px(10), Px(20)))
	line.LineTo(Pt(Px(40), Px(20)))
	var p Path
	p.Stroke(&line, 384, Butt)
	near("butt", sum(coverage(t, &p, box)), 45*256)
	p.Reset()
	p.Stroke(&line, Px(8), Round)
	near("round", sum(coverage(t, &p, box)), (30*8*256 + 50*256)) // π·4² ≈ 50
	for _, dir := range []Point{{Px(18), Px(24)}, {Px(-18), Px(24)}, {Px(24), Px(-18)}} {
		var slanted Path
		slanted.MoveTo(Pt(Px(32), Px(32)))
		slanted.LineTo(Pt(Px(32)+dir.X, Px(32)+dir.Y))
		p.Reset()
		p.Stroke(&slanted, Px(2), Butt)
		near(fmt.Sprint(dir), sum(coverage(t, &p, box)), 60*256)
	}
	var ring, square Path
	square.Rect(Px(10), Px(10), Px(30), Px(30))
	ring.Stroke(&square, Px(2), Butt)
	m := coverage(t, &ring, box)
	if m.At(20, 20) != 0 || m.At(9, 20) != 255 || m.At(10, 20) != 255 || m.At(11, 20) != 0 {
		t.Errorf("a square's stroke covers %d %d %d, and %d inside", m.At(9, 20), m.At(10, 20), m.At(11, 20), m.At(20, 20))
	}
	var dot, one Path
	one.MoveTo(Pt(Px(5), Px(5)))
	dot.Stroke(&one, Px(4), Round)
	near("dot", sum(coverage(t, &dot, box)), 1257*256/100)
}

func TestIsqrt(t *testing.T) {
	for _, v := range []uint64{0, 1, 2, 3, 4, 8, 9, 15, 16, 17, 1 << 31, 1<<32 - 1, 1 << 32, 1<<62 - 1, 1 << 62} {
		r := isqrt(v)
		if r*r > v || (r+1)*(r+1) <= v {
			t.Errorf("isqrt(%d) = %d", v, r)
		}
	}
}

// TestPicture pins one picture of everything.
func TestPicture(t *testing.T) {
	px := render.NewPixels(200, 100, render.XRGB8888)
	FillRect(&px, px.Size().Rect(), 0xff16181d)
	all := px.Size().Rect()
	var r Rasterizer
	var p, line Path
	p.RoundRect(Px(6), Px(6), Px(60), Px(40), Px(10))
	r.Fill(&px, all, &p, Linear{Pt(Px(6), Px(6)), Pt(Px(60), Px(40)), NewRamp(Stop{0, 0xff5aa9ff}, Stop{255, 0xffa77bf3})})
	p.Reset()
	p.Ring(Pt(Px(90), Px(24)), Px(18), Px(9))
	r.Fill(&px, all, &p, Radial{Pt(Px(90), Px(24)), Px(18), NewRamp(Stop{100, 0xffe5534b}, Stop{255, 0xffe0a33a})})
	for i := range int32(12) {
		line.Reset()
		line.MoveTo(Pt(Px(120), Px(6)))
		line.LineTo(Pt(Px(190), Px(6+i*8)))
		p.Reset()
		p.Stroke(&line, 96+geom.Fixed(i)*48, Round)
		r.Fill(&px, all, &p, Solid(0xff2bb3a3))
	}
	line.Reset()
	line.MoveTo(Pt(Px(10), Px(90)))
	line.CubeTo(Pt(Px(30), Px(20)), Pt(Px(60), Px(120)), Pt(Px(80), Px(60)))
	line.QuadTo(Pt(Px(100), Px(30)), Pt(Px(110), Px(90)))
	line.LineTo(Pt(Px(90), Px(70)))
	p.Reset()
	p.Stroke(&line, Px(6), Round)
	r.Fill(&px, all, &p, Solid(render.RGBA(236, 239, 244, 160)))
	golden.Pixels(t, "picture", px)
}
