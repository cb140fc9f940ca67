// Package wayland is the Wayland server: one file for each global, thin
// adapters between protocol objects and the rooms that do the work (surfaces,
// seat, scene, capture).
//
// A Server owns the clients and the globals. Policy is not here: what a window
// may do and where it goes is asked of a Shell, which the session implements.
// Everything runs on the loop goroutine; the one exception is Server.Listen's
// socket path, which anybody may read.
package wayland
