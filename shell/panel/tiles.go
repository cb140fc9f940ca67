package panel

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/surfaces/scene"
)

// tilePixels is about how long the edge of a tile is, in physical pixels.
const tilePixels = 120

// tileEdge returns the edge of a tile in logical pixels: a number that is whole
// in physical pixels, too.
func tileEdge(s geom.Scale) int32 {
	step := int32(geom.ScaleOne)
	for a := int32(s); a != 0; {
		step, a = a, step%a
	}
	step = int32(geom.ScaleOne) / step // of the scale's fraction
	return max(tilePixels*int32(geom.ScaleOne)/int32(s)/step*step, step)
}

// tiles are a part of the root, cut into squares. Only those that hold a picture
// have pixels: one of a single colour is a colour, and one where nothing is
// drawn is nothing.
type tiles struct {
	p     *Panel
	tree  *scene.Tree // its origin is that of the layout
	at    geom.Rect   // in the root
	edge  int32       // of a tile, in logical pixels
	cols  int32
	cells []tile
	spare render.Pixels
	stale bool // nothing of the cells is right
}

// tile is one square. It has a node for its picture, or for its colour, or none.
type tile struct {
	dirty   bool
	picture *scene.Buffer
	pix     render.Pixels
	tex     render.Texture
	plain   *scene.Rect
	colour  render.Color // of plain
}

func newTiles(p *Panel, in *scene.Tree) *tiles {
	t := &tiles{p: p, tree: in.NewTree(), stale: true}
	t.tree.SetInput(false)
	return t
}

// place puts the tiles at a rectangle of the root.
func (t *tiles) place(r geom.Rect) {
	t.tree.SetPosition(t.p.area.X0, t.p.area.Y0)
	edge := tileEdge(t.p.scale)
	if t.at == r && t.edge == edge {
		return
	}
	t.release()
	t.edge = edge
	first, last := t.index(r.Min()), t.index(geom.Point{X: r.X1 - 1, Y: r.Y1 - 1})
	t.at, t.cols = r, last.X-first.X+1
	t.cells = make([]tile, int(t.cols)*int(last.Y-first.Y+1))
}

// index returns the column and row, in the root, of the tile at a point.
func (t *tiles) index(p geom.Point) geom.Point { return geom.Point{X: p.X / t.edge, Y: p.Y / t.edge} }

// box returns what of the root tile i shows.
func (t *tiles) box(i int) geom.Rect {
	at := t.index(t.at.Min())
	x, y := at.X+int32(i)%t.cols, at.Y+int32(i)/t.cols
	return geom.XYWH(x*t.edge, y*t.edge, t.edge, t.edge).Intersect(t.at)
}

// draw brings the tiles in line with a frame.
func (t *tiles) draw(f *ui.Frame) error {
	if t.stale {
		t.touch(t.at)
	} else {
		for _, r := range f.Damage.Rects() {
			t.touch(r.Intersect(t.at))
		}
	}
	for i := range t.cells {
		if !t.cells[i].dirty {
			continue
		}
		if err := t.drawTile(i, f.List); err != nil {
			return err
		}
		t.cells[i].dirty = false
	}
	t.stale, t.spare = false, render.Pixels{}
	return nil
}

// touch marks the tiles that a part of the root reaches.
func (t *tiles) touch(r geom.Rect) {
	if r.Empty() {
		return
	}
	origin := t.index(t.at.Min())
	a, b := t.index(r.Min()).Sub(origin), t.index(geom.Point{X: r.X1 - 1, Y: r.Y1 - 1}).Sub(origin)
	for y := a.Y; y <= b.Y; y++ {
		for x := a.X; x <= b.X; x++ {
			t.cells[y*t.cols+x].dirty = true
		}
	}
}

func (t *tiles) drawTile(i int, list *paint.List) error {
	c, at := &t.cells[i], t.box(i)
	box := t.p.scale.ApplyRect(at)
	if box.Empty() {
		c.release()
		return nil
	}
	pix := c.pix
	if pix.Size() != box.Size() {
		pix = t.spare
		t.spare = render.Pixels{}
	}
	if pix.Size() != box.Size() {
		pix = render.NewPixels(box.W(), box.H(), render.ARGB8888)
	}
	target := paint.Target{Pixels: &pix, Scale: t.p.scale, Origin: geom.Point{X: -box.X0, Y: -box.Y0}}
	if err := t.p.o.Raster.Draw(target, list, nil); err != nil {
		return err
	}
	if colour, ok := plain(&pix); ok {
		t.spare = pix
		c.fill(t.tree, at, colour)
		return nil
	}
	return c.show(t.p.o.Renderer, t.tree, at, pix)
}

// plain returns the colour of pixels that all have the same.
func plain(p *render.Pixels) (render.Color, bool) {
	first := binary.NativeEndian.Uint32(p.Data)
	both := uint64(first)<<32 | uint64(first)
	data := p.Data
	for ; len(data) >= 8; data = data[8:] {
		if binary.NativeEndian.Uint64(data) != both {
			return 0, false
		}
	}
	return render.Color(first), len(data) < 4 || binary.NativeEndian.Uint32(data) == first
}

// fill makes the tile a colour.
func (c *tile) fill(in *scene.Tree, at geom.Rect, colour render.Color) {
	c.dropPicture()
	switch {
	case colour.A() == 0:
		c.dropPlain()
		return
	case c.plain == nil:
		c.plain = in.NewRect(at.Size(), colour)
	}
	c.plain.SetPosition(at.X0, at.Y0)
	c.plain.SetSize(at.Size())
	c.plain.SetColor(colour)
	c.colour = colour
}

// show makes the tile a picture.
func (c *tile) show(r render.Renderer, in *scene.Tree, at geom.Rect, pix render.Pixels) error {
	c.dropPlain()
	if c.picture == nil {
		c.picture = in.NewBuffer()
	}
	c.picture.SetPosition(at.X0, at.Y0)
	c.picture.SetDestSize(at.Size())
	tex, err := handOver(r, c.tex, pix, nil)
	if err != nil {
		return err
	}
	c.picture.SetTexture(tex, nil)
	if c.tex != nil && c.tex != tex {
		c.tex.Release()
	}
	c.tex, c.pix = tex, pix
	return nil
}

func (c *tile) dropPlain() {
	if c.plain != nil {
		c.plain.Destroy()
		c.plain = nil
	}
}

func (c *tile) dropPicture() {
	if c.picture != nil {
		c.picture.Destroy()
		c.picture = nil
	}
	if c.tex != nil {
		c.tex.Release()
		c.tex = nil
	}
	c.pix = render.Pixels{}
}

func (c *tile) release() {
	c.dropPlain()
	c.dropPicture()
}

// release takes all tiles away.
func (t *tiles) release() {
	for i := range t.cells {
		t.cells[i].release()
	}
	t.cells, t.at, t.spare, t.stale = nil, geom.Rect{}, render.Pixels{}, true
}

// handOver makes a texture of pixels, or brings one of that size up to date. The
// renderer reads them where they are.
func handOver(r render.Renderer, old render.Texture, pix render.Pixels, damage *geom.Region) (render.Texture, error) {
	if old != nil && old.Size() == pix.Size() {
		return old, r.Update(old, pix, damage)
	}
	return r.Import(pix, true)
}
