package golden_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
)

// TestFractionalClientsAreSharp has surfaces whose buffers are drawn for the
// output's scale, as wp_fractional_scale_v1 asks, with a viewport for the
// logical size. Wherever they lie, and whether rounding makes their place a
// pixel larger or smaller, their pixels are shown as they are.
func TestFractionalClientsAreSharp(t *testing.T) {
	const black, white, mark = 0x000000, 0xffffff, 0xc02040
	for _, scale := range []string{"1.25", "1.5"} {
		t.Run(scale, func(t *testing.T) {
			d := newDesktop(t, sized(200, 160, scale))
			f := d.display.Outputs()[0].Info().Scale
			a := d.connect()
			base := a.open(look{name: "base", size: geom.Size{W: 200, H: 160}, paint: flat(green)})
			for n := range int32(16) {
				logical := geom.XYWH(10+n%4, 10+n/4, 89+n/4, 61+n%4)
				px := f.ApplyRect(logical.Size().Rect()).Size()
				name := fmt.Sprintf("%v, drawn with %v", logical, px)
				content := make([]byte, 4*px.W*px.H)
				set := func(x, y int32, c uint32) { binary.LittleEndian.PutUint32(content[4*(y*px.W+x):], c) }
				for y := range px.H {
					for x := range px.W {
						set(x, y, white*uint32((x+y)%2))
					}
				}
				s := a.compositor.CreateSurface()
				sub := a.sub.GetSubsurface(s, base.surface)
				sub.SetPosition(logical.X0, logical.Y0)
				sub.SetDesync()
				view := a.viewporter.GetViewport(s)
				view.SetDestination(logical.W(), logical.H())
				attach := func() { s.Attach(a.buffer(content, px, protocol.WlShmFormatXrgb8888, sealed), 0, 0) }
				attach()
				s.Commit()
				base.surface.Commit()
				d.settle()
				d.wantRepaintSame(name)
				place := f.ApplyRect(logical)
				shot := d.shot(0)
				for y := place.Y0; y < place.Y1; y++ {
					for x := place.X0; x < place.X1; x++ {
						if v := pixel(shot, x, y); v != black && v != white {
							t.Fatalf("%s: pixel %d,%d of %v is %06x: content was resampled", name, x, y, place, v)
						}
					}
				}
				// The last pixels, which rounding may repeat or cut.
				const edge = 3
				for y := px.H - edge; y < px.H; y++ {
					for x := px.W - edge; x < px.W; x++ {
						set(x, y, mark)
					}
				}
				attach()
				s.DamageBuffer(px.W-edge, px.H-edge, edge, edge)
				s.Commit()
				d.settle()
				d.wantRepaintSame(name + ", its corner damaged")
				if v := pixel(d.shot(0), place.X1-1, place.Y1-1); v != mark {
					t.Errorf("%s: the last pixel is %06x; want the new %06x", name, v, mark)
				}
				view.Destroy()
				sub.Destroy()
				s.Destroy()
			}
		})
	}
}
