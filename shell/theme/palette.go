package theme

import "rayos/gpu/render"

// Scheme chooses a palette. The two high-contrast ones follow the portal's
// contrast setting.
type Scheme uint8

// Schemes.
const (
	Dark Scheme = iota
	Light
	DarkContrast
	LightContrast
	schemes
)

func (s Scheme) String() string {
	if s >= schemes {
		return "invalid"
	}
	return [...]string{"dark", "light", "dark-contrast", "light-contrast"}[s]
}

// Light reports whether the scheme draws dark text on light surfaces.
func (s Scheme) Light() bool { return s == Light || s == LightContrast }

// Palette is the colours of one scheme.
type Palette struct {
	// Desktop lies behind everything.
	Desktop render.Color
	// Surface1 is a window, Surface2 a panel, Surface3 raised on either.
	Surface1, Surface2, Surface3 render.Color
	// Outline separates; it carries no meaning.
	Outline render.Color
	// Text1 is content, Text2 secondary, Text3 hints and inactive titles.
	Text1, Text2, Text3 render.Color
	// Accent marks focus and choice; OnAccent is text on it.
	Accent, OnAccent render.Color
	Good, Warn, Bad  render.Color
	// OnBad is text and icons on Bad, as on a hovered close button.
	OnBad render.Color
	// Shadow is what shadows are made of, before their own alpha.
	Shadow render.Color
	// Trust is the colour of each level, before a policy's own.
	Trust [Trusts]render.Color
}

// For returns the palette of a scheme, Dark for an invalid one. It is shared:
// read only.
func For(s Scheme) *Palette {
	if s >= schemes {
		s = Dark
	}
	return &palettes[s]
}

var palettes = [schemes]Palette{
	Dark: {
		Desktop:  0xff0f1115,
		Surface1: 0xff16181d, Surface2: 0xff1d2026, Surface3: 0xff262a32,
		Outline: 0xff2f343d,
		Text1:   0xffeceff4, Text2: 0xffa9b1bd, Text3: 0xff8a929e,
		Accent: 0xff5aa9ff, OnAccent: 0xff06121f,
		Good: 0xff4cc38a, Warn: 0xffe0a33a, Bad: 0xffef6a62, OnBad: 0xff1b0605,
		Shadow: 0xff000000,
		Trust: [Trusts]render.Color{
			Session: 0xff6b7482, Linux: 0xff2bb3a3, Windows: 0xff4c8dff,
			Remote: 0xffa77bf3, Sandboxed: 0xffe0a33a, Unknown: 0xffe5534b,
		},
	},
	Light: {
		Desktop:  0xffe9ecf1,
		Surface1: 0xffffffff, Surface2: 0xfff6f7f9, Surface3: 0xffeceef2,
		Outline: 0xffd5d9e0,
		Text1:   0xff14171c, Text2: 0xff4b5360, Text3: 0xff626a77,
		Accent: 0xff1668c7, OnAccent: 0xffffffff,
		Good: 0xff187446, Warn: 0xff8a5c00, Bad: 0xffc0312b, OnBad: 0xffffffff,
		Shadow: 0xff10151f,
		Trust: [Trusts]render.Color{
			Session: 0xff7a8290, Linux: 0xff169588, Windows: 0xff3b7cf0,
			Remote: 0xff8f5fe6, Sandboxed: 0xffb8790a, Unknown: 0xffd63f37,
		},
	},
	DarkContrast: {
		Desktop:  0xff000000,
		Surface1: 0xff000000, Surface2: 0xff0a0b0d, Surface3: 0xff15171b,
		Outline: 0xff9aa3b0,
		Text1:   0xffffffff, Text2: 0xffe2e6ec, Text3: 0xffc4cad3,
		Accent: 0xff8cc4ff, OnAccent: 0xff000000,
		Good: 0xff6fe0a8, Warn: 0xffffc55c, Bad: 0xffff9089, OnBad: 0xff000000,
		Shadow: 0xff000000,
		Trust: [Trusts]render.Color{
			Session: 0xffb4bcc8, Linux: 0xff4fd8c7, Windows: 0xff85b3ff,
			Remote: 0xffc7a8ff, Sandboxed: 0xffffc55c, Unknown: 0xffff8078,
		},
	},
	LightContrast: {
		Desktop:  0xffffffff,
		Surface1: 0xffffffff, Surface2: 0xfffafbfc, Surface3: 0xfff1f3f6,
		Outline: 0xff4b5360,
		Text1:   0xff000000, Text2: 0xff23272e, Text3: 0xff3a414c,
		Accent: 0xff0b4a94, OnAccent: 0xffffffff,
		Good: 0xff0c5430, Warn: 0xff624100, Bad: 0xff8f1d18, OnBad: 0xffffffff,
		Shadow: 0xff000000,
		Trust: [Trusts]render.Color{
			Session: 0xff4b5360, Linux: 0xff08665b, Windows: 0xff1d4fae,
			Remote: 0xff6234b5, Sandboxed: 0xff7d5000, Unknown: 0xffa3231c,
		},
	},
}
