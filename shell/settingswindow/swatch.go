package settingswindow

import (
	"strconv"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/ui"
)

// swatch is a disc of a colour, with a ring if it is chosen.
type swatch struct {
	color  render.Color
	chosen bool
}

// swatchSize is that of a swatch, in logical pixels.
const swatchSize = 28

// Layout implements ui.Node.
func (swatch) Layout(*ui.Element, ui.Constraints) geom.Size {
	return geom.Size{W: swatchSize, H: swatchSize}
}

// Paint implements ui.Node.
func (s swatch) Paint(e *ui.Element, p *ui.Painter) {
	p.Disc(geom.XYWH(4, 4, 20, 20), s.color)
	if s.chosen {
		p.Border(geom.XYWH(1, 1, 26, 26), 13, 2, e.Theme().Text1)
	}
}

// colour reads one of the form #rrggbb.
func colour(v string) render.Color {
	n, err := strconv.ParseUint(v[1:], 16, 24)
	if err != nil {
		return 0
	}
	return render.Color(0xff000000 | uint32(n))
}
