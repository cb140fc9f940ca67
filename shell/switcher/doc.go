// Package switcher is the sheet of windows that Alt+Tab goes through: a view of
// the toolkit, and where on it the windows' pictures go.
//
//	sheet := switcher.New(actions)
//	sheet.Resize(size of the output)
//	sheet.Show(state)
//	root := ui.New(ui.Options{View: sheet.View})
//	box, view, slots := sheet.Box(), sheet.Viewport(), sheet.Slots(nil)
//
// The root is as large as the output; the sheet takes a part of its middle and
// never more than the output: it scrolls. What people do there are calls of
// Actions. A Sheet is used by the goroutine of its root.
package switcher
