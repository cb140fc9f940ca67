package preview

import "rayos/geom"

// Sizes of a card, in logical pixels.
const (
	Pad    = 8  // around everything
	Header = 28 // the line with the name
	Stripe = 3  // the trust stripe above the picture
	Top    = Pad + Header + Stripe
)

// Slot is where the picture of a window goes.
type Slot struct {
	Window uint32
	Box    geom.Rect
}

// Fit returns where in a box a picture of the given size is shown: in the
// middle, as large as there is room, its shape kept, and never enlarged.
func Fit(size geom.Size, box geom.Rect) geom.Rect {
	if size.Empty() || box.Empty() {
		return geom.Rect{}
	}
	w, h := int64(box.W()), int64(box.H())
	switch {
	case int64(size.W) <= w && int64(size.H) <= h:
		w, h = int64(size.W), int64(size.H)
	case int64(size.W)*h > w*int64(size.H):
		h = max(w*int64(size.H)/int64(size.W), 1)
	default:
		w = max(h*int64(size.W)/int64(size.H), 1)
	}
	return geom.XYWH(box.X0+(box.W()-int32(w))/2, box.Y0+(box.H()-int32(h))/2, int32(w), int32(h))
}

// Picture returns where on a card the picture of a window of the given size
// goes, which is nowhere if the card is too small.
func Picture(card geom.Rect, size geom.Size) geom.Rect {
	return Fit(size, room(card))
}

// room is what a card leaves for the picture.
func room(card geom.Rect) geom.Rect {
	return geom.Rect{X0: card.X0 + Pad, Y0: card.Y0 + Top, X1: card.X1 - Pad, Y1: card.Y1 - Pad}
}

// Around returns the card whose picture has the given place.
func Around(picture geom.Rect) geom.Rect {
	return geom.Rect{X0: picture.X0 - Pad, Y0: picture.Y0 - Top, X1: picture.X1 + Pad, Y1: picture.Y1 + Pad}
}
