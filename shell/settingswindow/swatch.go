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

// Layout implements ui.Node.
func (swatch) Layout(*ui.Element, ui.Constraints) geom.Size { return geom.Size{W: 28, H: 28} }

// Paint implements ui.Node.
func (s swatch) Paint(e *ui.Element, p *ui.Painter) {
	p.Disc(geom.XYWH(6, 6, 16, 16), s.color)
	if s.chosen {
		p.Border(geom.XYWH(3, 3, 22, 22), 11, 2, e.Theme().Text1)
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
