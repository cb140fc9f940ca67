// Package rawclient is the Wayland client that the side-by-side benchmarks
// drive every compositor with. It knows a handful of core interfaces plus
// xdg-shell and wlr-screencopy, speaks the oldest versions its peers offer, and
// is written for one thing: to cost the same, and little, against all of them.
//
// It stands apart from the generated client on purpose. A figure that compares
// RayOS with other compositors must not change because the generated client got
// faster, and a fault that both of our generated ends share cannot hide here.
//
// Invariants: a Conn belongs to one goroutine; a request or an event in steady
// state allocates nothing; the first error is sticky and every later call
// returns it; a peer that stops answering is an error after Timeout, never a
// hang. Events that carry file descriptors are never asked for.
//
//	c, err := rawclient.Dial("/run/user/1000/wayland-1")
//	w, err := c.NewWindow(rawclient.WindowOptions{Width: 256, Height: 256, Buffers: 4})
//	err = w.Frame(rawclient.FullDamage)   // attach, damage, commit, wait for done
package rawclient
