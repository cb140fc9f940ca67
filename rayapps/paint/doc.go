// Package paint describes pictures as lists of drawing commands and turns them
// into pixels.
//
// A List is immutable data: what is drawn, where, clipped by what. It can be
// compared, hashed, printed, sent to another process and drawn at any scale.
// A Builder makes one:
//
//	var b paint.Builder
//	b.Shadow(card, paint.Round(text.Px(10)), paint.Shadow{Y: text.Px(8), Blur: text.Px(24), Color: shade})
//	b.Box(card, paint.Box{Radii: paint.Round(text.Px(10)), Fill: surface, Border: outline, Width: text.Px(1)})
//	b.PushClip(inner)
//	b.Text(title, geom.FixedPt(16, 12), ink)
//	b.Pop()
//	list := b.Finish()
//
// A Raster draws a list into memory, all of it or what Diff says has changed:
//
//	var damage geom.Region
//	paint.Diff(before, list, &damage)
//	damage.Scale(scale) // logical to physical, outwards
//	raster.Draw(paint.Target{Pixels: &pixels, Scale: scale}, list, &damage)
//
// String prints a list for reference files. AppendBinary and Decode carry it
// to another process; Decode takes nothing on trust, and Cost says what drawing
// it will take.
//
// # Units
//
// Commands are in logical pixels, 24.8 fixed point, x to the right and y down.
// A scale of 120ths maps them to physical pixels when they are drawn. The edges
// of boxes, clips and images fall on whole physical pixels, rounded half up, so
// that neighbours meet and lines are sharp at every scale; borders are at least
// one physical pixel wide. Baselines of text fall on whole pixels too, glyphs
// on quarters across. Paths are drawn where they are.
//
// Colours are premultiplied. All arithmetic is on integers: a list has the same
// pixels on every architecture, and a part that is drawn anew equals the same
// part of the whole.
package paint
