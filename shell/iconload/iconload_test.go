package iconload

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/rayapps/paint"
)

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func picture(t testing.TB, w, h int, c color.Color) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.Set(i%w, i/w, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const index = `[Icon Theme]
Name=Hicolor
Inherits=%s
Directories=16x16/apps,48x48/apps,scalable/apps,../../etc
ScaledDirectories=16x16@2/apps

[16x16/apps]
Size=16
Type=Threshold
[16x16@2/apps]
Size=16
Scale=2
Type=Threshold
[48x48/apps]
Size=48
Type=Fixed
[scalable/apps]
Size=64
MinSize=8
MaxSize=512
Type=Scalable
[../../etc]
Size=16
`

// shelves makes two themes: a chosen one and hicolor.
func shelves(t testing.TB) Config {
	dir := t.TempDir()
	c := Config{Dirs: []string{filepath.Join(dir, "own"), filepath.Join(dir, "all")}, Loose: []string{filepath.Join(dir, "pixmaps")}, Theme: "chosen"}
	file := func(path string, side int) { write(t, filepath.Join(dir, path), picture(t, side, side, color.White)) }
	write(t, filepath.Join(dir, "all/hicolor/index.theme"), fmt.Appendf(nil, index, ""))
	write(t, filepath.Join(dir, "all/chosen/index.theme"), fmt.Appendf(nil, index, "parent,hicolor,chosen"))
	write(t, filepath.Join(dir, "all/parent/index.theme"), fmt.Appendf(nil, index, "chosen"))
	file("all/hicolor/16x16/apps/a.png", 16)
	file("all/hicolor/16x16@2/apps/a.png", 32)
	file("all/hicolor/48x48/apps/a.png", 48)
	file("own/hicolor/48x48/apps/a.png", 48)
	write(t, filepath.Join(dir, "all/hicolor/scalable/apps/b.svg"), []byte(disc))
	file("all/chosen/48x48/apps/c.png", 48)
	file("all/hicolor/16x16/apps/c.png", 16)
	file("all/parent/16x16/apps/d.png", 16)
	file("pixmaps/e.png", 40)
	return c
}

const disc = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#f00"/></linearGradient></defs><circle cx="8" cy="8" r="7" fill="url(#g)"/></svg>`

func TestIconsAreFound(t *testing.T) {
	c := shelves(t)
	s := newShelf(c)
	root := filepath.Dir(c.Dirs[0])
	for _, tt := range []struct {
		name        string
		size, scale int
		want        string
	}{
		{"a", 16, 1, "all/hicolor/16x16/apps/a.png"},
		{"a", 17, 1, "all/hicolor/16x16/apps/a.png"},
		{"a", 22, 1, "all/hicolor/16x16@2/apps/a.png"}, // not the one of 16, which is nearer
		{"a", 16, 2, "all/hicolor/16x16@2/apps/a.png"},
		{"a", 48, 1, "own/hicolor/48x48/apps/a.png"},
		{"a", 200, 1, "own/hicolor/48x48/apps/a.png"},
		{"a.png", 16, 1, "all/hicolor/16x16/apps/a.png"},
		{"b", 24, 1, "all/hicolor/scalable/apps/b.svg"},
		{"c", 16, 1, "all/chosen/48x48/apps/c.png"}, // the chosen theme before the right size
		{"d", 16, 1, "all/parent/16x16/apps/d.png"},
		{"e", 16, 1, "pixmaps/e.png"},
		{"../a", 16, 1, ""},
		{"none", 16, 1, ""},
		{"", 16, 1, ""},
		{filepath.Join(root, "pixmaps/e.png"), 16, 1, "pixmaps/e.png"},
		{"/etc/passwd", 16, 1, ""},
	} {
		got := s.file(want{name: tt.name, size: tt.size, scale: tt.scale})
		if tt.want != "" {
			tt.want = filepath.Join(root, tt.want)
		}
		if got != tt.want {
			t.Errorf("%q at %d×%d: %q; want %q", tt.name, tt.size, tt.scale, got, tt.want)
		}
	}
	if got := s.file(want{dir: filepath.Join(root, "all/parent/16x16/apps"), name: "d", size: 48, scale: 1}); !strings.HasSuffix(got, "d.png") {
		t.Errorf("in a folder of its own: %q", got)
	}
}

func TestPicturesFit(t *testing.T) {
	half := color.NRGBA{0, 0, 255, 128}
	m, err := decodePNG(picture(t, 100, 50, half), 24)
	if err != nil || m.Rect.Dx() != 24 || m.Rect.Dy() != 12 {
		t.Fatalf("%v, %v", m, err)
	}
	p := pixels(m)
	if at := p.Data[4*(5*24+11):][:4]; at[0] != 128 || at[1] != 0 || at[2] != 0 || at[3] != 128 {
		t.Errorf("a pixel is %v; want blue, half of it", at)
	}
	if m, err = decodePNG(picture(t, 10, 10, half), 24); err != nil || m.Rect.Dx() != 10 {
		t.Errorf("a small one: %v, %v", m, err)
	}
	if _, err = decodePNG(picture(t, maxSide+1, 1, half), 24); err == nil {
		t.Error("a large one is taken")
	}
}

func TestShrinkKeepsTheMean(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 30, 30))
	for i := range src.Pix {
		src.Pix[i] = uint8(255 * (i / 4 % 2))
	}
	for _, side := range []int{1, 7, 10, 15, 29} {
		dst, sum := shrink(src, side, side), 0
		for _, v := range dst.Pix {
			sum += int(v)
		}
		if mean := float64(sum) / float64(len(dst.Pix)); mean < 125 || mean > 130 {
			t.Errorf("to %d: mean %v; want 127.5", side, mean)
		}
	}
}

func TestDrawings(t *testing.T) {
	m, err := drawSVG([]byte(disc), 32)
	if err != nil {
		t.Fatal(err)
	}
	if c := m.RGBAAt(16, 16); c != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("the middle is %v", c)
	}
	if c := m.RGBAAt(0, 0); c.A != 0 {
		t.Errorf("the corner is %v", c)
	}
	used := `<svg viewBox="0 0 4 4" xmlns:xlink="http://www.w3.org/1999/xlink"><defs><rect id="r" width="4" height="4" fill="#0f0"/></defs><use xlink:href="#r"/><mask><rect width="4" height="4" fill="#00f"/></mask></svg>`
	if m, err = drawSVG([]byte(used), 8); err != nil || m.RGBAAt(4, 4) != (color.RGBA{0, 255, 0, 255}) {
		t.Errorf("what is used: %v, %v", m.RGBAAt(4, 4), err)
	}
}

// hostile are drawings that would take for ever.
var hostile = map[string]string{
	"uses itself": `<svg viewBox="0 0 4 4"><defs><g id="a"><use href="#a"/></g></defs><use href="#a"/></svg>`,
	"laughs": `<svg viewBox="0 0 4 4"><defs><g id="a"><use href="#b"/><use href="#b"/></g><g id="b"><use href="#c"/></g></defs>` +
		strings.Repeat(`<use href="#a"/>`, 300) + `</svg>`,
	"deep":      strings.Repeat("<g>", 5000),
	"many":      `<svg viewBox="0 0 4 4">` + strings.Repeat("<g/>", 5000) + `</svg>`,
	"far":       `<svg viewBox="0 0 4 4"><path d="` + strings.Repeat("M-9e9 -9e9 C9e9 9e9 -9e9 9e9 9e9 -9e9 z", 4000) + `"/></svg>`,
	"dashes":    `<svg viewBox="0 0 4 4"><path stroke="#000" stroke-width="1" stroke-dasharray="0.0001" d="M-9e5 0L9e5 0"/></svg>`,
	"no size":   `<svg><rect width="9" height="9"/></svg>`,
	"text":      `<svg viewBox="0 0 4 4"><text>a</text></svg>`,
	"nan":       `<svg viewBox="0 0 NaN NaN"><rect width="9" height="9"/></svg>`,
	"empty":     ``,
	"entity":    `<!DOCTYPE s [<!ENTITY a "aaaa">]><svg viewBox="0 0 4 4"><path d="&a;"/></svg>`,
	"odd style": `<svg viewBox="0 0 4 4" fill="" opacity=""><rect width="4" height="4" fill="#" transform="rotate("/></svg>`,
}

func TestHostileDrawingsEnd(t *testing.T) {
	for name, text := range hostile {
		if m, err := drawSVG([]byte(text), 48); (err == nil) == (m == nil) {
			t.Errorf("%s: a picture and an error, or neither", name)
		}
	}
}

// wait makes a loader whose goroutine is the test's.
func wait(t testing.TB, c Config) (l *Loader, next func()) {
	posts := make(chan func(), 16)
	l = New(Options{Config: c, Post: func(fn func()) { posts <- fn }})
	return l, func() { (<-posts)() }
}

func TestLookups(t *testing.T) {
	l, next := wait(t, shelves(t))
	changes := 0
	l.o.Changed = func() { changes++ }
	if l.Lookup("a", 16, 1) != nil {
		t.Error("an icon is there at once")
	}
	l.Lookup("none", 16, 1) // while the first is on its way
	next()
	next()
	m := l.Lookup("a", 16, 1)
	if m == nil || m.Size().W != 16 || changes != 1 {
		t.Fatalf("%v after %d changes", m, changes)
	}
	if n := testing.AllocsPerRun(100, func() { l.Lookup("a", 16, 1); l.Lookup("none", 16, 1) }); n != 0 {
		t.Errorf("%v allocations for what is known", n)
	}
	if l.busy || len(l.queue) > 0 {
		t.Error("what isn't there is asked for again")
	}
	write(t, filepath.Join(l.o.Config.Dirs[0], "hicolor/16x16/apps/none.png"), picture(t, 16, 16, color.Black))
	l.Refresh()
	l.Lookup("none", 16, 1)
	next()
	if l.Lookup("none", 16, 1) == nil || l.Lookup("a", 16, 1) != m {
		t.Error("what was installed isn't found, or what was there is another")
	}
	l.SetTheme("")
	if l.Lookup("c", 48, 1) != nil {
		t.Error("an icon of the theme before")
	}
	next()
	if m := l.Lookup("c", 48, 1); m == nil || m.Size().W != 16 {
		t.Errorf("in the other theme: %v", m)
	}
	l.Close()
	if l.Lookup("fresh", 16, 1) != nil || l.busy {
		t.Error("a closed loader works")
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	l, next := wait(t, shelves(t))
	for i := range 3 * maxKept {
		l.Lookup(fmt.Sprint("x", i), 16, 1)
		if l.busy && i%100 == 99 {
			next()
		}
	}
	for l.busy {
		next()
	}
	if len(l.kept) > maxKept {
		t.Errorf("%d entries", len(l.kept))
	}
	var first *paint.Image
	for size := 1; size <= 300; size++ {
		l.Lookup("b", size, 2)
		for l.busy {
			next()
		}
		if m := l.Lookup("b", 300, 2); m != nil && first == nil {
			first = m
		}
	}
	if l.bytes > maxBytes {
		t.Errorf("%d bytes", l.bytes)
	}
}

func FuzzSVG(f *testing.F) {
	f.Add([]byte(disc))
	for _, text := range hostile {
		if len(text) < 2000 {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4000 {
			return
		}
		if m, err := drawSVG(data, 16); err == nil && m.Rect.Dx() != 16 {
			t.Errorf("a picture of %v", m.Rect)
		}
	})
}

func FuzzTheme(f *testing.F) {
	f.Add(fmt.Appendf(nil, index, "a,b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range parseTheme(data).folders {
			if len(d.paths) != 1 || !filepath.IsLocal(d.paths[0]) {
				t.Errorf("a folder %q", d.paths)
			}
		}
	})
}
