package wallpaper

import (
	"encoding/binary"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/shell/theme"
)

func TestPictures(t *testing.T) {
	for _, c := range []struct {
		name   string
		size   geom.Size
		scheme theme.Scheme
	}{
		{"dark", geom.Size{W: 1280, H: 720}, theme.Dark},
		{"light", geom.Size{W: 1280, H: 720}, theme.Light},
		{"dark-contrast", geom.Size{W: 640, H: 360}, theme.DarkContrast},
		{"light-contrast", geom.Size{W: 640, H: 360}, theme.LightContrast},
		{"portrait", geom.Size{W: 480, H: 854}, theme.Dark},
	} {
		golden.Pixels(t, c.name, Render(c.size, theme.For(c.scheme)))
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct{ size, want geom.Size }{
		{geom.Size{W: 1920, H: 1080}, geom.Size{W: 480, H: 270}},
		{geom.Size{W: 1366, H: 768}, geom.Size{W: 342, H: 192}},
		{geom.Size{W: 3840, H: 2160}, geom.Size{W: 640, H: 360}},
		{geom.Size{W: 1, H: 1}, geom.Size{W: 1, H: 1}},
		{geom.Size{W: 0, H: -5}, geom.Size{W: 1, H: 1}},
	} {
		p := Render(c.size, theme.For(theme.Dark))
		if p.Size() != c.want {
			t.Errorf("Render(%v) is %v; want %v", c.size, p.Size(), c.want)
		}
	}
	for _, size := range []geom.Size{{W: 1<<31 - 1, H: 1<<31 - 1}, {W: 1 << 15, H: 1}, {W: 1, H: 1 << 30}, {W: 7680, H: 4320}} {
		if w, h := pictureSize(size); w < 1 || h < 1 || w*h > maxPixels {
			t.Errorf("pictureSize(%v) = %dx%d; want at most %d pixels", size, w, h, maxPixels)
		}
	}
}

// TestNoBands holds that neighbours differ by little: nothing is sharp, so that
// the picture can be stretched.
func TestNoBands(t *testing.T) {
	p := Render(geom.Size{W: 1920, H: 1080}, theme.For(theme.Dark))
	at := func(x, y int32, shift uint) int {
		return int(binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:]) >> shift & 0xff)
	}
	for y := range p.H - 1 {
		for x := range p.W - 1 {
			for shift := uint(0); shift < 24; shift += 8 {
				v := at(x, y, shift)
				if d := max(v-at(x+1, y, shift), at(x+1, y, shift)-v, v-at(x, y+1, shift), at(x, y+1, shift)-v); d > 12 {
					t.Fatalf("a step of %d at %d,%d", d, x, y)
				}
			}
		}
	}
}

func BenchmarkRender1080p(b *testing.B) {
	b.ReportAllocs()
	p := theme.For(theme.Dark)
	var px render.Pixels
	for b.Loop() {
		px = Render(geom.Size{W: 1920, H: 1080}, p)
	}
	b.SetBytes(int64(len(px.Data)))
}
