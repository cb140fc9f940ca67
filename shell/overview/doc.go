// Package overview is the view in which all windows of a workspace lie beside
// each other, below a strip of all workspaces: a view of the toolkit, and where
// in it the windows' pictures go.
//
//	sheet := overview.New(actions, th)
//	sheet.Resize(size of the output)
//	sheet.Show(state)
//	root := ui.New(ui.Options{View: sheet.View})
//	slots := sheet.Slots(nil)
//
// The root is as large as the output. Windows keep their shape and roughly their
// places; none overlaps another. What people do there are calls of Actions. A
// Sheet is used by the goroutine of its root.
package overview
