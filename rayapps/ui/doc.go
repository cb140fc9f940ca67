// Package ui is the toolkit under the shell and under applications: widgets
// that are described by functions, laid out by constraints, drawn as display
// lists, and told to those who don't see them.
//
// # A view
//
// A view is a function from the state of an application to a Node, a plain
// value that says what is to be seen now:
//
//	count := 0
//	root := ui.New(ui.Options{View: func() ui.Node {
//		return ui.Pad(16, ui.Row{Gap: 8, Align: ui.Centre, Children: ui.Nodes{
//			ui.Label{Text: fmt.Sprint(count)},
//			ui.Button{Text: "Count", OnPress: func() { count++ }},
//		}})
//	}})
//
// A Root keeps a tree of Elements. Update matches the new nodes with the
// elements by type and order, or by Key, so that focus, scroll positions and
// half-written text stay where they belong. A callback of a widget makes the
// root ask for a new view at the next frame; whoever changes the state from
// elsewhere calls Invalidate.
//
// # A turn
//
// Roots have no goroutine and no window. Whoever shows one feeds it and decides
// when there is a frame:
//
//	root.Resize(geom.Size{W: 640, H: 480}, geom.ScaleOne)
//	root.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: geom.FPoint{X: 20, Y: 30}})
//	frame := root.Frame()  // view if it is due, layout if needed, display list
//	raster.Draw(target, frame.List, damage) // what of frame.Damage the target lacks
//	at, ok := root.Next()  // when the next frame is due if nothing happens
//
// A root in which nothing happened returns the frame it had and allocates
// nothing; one in which nothing moves has no next frame.
//
// # Layout
//
// Layout goes down the tree once: a parent gives each child Constraints, a
// least and a greatest size, the child chooses its size and the parent its
// place. All numbers are logical pixels, whole ones. Places count from the edge
// where lines of text start, so a view that runs right to left is the mirror
// image; what a widget draws inside it mirrors with Element.Mirror.
//
// # Keyboard
//
// Tab and Shift+Tab go around the stops in the order of the tree, arrows move
// within a group, Enter and Space do what a click does, Escape closes what is
// open. A ring shows the focus from the first key on until the pointer is used.
//
// # Semantics
//
// Root.Semantics returns the tree as roles, names, values, states and actions;
// Root.Do carries an action out. Every widget has them.
//
// A Root with all that is in it is used by one goroutine.
package ui
