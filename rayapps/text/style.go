package text

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Px returns v whole logical pixels.
func Px(v int32) geom.Fixed { return geom.FixedFromInt(v) }

// Family is a kind of font.
type Family uint8

// Families.
const (
	Sans Family = iota
	Mono
)

func (f Family) String() string {
	if f == Mono {
		return "mono"
	}
	return "sans"
}

// Weight is how heavy the strokes are.
type Weight uint8

// Weights.
const (
	Regular Weight = iota
	SemiBold
)

func (w Weight) String() string {
	if w == SemiBold {
		return "semibold"
	}
	return "regular"
}

// Style is how text is set, apart from its colour.
type Style struct {
	Family Family
	Weight Weight
	// Size is the em in logical pixels, at most MaxSize. 0 is 13.
	Size geom.Fixed
	// LineHeight is the height of a line; 0 is 1.4 em, rounded to whole pixels.
	LineHeight geom.Fixed
	// Tabular gives every digit the same width.
	Tabular bool
}

// MaxSize is the largest em of a Style, in logical pixels.
const MaxSize = geom.Fixed(512 << 8)

// size returns the em, bounded.
func (s *Style) size() geom.Fixed {
	if s.Size <= 0 {
		return Px(13)
	}
	return min(s.Size, MaxSize)
}

// Height returns the height of a line.
func (s *Style) Height() geom.Fixed {
	if s.LineHeight > 0 {
		return min(s.LineHeight, 4*MaxSize)
	}
	return Px(int32((int64(s.size())*14 + 1280) / 2560))
}

// Span is a stretch of text in one style.
type Span struct {
	Text  string
	Style Style
	// Color is the colour of the glyphs; 0 is the one that the paragraph is
	// drawn in.
	Color render.Color
}

// Align says where lines narrower than the paragraph stand.
type Align uint8

// Alignments. Start and End depend on the direction of the text.
const (
	Start Align = iota
	Centre
	End
	Left
	Right
)

// Direction is the base direction of a paragraph.
type Direction uint8

// Directions. Auto takes that of the first letter that has one.
const (
	Auto Direction = iota
	LTR
	RTL
)

// Paragraph is what Layout lays out.
type Paragraph struct {
	// Text is set in Style. If Spans isn't empty it holds the text instead.
	Text  string
	Style Style
	Spans []Span

	// Width is where lines wrap; 0 is never.
	Width geom.Fixed
	// MaxLines is how many lines there may be; what is beyond is cut and
	// replaced by an ellipsis. 0 is any number.
	MaxLines int
	Align    Align
	Dir      Direction
}

// MaxText is how many bytes of a paragraph are laid out; the rest is dropped.
const MaxText = 1 << 20
