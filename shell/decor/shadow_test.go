package decor

import (
	"encoding/binary"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

func shadowFrame(w, h int32, active bool) *Frame {
	return &Frame{Size: geom.Size{W: w, H: h}, Active: active, Scale: geom.ScaleOne}
}

func TestShadowIsShared(t *testing.T) {
	r := NewRenderer(nil)
	a := r.Shadow(shadowFrame(300, 200, true))
	if r.Shadow(shadowFrame(900, 700, true)) != a {
		t.Error("two focused frames have two shadows")
	}
	if r.Shadow(shadowFrame(300, 200, false)) == a {
		t.Error("focused and other frames share a shadow")
	}
	for scale := geom.Scale(60); scale <= 960; scale += 20 {
		f := shadowFrame(300, 200, false)
		f.Scale = scale
		if s := r.Shadow(f); r.Shadow(f) != s {
			t.Fatalf("the last shadow, at %v, isn't kept", scale)
		}
		held := 0
		for _, s := range r.shadows {
			held += len(s.pixels.Data)
		}
		if held > maxShadows && len(r.shadows) > 1 {
			t.Fatalf("%d shadows of %d bytes are kept; want at most %d bytes", len(r.shadows), held, maxShadows)
		}
	}
}

// TestPartsLieAroundTheFrame holds, for frames of many sizes, that the parts
// don't cover one another, stay out of the frame but for its corners, leave no
// gap, and take their pixels from inside of the picture.
func TestPartsLieAroundTheFrame(t *testing.T) {
	r := NewRenderer(nil)
	for _, active := range []bool{true, false} {
		for _, scale := range scales {
			for _, size := range []geom.Size{{W: 600, H: 400}, {W: 1, H: 0}, {W: 50, H: 0}, {W: 119, H: 63}, {W: 30, H: 900}, {W: 3000, H: 2000}, {W: 101, H: 101}} {
				f := shadowFrame(size.W, size.H, active)
				f.Scale = scale
				s := r.Shadow(f)
				outer := f.Outer()
				parts := s.Place(outer)
				if len(parts) > 12 {
					t.Errorf("%v: %d parts; want at most 12", size, len(parts))
				}
				var all geom.Region
				area := int64(0)
				box := geom.Rect{X0: -s.reach, Y0: s.drop - s.reach, X1: outer.W + s.reach, Y1: outer.H + s.drop + s.reach}
				for _, p := range parts {
					all.UnionRect(p.Dst)
					area += int64(p.Dst.W()) * int64(p.Dst.H())
					src := p.Src
					if src.X0 < 0 || src.Y0 < 0 || src.X1 > float64(p.Pixels.W) || src.Y1 > float64(p.Pixels.H) || src.W() <= 0 || src.H() <= 0 {
						t.Errorf("%v at %d: part %v shows %v of %v", size, scale, p.Dst, src, p.Pixels.Size())
					}
					if in := p.Dst.Intersect(outer.Rect()); in.Y1 > theme.RadiusWindow && in.Y0 < outer.H-s.foot {
						t.Errorf("%v at %d: part %v lies below the frame", size, scale, p.Dst)
					}
				}
				if area != all.Area() {
					t.Errorf("%v at %d: parts cover one another", size, scale)
				}
				all.UnionRect(outer.Rect())
				if want := int64(box.W()) * int64(box.H()); all.Extents() != box || all.Area() != want {
					t.Errorf("%v at %d: parts and frame cover %d of %d in %v; want %v", size, scale, all.Area(), want, all.Extents(), box)
				}
			}
		}
	}
	if parts := r.Shadow(shadowFrame(9, 9, true)).Place(geom.Size{}); len(parts) != 0 {
		t.Errorf("an empty frame has %d parts", len(parts))
	}
}

// TestPartsJoin compares the parts with one blur of the whole frame.
func TestPartsJoin(t *testing.T) {
	r := NewRenderer(nil)
	for _, active := range []bool{true, false} {
		f := shadowFrame(396, 264, active)
		outer := f.Outer()
		look := theme.ShadowWindow
		if active {
			look = theme.ShadowFocused
		}
		const margin = 80
		canvas := render.NewPixels(outer.W+2*margin, outer.H+2*margin, render.ARGB8888)
		for _, p := range r.Shadow(f).Place(outer) {
			stamp(&canvas, p, margin)
		}
		var path vector.Path
		var raster vector.Rasterizer
		radius := vector.Px(theme.RadiusWindow)
		path.RoundRect4(0, vector.Px(look.Y), vector.Px(outer.W), vector.Px(outer.H+look.Y), [4]geom.Fixed{radius, radius, radius, radius})
		soft := vector.Blur(raster.Coverage(&path, path.Bounds()), vector.Px(look.Blur)/2)
		for y := range canvas.H {
			for x := range canvas.W {
				at := geom.Point{X: x - margin, Y: y - margin}
				got := int(canvas.Data[y*canvas.Stride+4*x+3])
				if at.In(outer.Rect()) {
					continue
				}
				want := int(uint32(soft.At(at.X, at.Y)) * uint32(look.Alpha) >> 16)
				if d := got - want; d < -2 || d > 2 {
					t.Fatalf("active %v: alpha %d at %v; want %d", active, got, at, want)
				}
			}
		}
	}
}

// stamp draws a part at scale 1.
func stamp(dst *render.Pixels, p ShadowPart, margin int32) {
	for y := p.Dst.Y0; y < p.Dst.Y1; y++ {
		for x := p.Dst.X0; x < p.Dst.X1; x++ {
			sx := int32(p.Src.X0) + (x-p.Dst.X0)*int32(p.Src.W())/p.Dst.W()
			sy := int32(p.Src.Y0) + (y-p.Dst.Y0)*int32(p.Src.H())/p.Dst.H()
			v := binary.LittleEndian.Uint32(p.Pixels.Data[sy*p.Pixels.Stride+4*sx:])
			binary.LittleEndian.PutUint32(dst.Data[(y+margin)*dst.Stride+4*(x+margin):], v)
		}
	}
}

func TestPlaceDoesNotAllocate(t *testing.T) {
	s := NewRenderer(nil).Shadow(shadowFrame(300, 200, true))
	if n := testing.AllocsPerRun(100, func() { s.Place(geom.Size{W: 500, H: 400}) }); n != 0 {
		t.Errorf("Place allocates %v times", n)
	}
}

func BenchmarkNewShadow(b *testing.B) {
	b.ReportAllocs()
	f := shadowFrame(300, 200, true)
	for b.Loop() {
		NewRenderer(nil).Shadow(f)
	}
}
