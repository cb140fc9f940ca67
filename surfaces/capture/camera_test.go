package capture

import (
	"encoding/binary"
	"errors"
	"testing"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/surfaces/scene"
)

const (
	red   = 0xffff0000
	blue  = 0xff0000ff
	black = 0xff000000
)

// stage is an output of 40×30 with a red window of 20×10 at 5,5, under a blue
// cursor of 4×4 at 6,6.
type stage struct {
	cam    Camera
	out    *scene.Output
	window *scene.Tree
	cursor *scene.Tree
	front  render.Pixels
}

func newStage(t *testing.T) *stage {
	t.Helper()
	r := raster.New(raster.Options{Workers: 1})
	t.Cleanup(r.Close)
	sc := scene.New()
	s := &stage{cam: Camera{Scene: sc, Renderer: r}}
	s.window, s.cursor = sc.Root().NewTree(), sc.Root().NewTree()
	s.window.NewRect(geom.Size{W: 20, H: 10}, render.RGBA(255, 0, 0, 255))
	s.window.SetPosition(5, 5)
	s.cursor.NewRect(geom.Size{W: 4, H: 4}, render.RGBA(0, 0, 255, 255))
	s.cursor.SetPosition(6, 6)
	mode := geom.Size{W: 40, H: 30}
	s.out = sc.NewOutput(geom.Point{}, mode, geom.ScaleOne, geom.Normal)
	s.front = render.NewPixels(mode.W, mode.H, render.XRGB8888)
	if _, err := s.out.Render(r, &s.front, 0); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) source() Source {
	return Source{Output: s.out, Front: &s.front, Cursor: s.cursor}
}

func at(p *render.Pixels, x, y int32) uint32 {
	return binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:])
}

func TestPictureOfAnOutput(t *testing.T) {
	s := newStage(t)
	for _, tc := range []struct {
		name   string
		cursor bool
		want   uint32 // under the cursor
	}{{"with the cursor", true, blue}, {"without", false, red}} {
		into := render.NewPixels(20, 20, render.ARGB8888)
		shot := Shot{Box: geom.XYWH(4, 4, 20, 20), Cursor: tc.cursor, Into: into}
		if err := s.cam.Take(s.source(), &shot); err != nil {
			t.Fatal(err)
		}
		if got := at(&into, 2, 2); got != tc.want {
			t.Errorf("%s: pixel %08x; want %08x", tc.name, got, tc.want)
		}
		if got := at(&into, 1, 1); got != red {
			t.Errorf("%s: window %08x; want %08x", tc.name, got, uint32(red))
		}
		if got := at(&into, 0, 0); got != black {
			t.Errorf("%s: desktop %08x; want %08x", tc.name, got, uint32(black))
		}
	}
	// Without a cursor there is nothing to leave out.
	src := s.source()
	src.Cursor = nil
	into := render.NewPixels(40, 30, render.XRGB8888)
	if err := s.cam.Take(src, &Shot{Box: into.Size().Rect(), Into: into}); err != nil || at(&into, 7, 7) != blue {
		t.Errorf("pixel %08x, error %v; want what the output shows", at(&into, 7, 7), err)
	}
	if err := s.cam.Take(Source{Output: s.out}, &Shot{Box: into.Size().Rect(), Into: into}); !errors.Is(err, ErrNotDrawn) {
		t.Errorf("an output that shows nothing: %v; want ErrNotDrawn", err)
	}
}

func TestPictureOfANodeShowsNothingElse(t *testing.T) {
	s := newStage(t)
	s.window.SetEnabled(false) // hidden and covered: it makes no difference
	into := render.NewPixels(40, 20, render.ARGB8888)
	err := s.cam.Take(Source{Node: s.window, Scale: 2 * geom.ScaleOne}, &Shot{Box: into.Size().Rect(), Into: into})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []geom.Point{{}, {X: 3, Y: 3}, {X: 39, Y: 19}} {
		if got := at(&into, p.X, p.Y); got != red {
			t.Errorf("%v: %08x; want %08x", p, got, uint32(red))
		}
	}
}

func TestOnlyThePartIsWritten(t *testing.T) {
	s := newStage(t)
	part := geom.RegionOf(geom.XYWH(0, 0, 3, 2), geom.XYWH(8, 9, 100, 100))
	into := render.NewPixels(10, 10, render.XRGB8888)
	if err := s.cam.Take(s.source(), &Shot{Box: geom.XYWH(5, 5, 10, 10), Cursor: true, Into: into, Part: &part}); err != nil {
		t.Fatal(err)
	}
	for y := range int32(10) {
		for x := range int32(10) {
			if got, want := at(&into, x, y) != 0, part.Contains(geom.Point{X: x, Y: y}); got != want {
				t.Errorf("%d,%d: written %v; want %v", x, y, got, want)
			}
		}
	}
	// Errors of the renderer come through.
	into.Format = 1
	if err := s.cam.Take(s.source(), &Shot{Box: geom.XYWH(5, 5, 10, 10), Cursor: true, Into: into, Part: &part}); err == nil {
		t.Error("no error for a format that does not exist")
	}
}

func TestPicturesAllocateNothing(t *testing.T) {
	s := newStage(t)
	into := render.NewPixels(20, 10, render.ARGB8888)
	part := geom.RegionOf(geom.XYWH(0, 0, 3, 2))
	shot := &Shot{Box: into.Size().Rect(), Into: into, Part: &part}
	src := Source{Node: s.window, Scale: geom.ScaleOne}
	take := func() {
		if err := s.cam.Take(src, shot); err != nil {
			t.Fatal(err)
		}
	}
	take()
	if n := testing.AllocsPerRun(100, take); n != 0 {
		t.Errorf("%v allocations; want 0", n)
	}
	s.cam.Rest()
	if s.cam.scratch.Data != nil {
		t.Error("memory is kept at rest")
	}
}
