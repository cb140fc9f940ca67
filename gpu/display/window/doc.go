// Package window shows outputs as windows on an X11 host, through GLFW and
// OpenGL 3.3. Hosts that speak Wayland are for package nested, which costs a
// tenth of the CPU per frame; GLFW's own Wayland build is not used.
//
// The renderer draws into a framebuffer in memory. Commit uploads the damaged
// pixels to a texture, draws it over the window and swaps. The host's retrace
// is not waited for (software OpenGL ignores the swap interval): a frame clock
// at the monitor's refresh rate says when the next frame may be drawn, so that
// Commit never blocks the loop.
//
// GLFW and an OpenGL context are bound to one thread. New locks the calling
// goroutine to its thread until Close, and loop.Run, New and Close must be
// called from that one goroutine; on X11 it need not be the main thread. A
// process has at most one Display of this package at a time.
//
// Keys are evdev codes, which X11 servers of today number 8 higher. The
// position of the pointer is absolute. Key repeat of the host is left out; who
// loses the host's focus loses all held keys.
//
// Without cgo, New returns an error that says so.
package window
