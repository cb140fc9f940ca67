package preview

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

var fonts = text.NewFonts(text.Options{})

// journal notes what is asked for.
type journal []string

func (j *journal) Take(w uint32)  { *j = append(*j, fmt.Sprint("take ", w)) }
func (j *journal) Close(w uint32) { *j = append(*j, fmt.Sprint("close ", w)) }

func newPeek(scheme theme.Scheme, rtl bool, size geom.Size, n int, of geom.Rect) (*ui.Root, *Peek, *journal) {
	j := &journal{}
	p := NewPeek(j, rtl)
	kinds := []Window{
		{App: "foot", Title: "make -j4", Size: geom.Size{W: 640, H: 420}},
		{App: "linux-desktop", Title: "Linux desktop", Trust: trust.Linux, Size: geom.Size{W: 1280, H: 800}},
		{App: "foot", Title: "ein sehr langer Titel eines Fensters", Minimised: true},
	}
	var list []Window
	for i := range n {
		w := kinds[i%len(kinds)]
		w.ID = uint32(i + 1)
		list = append(list, w)
	}
	p.Show(list, of, size)
	r := ui.New(ui.Options{View: p.View, Fonts: fonts, Theme: theme.New(scheme, 0), RTL: rtl, Now: func() time.Duration { return time.Second }})
	r.Resize(size, geom.ScaleOne)
	r.Frame()
	return r, p, j
}

func TestAPeekIsOnTheOutput(t *testing.T) {
	for _, size := range []geom.Size{{W: 320, H: 240}, {W: 1280, H: 720}, {W: 3840, H: 2160}} {
		for _, n := range []int{1, 2, 30} {
			for _, x := range []int32{0, size.W / 2, size.W - 40} {
				of := geom.XYWH(x, size.H-36, 40, 32)
				_, p, _ := newPeek(theme.Dark, false, size, n, of)
				if b := p.Box(); b.Empty() || b.Intersect(size.Rect()) != b || b.Overlaps(of) {
					t.Errorf("%v, %d windows of %v: it is at %v", size, n, of, b)
				}
				for _, s := range p.Slots(nil) {
					if s.Box.Intersect(p.Box()) != s.Box {
						t.Errorf("%v, %d windows of %v: a picture at %v", size, n, of, s.Box)
					}
				}
			}
		}
	}
}

func TestWhatAPeekDoes(t *testing.T) {
	r, p, j := newPeek(theme.Dark, false, geom.Size{W: 1280, H: 720}, 3, geom.XYWH(600, 684, 100, 32))
	click := func(b ui.PointerButton, x, y int32) {
		at := geom.FPoint{X: float64(x), Y: float64(y)}
		r.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: at})
		r.Event(&ui.Pointer{Kind: ui.PointerPress, Button: b, Pos: at})
		r.Event(&ui.Pointer{Kind: ui.PointerRelease, Button: b, Pos: at})
		r.Frame()
	}
	a, b := p.place(0), p.place(1)
	click(ui.LeftButton, a.X0+50, a.Y0+80)
	click(ui.MiddleButton, b.X0+50, b.Y0+80)
	click(ui.LeftButton, b.X1-Pad-14, b.Y0+20)
	if want := (journal{"take 1", "close 2", "close 2"}); !slices.Equal(*j, want) {
		t.Errorf("%q; want %q", *j, want)
	}
}

func TestPeekPictures(t *testing.T) {
	for _, c := range []struct {
		name   string
		scheme theme.Scheme
		rtl    bool
	}{{"peek-dark", theme.Dark, false}, {"peek-light", theme.Light, false}, {"peek-dark-rtl", theme.Dark, true}, {"peek-light-rtl", theme.Light, true}} {
		size := geom.Size{W: 800, H: 260}
		r, p, _ := newPeek(c.scheme, c.rtl, size, 3, geom.XYWH(300, 224, 120, 32))
		px := render.NewPixels(size.W, size.H, render.ARGB8888)
		list := r.Frame().List
		if err := paint.NewRaster(fonts).Draw(paint.Target{Pixels: &px}, list, nil); err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Slots(nil) {
			for y := s.Box.Y0; y < s.Box.Y1; y++ {
				for x := s.Box.X0; x < s.Box.X1; x++ {
					copy(px.Data[y*px.Stride+4*x:], []byte{byte(y), byte(40 * s.Window), byte(200 - y/2), 255})
				}
			}
		}
		golden.Pixels(t, c.name, px)
		golden.Text(t, c.name+".txt", list.String())
	}
}
