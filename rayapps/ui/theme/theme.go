package theme

import "rayos/gpu/render"

// Scheme chooses a palette. The contrast Schemes follow the setting of the
// desktop's portal.
type Scheme uint8

// Schemes.
const (
	Dark Scheme = iota
	Light
	DarkContrast
	LightContrast
	Schemes // how many there are
)

func (s Scheme) String() string {
	if s >= Schemes {
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
	// Surface1 is a window, Surface2 a panel, Surface3 raised on either: a
	// control at rest.
	Surface1, Surface2, Surface3 render.Color
	// Outline separates; it carries no meaning. Edge is the border of what can
	// be filled in or checked, 3:1 on the surfaces.
	Outline, Edge render.Color
	// Text1 is content, Text2 secondary, Text3 hints.
	Text1, Text2, Text3 render.Color
	// Accent marks focus and choice; OnAccent is text on it.
	Accent, OnAccent render.Color
	// Good, Warn and Bad are verdicts; OnBad is text on Bad.
	Good, Warn, Bad, OnBad render.Color
	// Shadow is what shadows are made of, before their own alpha.
	Shadow render.Color
}

// Theme is a palette and how the person wants it.
type Theme struct {
	Palette
	Scheme Scheme
	// Still is reduced motion: what would move is there at once.
	Still bool
	// Touch makes controls as high as a finger needs.
	Touch bool
}

// New returns the theme of a scheme, Dark for an invalid one. Accent is opaque
// and is moved towards black or white until it can be told from the surfaces;
// 0 is the scheme's own.
func New(s Scheme, accent render.Color) *Theme {
	if s >= Schemes {
		s = Dark
	}
	t := &Theme{Palette: palettes[s], Scheme: s}
	if accent != 0 {
		t.Accent = t.fit(accent | 0xff000000)
		t.OnAccent = 0xffffffff
		if Contrast(t.Accent, 0xff06121f) > Contrast(t.Accent, 0xffffffff) {
			t.OnAccent = 0xff06121f
		}
	}
	return t
}

// Light reports whether text is dark on light surfaces.
func (t *Theme) Light() bool { return t.Scheme.Light() }

// Bar returns the contrast that text reaches.
func (t *Theme) Bar() float64 {
	if t.Scheme == DarkContrast || t.Scheme == LightContrast {
		return 7
	}
	return 4.5
}

// fit returns c moved away from the surfaces until it reads on all of them.
func (t *Theme) fit(c render.Color) render.Color {
	to := render.Color(0xffffffff)
	if t.Light() {
		to = 0xff000000
	}
	for k := 0; k <= 255; k += 5 {
		m := Mix(c, to, uint8(k))
		if Contrast(m, t.Surface1) >= t.Bar() && Contrast(m, t.Surface2) >= t.Bar() && Contrast(m, t.Surface3) >= t.Bar() {
			return m
		}
	}
	return to
}

// Hover returns a fill while the pointer is over it, by k of 255: a step
// towards the colour of text.
func (t *Theme) Hover(c render.Color, k uint8) render.Color {
	return Mix(c, t.Text1, uint8(uint32(k)*18/255))
}

// Press returns a fill while it is held down.
func (t *Theme) Press(c render.Color) render.Color { return Mix(c, t.Text1, 36) }

// Selection returns the translucent fill of selected text and rows.
func (t *Theme) Selection() render.Color { return Fade(t.Accent, 70) }

// Scrim returns the translucent colour that lies over all but a dialog.
func (t *Theme) Scrim() render.Color { return Fade(t.Shadow, 128) }

// Disabled returns a colour as it is where nothing can be done.
func Disabled(c render.Color) render.Color { return Fade(c, 110) }

// Mix returns a moved towards b by k of 255. Both are premultiplied.
func Mix(a, b render.Color, k uint8) render.Color {
	var out render.Color
	for shift := uint(0); shift < 32; shift += 8 {
		x, y := int32(a>>shift&0xff), int32(b>>shift&0xff)
		out |= render.Color(uint8(x+((y-x)*int32(k)+127*sign(y-x))/255)) << shift
	}
	return out
}

func sign(v int32) int32 {
	if v < 0 {
		return -1
	}
	return 1
}

// Fade returns c with its alpha multiplied by k of 255.
func Fade(c render.Color, k uint8) render.Color { return Mix(0, c, k) }
