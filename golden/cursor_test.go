package golden_test

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/session"
	"rayos/surfaces/protocol"
)

// btnLeft is BTN_LEFT.
const btnLeft = 0x110

// TestCursor shows the session's own shape, those that frames and clients ask
// for, a client's surface with its hot spot, and none.
func TestCursor(t *testing.T) {
	for _, scale := range scales {
		t.Run(scale, func(t *testing.T) {
			d := newDesktop(t, sized(220, 130, scale))
			f := d.display.Outputs()[0].Info().Scale
			callYourself(t, "editor")
			a := d.connect()
			w := a.open(look{
				name: "Notes", size: geom.Size{W: 120, H: 50}, at: geom.Point{X: 20, Y: 14},
				decorated: true, paint: document(paper, amber, ink),
			})
			s := &sheet{columns: 5}
			snap := func(x, y int32, name string) {
				t.Helper()
				d.pointer(float64(x), float64(y))
				d.wantRepaintSame(name)
				s.add(d.shot(0), f.ApplyRect(geom.XYWH(x-16, y-16, 46, 46)))
			}
			snap(184, 80, "default")
			snap(19, 60, "west edge")
			snap(144, 101, "south-east corner")
			device := a.shapes.GetPointer(a.pointer)
			d.pointer(60, 70)
			device.SetShape(a.entered, protocol.WpCursorShapeDeviceV1ShapeText)
			snap(60, 70, "text")
			device.SetShape(a.entered, protocol.WpCursorShapeDeviceV1ShapePointer)
			snap(61, 71, "hand")
			device.SetShape(a.entered, protocol.WpCursorShapeDeviceV1ShapeWait)
			snap(62, 72, "wait")
			own := a.newView(geom.Size{W: 21, H: 21}, func(c *canvas) {
				c.fill(geom.XYWH(0, 10, 21, 1), red)
				c.fill(geom.XYWH(10, 0, 1, 21), red)
				c.fill(geom.XYWH(6, 6, 9, 9), render.RGBA(56, 112, 214, 120))
			})
			own.translucent = true
			a.pointer.SetCursor(a.entered, own.surface, 10, 10)
			own.redraw()
			snap(60, 70, "surface")
			snap(90, 62, "surface moved")
			a.pointer.SetCursor(a.entered, nil, 0, 0)
			snap(60, 70, "none")
			snap(184, 80, "default again")
			s.check(d, "cursor-"+scale)
			w.surface.Commit()
		})
	}
}

// TestDesktop is the whole picture: wallpaper, frames, shadows and a cursor.
func TestDesktop(t *testing.T) {
	d := startDesktop(t, session.Options{}, "640x360")
	callYourself(t, "editor")
	editor := d.connect()
	callYourself(t, "terminal")
	terminal := d.connect()
	editor.open(look{
		name: "Notes", size: geom.Size{W: 380, H: 190}, at: geom.Point{X: 36, Y: 28},
		decorated: true, paint: document(paper, render.RGBA(222, 226, 234, 255), ink),
	})
	terminal.open(look{
		name: "Terminal", size: geom.Size{W: 360, H: 160}, at: geom.Point{X: 242, Y: 134},
		decorated: true, paint: document(ink, ink, green),
	})
	d.pointer(430, 230)
	d.checkWindows("desktop")
}
