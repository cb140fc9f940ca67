package panel

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// newSparse is a panel of the whole output that is drawn in tiles.
func newSparse(t testing.TB, size geom.Size, scale geom.Scale, view func() ui.Node) *bench {
	b := newBench(t, view)
	o := b.panel.o
	o.Sparse, o.Name = true, "sparse"
	b.panel.Close()
	b.panel = New(o)
	b.loop.AtTurnEnd(b.panel.Turn)
	b.panel.Place(size.Rect(), size.Rect(), scale)
	b.turn(t)
	return b
}

// seen puts together what the tiles show.
func (t *tiles) seen(size geom.Size) render.Pixels {
	s := t.p.scale
	out := render.NewPixels(s.Apply(size.W), s.Apply(size.H), render.ARGB8888)
	for i := range t.cells {
		c, box := &t.cells[i], s.ApplyRect(t.box(i))
		for y := box.Y0; y < box.Y1; y++ {
			row := out.Data[y*out.Stride+4*box.X0 : y*out.Stride+4*box.X1]
			switch {
			case c.picture != nil:
				copy(row, c.pix.Data[(y-box.Y0)*c.pix.Stride:])
			case c.plain != nil:
				for ; len(row) > 0; row = row[4:] {
					binary.NativeEndian.PutUint32(row, uint32(c.colour))
				}
			}
		}
	}
	return out
}

// bytes is what the pictures take.
func (t *tiles) bytes() (n int) {
	for i := range t.cells {
		n += len(t.cells[i].pix.Data)
	}
	return n + len(t.spare.Data)
}

// cardAt is a framed card and a label somewhere on a large strip.
func cardAt(x, y int32) ui.Node {
	return ui.Padding{Insets: ui.Insets{Start: x, Top: y}, Child: ui.Column{Align: ui.Start, Children: ui.Nodes{ui.Sized{W: 600, H: 400, Child: ui.Surface{
		Fill: theme.New(theme.Dark, 0).Surface2, Radius: theme.RadiusPopover, Outline: true, Child: ui.Label{Text: fmt.Sprint("at ", x)},
	}}}}}
}

// TestTilesShowWhatTheListSays: the tiles together are the list, at every scale
// and after every change.
func TestTilesShowWhatTheListSays(t *testing.T) {
	for _, scale := range []geom.Scale{geom.ScaleOne, 150, 180, 133, 240} {
		size := geom.Size{W: 1000, H: 710}
		x := int32(30)
		b := newSparse(t, size, scale, func() ui.Node { return cardAt(x, 50) })
		for _, x = range []int32{30, 31, 240, 380, 0} {
			b.panel.Invalidate()
			b.turn(t)
			want := render.NewPixels(scale.Apply(size.W), scale.Apply(size.H), render.ARGB8888)
			list := b.panel.root.Frame().List
			if err := paint.NewRaster(b.panel.o.UI.Fonts).Draw(paint.Target{Pixels: &want, Scale: scale}, list, nil); err != nil {
				t.Fatal(err)
			}
			if got := b.panel.tiles.seen(size); !bytes.Equal(got.Data, want.Data) {
				t.Fatalf("scale %v, card at %d: the tiles show something else", scale, x)
			}
		}
	}
}

// TestTilesAreWholePixels: their edges are whole logical and physical pixels at
// every scale.
func TestTilesAreWholePixels(t *testing.T) {
	for s := geom.ScaleOne; s <= 4*geom.ScaleOne; s++ {
		e := tileEdge(s)
		if px := e * int32(s); e <= 0 || px%int32(geom.ScaleOne) != 0 || px/int32(geom.ScaleOne) > 4*tilePixels {
			t.Errorf("scale %v: an edge of %d", s, e)
		}
	}
	for s, want := range map[geom.Scale]int32{geom.ScaleOne: 120, 150: 96, 180: 80, 240: 60, 133: 120} {
		if got := tileEdge(s); got != want {
			t.Errorf("scale %v: an edge of %d; want %d", s, got, want)
		}
	}
}

// TestASparsePanelTakesLittleMemory: what is of one colour has no pixels, and a
// panel that is away has none at all.
func TestASparsePanelTakesLittleMemory(t *testing.T) {
	size := geom.Size{W: 3840, H: 2160}
	b := newSparse(t, size, geom.ScaleOne, func() ui.Node { return cardAt(600, 600) })
	p := b.panel
	if got, all := p.tiles.bytes(), 4*3840*2160; got == 0 || got > all/20 {
		t.Errorf("a card takes %d bytes; the whole output has %d", got, all)
	}
	if f := p.base; !f.on || len(f.pix.Data) != 0 || f.tex != nil {
		t.Errorf("the pane with the input: on %v, %d bytes", f.on, len(f.pix.Data))
	}
	p.Place(geom.Rect{}, geom.Rect{}, 0)
	if p.tiles.bytes() != 0 || len(p.tiles.cells) != 0 || p.base.on {
		t.Errorf("%d bytes are left", p.tiles.bytes())
	}
	p.Place(size.Rect(), size.Rect(), geom.ScaleOne)
	b.turn(t)
	if p.tiles.bytes() == 0 || !p.base.on {
		t.Error("it doesn't come back")
	}
}

// TestOnlyTouchedTilesAreDrawn counts tiles, and allocations without a change.
func TestOnlyTouchedTilesAreDrawn(t *testing.T) {
	label := "one"
	b := newSparse(t, geom.Size{W: 1200, H: 720}, geom.ScaleOne, func() ui.Node { return bar(label, nil) })
	b.uploads = nil
	label = "two"
	b.panel.Invalidate()
	b.turn(t)
	if len(b.uploads) != 1 {
		t.Errorf("the renderer got %v; want one tile", b.uploads)
	}
	if n := testing.AllocsPerRun(100, b.panel.Turn); n != 0 {
		t.Errorf("%v allocations in an unchanged frame", n)
	}
}

// TestASparsePanelTakesInput: a press on a tile without pixels is the panel's.
func TestASparsePanelTakesInput(t *testing.T) {
	pressed := 0
	b := newSparse(t, geom.Size{W: 1200, H: 720}, geom.ScaleOne, func() ui.Node { return bar("one", func() { pressed++ }) })
	for n, at := range map[string]geom.Point{"empty": {X: 700, Y: 90}, "drawn": {X: 150, Y: 700}} {
		if hit, _ := b.scene.At(geom.FPoint{X: float64(at.X), Y: float64(at.Y)}); hit != b.panel.base.node {
			t.Errorf("%s: the input goes elsewhere", n)
		}
	}
	p := b.panel.base
	p.PointerMotion(0, geom.FPoint{X: 150, Y: 700})
	p.PointerButton(0, 0, 0x110, true)
	p.PointerButton(0, 0, 0x110, false)
	if pressed != 1 {
		t.Errorf("pressed %d times", pressed)
	}
}
