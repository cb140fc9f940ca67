// Package panel shows views of the toolkit on a desktop: it gives a ui.Root
// nodes in the scene, the person's input, and time.
//
// A root is as large as the output that it is on, so that menus have room, but
// only what there is to see takes memory: the strip, a part of the output that
// is always shown, and one pane for each layer (menu, popover, tooltip) that is
// open. Panes are drawn from the root's display list, where it has changed.
//
// While a menu or popover is open, a pane without pixels lies over the rest of
// the output: a press on it closes what is open and goes no further.
//
// # Faults
//
// A panel that panics is taken down; the session goes on. It is started once
// more; the second time it stays away. One whose frames take longer than their
// budget is drawn less often until they don't.
//
// # Units
//
// Positions are logical pixels: those of the layout in Place, of the root in
// events. Everything is called on the loop's goroutine.
package panel
