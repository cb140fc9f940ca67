package session

import (
	"unsafe"

	"rayos/geom"
	"rayos/gpu/compute"
	"rayos/gpu/render"
)

// difference finds what of a new frame of a recording differs from what the
// recording shows already. Programs that draw all of their window anew, guests
// that flush their whole screen, and boxes around damage in two corners make
// frames whose pixels are mostly the same; to pack one takes fifty times as long
// as to compare it.
type difference struct {
	do    func(compute.Task, compute.Priority) error
	shown render.Pixels // upright, all of the screen; none before the first frame
	tiles []compute.Tile
}

// diffEdge is how large the tiles are that are compared, in pixels.
const diffEdge = 64

// of returns the part of a frame that differs, and its pixels, which are those of
// p; an empty box when nothing does. A comparison that fails takes all of it.
func (d *difference) of(box geom.Rect, p render.Pixels) (geom.Rect, render.Pixels, error) {
	if d.shown.Data == nil { // the first: all of the screen
		d.shown = render.NewPixels(p.W, p.H, p.Format)
		d.take(box, p)
		return box, p, nil
	}
	n, across := compute.TileCount(int(p.W), int(p.H), diffEdge)
	if cap(d.tiles) < n {
		d.tiles = make([]compute.Tile, n)
	}
	task := &compute.TileTask{
		Before: frameOf(&d.shown, box), Now: frameOf(&p, p.Size().Rect()), Edge: diffEdge, Mask: 0xffffff, Tiles: d.tiles[:n],
	}
	err := d.do(task, compute.Normal)
	if err == nil {
		var changed geom.Rect
		for i := range task.Tiles {
			if t := &task.Tiles[i]; t.Changed > 0 {
				at := geom.Point{X: int32(i % across * diffEdge), Y: int32(i / across * diffEdge)}
				changed = changed.Union(geom.Rect{X0: int32(t.X0), Y0: int32(t.Y0), X1: int32(t.X1), Y1: int32(t.Y1)}.Add(at))
			}
		}
		box, p = changed.Add(box.Min()), cut(p, changed)
	}
	d.take(box, p)
	return box, p, err
}

// take notes what the recording shows in a box.
func (d *difference) take(box geom.Rect, p render.Pixels) {
	for y := range p.H {
		at := int(box.Y0+y)*int(d.shown.Stride) + 4*int(box.X0)
		copy(d.shown.Data[at:at+4*int(p.W)], p.Data[int(y)*int(p.Stride):])
	}
}

// cut is a part of a picture, in its memory.
func cut(p render.Pixels, r geom.Rect) render.Pixels {
	if r.Empty() {
		return render.Pixels{Format: p.Format}
	}
	p.Data = p.Data[int(r.Y0)*int(p.Stride)+4*int(r.X0):]
	p.W, p.H = r.W(), r.H()
	return p
}

// frameOf is a part of a picture of 32-bit pixels as System 1 reads it, in the
// picture's memory.
func frameOf(p *render.Pixels, r geom.Rect) compute.Frame {
	words := unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(p.Data))), len(p.Data)/4)
	at := int(r.Y0)*int(p.Stride)/4 + int(r.X0)
	return compute.Frame{Width: int(r.W()), Height: int(r.H()), Stride: int(p.Stride) / 4, Pixels: words[at:]}
}
