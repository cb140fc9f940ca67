package session

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/decor"
	"rayos/shell/theme"
)

type interimBorder struct {
	Rect  geom.Rect
	Color render.Color
}

type interimArt struct{}

func (interimArt) Title(d *decor.Frame) render.Pixels {
	sz := d.Scale.ApplyRect(geom.XYWH(0, 0, d.Outer().W, theme.TitleBar)).Size()
	p := render.NewPixels(sz.W, sz.H, render.ARGB8888)
	for i := 0; i < len(p.Data); i += 4 {
		p.Data[i], p.Data[i+1], p.Data[i+2], p.Data[i+3] = 0x26, 0x20, 0x1d, 0xff
	}
	return p
}

func interimBorders(d *decor.Frame) []interimBorder {
	o := d.Outer()
	c := theme.For(d.Scheme).Trust[d.Trust]
	return []interimBorder{
		{geom.XYWH(0, 34, 2, o.H-34), c}, {geom.XYWH(o.W-2, 34, 2, o.H-34), c}, {geom.XYWH(2, o.H-2, o.W-4, 2), c},
	}
}
func (w *window) drawShadow(d *decor.Frame) {}
