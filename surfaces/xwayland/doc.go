// Package xwayland makes windows of X11 programs GuestSurfaces, as those of
// Wayland programs are.
//
// Server, on the loop goroutine, holds a display number: its lock file and its
// sockets. When the first program connects it starts Xwayland, an X server that
// draws into wl_surfaces, and stops it when the last program has gone. The
// sockets stay, so a program that comes after an end or a crash starts it anew.
//
// An X server needs a window manager and a clipboard owner. Both are the
// manager, which speaks X11 on a goroutine of its own: a call to the X server
// may wait for it, and the X server waits for the compositor, so the loop never
// makes one. What the manager sees goes to the loop as event values by
// loop.Post, what the loop wants goes back as command values by a mailbox that
// never blocks. Each side keeps its own record of a window; nothing is shared.
//
//	X program ── X11 ──→ Xwayland ── wl_surface ──→ surfaces/wayland ─┐
//	                        │ X11                                     │ XSurface
//	                     manager ── event ──→ Server, window ←────────┘
//	                        ↑                    │      └─→ Shell, GuestSurface
//	                        └──── command ───────┘
//
// # Which surface is whose
//
// Xwayland names the wl_surface of a window by a WL_SURFACE_ID message, newer
// ones by a WL_SURFACE_SERIAL message and xwayland_shell_v1. Message and surface
// come by two sockets in any order; whichever is first waits for the other.
//
// # Coordinates
//
// The X server has pixels of its own, Scale of them to a logical one: the
// ceiling of the largest output's scale. It sees outputs that much larger, so
// programs that follow Xft.dpi or XSETTINGS draw sharp and the others are small
// rather than blurred. X positions are layout positions times Scale.
//
// # Trust
//
// X11 programs can watch and control each other, as they always could. They see
// nothing of Wayland programs: the X server holds only its own windows, gets
// keys and pointer only for them, and is let read the clipboard only while one
// of them has the keyboard, and a drag only while it is over one of them.
// A window's owner is the process that the X server's kernel socket names, not
// what the program says.
package xwayland
