// Package previewtest draws what a session shows in the slots of its parts, for
// tests of their views.
package previewtest

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/shell/preview"
)

// Fill draws a picture into each slot: a gradient whose colour is that of the
// window's number.
func Fill(px *render.Pixels, scale geom.Scale, slots []preview.Slot) {
	for _, s := range slots {
		b := scale.ApplyRect(s.Box).Intersect(px.Size().Rect())
		for y := b.Y0; y < b.Y1; y++ {
			for x := b.X0; x < b.X1; x++ {
				i := y*px.Stride + 4*x
				v := byte(70 + 120*(y-b.Y0)/max(b.H(), 1))
				px.Data[i], px.Data[i+1], px.Data[i+2], px.Data[i+3] = v, byte(40*s.Window), 255-v, 255
			}
		}
	}
}

// Golden compares a root of that size with the files NAME.png and NAME.txt, the
// latter being its display list. Pictures are in the slots.
func Golden(t *testing.T, name string, r *ui.Root, fonts *text.Fonts, size geom.Size, scale geom.Scale, slots ...[]preview.Slot) {
	t.Helper()
	r.Resize(size, scale)
	px := render.NewPixels(scale.Apply(size.W), scale.Apply(size.H), render.XRGB8888)
	list := r.Frame().List
	if err := paint.NewRaster(fonts).Draw(paint.Target{Pixels: &px, Scale: scale}, list, nil); err != nil {
		t.Fatal(err)
	}
	for _, s := range slots {
		Fill(&px, scale, s)
	}
	golden.Pixels(t, name, px)
	golden.Text(t, name+".txt", list.String())
}

// Icon returns a picture that an application could have: a disc on a
// transparent ground.
func Icon() *paint.Image {
	const edge = 40
	px := render.NewPixels(edge, edge, render.ARGB8888)
	for y := range int32(edge) {
		for x := range int32(edge) {
			dx, dy := 2*x+1-edge, 2*y+1-edge
			if dx*dx+dy*dy < (edge-4)*(edge-4) {
				i := y*px.Stride + 4*x
				px.Data[i], px.Data[i+1], px.Data[i+2], px.Data[i+3] = byte(40+3*y), 140, 60, 255
			}
		}
	}
	icon, err := paint.NewImage(px)
	if err != nil {
		panic(err) // its pixels are those above
	}
	return icon
}
