package golden_test

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// sheet collects crops of pictures into one, left to right and top to bottom.
type sheet struct {
	columns int
	crops   []render.Pixels
}

// add appends the part box, in physical pixels, of p.
func (s *sheet) add(p render.Pixels, box geom.Rect) {
	box = box.Intersect(p.Size().Rect())
	c := render.NewPixels(box.W(), box.H(), p.Format)
	for y := range c.H {
		at := (box.Y0+y)*p.Stride + 4*box.X0
		copy(c.Data[y*c.Stride:(y+1)*c.Stride], p.Data[at:])
	}
	s.crops = append(s.crops, c)
}

// check compares the sheet with the scene's picture.
func (s *sheet) check(d *desktop, name string) {
	d.t.Helper()
	const gap = 4
	var cell geom.Size
	for _, c := range s.crops {
		cell = geom.Size{W: max(cell.W, c.W+gap), H: max(cell.H, c.H+gap)}
	}
	n := int32(len(s.crops))
	cols := int32(s.columns)
	out := render.NewPixels(cell.W*min(n, cols)-gap, cell.H*((n+cols-1)/cols)-gap, render.XRGB8888)
	for i := range out.Data {
		out.Data[i] = 0xff
	}
	for i, c := range s.crops {
		x, y := int32(i)%cols*cell.W, int32(i)/cols*cell.H
		for row := range c.H {
			copy(out.Data[(y+row)*out.Stride+4*x:], c.Data[row*c.Stride:row*c.Stride+4*c.W])
		}
	}
	comparePixels(d.t, name, out)
}
