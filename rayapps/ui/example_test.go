package ui_test

import (
	"fmt"
	"time"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// A view is a function of the application's state. Events change the state by
// the callbacks of widgets; the next frame has the new view.
func Example() {
	count := 0
	root := ui.New(ui.Options{
		View: func() ui.Node {
			return ui.Pad(16, ui.Row{Gap: 8, Align: ui.Baseline, Children: ui.Nodes{
				ui.Button{Text: "Count", OnPress: func() { count++ }},
				ui.Label{Text: fmt.Sprintf("%d times", count)},
			}})
		},
		Now: func() time.Duration { return 0 },
	})
	root.Resize(geom.Size{W: 240, H: 60}, geom.ScaleOne)
	root.Frame()

	root.Event(&ui.Keystroke{Sym: ui.KeyTab})
	root.Event(&ui.Keystroke{Sym: ui.KeySpace, Text: " "})
	for _, kind := range []ui.PointerKind{ui.PointerMove, ui.PointerPress, ui.PointerRelease} {
		root.Event(&ui.Pointer{Kind: kind, Pos: geom.FPoint{X: 30, Y: 30}})
	}
	fmt.Println("changed:", root.Frame().Changed)
	for _, i := range root.Semantics().Children {
		fmt.Println(i.Role, i.Name)
	}
	// Output:
	// changed: true
	// push button Count
	// label 2 times
}
