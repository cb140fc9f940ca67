package images

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/tiff"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

var small = rayapps.Look{Size: geom.Size{W: 640, H: 400}}

// corners is a picture whose corners have their own colours: red, green, blue,
// and what is clear.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.NRGBA{0, 255, 0, 255}
			case x < w/2 && y >= h/2:
				c = color.NRGBA{0, 0, 255, 255}
			case x >= w/2:
				c = color.NRGBA{}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func encoded(t testing.TB, m image.Image, how string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch how {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, nil)
	case "tiff":
		err = tiff.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cameraBlock is Exif in an order of bytes.
func cameraBlock(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	entry := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		if kind == typeShort {
			b = order.AppendUint16(b, uint16(value))
			b = append(b, 0, 0)
		} else {
			b = order.AppendUint32(b, value)
		}
	}
	b = order.AppendUint16(b, 4)
	entry(tagMake, typeASCII, 6, 120)
	entry(tagModel, typeASCII, 9, 126)
	entry(tagOrientation, typeShort, 1, uint32(orientation))
	entry(tagExif, typeLong, 1, 140)
	b = append(b, make([]byte, 120-len(b))...)
	b = append(b, "Maker\x00Model 5\x00\x00"...)
	b = append(b, make([]byte, 140-len(b))...)
	b = order.AppendUint16(b, 5)
	entry(tagExposure, typeRational, 1, 220)
	entry(tagFNumber, typeRational, 1, 228)
	entry(tagFocalLength, typeRational, 1, 260)
	entry(tagISO, typeShort, 1, 400)
	entry(tagDateOriginal, typeASCII, 20, 236)
	b = append(b, make([]byte, 220-len(b))...)
	for _, v := range []uint32{1, 250, 28, 10} {
		b = order.AppendUint32(b, v)
	}
	b = append(b, "2026:07:14 18:05:09\x00"...)
	b = append(b, make([]byte, 260-len(b))...)
	return order.AppendUint32(order.AppendUint32(b, 50), 1)
}

// photo is a JPEG with Exif.
func photo(t testing.TB, m image.Image, block []byte) []byte {
	data := encoded(t, m, "jpeg")
	n := len(block) + 8
	out := append([]byte("\xff\xd8\xff\xe1"), byte(n>>8), byte(n))
	return append(append(append(out, "Exif\x00\x00"...), block...), data[2:]...)
}

func TestExif(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		block := cameraBlock(order, 6)
		png := slices.Concat([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x02IHDRxxCRC4"), binary.BigEndian.AppendUint32(nil, uint32(len(block))), []byte("eXIf"), block, []byte("CRC4"))
		webp := slices.Concat([]byte("RIFF\x00\x00\x00\x00WEBPVP8 \x01\x00\x00\x00x\x00EXIF"), binary.LittleEndian.AppendUint32(nil, uint32(len(block))), block)
		for name, data := range map[string][]byte{"jpeg": photo(t, corners(4, 4), block), "png": png, "webp": webp, "tiff": block} {
			e := parseExif(findExif(data))
			if e.orientation != 6 || e.maker != "Maker" || e.model != "Model 5" || e.taken != "2026:07:14 18:05:09" || e.iso != 400 {
				t.Errorf("%s, %v: %+v", name, order, e)
			}
			if got := exposure(&e); got != "1/250 s, f/2.8, 50 mm, ISO 400" {
				t.Errorf("%s, %v: exposure = %q", name, order, got)
			}
		}
	}
}

func FuzzExif(f *testing.F) {
	f.Add(cameraBlock(binary.LittleEndian, 3))
	f.Add(photo(f, corners(4, 4), cameraBlock(binary.BigEndian, 8)))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x02eXIfxxxxxx"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPEXIF\x02\x00\x00\x00xx"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, e := range []exif{parseExif(b), parseExif(findExif(b))} {
			if e.orientation < 0 || e.orientation > 8 || len(e.maker) > 3*maxField || strings.ContainsAny(e.maker+e.model+e.lens+e.taken, "\n\x00\x1b") {
				t.Fatalf("%+v", e)
			}
			exposure(&e)
		}
	})
}

func FuzzFrames(f *testing.F) {
	f.Add(moving(f, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, pixels, err := frames(b)
		if err != nil {
			return
		}
		if c, err := gif.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width*c.Height > 1<<20 || pixels > 1<<20 {
			return
		}
		// What is decoded was counted.
		if g, err := gif.DecodeAll(bytes.NewReader(b)); err == nil {
			sum := int64(0)
			for _, m := range g.Image {
				sum += int64(m.Rect.Dx()) * int64(m.Rect.Dy())
			}
			if len(g.Image) > n || sum > pixels {
				t.Fatalf("%d frames of %d pixels; counted %d of %d", len(g.Image), sum, n, pixels)
			}
		}
	})
}

// at returns a pixel's colour without its alpha.
func at(p *render.Pixels, x, y int32) uint32 {
	return binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:]) & 0xffffff
}

func TestTurn(t *testing.T) {
	src, err := convert(context.Background(), corners(6, 4), true)
	if err != nil {
		t.Fatal(err)
	}
	const r, g, b, none = 0xff0000, 0x00ff00, 0x0000ff, 0
	for o, want := range [][4]uint32{
		{r, g, b, none},
		{r, g, b, none},
		{g, r, none, b},
		{none, b, g, r},
		{b, none, r, g},
		{r, b, g, none},
		{b, r, none, g},
		{none, g, b, r},
		{g, none, r, b},
	} {
		p := turn(src, o)
		if side := o >= 5; (p.W == 4) != side || (p.H == 6) != side {
			t.Errorf("orientation %d: %d × %d", o, p.W, p.H)
		}
		if got := [4]uint32{at(&p, 0, 0), at(&p, p.W-1, 0), at(&p, 0, p.H-1), at(&p, p.W-1, p.H-1)}; got != want {
			t.Errorf("orientation %d: corners %06x; want %06x", o, got, want)
		}
	}
}

func TestHalvesAreOfLight(t *testing.T) {
	p := render.NewPixels(3, 2, render.ARGB8888)
	put := func(x, y int32, v uint32) { binary.LittleEndian.PutUint32(p.Data[y*p.Stride+4*x:], v) }
	put(0, 0, 0xffffffff)
	put(1, 0, 0xff000000)
	put(0, 1, 0xff000000)
	put(1, 1, 0xffffffff)
	put(2, 0, 0x80800000) // half of red
	put(2, 1, 0)
	h, err := half(context.Background(), &p)
	if err != nil || h.W != 2 || h.H != 1 {
		t.Fatalf("%d × %d, %v", h.W, h.H, err)
	}
	if got := binary.LittleEndian.Uint32(h.Data); got>>24 != 255 || got&255 < 187 || got&255 > 189 {
		t.Errorf("black and white = %08x; want ff and 188 of 255", got)
	}
	if got := binary.LittleEndian.Uint32(h.Data[4:]); got != 0x40400000 {
		t.Errorf("half of red and nothing = %08x; want 40400000", got)
	}
	for v := range uint32(256) {
		q := []byte{byte(v), byte(v), byte(v), 255}
		out := make([]byte, 4)
		if mean(out, q, q, q, q); uint32(out[0]) != v {
			t.Errorf("the mean of %d is %d", v, out[0])
		}
	}
}

func TestDecode(t *testing.T) {
	ctx := context.Background()
	svg := func([]byte, int) (*image.RGBA, error) { return image.NewRGBA(image.Rect(0, 0, 20, 10)), nil }
	for name, c := range map[string]struct {
		data  []byte
		size  geom.Size
		alpha bool
	}{
		"PNG":  {encoded(t, corners(8, 4), "png"), geom.Size{W: 8, H: 4}, true},
		"JPEG": {photo(t, corners(1200, 600), cameraBlock(binary.BigEndian, 6)), geom.Size{W: 600, H: 1200}, false},
		"TIFF": {encoded(t, corners(8, 4), "tiff"), geom.Size{W: 8, H: 4}, true},
		"SVG":  {[]byte("<?xml version='1.0'?>\n<svg/>"), geom.Size{W: 20, H: 10}, true},
		"GIF":  {moving(t, 0), geom.Size{W: 8, H: 4}, true},
	} {
		p, err := decode(ctx, c.data, svg)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.size != c.size || p.about.format != name || p.about.alpha != c.alpha {
			t.Errorf("%s: %v, %s, alpha %v", name, p.size, p.about.format, p.about.alpha)
		}
		if name == "JPEG" && (len(p.levels) != 3 || p.levels[2].pixels.H != 300) {
			t.Errorf("%d levels; want 3", len(p.levels))
		}
	}
	bomb := encoded(t, corners(1, 1), "png")
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	// The checksum of the head is that of these sizes.
	copy(bomb[29:33], crc(bomb[12:29]))
	many := []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00")
	for range maxFrames + 1 {
		many = append(many, ",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00"...)
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{"bomb": {bomb, errLarge}, "frames": {many, errLarge}, "text": {[]byte("<html>"), errFormat}, "nothing": {nil, errFormat}} {
		if _, err := decode(ctx, c.data, svg); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := decode(ended, encoded(t, corners(64, 64), "png"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v; want that of the context", err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	if _, err := load(context.Background(), dir, nil, nil); !errors.Is(err, errKind) {
		t.Errorf("a folder: %v", err)
	}
	path := filepath.Join(dir, "large.png")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, err := load(context.Background(), path, nil, nil); !errors.Is(err, errLarge) {
		t.Errorf("a large file: %v", err)
	}
}

// moving is an animation: red for two frames, the second of them in part, then
// what was before.
func moving(t testing.TB, loops int) []byte {
	t.Helper()
	ink := color.Palette{color.Transparent, color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}}
	frame := func(r image.Rectangle, i uint8) *image.Paletted {
		m := image.NewPaletted(r, ink)
		for k := range m.Pix {
			m.Pix[k] = i
		}
		return m
	}
	g := &gif.GIF{
		Image: []*image.Paletted{frame(image.Rect(0, 0, 8, 4), 1), frame(image.Rect(0, 0, 4, 4), 2), frame(image.Rect(4, 0, 8, 4), 2)},
		Delay: []int{5, 0, 50}, Disposal: []byte{gif.DisposalNone, gif.DisposalPrevious, gif.DisposalBackground}, LoopCount: loops,
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnimation(t *testing.T) {
	a, err := decodeGIF(moving(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	const r, b = 0xff0000, 0x0000ff
	for i, want := range [][2]uint32{{r, r}, {b, r}, {r, b}, {r, r}, {b, r}, {r, b}} {
		if got := [2]uint32{at(&a.canvas, 0, 0), at(&a.canvas, 7, 0)}; got != want {
			t.Errorf("frame %d: %06x; want %06x", i, got, want)
		}
		if d := a.delay(); d != []time.Duration{50, 100, 500}[i%3]*time.Millisecond {
			t.Errorf("frame %d stays %v", i, d)
		}
		if last := i == 5; a.step() == last {
			t.Errorf("frame %d: step() = %v", i, !last)
		}
	}
}

func TestNatural(t *testing.T) {
	names := []string{"b.png", "a10.png", "A2.png", "a2b.png", "a02.png", "a.png", "img99999999999999999999.png", "img100000000000000000000.png"}
	slices.SortFunc(names, natural)
	if want := []string{"a.png", "A2.png", "a02.png", "a2b.png", "a10.png", "b.png", "img99999999999999999999.png", "img100000000000000000000.png"}; !slices.Equal(names, want) {
		t.Errorf("sorted %q; want %q", names, want)
	}
}

func TestCamera(t *testing.T) {
	room, size := geom.Size{W: 800, H: 600}, geom.Size{W: 4000, H: 2000}
	var c camera
	c.settle(room, size)
	if z := c.scale(room, size); z != 0.2 {
		t.Fatalf("all of it is seen at %v; want 0.2", z)
	}
	// What is below the pointer stays there.
	p := geom.FPoint{X: 100, Y: 300}
	point := func() geom.FPoint {
		z := c.scale(room, size)
		return geom.FPoint{X: c.centre.X + (p.X-400)/z, Y: c.centre.Y + (p.Y-300)/z}
	}
	before := point()
	for _, z := range []float64{1, 3, 2} {
		c.zoomTo(z, p, room, size)
		if q := point(); q.Sub(before).X > 1e-6 || q.Sub(before).X < -1e-6 || q.Sub(before).Y > 1e-6 || q.Sub(before).Y < -1e-6 {
			t.Errorf("at %v: %v is below the pointer; want %v", z, q, before)
		}
	}
	for range 100 {
		c.pan(geom.FPoint{X: -500, Y: -500}, room, size)
	}
	if o := c.origin(room, size); o != (geom.FPoint{}) {
		t.Errorf("beyond the corner: %v", o)
	}
	if c.zoomTo(0, p, room, size); c.zoom != minZoom {
		t.Errorf("zoom = %v", c.zoom)
	}
	if z := fit(geom.Size{W: 800, H: 600}, geom.Size{W: 10, H: 10}); z != 1 {
		t.Errorf("a small picture is shown at %v", z)
	}
}

// stand is a viewer in a window of its own.
type stand struct {
	*rayapps.Preview
	t *testing.T
	s *Images
}

func start(t *testing.T, look rayapps.Look, names ...string) *stand {
	t.Helper()
	s := New(names, nil)
	st := &stand{apptest.Preview(t, Options, s, look), t, s}
	st.until("the picture", func() bool { return s.lister == nil && !busy(s) })
	st.List()
	return st
}

func busy(s *Images) bool {
	for _, k := range s.slots {
		if k.cancel != nil {
			return true
		}
	}
	return false
}

func (s *stand) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if s.Settle(); ok() {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("never: %s", what)
		}
	}
}

// folder has four pictures, one of which is none.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	for name, data := range map[string][]byte{
		"a1.png": encoded(t, corners(320, 200), "png"), "a2.gif": moving(t, 0), "a10.jpg": photo(t, corners(900, 600), cameraBlock(binary.LittleEndian, 6)),
		"b.png": []byte("none"), "notes.txt": []byte("text"), ".hidden.png": nil,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestThroughAFolder(t *testing.T) {
	dir := folder(t)
	s := start(t, small, filepath.Join(dir, "a2.gif"))
	if n := len(s.s.items); n != 4 || s.s.at != 1 || s.s.item().name != "a2.gif" {
		t.Fatalf("%d pictures, %d is shown", n, s.s.at)
	}
	if len(s.s.slots) != 3 {
		t.Errorf("%d are decoded; want those beside it too", len(s.s.slots))
	}
	a := s.s.shown().moving
	s.Advance(60 * time.Millisecond)
	if a.at != 1 {
		t.Errorf("frame %d; want the second after 50 ms", a.at)
	}
	s.Press(ui.KeySpace, 0)
	s.Advance(time.Second)
	if a.at != 1 || !a.paused {
		t.Errorf("frame %d, paused %v", a.at, a.paused)
	}
	s.Press(ui.KeyRight, 0)
	s.until("the photo", func() bool { return s.s.shown() != nil && !busy(s.s) })
	if p := s.s.shown(); p.size != (geom.Size{W: 600, H: 900}) || p.about.exif.model != "Model 5" {
		t.Errorf("%v, %+v", p.size, p.about.exif)
	}
	if s.s.slots[filepath.Join(dir, "a1.png")] != nil {
		t.Error("what isn't beside it any more is kept")
	}
	s.List()
	s.Press('r', 0)
	s.until("it is turned", func() bool { return s.s.shown().size.W == 900 })
	s.Press('1', 0)
	s.Press(ui.KeyRight, 0) // about in the picture, as it is larger
	if s.s.at != 2 || s.s.camera.zoom != 1 {
		t.Errorf("picture %d at %v", s.s.at, s.s.camera.zoom)
	}
	s.Press('0', 0)
	s.Press(ui.KeyPageDown, 0)
	s.until("the last", func() bool { return s.s.slot() != nil && s.s.slot().err != nil })
	if !errors.Is(s.s.slot().err, errFormat) {
		t.Errorf("err = %v", s.s.slot().err)
	}
	s.Press(ui.KeyPageDown, 0)
	s.Press(ui.KeyHome, 0)
	s.until("the first", func() bool { return s.s.shown() != nil })
	if s.s.at != 0 {
		t.Errorf("%d is shown", s.s.at)
	}
	s.Press('f', 0)
	if s.List(); !s.s.full {
		t.Error("not in full screen")
	}
	s.Press(ui.KeyEscape, 0)
	if s.List(); s.s.full {
		t.Error("in full screen")
	}
}

func TestDeleteAndUndo(t *testing.T) {
	dir := folder(t)
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data"))
	s := start(t, small, filepath.Join(dir, "a1.png"))
	s.Press(ui.KeyDelete, 0)
	s.until("it is gone", func() bool { return len(s.s.items) == 3 && len(s.s.toasts) == 1 })
	if s.s.item().name != "a2.gif" {
		t.Errorf("%s is shown", s.s.item().name)
	}
	s.s.toasts[0].OnAction()
	if len(s.s.items) != 4 || s.s.item().name != "a1.png" {
		t.Errorf("%d pictures, %s is shown", len(s.s.items), s.s.item().name)
	}
	if _, err := os.Stat(filepath.Join(dir, "a1.png")); err != nil {
		t.Error(err)
	}
}

func TestZoomByPointer(t *testing.T) {
	s := start(t, small, filepath.Join(folder(t), "a10.jpg"))
	mid := geom.FPoint{X: 320, Y: 220}
	before := s.s.camera.scale(s.s.room, s.s.shown().size)
	s.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: mid})
	s.Event(&ui.Pointer{Kind: ui.PointerScroll, Pos: mid, Scroll: geom.FPoint{Y: -wheelClick}})
	if z := s.s.camera.zoom; z < before*zoomStep*0.999 || z > before*zoomStep*1.001 {
		t.Errorf("zoom = %v; want %v", z, before*zoomStep)
	}
	s.s.zoomTo(8)
	c := s.s.camera.centre
	s.Event(&ui.Pointer{Kind: ui.PointerPress, Pos: mid})
	s.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: mid.Add(geom.FPoint{X: -80})})
	s.Event(&ui.Pointer{Kind: ui.PointerRelease, Pos: mid})
	if d := s.s.camera.centre.X - c.X; d != 10 {
		t.Errorf("dragging by 80 at 8 moves by %v; want 10", d)
	}
	s.Event(&ui.Pinch{Pos: mid, Zoom: 0.5, Pan: geom.FPoint{X: 40}})
	if z, d := s.s.camera.zoom, s.s.camera.centre.X-c.X; z != 4 || d != 0 {
		t.Errorf("a pinch leads to %v, moved by %v; want 4 and 0", z, d)
	}
	s.Advance(time.Second)
	for range 2 {
		s.Click(mid.Floor())
	}
	if s.s.camera.zoom != 0 {
		t.Errorf("a double click leads to %v", s.s.camera.zoom)
	}
	// However close, only what is seen is drawn.
	for z := minZoom; z <= maxZoom; z *= 1.7 {
		s.s.zoomTo(z)
		if b := s.List().Bounds(); !b.Empty() && (b.W() > 700 || b.H() > 500) {
			t.Fatalf("at %v: %v is drawn", z, b)
		}
	}
}

func TestCopyIsPNG(t *testing.T) {
	p, err := convert(context.Background(), corners(6, 4), true)
	if err != nil {
		t.Fatal(err)
	}
	data, err := encode(&p)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := color.NRGBAModel.Convert(m.At(5, 0)), (color.NRGBA{0, 255, 0, 255}); got != want {
		t.Errorf("%v; want %v", got, want)
	}
}

func TestPictures(t *testing.T) {
	dir := folder(t)
	for name, c := range map[string]struct {
		look     rayapps.Look
		language string
		file     string
		set      func(*stand)
	}{
		"dark":    {look: small, file: "a1.png"},
		"light":   {look: rayapps.Look{Size: small.Size, Scheme: theme.Light, Scale: 180}, file: "a1.png"},
		"details": {look: small, file: "a10.jpg", language: "de", set: func(s *stand) { s.s.detail = true }},
		"rtl":     {look: rayapps.Look{Size: small.Size}, language: "ar", file: "a10.jpg", set: func(s *stand) { s.s.detail = true }},
		"near":    {look: small, file: "a1.png", set: func(s *stand) { s.s.zoomTo(16) }},
		"bad":     {look: small, file: "b.png", set: func(s *stand) { s.s.say("a1.png is in the trash") }},
		"full":    {look: small, file: "a10.jpg", set: func(s *stand) { s.Window().SetFullscreen(true) }},
		"none":    {look: rayapps.Look{Size: small.Size, Scheme: theme.Light}},
	} {
		t.Run(name, func(t *testing.T) {
			c.look = apptest.In(t, c.language, c.look)
			var names []string
			if c.file != "" {
				names = []string{filepath.Join(dir, c.file)}
			}
			s := start(t, c.look, names...)
			if c.set != nil {
				c.set(s)
			}
			s.Window().Invalidate()
			s.Settle()
			pixels, err := s.Picture()
			if err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, name, pixels)
		})
	}
}

// crc is the checksum of a chunk of a PNG.
func crc(chunk []byte) []byte { return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)) }
