// Package preview holds what the parts of the shell that show windows as small
// live pictures have in common: cards that say whose window it is, and where on
// them the picture goes.
//
// A view of the toolkit has no pixels of windows. It leaves room: whoever shows
// it asks for the Slots and puts a mirror of each window there, above the panel
// that the view is drawn into. So what a view draws over a picture is not seen.
//
//	card := preview.Card{Window: w, Chosen: true, OnPress: choose}
//	view := preview.Board{Kids: []preview.Placed{{Box: box, Node: card}}}
//	slot := preview.Slot{Window: w.ID, Box: preview.Picture(box, w.Size)}
//
// Boxes are logical pixels as they are seen, from the left, also where text
// runs from right to left.
package preview
