package panel

import (
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// pane is a part of the root with a node of its own.
type pane struct {
	seat.NoFocus
	p     *Panel
	node  *scene.Buffer
	at    geom.Rect // in the root
	input geom.Rect // what of it takes input, in the root
	pix   render.Pixels
	tex   render.Texture
	on    bool
	stale bool // nothing of pix is right
}

func newPane(p *Panel, tree *scene.Tree) *pane {
	n := &pane{p: p, node: tree.NewBuffer(), stale: true}
	n.node.Data = n
	return n
}

func (n *pane) show(on bool) {
	n.on = on
	n.node.SetEnabled(on)
}

// place puts the pane at a rectangle of the root.
func (n *pane) place(r geom.Rect) {
	a := n.p.area
	n.node.SetPosition(a.X0+r.X0, a.Y0+r.Y0)
	if n.at != r {
		n.at, n.stale = r, true
	}
	n.node.SetDestSize(r.Size())
	if n.input.Empty() {
		return
	}
	in := geom.RegionOf(n.input.Add(geom.Point{X: -r.X0, Y: -r.Y0}))
	n.node.SetInput(&in)
}

// draw brings the pixels in line with a frame.
func (n *pane) draw(f *ui.Frame) {
	p := n.p
	box := p.scale.ApplyRect(n.at)
	if box.Empty() {
		return
	}
	damage := (*geom.Region)(nil)
	if !n.stale && n.tex != nil {
		d := &p.damage
		d.Set(&f.Damage)
		d.Scale(p.scale)
		d.Translate(geom.Point{X: -box.X0, Y: -box.Y0})
		d.IntersectRect(box.Size().Rect())
		if d.Empty() {
			return
		}
		damage = d
	} else if n.pix.W != box.W() || n.pix.H != box.H() {
		n.pix = resized(n.pix, box.Size())
	}
	target := paint.Target{Pixels: &n.pix, Scale: p.scale, Origin: geom.Point{X: -box.X0, Y: -box.Y0}}
	if err := p.o.Raster.Draw(target, f.List, damage); err != nil {
		p.o.Log.Error("panel", "panel", p.o.Name, "err", err)
		return
	}
	if err := n.upload(damage); err != nil {
		p.o.Log.Error("panel", "panel", p.o.Name, "err", err)
		return
	}
	n.stale = false
	if !n.on {
		n.show(true)
	}
}

// resized returns pixels of a size, in the memory of old ones where they have
// room and wouldn't waste most of it: a strip of toasts changes its height with
// each of them.
func resized(old render.Pixels, size geom.Size) render.Pixels {
	need := int(size.W) * int(size.H) * 4
	if need > cap(old.Data) || need*4 < cap(old.Data) {
		return render.NewPixels(size.W, size.H, render.ARGB8888)
	}
	return render.Pixels{Data: old.Data[:need], W: size.W, H: size.H, Stride: size.W * 4, Format: render.ARGB8888}
}

// upload hands pixels to the renderer: the damaged ones, or all if it is nil.
func (n *pane) upload(damage *geom.Region) error {
	tex, err := handOver(n.p.o.Renderer, n.tex, n.pix, damage)
	if err != nil {
		return err
	}
	if n.tex != tex {
		damage = nil
	}
	n.node.SetTexture(tex, damage)
	if n.tex != nil && n.tex != tex {
		n.tex.Release()
	}
	n.tex = tex
	return nil
}

// release takes the pane away with its pixels.
func (n *pane) release() {
	n.show(false)
	n.node.SetTexture(nil, nil)
	if n.tex != nil {
		n.tex.Release()
		n.tex = nil
	}
	n.pix, n.stale = render.Pixels{}, true
}

// Accepts implements seat.Focus.
func (n *pane) Accepts() bool { return !n.p.down && n.p.o.Open() }

// Client implements seat.Focus: all panes of a panel are one client, whose
// serials are no use to anybody else.
func (n *pane) Client() any { return n.p }

// Private implements seat.Private: what is typed stays here, and input methods
// hear of it only what Composed lets them.
func (n *pane) Private() {}

// Composed implements seat.Composed: keys go to an input method where text is
// typed that it may know.
func (n *pane) Composed() bool { return !n.p.down && n.p.text.Enabled }

var (
	_ seat.Private  = (*pane)(nil)
	_ seat.Composed = (*pane)(nil)
)

// event gives the root a pointer event at a place of the pane.
func (n *pane) event(kind ui.PointerKind, at geom.FPoint) {
	e := &n.p.pointer
	e.Kind, e.Mods = kind, n.p.mods()
	e.Pos = geom.FPoint{X: at.X + float64(n.at.X0), Y: at.Y + float64(n.at.Y0)}
	n.p.send(e)
}

// PointerEnter implements seat.Focus.
func (n *pane) PointerEnter(_ uint32, at geom.FPoint) { n.PointerMotion(0, at) }

// PointerMotion implements seat.Focus.
func (n *pane) PointerMotion(_ time.Duration, at geom.FPoint) {
	n.p.pointer.Touch = false
	n.event(ui.PointerMove, at)
	n.p.shape()
}

// PointerLeave implements seat.Focus.
func (n *pane) PointerLeave(uint32) {
	n.p.pointer.Kind = ui.PointerLeave
	n.p.send(&n.p.pointer)
}

// PointerButton implements seat.Focus.
func (n *pane) PointerButton(_ uint32, _ time.Duration, button uint32, pressed bool) {
	b, ok := ui.EvdevButton(button)
	if !ok {
		return
	}
	e := &n.p.pointer
	e.Button = b
	e.Kind = ui.PointerRelease
	if pressed {
		e.Kind = ui.PointerPress
	}
	n.p.send(e)
}

// PointerAxis implements seat.Focus.
func (n *pane) PointerAxis(_ time.Duration, a seat.Axis) {
	e := &n.p.pointer
	e.Kind, e.Scroll = ui.PointerScroll, geom.FPoint{}
	if a.Orientation == seat.Vertical {
		e.Scroll.Y = a.Value
	} else {
		e.Scroll.X = a.Value
	}
	n.p.send(e)
}

// TouchDown implements seat.Focus.
func (n *pane) TouchDown(_ uint32, _ time.Duration, _ int32, at geom.FPoint) {
	n.p.pointer.Touch, n.p.pointer.Button = true, ui.LeftButton
	n.event(ui.PointerPress, at)
}

// TouchMotion implements seat.Focus.
func (n *pane) TouchMotion(_ time.Duration, _ int32, at geom.FPoint) { n.event(ui.PointerMove, at) }

// TouchUp implements seat.Focus.
func (n *pane) TouchUp(uint32, time.Duration, int32) {
	n.p.pointer.Kind = ui.PointerRelease
	n.p.send(&n.p.pointer)
}

// TouchCancel implements seat.Focus.
func (n *pane) TouchCancel() {
	n.p.pointer.Kind = ui.PointerCancel
	n.p.send(&n.p.pointer)
}

// KeyboardEnter implements seat.Focus.
func (n *pane) KeyboardEnter(uint32, []uint32, xkb.Mods) { n.p.active(true) }

// KeyboardLeave implements seat.Focus.
func (n *pane) KeyboardLeave(uint32) { n.p.active(false) }

// Key implements seat.Focus.
func (n *pane) Key(_ uint32, _ time.Duration, key uint32, pressed bool) { n.p.key(key, pressed) }
