// Package nested shows outputs as windows on a Wayland host, as an ordinary
// client of it.
//
// Each output is an xdg_toplevel whose buffers, up to four, lie in sealed
// memory that the host reads: a frame costs the host's own copy and nothing
// more. The host's frame callback is the frame clock; with presentation-time,
// Presented tells of the host's own retraces. A window that the host does not
// show gets no Presented, so nobody draws for it.
//
// With viewporter and fractional-scale a buffer has exactly the pixels that
// the window covers on the host's screen; without them the host's integer
// scale is used. The size is the host's to decide: a configure becomes
// OutputChanged.
//
// Keys are the host's evdev codes; its keymap and key repeat are left to the
// session. Keys that were pressed elsewhere are not ours, except for
// modifiers; all keys are up when the focus leaves. Where the host lets us, it
// keeps its shortcuts to itself while a window has the focus.
//
// New talks to the host and waits for it. After Start everything happens on
// the loop goroutine and nothing blocks.
package nested
