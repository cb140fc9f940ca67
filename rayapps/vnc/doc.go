// Package vnc is the VNC viewer: an app that shows a remote desktop and gives it
// the keyboard and the pointer.
//
//	rayos-apps vnc host:1
//
// A goroutine of its own reads from the server and decodes. The window's copies
// what a picture has changed while that one waits, into tiles that are drawn where
// they changed.
package vnc
