package text

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"

	"rayos/assets"
	"rayos/geom"
	"rayos/internal/cache"
	"rayos/internal/vector"
)

// Options says what a Fonts may use.
type Options struct {
	// System lets characters that no embedded font has be looked up in the
	// fonts of the machine. They are found in the background; until then such
	// characters are boxes.
	System bool
	// Files are fonts, by weight, that are tried in their order for characters
	// that no embedded font has, before those of the machine. A file that is no
	// font is left out. They are read when the first such character comes.
	Files [2][]string
	// Changed is called, on another goroutine, when they have been found and
	// Generation will change. It may be nil.
	Changed func()
	// IndexFolder holds the index of the machine's fonts between runs; "" is
	// rayos in the user's cache folder.
	IndexFolder string
}

// FaceID names a font of a Fonts.
type FaceID uint16

// The embedded fonts.
const (
	interRegular FaceID = iota
	interSemiBold
	goMono
	goMonoBold
	goRegular
	goBold
	embedded // how many there are; those of the machine follow
	noFace   = ^FaceID(0)
)

// chains lists, for each family and weight, the embedded fonts in the order in
// which they are tried.
var chains = [2][2][]FaceID{
	Sans: {{interRegular, goRegular, goMono}, {interSemiBold, goBold, goMonoBold}},
	Mono: {{goMono, interRegular, goRegular}, {goMonoBold, interSemiBold, goBold}},
}

// face is a parsed font. Its numbers are in font units.
type face struct {
	ft              *font.Face
	hb              *harfbuzz.Font
	upem            int64
	ascent, descent int64 // both positive
	capHeight       int64
	digit           int64 // the widest digit
	coloured        bool  // its glyphs are pictures
}

// Fonts is a set of fonts, with caches. See the package comment.
type Fonts struct {
	opts   Options
	faces  []*face
	chosen map[charKey]FaceID

	files      [2][]FaceID // of Options.Files
	opened     bool        // files are those that can be read
	system     system
	generation uint64

	shaper  shaper
	layouts cache.Cache[uint64, *Layout]

	raster vector.Rasterizer
	path   vector.Path
	masks  cache.Cache[maskKey, vector.Mask]

	pictures cache.Cache[maskKey, Picture]
}

// Budgets of the caches, in bytes of one generation.
const (
	layoutBudget = 1 << 20
	maskBudget   = 1 << 20
)

// NewFonts returns the embedded fonts, and those of the machine if opts say so.
// Fonts are read when they are first needed.
func NewFonts(opts Options) *Fonts {
	return &Fonts{
		opts: opts, faces: make([]*face, embedded), chosen: map[charKey]FaceID{}, shaper: newShaper(),
		layouts: cache.New[uint64, *Layout](layoutBudget), masks: cache.New[maskKey, vector.Mask](maskBudget),
		pictures: cache.New[maskKey, Picture](pictureBudget),
	}
}

// CapHeight returns how high capitals are in a style, in logical pixels.
func (f *Fonts) CapHeight(s *Style) geom.Fixed {
	fc := f.face(chains[s.Family&1][s.Weight&1][0])
	return geom.Fixed(divRound(fc.capHeight*int64(s.size()), fc.upem))
}

func embeddedFont(id FaceID) font.Resource {
	switch id {
	case interRegular:
		return strings.NewReader(assets.InterRegular)
	case interSemiBold:
		return strings.NewReader(assets.InterSemiBold)
	case goMono:
		return bytes.NewReader(gomono.TTF)
	case goMonoBold:
		return bytes.NewReader(gomonobold.TTF)
	case goBold:
		return bytes.NewReader(gobold.TTF)
	}
	return bytes.NewReader(goregular.TTF)
}

// face returns a font that is in the set.
func (f *Fonts) face(id FaceID) *face {
	if int(id) >= len(f.faces) {
		id = interRegular
	}
	if f.faces[id] == nil {
		ft, err := font.ParseTTF(embeddedFont(id))
		if err != nil {
			panic(fmt.Sprintf("text: embedded font %d: %v", id, err))
		}
		f.faces[id] = newFace(ft)
	}
	return f.faces[id]
}

func newFace(ft *font.Face) *face {
	fc := &face{ft: ft, hb: harfbuzz.NewFont(ft), upem: int64(max(ft.Upem(), 16))}
	ext, ok := ft.FontHExtents()
	if !ok {
		ext.Ascender, ext.Descender = float32(fc.upem)*0.8, -float32(fc.upem)*0.2
	}
	fc.ascent, fc.descent = int64(ext.Ascender), int64(-ext.Descender)
	fc.coloured = len(ft.BitmapSizes()) > 0
	fc.capHeight = int64(ft.LineMetric(font.CapHeight))
	for r := '0'; r <= '9'; r++ {
		if g, ok := ft.NominalGlyph(r); ok {
			fc.digit = max(fc.digit, int64(ft.HorizontalAdvance(g)))
		}
	}
	return fc
}

type charKey struct {
	family Family
	weight Weight
	r      rune
}

// maxChosen bounds the cache of characters' fonts.
const maxChosen = 1 << 13

// choose returns the font for a character.
func (f *Fonts) choose(s *Style, r rune) FaceID {
	key := charKey{s.Family & 1, s.Weight & 1, r}
	if id, ok := f.chosen[key]; ok {
		return id
	}
	chain := chains[key.family][key.weight]
	id, found := chain[0], false
	for _, try := range chain {
		if _, found = f.face(try).ft.NominalGlyph(r); found {
			id = try
			break
		}
	}
	if !found {
		if other, ok := f.fromFiles(s, r); ok {
			id = other
		} else if other, ok := f.fromSystem(s, r); ok {
			id = other
		}
	}
	if len(f.chosen) >= maxChosen {
		clear(f.chosen)
	}
	f.chosen[key] = id
	return id
}
