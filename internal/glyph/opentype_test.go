package glyph

import (
	"math/rand/v2"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"rayos/assets"
	"rayos/internal/vector"
)

func TestEmbeddedFontsAreWhole(t *testing.T) {
	for which := range fonts {
		f := loadFace(which)
		if f.xHeight <= 0 || f.capHeight <= f.xHeight || f.ascent < f.capHeight || f.descent <= 0 || f.digitWidth <= 0 {
			t.Errorf("font %d: x-height %d, cap height %d, ascent %d, descent %d, digit %d",
				which, f.xHeight, f.capHeight, f.ascent, f.descent, f.digitWidth)
		}
		for r := rune('!'); r <= '~'; r++ {
			g := f.index(r)
			var p vector.Path
			f.openType.outline(&p, g, func(x, y int) vector.Point { return vector.Pt(vector.Px(int32(x)/16), vector.Px(int32(y)/16)) })
			if g == box || p.Empty() || f.advance(g) <= 0 {
				t.Errorf("font %d: %q has glyph %d, advance %d", which, r, g, f.advance(g))
			}
		}
		if f.index(' ') == box || f.index(0xfffff) != box || f.index(-1) != box {
			t.Errorf("font %d: wrong glyphs of space or of invalid characters", which)
		}
	}
}

func TestParseRefusesDamage(t *testing.T) {
	for _, data := range []string{"", "OTTO", assets.InterRegular[:100], assets.InterRegular[:20000]} {
		if _, err := parseOpenType(data); err == nil {
			t.Errorf("a font of %d bytes is accepted", len(data))
		}
	}
}

// exercise calls everything that reads a font.
func exercise(f *openType) {
	for _, r := range "AV 漢é\uffff" {
		g := f.index(r)
		f.advance(g)
		f.kern(g, f.index('V'))
		var p vector.Path
		f.outline(&p, g, func(x, y int) vector.Point { return vector.Pt(vector.Px(int32(x)), vector.Px(int32(y))) })
	}
	f.kern(0xffff, 0xffff)
}

func TestDamagedFontsDontPanic(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, font := range []string{assets.InterRegular, string(goregular.TTF)} {
		for range 60 {
			data := []byte(font)
			for range 1 + rng.IntN(400) {
				i := rng.IntN(len(data))
				if rng.IntN(2) == 0 {
					i = rng.IntN(4096)
				}
				data[i] = byte(rng.Uint32())
			}
			if f, err := parseOpenType(string(data)); err == nil {
				exercise(f)
			}
		}
	}
}

func FuzzParseOpenType(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x00\x00\x01aaaabbbb\x00\x00\x00\x00\x00\x00\x00\x10"))
	f.Add([]byte(assets.InterRegular[:4096]))
	f.Fuzz(func(t *testing.T, data []byte) {
		if font, err := parseOpenType(string(data)); err == nil {
			exercise(font)
		}
	})
}
