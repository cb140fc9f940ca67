package golden_test

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
)

// patch is what a client of TestOnlyDamageChanges declares as damaged, in
// surface-local pixels, inside a surface of patchSurface.
var (
	patch        = geom.XYWH(24, 12, 17, 9)
	patchSurface = geom.Size{W: 90, H: 50}
	patchAt      = geom.Point{X: 13, Y: 7}
)

// bufferRect returns a surface-local rectangle in the pixels of a buffer with
// that transform and scale. It follows wl_output.transform pixel by pixel
// instead of calling what it tests.
func bufferRect(r geom.Rect, size geom.Size, tr geom.Transform, scale int32) geom.Rect {
	c := newCanvas(size, scale)
	c.fill(r, 1)
	data, bs := c.bytes(tr)
	out := geom.Rect{X0: bs.W, Y0: bs.H}
	for y := range bs.H {
		for x := range bs.W {
			if data[4*(y*bs.W+x)] != 0 {
				out = geom.Rect{X0: min(out.X0, x), Y0: min(out.Y0, y), X1: max(out.X1, x+1), Y1: max(out.Y1, y+1)}
			}
		}
	}
	return out
}

// TestOnlyDamageChanges swaps the colour of a whole buffer and declares a small
// part of it damaged. What is on screen may change there and nowhere else: if
// more changes, the session repaints too much; if less, content is stale.
func TestOnlyDamageChanges(t *testing.T) {
	for i, out := range scales {
		f := []geom.Scale{120, 150, 180, 240}[i]
		t.Run("output-scale-"+out, func(t *testing.T) {
			d := newDesktop(t, fmt.Sprintf("240x160@%s", out))
			a := d.connect()
			for tr := geom.Normal; tr <= geom.Flipped270; tr++ {
				for scale := int32(1); scale <= 2; scale++ {
					for _, kind := range []memoryKind{unsealed, sealed} {
						for _, inBuffer := range []bool{false, true} {
							name := fmt.Sprintf("transform %v, buffer scale %d, sealed %v, buffer damage %v", tr, scale, kind == sealed, inBuffer)
							swapColour(t, d, a, f, tr, scale, kind, inBuffer, name)
						}
					}
				}
			}
		})
	}
}

func swapColour(t *testing.T, d *desktop, a *app, f geom.Scale, tr geom.Transform, scale int32, kind memoryKind, inBuffer bool, name string) {
	t.Helper()
	w := a.open(look{
		name: name, size: patchSurface, at: patchAt, paint: flat(red),
		scale: scale, transform: tr, memory: kind,
	})
	update := func(paint func(*canvas)) {
		w.paint = paint
		w.attach()
		if inBuffer {
			r := bufferRect(patch, patchSurface, tr, scale)
			w.surface.DamageBuffer(r.X0, r.Y0, r.W(), r.H())
		} else {
			w.surface.Damage(patch.X0, patch.Y0, patch.W(), patch.H())
		}
		w.surface.Commit()
		d.settle()
	}
	// An honest client first: all that changed is damaged, so all that shows
	// it, however it is resampled, has to be drawn.
	update(func(c *canvas) {
		flat(red)(c)
		c.fill(patch, violet)
	})
	d.wantRepaintSame(name)
	before := d.shot(0)
	update(flat(green))
	after := d.shot(0)

	must, may := reach(patch.Add(patchAt), scale, f)
	bad := 0
	for y := range after.H {
		for x := range after.W {
			p := geom.Point{X: x, Y: y}
			was, is := pixel(before, x, y), pixel(after, x, y)
			switch {
			case p.In(must) && is != uint32(green)&0xffffff:
				bad++
			case !p.In(may) && is != was:
				bad++
			}
		}
	}
	if bad != 0 {
		t.Errorf("%s: %d pixels are wrong; all of %v must change and nothing outside %v", name, bad, must, may)
	}
	w.toplevel.Destroy()
	w.xdg.Destroy()
	w.surface.Destroy()
	d.settle()
}

// reach returns the physical pixels that must change and those that may when a
// logical rectangle is damaged. Content that is shown pixel by pixel changes
// there exactly. Where it is resampled, a pixel mixes with its neighbours in
// the buffer, and one more pixel is for rounding; and at fractional scales the
// window's corner is moved to a whole pixel.
func reach(r geom.Rect, scale int32, f geom.Scale) (must, may geom.Rect) {
	r = geom.Rect{X0: r.X0 * scale, Y0: r.Y0 * scale, X1: r.X1 * scale, Y1: r.Y1 * scale}
	mix, snap := int32(0), int32(0)
	if f != geom.Scale(scale)*geom.ScaleOne {
		mix = 1
	}
	if f%geom.ScaleOne != 0 {
		snap = 1
	}
	n, den := int32(f), 120*scale
	up := func(v int32) int32 { return (v*n + den - 1) / den }
	down := func(v int32) int32 { return v * n / den }
	in, out := r.Inset(mix), r.Inset(-mix)
	must = geom.Rect{X0: up(in.X0), Y0: up(in.Y0), X1: down(in.X1), Y1: down(in.Y1)}.Inset(snap)
	may = geom.Rect{X0: down(out.X0), Y0: down(out.Y0), X1: up(out.X1), Y1: up(out.Y1)}.Inset(-mix - snap)
	return must, may
}

// TestIncrementalEqualsFull runs a scripted session and wants after each step
// what a full repaint shows: nothing stale is left behind and nothing missing.
func TestIncrementalEqualsFull(t *testing.T) {
	for _, out := range scales {
		t.Run(out, func(t *testing.T) {
			d := newDesktop(t, fmt.Sprintf("320x240@%s", out))
			a := d.connect()
			step := func(name string) {
				t.Helper()
				d.settle()
				d.wantRepaintSame(name)
			}
			one := a.open(look{name: "one", size: geom.Size{W: 80, H: 50}, at: geom.Point{X: 11, Y: 13}, paint: card('1', paper, ink), decorated: true})
			two := a.open(look{name: "two", size: geom.Size{W: 70, H: 60}, at: geom.Point{X: 40, Y: 21}, paint: card('2', render.RGBA(56, 112, 214, 128), ink), translucent: true, scale: 2})
			three := a.open(look{name: "three", size: geom.Size{W: 33, H: 57}, at: geom.Point{X: 77, Y: 3}, paint: card('3', amber, ink), transform: geom.Rotate90, decorated: true})
			step("three windows")
			for i := range int32(6) {
				d.do(d.ctl.Move(two.id, geom.Point{X: 40 - 7*i, Y: 21 + 3*i}))
				step(fmt.Sprintf("move %d", i))
			}
			for i := range int32(4) {
				d.ctl.Resize(three.id, geom.Size{W: 33 + 9*i, H: 57 - 11*i}, func(err error) {
					if err != nil {
						t.Errorf("resize %d: %v", i, err)
					}
				})
				step(fmt.Sprintf("resize %d", i))
			}
			d.do(d.ctl.Focus(one.id))
			step("raise")
			child, sub := one.subsurface(geom.Point{X: 60, Y: 30}, geom.Size{W: 40, H: 40}, card('F', violet, paper))
			one.surface.Commit()
			step("subsurface over the edge")
			sub.SetPosition(-20, 20)
			one.surface.Commit()
			step("subsurface moved")
			child.paint = flat(green)
			child.attach()
			child.surface.Damage(3, 5, 7, 11)
			child.surface.Damage(30, 31, 50, 50)
			child.surface.Commit()
			d.settle() // what is not damaged is stale by intention
			child.redraw()
			step("subsurface redrawn")
			child.surface.Attach(nil, 0, 0)
			child.surface.Commit()
			step("subsurface unmapped")
			view := a.viewporter.GetViewport(one.surface)
			view.SetSource(geom.FixedFromInt(10), geom.FixedFromInt(5), geom.FixedFromInt(31), geom.FixedFromInt(17))
			view.SetDestination(80, 50)
			one.surface.Commit()
			step("cropped and enlarged")
			for _, st := range []control.WindowState{
				control.Maximize, control.Unmaximize, control.Shade, control.Unshade,
				control.SnapLeft, control.Unsnap, control.Minimize, control.Restore,
			} {
				d.do(d.ctl.SetState(three.id, st))
				step(string(st))
			}
			two.surface.SetBufferTransform(protocol.WlOutputTransform180)
			two.surface.Commit()
			step("transform changed alone")
			two.toplevel.Destroy()
			two.xdg.Destroy()
			two.surface.Destroy()
			step("closed")
			a.close()
			d.apps = d.apps[:0]
			step("client gone")
		})
	}
}
