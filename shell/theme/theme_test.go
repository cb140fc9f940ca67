package theme

import (
	"testing"

	"rayos/gpu/render"
	"rayos/rayapps/ui/theme"
)

func TestTextReachesContrast(t *testing.T) {
	for s := Dark; s < theme.Schemes; s++ {
		p := For(s)
		bar := 4.5
		if s == DarkContrast || s == LightContrast {
			bar = 7
		}
		surfaces := []struct {
			name string
			c    render.Color
		}{{"desktop", p.Desktop}, {"surface 1", p.Surface1}, {"surface 2", p.Surface2}, {"surface 3", p.Surface3}}
		texts := []struct {
			name string
			c    render.Color
		}{
			{"text 1", p.Text1},
			{"text 2", p.Text2},
			{"text 3", p.Text3},
			{"good", p.Good},
			{"warn", p.Warn},
			{"bad", p.Bad},
		}
		for _, surface := range surfaces {
			for _, text := range texts {
				if got := theme.Contrast(text.c, surface.c); got < bar {
					t.Errorf("%v: %s on %s = %.2f:1; want at least %.1f:1", s, text.name, surface.name, got, bar)
				}
			}
		}
		for _, pair := range [][2]render.Color{{p.OnAccent, p.Accent}, {p.OnBad, p.Bad}} {
			if got := theme.Contrast(pair[0], pair[1]); got < 4.5 {
				t.Errorf("%v: %#x on %#x = %.2f:1; want at least 4.5:1", s, pair[0], pair[1], got)
			}
		}
	}
}

func TestTrustColoursStandOut(t *testing.T) {
	for s := Dark; s < theme.Schemes; s++ {
		p := For(s)
		for level, c := range p.Trust {
			for _, surface := range []render.Color{p.Surface1, p.Desktop} {
				if got := theme.Contrast(c, surface); got < 3 {
					t.Errorf("%v: %v on %#x = %.2f:1; want at least 3:1", s, Trust(level), surface, got)
				}
			}
		}
	}
}

func TestTrustLevelsDiffer(t *testing.T) {
	for s := Dark; s < theme.Schemes; s++ {
		colours := map[render.Color]Trust{}
		for level, c := range For(s).Trust {
			if other, ok := colours[c]; ok {
				t.Errorf("%v: %v and %v share %#x", s, Trust(level), other, c)
			}
			colours[c] = Trust(level)
		}
	}
	words, patterns := map[string]bool{}, map[Pattern]bool{}
	for level := Session; level < Trusts; level++ {
		words[level.Word()] = true
		patterns[level.Pattern()] = true
	}
	if len(words) != int(Trusts) || len(patterns) != int(Trusts) {
		t.Errorf("%d levels have %d words and %d patterns", Trusts, len(words), len(patterns))
	}
	if got := Trust(200).Word(); got != Unknown.Word() {
		t.Errorf("word of an invalid level = %q; want %q", got, Unknown.Word())
	}
}

func TestColoursAreOpaque(t *testing.T) {
	for s := Dark; s < theme.Schemes; s++ {
		p := For(s)
		all := append([]render.Color{
			p.Desktop, p.Surface1, p.Surface2, p.Surface3, p.Outline,
			p.Text1, p.Text2, p.Text3, p.Accent, p.OnAccent, p.Good, p.Warn, p.Bad, p.OnBad, p.Shadow,
		}, p.Trust[:]...)
		for i, c := range all {
			if !c.Opaque() {
				t.Errorf("%v: colour %d, %#x, is translucent", s, i, c)
			}
		}
	}
	if For(Scheme(99)) != For(Dark) {
		t.Error("an invalid scheme is not the dark one")
	}
}
