package cursor

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/internal/vector"
)

var scales = []geom.Scale{120, 150, 180, 240}

// protocolShapes are the names of wp_cursor_shape_v1, version 2.
var protocolShapes = []string{
	"default", "context-menu", "help", "pointer", "progress", "wait", "cell", "crosshair",
	"text", "vertical-text", "alias", "copy", "move", "no-drop", "not-allowed", "grab", "grabbing",
	"e-resize", "n-resize", "ne-resize", "nw-resize", "s-resize", "se-resize", "sw-resize", "w-resize",
	"ew-resize", "ns-resize", "nesw-resize", "nwse-resize", "col-resize", "row-resize",
	"all-scroll", "zoom-in", "zoom-out", "dnd-ask", "all-resize",
}

func TestEveryProtocolShapeIsDrawn(t *testing.T) {
	for _, name := range protocolShapes {
		if _, ok := shapes[name]; !ok {
			t.Errorf("no picture of %q", name)
		}
	}
}

// TestPicturesAreWellFormed holds that a picture is visible, premultiplied,
// inside its square, and has its hot spot on or beside something drawn.
func TestPicturesAreWellFormed(t *testing.T) {
	for name := range shapes {
		for _, scale := range scales {
			img := Load(name, scale)
			p := &img.Pixels
			if want := scale.Apply(Side); p.W != want || p.H != want {
				t.Errorf("%s at %d: size %v; want %d", name, scale, p.Size(), want)
			}
			if !img.Hot.In(p.Size().Rect()) {
				t.Errorf("%s at %d: hot spot %v outside of %v", name, scale, img.Hot, p.Size())
			}
			solid := 0
			for y := range p.H {
				for x := range p.W {
					v := binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:])
					a := v >> 24
					if v>>16&0xff > a || v>>8&0xff > a || v&0xff > a {
						t.Fatalf("%s at %d: pixel %d,%d = %#x is not premultiplied", name, scale, x, y, v)
					}
					// The frame of a picture is at most shadow: nothing
					// is cut off.
					if (x == 0 || y == 0 || x == p.W-1 || y == p.H-1) && a > 0x40 && name != "default" {
						t.Errorf("%s at %d: alpha %d at the edge %d,%d", name, scale, a, x, y)
					}
					if a == 0xff {
						solid++
					}
				}
			}
			if solid < 40 {
				t.Errorf("%s at %d: %d solid pixels; want a visible picture", name, scale, solid)
			}
		}
	}
}

func TestHotSpotScalesWithThePicture(t *testing.T) {
	for name := range shapes {
		one, two := Load(name, 120), Load(name, 240)
		for _, d := range []int32{two.Hot.X - 2*one.Hot.X, two.Hot.Y - 2*one.Hot.Y} {
			if d < 0 || d > 1 {
				t.Errorf("%s: hot spot %v at 1, %v at 2", name, one.Hot, two.Hot)
			}
		}
	}
}

func TestLoad(t *testing.T) {
	for _, c := range []struct {
		name, same string
		scale      geom.Scale
	}{
		{"nw_resize", "nw-resize", 120},
		{"no such shape", "default", 120},
		{"", "default", 150},
	} {
		if Load(c.name, c.scale) != Load(c.same, c.scale) {
			t.Errorf("Load(%q) is not the picture of %q", c.name, c.same)
		}
	}
	if got := Load("default", 0).Scale; got != minScale {
		t.Errorf("scale 0 is drawn at %d; want %d", got, minScale)
	}
	if got := Load("default", 1<<30).Scale; got != maxScale {
		t.Errorf("a huge scale is drawn at %d; want %d", got, maxScale)
	}
	if n := testing.AllocsPerRun(100, func() { Load("text", 120) }); n != 0 {
		t.Errorf("Load of a cached picture allocates %v times", n)
	}
}

func TestCacheIsBounded(t *testing.T) {
	for s := minScale; s < minScale+2*maxImages; s++ {
		Load("crosshair", s)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(images) > maxImages {
		t.Errorf("%d pictures are kept; want at most %d", len(images), maxImages)
	}
}

// TestSheet pins every picture, on dark and on light.
func TestSheet(t *testing.T) {
	names := slices.Sorted(maps.Keys(shapes))
	for _, scale := range scales {
		const columns = 12
		side := scale.Apply(Side)
		rows := int32((len(names) + columns - 1) / columns)
		sheet := render.NewPixels(columns*side, 2*rows*side, render.XRGB8888)
		half := sheet.Size().Rect()
		half.Y1 /= 2
		vector.FillRect(&sheet, half, 0xff30343c)
		half.Y0, half.Y1 = half.Y1, sheet.H
		vector.FillRect(&sheet, half, 0xffffffff)
		for i, name := range names {
			x, y := int32(i%columns)*side, int32(i/columns)*side
			over(&sheet, &Load(name, scale).Pixels, x, y)
			over(&sheet, &Load(name, scale).Pixels, x, y+rows*side)
		}
		golden.Pixels(t, fmt.Sprintf("sheet-%d", scale), sheet)
	}
}

func over(dst, src *render.Pixels, x0, y0 int32) {
	for y := range src.H {
		for x := range src.W {
			d := dst.Data[(y0+y)*dst.Stride+4*(x0+x):]
			s := binary.LittleEndian.Uint32(src.Data[y*src.Stride+4*x:])
			binary.LittleEndian.PutUint32(d, vector.Over(s, binary.LittleEndian.Uint32(d)))
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		s := sketch{scale: geom.ScaleOne}
		shapes["grab"](&s)
		s.image()
	}
}
