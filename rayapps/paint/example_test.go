package paint_test

import (
	"fmt"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
)

var (
	white = render.RGBA(255, 255, 255, 255)
	blue  = render.RGBA(22, 104, 199, 255)
)

func ExampleBuilder() {
	fonts := text.NewFonts(text.Options{})
	var b paint.Builder
	b.Box(geom.FixedXYWH(8, 8, 80, 28), paint.Box{Radii: paint.Round(text.Px(6)), Fill: blue})
	b.PushClip(geom.FixedXYWH(16, 8, 64, 28))
	b.Text(fonts.Layout(&text.Paragraph{Text: "Save", Style: text.Style{Size: text.Px(13)}}), geom.FixedPt(16, 13), white)
	b.Pop()
	fmt.Print(b.Finish())
	// Output:
	// box 8,8 80x28 r6 #1668c7
	// clip 16,8 64x28
	// text 16,13 #ffffff sans 13
	//   line 0..30.43359375 on 14 "Save"
}

func ExampleRaster_Draw() {
	fonts := text.NewFonts(text.Options{})
	var b paint.Builder
	b.Fill(geom.FixedXYWH(0, 0, 100, 50), white)
	b.Fill(geom.FixedXYWH(10, 10, 1, 30), blue)

	scale := geom.Scale(180) // 1.5
	pixels := render.NewPixels(150, 75, render.ARGB8888)
	raster := paint.NewRaster(fonts)
	if err := raster.Draw(paint.Target{Pixels: &pixels, Scale: scale}, b.Finish(), nil); err != nil {
		fmt.Println(err)
	}
	row := pixels.Data[30*pixels.Stride:]
	for x := 14; x < 18; x++ {
		fmt.Printf("%02x%02x%02x ", row[4*x+2], row[4*x+1], row[4*x])
	}
	// Output: ffffff 1668c7 1668c7 ffffff
}

// Only what changed is drawn anew.
func ExampleDiff() {
	build := func(hover bool) *paint.List {
		var b paint.Builder
		b.Fill(geom.FixedXYWH(0, 0, 640, 480), white)
		if hover {
			b.Box(geom.FixedXYWH(20, 20, 80, 28), paint.Box{Radii: paint.Round(text.Px(6)), Fill: blue})
		}
		return b.Finish()
	}
	var damage geom.Region
	paint.Diff(build(false), build(true), &damage)
	fmt.Println(damage.Rects())
	// Output: [80x28+20+20]
}

// A list goes to another process as bytes; what comes from there is bounded.
func ExampleDecode() {
	var b paint.Builder
	b.Fill(geom.FixedXYWH(0, 0, 10, 10), blue)
	data, err := b.Finish().AppendBinary(nil)
	if err != nil {
		fmt.Println(err)
	}
	list, err := paint.Decode(data, text.NewFonts(text.Options{}))
	fmt.Println(list, err)
	// Output:
	// fill 0,0 10x10 #1668c7
	//  <nil>
}
