package text

import (
	"image"
	"image/color"
	"os"
	"slices"
	"testing"
)

const emojiFile = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"

// TestEmojiHaveColours: a face, a family of characters that is one picture, a flag.
func TestEmojiHaveColours(t *testing.T) {
	if _, err := os.Stat(emojiFile); err != nil {
		t.Skip("fonts-noto-color-emoji is not installed: make deps-test")
	}
	f := NewFonts(Options{Files: [2][]string{{emojiFile}}})
	for _, c := range []struct {
		text   string
		glyphs int
	}{{"😀", 1}, {"👩‍🚀", 1}, {"👍🏽", 1}, {"🇩🇪", 1}, {"🎉🎉", 2}} {
		l := f.Layout(&Paragraph{Text: c.text, Style: Style{Size: Px(20)}})
		n := 0
		for _, run := range l.Runs() {
			if !f.Coloured(run.Face) {
				t.Errorf("%s is drawn by font %d", c.text, run.Face)
				continue
			}
			for _, g := range run.Glyphs {
				p := f.Picture(run.Face, g.ID, Px(20))
				if p.Bounds.Empty() {
					continue // a joiner
				}
				n++
				if b := p.Bounds; b.H() < 16 || b.H() > 28 || b.Y0 > -12 || b.Y1 > 8 || int(b.W()*b.H()) != len(p.Pix) {
					t.Errorf("%s stands at %v", c.text, b)
				}
				bright := slices.ContainsFunc(p.Pix, func(v uint32) bool { return v>>24 == 255 && v>>16&255 > 150 })
				if bad := slices.ContainsFunc(p.Pix, func(v uint32) bool { return v>>16&255 > v>>24 || v>>8&255 > v>>24 || v&255 > v>>24 }); bad || !bright {
					t.Errorf("%s: premultiplied %t, in colours %t", c.text, !bad, bright)
				}
				if again := f.Picture(run.Face, g.ID, Px(20)); &again.Pix[0] != &p.Pix[0] {
					t.Errorf("%s is made anew", c.text)
				}
			}
		}
		if n != c.glyphs {
			t.Errorf("%s is %d pictures; want %d", c.text, n, c.glyphs)
		}
	}
	if p := f.Picture(f.files[0][0], 1<<20, Px(20)); !p.Bounds.Empty() {
		t.Error("a glyph that isn't there is shown")
	}
	if f.Coloured(interRegular) {
		t.Error("letters are pictures")
	}
	wide := f.Layout(&Paragraph{Text: "😀 b", Style: Style{Size: Px(20)}}).Advance() - f.Layout(&Paragraph{Text: "😀b", Style: Style{Size: Px(20)}}).Advance()
	if space := f.Layout(&Paragraph{Text: "a b", Style: Style{Size: Px(20)}}).Advance() - f.Layout(&Paragraph{Text: "ab", Style: Style{Size: Px(20)}}).Advance(); wide > 2*space {
		t.Errorf("a space after a picture is %v wide, another one %v", wide, space)
	}
	l := f.Layout(&Paragraph{Text: "a😀b", Style: Style{Size: Px(20)}})
	if len(l.Runs()) != 3 || l.Advance() < Px(40) || l.Advance() > Px(60) {
		t.Errorf("%d runs, %v wide", len(l.Runs()), l.Advance())
	}
}

func TestAverage(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 4, 2))
	for x := range 4 {
		for y := range 2 {
			m.SetRGBA(x, y, color.RGBA{uint8(40 * x), 0, uint8(100 * y), 200})
		}
	}
	for _, c := range []struct {
		w, h int
		want []uint32
	}{
		{1, 1, []uint32{0xc83c0032}},
		{2, 1, []uint32{0xc8140032, 0xc8640032}},
		{4, 2, []uint32{0xc8000000, 0xc8280000, 0xc8500000, 0xc8780000, 0xc8000064, 0xc8280064, 0xc8500064, 0xc8780064}},
		{3, 1, []uint32{0xc80a0032, 0xc83c0032, 0xc86e0032}}, // (0·3+40)/4, (40·2+80·2)/4, (80+120·3)/4
		{8, 1, []uint32{0xc8000032, 0xc8000032, 0xc8280032, 0xc8280032, 0xc8500032, 0xc8500032, 0xc8780032, 0xc8780032}},
	} {
		if got := average(m, c.w, c.h); !slices.Equal(got, c.want) {
			t.Errorf("%d×%d: %x; want %x", c.w, c.h, got, c.want)
		}
	}
}
