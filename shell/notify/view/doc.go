// Package view shows notifications with the toolkit: [Toasts] at the edge of the
// screen, and the [Drawer] in which they can be read again.
//
// Both are views of what the model has: whoever shows them hands over a state
// and carries out [Actions]. Nothing here knows of a bus, a clock or a screen.
// All is called on the goroutine of the roots that show it.
package view
