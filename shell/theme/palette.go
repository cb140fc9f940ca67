package theme

import (
	"rayos/gpu/render"
	"rayos/rayapps/ui/theme"
)

// Scheme chooses a palette. The two high-contrast ones follow the portal's
// contrast setting.
type Scheme = theme.Scheme

// Schemes.
const (
	Dark          = theme.Dark
	Light         = theme.Light
	DarkContrast  = theme.DarkContrast
	LightContrast = theme.LightContrast
)

// Palette is the colours of one scheme.
type Palette struct {
	theme.Palette
	// Trust is the colour of each level, before a policy's own.
	Trust [Trusts]render.Color
}

// For returns the palette of a scheme, Dark for an invalid one. It is shared:
// read only.
func For(s Scheme) *Palette {
	if s >= theme.Schemes {
		s = Dark
	}
	return &palettes[s]
}

var palettes = func() (all [theme.Schemes]Palette) {
	for s := range theme.Schemes {
		all[s] = Palette{theme.New(s, 0).Palette, trusts[s]}
	}
	return all
}()

var trusts = [theme.Schemes][Trusts]render.Color{
	Dark: {
		Session: 0xff6b7482, Linux: 0xff2bb3a3, Windows: 0xff4c8dff,
		Remote: 0xffa77bf3, Sandboxed: 0xffe0a33a, Unknown: 0xffe5534b,
	},
	Light: {
		Session: 0xff7a8290, Linux: 0xff169588, Windows: 0xff3b7cf0,
		Remote: 0xff8f5fe6, Sandboxed: 0xffb8790a, Unknown: 0xffd63f37,
	},
	DarkContrast: {
		Session: 0xffb4bcc8, Linux: 0xff4fd8c7, Windows: 0xff85b3ff,
		Remote: 0xffc7a8ff, Sandboxed: 0xffffc55c, Unknown: 0xffff8078,
	},
	LightContrast: {
		Session: 0xff4b5360, Linux: 0xff08665b, Windows: 0xff1d4fae,
		Remote: 0xff6234b5, Sandboxed: 0xff7d5000, Unknown: 0xffa3231c,
	},
}
