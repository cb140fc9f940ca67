package text_test

import (
	"fmt"

	"rayos/geom"
	"rayos/rayapps/text"
)

func ExampleFonts_Layout() {
	fonts := text.NewFonts(text.Options{})
	l := fonts.Layout(&text.Paragraph{
		Text:  "A paragraph that wraps",
		Style: text.Style{Size: text.Px(13)},
		Width: text.Px(90),
	})
	for _, line := range l.Lines() {
		fmt.Printf("%q on %v\n", l.Text()[line.Start:line.End], line.Baseline.Float())
	}
	// Output:
	// "A paragraph " on 14
	// "that wraps" on 32
}

// A click finds a caret, a caret finds its place, and a selection its boxes.
func ExampleLayout_Hit() {
	fonts := text.NewFonts(text.Options{})
	l := fonts.Layout(&text.Paragraph{Text: "Hello", Style: text.Style{Size: text.Px(20), Family: text.Mono}})
	at, _ := l.Hit(geom.FixedPt(25, 10))
	fmt.Println(at, l.Caret(at, false))
	fmt.Println(l.Selection(1, 3, nil))
	// Output:
	// 2 24.00390625,0 0x28
	// [12.00390625,0 24.00390625x28]
}

// An Editor holds what is typed; the caller turns keys into calls and lays out
// Display.
func ExampleEditor() {
	var e text.Editor
	e.Insert("Hello wrld")
	e.Move(text.WordBackward, false)
	e.Move(text.Forward, false)
	e.Insert("o")
	fmt.Println(e.Text())
	e.Undo()
	fmt.Println(e.Text(), e.Caret())
	e.Delete(text.WordForward)
	fmt.Printf("%q\n", e.Text())
	// Output:
	// Hello world
	// Hello wrld 7
	// "Hello w"
}
