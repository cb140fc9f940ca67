// Package dialog is the sheet that asks before the session ends or the machine
// sleeps: what can be done, and what would be lost by it.
//
//	d := dialog.New(actions)
//	d.Show(dialog.State{Deeds: ...})
//	root := ui.New(ui.Options{View: d.View, ...})
//
// It is a view of a [State] and does nothing by itself. Deeds stand in the order
// of what they end, so that the one which has the keyboard at first loses
// nothing.
//
// All of it belongs to one goroutine, that of the root.
package dialog
