// Package text turns strings into lines of placed glyphs and glyphs into
// coverage, for every script the fonts at hand can show. It knows no widgets
// and paints nothing: rayapps/paint draws what it lays out.
//
// # Units
//
// Sizes and positions are logical pixels in 24.8 fixed point (geom.Fixed), x to
// the right and y down from the top-left corner of a layout. Offsets into text
// are bytes. Layout doesn't depend on the scale of an output: glyphs advance by
// exact fractions and are placed, when they are drawn, at a quarter of a
// physical pixel. All arithmetic is on integers; the same text with the same
// fonts has the same positions and the same coverage on every architecture.
//
// # Laying out
//
// Fonts is a set of fonts with the caches around them. Layout takes a
// Paragraph, which is plain data, and returns an immutable Layout:
//
//	fonts := text.NewFonts(text.Options{System: true})
//	l := fonts.Layout(&text.Paragraph{
//		Text:  "Ein Fenster, נסגר",
//		Style: text.Style{Size: text.Px(13)},
//		Width: text.Px(120),
//	})
//	for _, line := range l.Lines() { … }
//
// The text is cut at hard breaks, ordered by the Unicode bidirectional
// algorithm (UAX 9), cut by style, script and font, shaped, and broken into
// lines where UAX 14 allows it, or between clusters where a word is wider than
// the paragraph. A line is as high as the highest of its styles, 1.4 em unless
// the style says otherwise. Layout remembers what it made: asking again for an
// equal paragraph costs a look-up and no memory.
//
// # Editing
//
// An Editor is a text with a selection, a history and what an input method
// composes. It is told what to do, by motion and by point in a Layout of what
// it shows, and knows neither keys nor pixels.
//
// # Fonts
//
// Inter, Go and Go Mono are embedded and tried first. With Options.System the
// fonts of the machine are searched when a character is in none of them. A
// character that no font has is drawn as a box. Fonts of pictures, as those of
// emoji (tables CBDT and sbix, in PNG), are drawn in their own colours.
//
// A Fonts and its Layouts are used by one goroutine.
package text
