package decor

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

var scales = []geom.Scale{120, 150, 180, 240}

// frame returns a focused frame of a trust level.
func frame(level theme.Trust) Frame {
	owners := [theme.Trusts]string{"", "linux-desktop", "win11", "desk.example.org", "calc", "pid 4312"}
	return Frame{
		Size: geom.Size{W: 420, H: 200}, Title: "Terminal", Owner: owners[level], Trust: level,
		Active: true, Resizable: true, Scale: geom.ScaleOne,
	}
}

// sheet puts title bars below one another over a colour.
func sheet(bars []Frame, back render.Color) render.Pixels {
	r := NewRenderer(nil)
	var w, h int32
	for i := range bars {
		p := r.Title(&bars[i])
		w, h = max(w, p.W+8), h+p.H+6
	}
	out := render.NewPixels(w, h+6, render.XRGB8888)
	vector.FillRect(&out, out.Size().Rect(), back)
	y0 := int32(6)
	for i := range bars {
		p := r.Title(&bars[i])
		for y := range p.H {
			for x := range p.W {
				d := out.Data[(y0+y)*out.Stride+4*(x+4):]
				s := binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:])
				binary.LittleEndian.PutUint32(d, vector.Over(s, binary.LittleEndian.Uint32(d)))
			}
		}
		y0 += p.H + 6
	}
	return out
}

// TestTitleBars pins the bars of all trust levels, focused and not, at the
// common scales, and the states of one at each scheme.
func TestTitleBars(t *testing.T) {
	for _, scale := range scales {
		var bars []Frame
		for level := range theme.Trusts {
			f := frame(level)
			f.Scale = scale
			bars = append(bars, f)
			f.Active = false
			bars = append(bars, f)
		}
		golden.Pixels(t, fmt.Sprintf("trust-%d", scale), sheet(bars, theme.For(theme.Dark).Desktop))
	}
	for _, scheme := range []theme.Scheme{theme.Dark, theme.Light, theme.DarkContrast, theme.LightContrast} {
		var bars []Frame
		add := func(change func(*Frame)) {
			f := frame(theme.Linux)
			f.Scheme = scheme
			change(&f)
			bars = append(bars, f)
		}
		for _, p := range controls {
			add(func(f *Frame) { f.Hover = p })
			add(func(f *Frame) { f.Hover, f.Pressed = p, p })
		}
		add(func(f *Frame) { f.Hover, f.Active = Close, false })
		add(func(f *Frame) { f.Maximized = true })
		add(func(f *Frame) { f.Tiled, f.Trust = true, theme.Remote })
		add(func(f *Frame) { f.Shaded = true })
		add(func(f *Frame) { f.Resizable = false })
		add(func(f *Frame) { f.Color = 0xffff00aa })
		add(func(f *Frame) { f.Title, f.Owner = strings.Repeat("long title ", 30), strings.Repeat("owner-", 30) })
		add(func(f *Frame) { f.Size.W = 150 })
		add(func(f *Frame) { f.Size.W = 40 })
		golden.Pixels(t, "states-"+scheme.String(), sheet(bars, theme.For(scheme).Desktop))
	}
}

func bytesOf(r *Renderer, f Frame) []byte { return bytes.Clone(r.Title(&f).Data) }

// TestTitleCannotImitateTheOwner holds that nothing that a client says changes
// a pixel of the owner's place or of the stripe.
func TestTitleCannotImitateTheOwner(t *testing.T) {
	r := NewRenderer(nil)
	f := frame(theme.Sandboxed)
	f.Size.W = 600
	plain := r.Title(&f)
	want, stride := bytes.Clone(plain.Data), plain.Stride
	width := menuWidth(f.Outer().W)
	for _, title := range []string{
		"", "● Linux · linux-desktop", strings.Repeat("W", 4000), "\u202eabc\u202d", strings.Repeat("\u0301", 500), "\xff\x00\n",
	} {
		f.Title = title
		got := r.Title(&f).Data
		for y := range plain.H {
			n := width
			if y < theme.Stripe {
				n = plain.W
			}
			row := int(y * stride)
			if !bytes.Equal(got[row:row+int(n)*4], want[row:row+int(n)*4]) {
				t.Fatalf("title %.20q changes row %d left of %d", title, y, n)
			}
		}
	}
}

// TestWhatIsSaidIsShown holds that every field that has a meaning can be seen.
func TestWhatIsSaidIsShown(t *testing.T) {
	r := NewRenderer(nil)
	base := frame(theme.Linux)
	was := bytesOf(r, base)
	for name, change := range map[string]func(*Frame){
		"title":     func(f *Frame) { f.Title = "Other" },
		"owner":     func(f *Frame) { f.Owner = "other" },
		"trust":     func(f *Frame) { f.Trust = theme.Windows },
		"colour":    func(f *Frame) { f.Color = 0xff808080 },
		"active":    func(f *Frame) { f.Active = false },
		"fixed":     func(f *Frame) { f.Resizable = false },
		"maximised": func(f *Frame) { f.Maximized = true },
		"tiled":     func(f *Frame) { f.Tiled = true },
		"shaded":    func(f *Frame) { f.Shaded = true },
		"hover":     func(f *Frame) { f.Hover = Close },
		"light":     func(f *Frame) { f.Scheme = theme.Light },
	} {
		f := base
		change(&f)
		if bytes.Equal(bytesOf(r, f), was) {
			t.Errorf("%s: the bar looks the same", name)
		}
	}
	hover := base
	hover.Hover = Shade
	pressed := hover
	pressed.Pressed = Shade
	if bytes.Equal(bytesOf(r, hover), bytesOf(r, pressed)) {
		t.Error("a pressed button looks as if only hovered")
	}
	if !bytes.Equal(bytesOf(r, base), was) {
		t.Error("the same frame is drawn differently the second time")
	}
}

// TestPatternsDifferWithoutColour holds that trust levels can be told apart by
// the stripe alone, with one colour for all.
func TestPatternsDifferWithoutColour(t *testing.T) {
	r := NewRenderer(nil)
	for _, scale := range scales {
		seen := map[string]theme.Trust{}
		for level := theme.Linux; level < theme.Trusts; level++ {
			f := frame(level)
			f.Color, f.Scale = 0xff808080, scale
			p := r.Title(&f)
			stripe := string(p.Data[:p.Stride*scale.Apply(theme.Stripe)])
			if other, ok := seen[stripe]; ok {
				t.Errorf("at scale %d the stripes of %v and %v are the same", scale, level, other)
			}
			seen[stripe] = level
		}
	}
}

func TestCornersAreCut(t *testing.T) {
	r := NewRenderer(nil)
	for _, scale := range scales {
		f := frame(theme.Linux)
		f.Scale = scale
		p := r.Title(&f)
		alpha := func(x, y int32) byte { return p.Data[y*p.Stride+4*x+3] }
		if alpha(0, 0) != 0 || alpha(p.W-1, 0) != 0 || alpha(p.W/2, 0) != 255 || alpha(0, p.H-1) != 255 {
			t.Errorf("scale %d: alphas %d %d %d %d", scale, alpha(0, 0), alpha(p.W-1, 0), alpha(p.W/2, 0), alpha(0, p.H-1))
		}
		for y := range p.H {
			for x := range p.W {
				v := binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:])
				if a := v >> 24; v>>16&0xff > a || v>>8&0xff > a || v&0xff > a {
					t.Fatalf("scale %d: %#x at %d,%d is not premultiplied", scale, v, x, y)
				}
			}
		}
		f.Maximized = true
		if p = r.Title(&f); p.Data[3] != 255 {
			t.Errorf("scale %d: a maximised bar has round corners", scale)
		}
	}
}

func TestHostileFrames(t *testing.T) {
	r := NewRenderer(nil)
	for _, f := range []Frame{
		{},
		{Scale: -7},
		{Size: geom.Size{W: -100, H: -100}, Scale: 120, Resizable: true},
		{Size: geom.Size{W: 1, H: 1}, Scale: 120, Title: "x", Owner: "y"},
		{Size: geom.Size{W: 1 << 20, H: 1 << 20}, Scale: 240, Title: "x"},
		{Size: geom.Size{W: 300, H: 200}, Scale: 120, Trust: 200, Scheme: 99, Hover: 99, Pressed: 99},
	} {
		p := r.Title(&f)
		if p.W < 1 || p.H < 1 || p.W > maxBar || len(p.Data) != int(p.Stride)*int(p.H) {
			t.Errorf("%+v: picture %v", f, p.Size())
		}
		f.Borders()
		HitTest(&f, geom.FPoint{X: -1e300, Y: 1e300})
		r.Shadow(&f).Place(f.Outer())
	}
}

func TestBordersFrameTheContent(t *testing.T) {
	for _, c := range []struct {
		state State
		want  int
	}{{State{}, 3}, {State{Tiled: true}, 3}, {State{Shaded: true}, 3}, {State{Maximized: true}, 0}, {State{Fullscreen: true}, 0}} {
		f := frame(theme.Linux)
		f.State = c.state
		got := f.Borders()
		if len(got) != c.want {
			t.Errorf("%+v: %d borders; want %d", c.state, len(got), c.want)
		}
		var area int64
		for _, b := range got {
			area += int64(b.Rect.W()) * int64(b.Rect.H())
			if b.Rect.Overlaps(f.Content()) || !f.Outer().Rect().Contains(b.Rect) {
				t.Errorf("%+v: border %v lies in the content %v or outside of %v", c.state, b.Rect, f.Content(), f.Outer())
			}
			if b.Color != theme.For(theme.Dark).Trust[theme.Linux] {
				t.Errorf("%+v: border is %#x; want the trust colour", c.state, b.Color)
			}
		}
		o, in := f.Outer(), f.Content()
		bar := int64(o.W) * theme.TitleBar
		if f.RoundBelow() {
			bar += 2 * (theme.RadiusWindow*theme.RadiusWindow - (theme.RadiusWindow-theme.Border)*(theme.RadiusWindow-theme.Border)) // pictures
		}
		if want := int64(o.W)*int64(o.H) - int64(in.W())*int64(in.H()) - bar; c.want > 0 && area != want {
			t.Errorf("%+v: borders cover %d; want %d", c.state, area, want)
		}
	}
}

func TestTitleReusesItsMemory(t *testing.T) {
	r := NewRenderer(nil)
	f := frame(theme.Linux)
	f.Size.W = 1920
	r.Title(&f)
	if n := testing.AllocsPerRun(20, func() { r.Title(&f) }); n > 100 {
		t.Errorf("a title bar allocates %v times; want at most 100", n)
	}
}

func BenchmarkTitle1920(b *testing.B) {
	r := NewRenderer(nil)
	f := frame(theme.Linux)
	f.Size.W = 1920
	b.ReportAllocs()
	for b.Loop() {
		r.Title(&f)
	}
}
