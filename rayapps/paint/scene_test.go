package paint

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
)

// The scenes of the tests. Colours and sizes are those of the session's look.
var (
	desk    = render.RGBA(0xe9, 0xec, 0xf1, 255)
	card    = render.RGBA(255, 255, 255, 255)
	outline = render.RGBA(0xd5, 0xd9, 0xe0, 255)
	ink     = render.RGBA(0x14, 0x17, 0x1c, 255)
	dim     = render.RGBA(0x4b, 0x53, 0x60, 255)
	accent  = render.RGBA(0x16, 0x68, 0xc7, 255)
	night   = render.RGBA(0x16, 0x18, 0x1d, 255)
	raised  = render.RGBA(0x26, 0x2a, 0x32, 255)
	pale    = render.RGBA(0xec, 0xef, 0xf4, 255)
)

var (
	body    = text.Style{Size: text.Px(13)}
	strong  = text.Style{Size: text.Px(13), Weight: text.SemiBold}
	caption = text.Style{Size: text.Px(12)}
	heading = text.Style{Size: text.Px(15), Weight: text.SemiBold}
	mono    = text.Style{Size: text.Px(12), Family: text.Mono}
)

// stage is what scenes are made with.
type stage struct {
	Builder
	fonts *text.Fonts
}

func newStage() *stage { return &stage{fonts: text.NewFonts(text.Options{})} }

func (s *stage) label(str string, st text.Style, x, y int32, c render.Color) {
	s.Text(s.fonts.Layout(&text.Paragraph{Text: str, Style: st}), geom.FixedPt(x, y), c)
}

var sizes = map[string]geom.Size{
	"shapes": {W: 320, H: 200}, "words": {W: 320, H: 240}, "layers": {W: 320, H: 200}, "dark": {W: 320, H: 120},
	"panel": {W: 1920, H: 40}, "launcher": {W: 640, H: 720},
}

// glass is a ring with a handle.
func glass() *Path {
	var p Path
	p.Circle(text.Px(8), text.Px(8), text.Px(5))
	p.MoveTo(text.Px(12), text.Px(12))
	p.LineTo(text.Px(17), text.Px(17))
	return &p
}

// star crosses itself.
func star() *Path {
	var p Path
	px := text.Px
	p.MoveTo(px(20), px(0))
	p.LineTo(px(32), px(38))
	p.LineTo(px(0), px(14))
	p.LineTo(px(40), px(14))
	p.LineTo(px(8), px(38))
	p.Close()
	return &p
}

func (s *stage) shapes() {
	s.Fill(geom.FixedXYWH(0, 0, 320, 200), desk)
	box := geom.FixedXYWH(20, 16, 120, 72)
	s.Shadow(box, Round(text.Px(10)), Shadow{Y: text.Px(8), Blur: text.Px(24), Color: render.RGBA(0, 0, 0, 102)})
	s.Box(box, Box{Radii: Round(text.Px(10)), Fill: card, Border: outline, Width: text.Px(1)})
	s.Box(geom.FixedXYWH(160, 16, 60, 28), Box{Radii: Round(text.Px(6)), Fill: accent})
	s.Box(geom.FixedXYWH(232, 16, 60, 28), Box{Radii: Round(text.Px(14)), Border: accent, Width: text.Px(2)})
	s.Box(geom.FixedXYWH(160, 56, 31, 31), Box{Radii: Round(text.Px(16)), Fill: render.RGBA(0x4c, 0xc3, 0x8a, 255), Border: ink, Width: text.Px(3)})
	s.Box(geom.FixedXYWH(204, 56, 88, 32), Box{Radii: Radii{text.Px(12), 0, text.Px(4), text.Px(16)}, Fill: render.RGBA(0xe5, 0x53, 0x4b, 128), Border: render.RGBA(0, 0, 0, 128), Width: text.Px(2)})
	s.Gradient(geom.FixedXYWH(20, 112, 80, 32), Round(text.Px(8)), Gradient{To: geom.FixedPoint{X: 256, Y: 256}, Start: accent, End: render.RGBA(0xa7, 0x7b, 0xf3, 255)})
	s.Gradient(geom.FixedXYWH(20, 152, 80, 32), Radii{}, Gradient{To: geom.FixedPoint{Y: 256}, Start: render.RGBA(0, 0, 0, 0), End: ink})
	s.Path(star(), geom.FixedPt(116, 116), render.RGBA(0xe0, 0xa3, 0x3a, 255))
	s.Stroke(glass(), geom.FixedPt(176, 112), text.Px(3)/2, RoundCap, dim)
	s.Stroke(star(), geom.FixedPt(176, 140), text.Px(2), ButtCap, accent)
	s.Shadow(geom.FixedXYWH(240, 120, 10, 10), Round(text.Px(5)), Shadow{Blur: text.Px(16), Spread: text.Px(2), Color: accent})
	s.Fill(geom.FixedRect{X0: text.Px(236), Y0: text.Px(160) + 77, X1: text.Px(300), Y1: text.Px(160) + 140}, ink)
	s.Image(checker(), geom.FixedXYWH(264, 104, 40, 40), ImageOptions{Radii: Round(text.Px(8)), Filter: render.Bilinear})
	s.Image(checker(), geom.FixedXYWH(236, 176, 16, 16), ImageOptions{Alpha: 128})
}

// checker is a small picture with translucent pixels.
func checker() *Image {
	p := render.NewPixels(16, 16, render.ARGB8888)
	px := words(p.Data)
	for i := range px {
		x, y := i%16, i/16
		c := render.RGBA(uint8(16*x), uint8(16*y), 128, 255)
		if (x/4+y/4)%2 == 0 {
			c = render.RGBA(255, 200, 0, uint8(64+8*x))
		}
		px[i] = uint32(c)
	}
	m, err := NewImage(p)
	if err != nil {
		panic(err)
	}
	return m
}

func (s *stage) words() {
	s.Fill(geom.FixedXYWH(0, 0, 320, 240), card)
	s.label("Fenster öffnen", heading, 12, 8, ink)
	para := func(p text.Paragraph, x, y int32) {
		p.Width = text.Px(140)
		l := s.fonts.Layout(&p)
		s.Box(geom.FixedRect{X0: text.Px(x), Y0: text.Px(y), X1: text.Px(x) + l.Width(), Y1: text.Px(y) + l.Height()}, Box{Border: outline, Width: text.Px(1)})
		s.Text(l, geom.FixedPt(x, y), ink)
	}
	para(text.Paragraph{Text: "Ein kurzer Absatz, der an Wörtern umbricht und Donaudampfschifffahrtsgesellschaft teilt.", Style: body}, 12, 36)
	para(text.Paragraph{Text: "Cut after two lines, however much there would be to say about it.", Style: body, MaxLines: 2}, 168, 36)
	para(text.Paragraph{Text: "centred\nlines", Style: caption, Align: text.Centre}, 168, 84)
	para(text.Paragraph{Spans: []text.Span{
		{Text: "Mixed ", Style: body},
		{Text: "weights", Style: strong, Color: accent},
		{Text: ", ", Style: body},
		{Text: "mono()", Style: mono, Color: dim},
		{Text: " and LARGE", Style: text.Style{Size: text.Px(20)}},
	}}, 168, 128)
	para(text.Paragraph{Text: "1,111\n2,000", Style: text.Style{Size: text.Px(13), Tabular: true}, Align: text.End}, 12, 160)
	s.label("Ελληνικά Кириллица → × ½ …", body, 12, 208, dim)
	s.label("rayctl show --json", mono, 200, 208, ink)
}

func (s *stage) layers() {
	s.Fill(geom.FixedXYWH(0, 0, 320, 200), desk)
	for i := range int32(8) {
		s.Fill(geom.FixedXYWH(i*40, 0, 20, 200), []render.Color{accent, card, raised, outline}[i%4])
	}
	s.PushRoundedClip(geom.FixedXYWH(16, 16, 96, 64), Round(text.Px(20)))
	s.Fill(geom.FixedXYWH(0, 0, 200, 200), card)
	s.label("Clipped round", heading, 8, 20, ink)
	s.PushOffset(geom.FixedPt(8, 40))
	s.PushRoundedClip(geom.FixedXYWH(-30, 0, 80, 60), Radii{0, text.Px(12), 0, 0})
	s.Gradient(geom.FixedXYWH(0, 0, 100, 60), Round(text.Px(30)), Gradient{To: geom.FixedPoint{X: 256}, Start: accent, End: ink})
	s.Pop()
	s.Pop()
	s.Pop()
	s.PushOpacity(128)
	s.Box(geom.FixedXYWH(130, 20, 60, 40), Box{Radii: Round(text.Px(6)), Fill: ink})
	s.Box(geom.FixedXYWH(160, 40, 60, 40), Box{Radii: Round(text.Px(6)), Fill: accent})
	s.PushOpacity(128)
	s.label("one layer", heading, 136, 28, card)
	s.Pop()
	s.Pop()
	s.Backdrop(geom.FixedXYWH(16, 100, 140, 84), Round(text.Px(12)), text.Px(12))
	s.Box(geom.FixedXYWH(16, 100, 140, 84), Box{Radii: Round(text.Px(12)), Fill: render.RGBA(255, 255, 255, 120), Border: render.RGBA(255, 255, 255, 160), Width: text.Px(1)})
	s.label("Behind glass", heading, 32, 112, ink)
	s.PushClip(geom.FixedXYWH(180, 100, 120, 40))
	s.PushRoundedClip(geom.FixedXYWH(180, 100, 120, 84), Round(text.Px(12)))
	s.Backdrop(geom.FixedXYWH(170, 90, 200, 100), Radii{}, text.Px(6))
	s.Pop()
	s.Pop()
}

func (s *stage) dark() {
	s.Fill(geom.FixedXYWH(0, 0, 320, 120), night)
	s.Box(geom.FixedXYWH(12, 12, 296, 32), Box{Radii: Round(text.Px(6)), Fill: raised, Border: render.RGBA(0x2f, 0x34, 0x3d, 255), Width: text.Px(1)})
	s.label("Light words on a dark ground", body, 24, 19, pale)
	s.label("The quick brown fox jumps over the lazy dog 0123456789", caption, 12, 56, render.RGBA(0xa9, 0xb1, 0xbd, 255))
	s.label("ok  SHOW_LINUX_DESKTOP presented 11 ms", mono, 12, 76, render.RGBA(0x4c, 0xc3, 0x8a, 255))
}

func (s *stage) panel() {
	s.Fill(geom.FixedXYWH(0, 0, 1920, 40), night)
	for i := range int32(8) {
		x := 8 + i*140
		s.Box(geom.FixedXYWH(x, 6, 132, 28), Box{Radii: Round(text.Px(6)), Fill: raised, Border: render.RGBA(0x2f, 0x34, 0x3d, 255), Width: text.Px(1)})
		s.Stroke(glass(), geom.FixedPt(x+8, 10), text.Px(3)/2, RoundCap, pale)
		s.label([]string{"Files", "Terminal", "Linux desktop", "Firefox", "Settings", "Documents", "Mail", "Music player"}[i], body, x+34, 11, pale)
	}
	s.Text(s.fonts.Layout(&text.Paragraph{Text: "9:41  Sun 22 Nov", Style: text.Style{Size: text.Px(13), Tabular: true}}), geom.FixedPt(1780, 11), pale)
}

func (s *stage) launcher() {
	s.Fill(geom.FixedXYWH(0, 0, 640, 720), desk)
	box := geom.FixedXYWH(8, 8, 624, 704)
	s.Box(box, Box{Radii: Round(text.Px(16)), Fill: card, Border: outline, Width: text.Px(1)})
	s.label("› show linux desktop", heading, 32, 20, ink)
	for i := range int32(16) {
		y := 56 + i*40
		if i == 2 {
			s.Box(geom.FixedXYWH(16, y, 608, 40), Box{Radii: Round(text.Px(6)), Fill: accent})
		}
		c := ink
		if i == 2 {
			c = card
		}
		s.Stroke(glass(), geom.FixedPt(28, y+10), text.Px(3)/2, RoundCap, c)
		s.label([]string{"Show Linux desktop", "Open “desk” in Files", "Display settings", "Calculator"}[i%4], strong, 60, y+4, c)
		s.label([]string{"running, hidden", "/home/user/Documents", "resolution, scale, order", "12 × 12 = 144"}[i%4], caption, 60, y+21, c)
		s.label("Enter", caption, 580, y+12, dim)
	}
}

func (s *stage) scene(name string) *List {
	map[string]func(){"shapes": s.shapes, "words": s.words, "layers": s.layers, "dark": s.dark, "panel": s.panel, "launcher": s.launcher}[name]()
	return s.Finish()
}

// draw returns a scene at a scale.
func (s *stage) draw(t testing.TB, r *Raster, l *List, size geom.Size, scale geom.Scale) render.Pixels {
	t.Helper()
	p := render.NewPixels(scale.Apply(size.W), scale.Apply(size.H), render.ARGB8888)
	if err := r.Draw(Target{Pixels: &p, Scale: scale}, l, nil); err != nil {
		t.Fatal(err)
	}
	return p
}
