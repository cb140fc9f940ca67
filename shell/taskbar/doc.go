// Package taskbar is the bar at the bottom of an output: a view of the toolkit
// that is made from a State alone.
//
//	bar := taskbar.New(actions)
//	root := ui.New(ui.Options{View: bar.View})
//	if bar.Show(state) {
//		root.Invalidate()
//	}
//
// The root is as large as the output, so that menus have room above the bar;
// the bar takes its last Height logical pixels. What people do there are calls
// of Actions. A Bar is used by the goroutine of its root.
package taskbar
