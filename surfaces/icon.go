package surfaces

import "rayos/gpu/render"

// Icon is a window's picture: a name in an icon theme, pixels, or both. It
// never changes once a GuestSurface has it.
type Icon struct {
	Name   string // "" for none
	Images []IconImage
}

// IconImage is one size of an Icon.
type IconImage struct {
	Pixels render.Pixels // square, ARGB8888
	Size   int32         // edge in logical pixels
	Scale  int32         // that it was drawn for
}

// Best returns the image to show with an edge of px physical pixels: the
// smallest that is large enough, or else the largest. nil without images.
func (i *Icon) Best(px int32) *IconImage {
	if i == nil {
		return nil
	}
	var best *IconImage
	for k := range i.Images {
		m := &i.Images[k]
		switch w := m.Pixels.W; {
		case best == nil:
			best = m
		case best.Pixels.W < px:
			if w > best.Pixels.W {
				best = m
			}
		case w >= px && w < best.Pixels.W:
			best = m
		}
	}
	return best
}
