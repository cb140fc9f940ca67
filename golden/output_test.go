package golden_test

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
)

// TestScanoutShowsTheSamePicture: a fullscreen window's buffer goes to the
// display as it is; with something above it the session composites. Nobody may
// see the difference.
func TestScanoutShowsTheSamePicture(t *testing.T) {
	d := newDesktop(t, "320x200")
	a := d.connect()
	film := a.open(look{name: "film", size: geom.Size{W: 200, H: 120}, paint: card('F', violet, paper), memory: sealed})
	d.do(d.ctl.SetState(film.id, control.Fullscreen))
	if !d.scannedOut() {
		t.Error("a fullscreen window with sealed memory is composited")
	}
	direct := d.shot(0)
	d.checkWindows("fullscreen")
	// A clear pixel above is in the way of scan-out and changes nothing.
	veil, _ := film.subsurface(geom.Point{X: 3, Y: 3}, geom.Size{W: 1, H: 1}, flat(0))
	veil.translucent = true
	veil.redraw()
	film.surface.Commit()
	d.settle()
	if d.scannedOut() {
		t.Fatal("two surfaces are scanned out")
	}
	if diff := difference(t, direct, d.shot(0)); diff != nil {
		t.Errorf("composited, the picture differs from the scanned out one: %v", diff)
	}
	// What was drawn while scanned out is not in the framebuffer.
	film.paint = card('2', green, paper)
	veil.surface.Attach(nil, 0, 0)
	veil.surface.Commit()
	film.redraw()
	d.settle()
	if !d.scannedOut() {
		t.Error("the window is not scanned out again")
	}
	d.do(d.ctl.SetState(film.id, control.Unfullscreen))
	d.checkWindows("fullscreen-left")
}

// scannedOut reports whether output 0 shows a client's memory.
func (d *desktop) scannedOut() bool {
	d.loop.Advance(frameTime)
	o := d.display.Outputs()[0]
	target, _, err := o.Framebuffer()
	if err != nil {
		d.t.Fatal(err)
	}
	return o.Shown() != target
}

// TestOutputsOfDifferentScale has a window across the border of two outputs,
// and a third below a scale that divides nothing.
func TestOutputsOfDifferentScale(t *testing.T) {
	d := newDesktop(t, "200x160", "300x240@1.5", "250x200@1.25")
	a := d.connect()
	a.open(look{name: "one", size: geom.Size{W: 90, H: 70}, at: geom.Point{X: 20, Y: 20}, paint: card('1', paper, ink)})
	a.open(look{name: "across", size: geom.Size{W: 160, H: 80}, at: geom.Point{X: 120, Y: 60}, paint: card('F', render.RGBA(196, 222, 255, 255), ink), scale: 2})
	two := a.open(look{name: "three", size: geom.Size{W: 120, H: 90}, at: geom.Point{X: 430, Y: 40}, paint: card('3', amber, ink)})
	d.checkWindows("outputs")
	d.do(d.ctl.Move(two.id, geom.Point{X: 330, Y: 30}))
	d.wantRepaintSame("moved across the border")
	if err := d.display.RemoveOutput("HEADLESS-2"); err != nil {
		t.Fatal(err)
	}
	d.settle()
	d.checkWindows("outputs-removed")
}
