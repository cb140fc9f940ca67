// Package glyph measures and draws simple text: one line, left to right, with
// kerning. Scripts that need shaping are beyond it. It uses integer arithmetic
// only, so the same text has the same pixels on every architecture.
//
// Strings come from clients and guests. Clean makes one fit to be drawn beside
// the session's own words: bounded, without control, direction or invisible
// characters. Draw bounds what it draws by itself too.
//
// Positions and widths are 24.8 fixed-point physical pixels; a Style's size is
// the physical pixels of an em. Glyphs are placed at quarter pixels and their
// heights are fitted to whole pixels, which keeps small text crisp. A
// character that no embedded font has is drawn as a box.
//
//	var t glyph.Text
//	s := glyph.Style{Font: glyph.Sans, Size: vector.Px(13)}
//	title := t.Ellipsise(s, glyph.Clean(untrustedTitle), width, glyph.End)
//	t.Draw(&pixels, clip, s, x, baseline, colour, title)
//
// A Text caches outlines and masks, within a bound, and is used by one
// goroutine.
package glyph
