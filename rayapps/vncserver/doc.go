// Package vncserver is the program rayos-vnc: it shows an output of a Wayland
// compositor to VNC viewers.
//
// It is an ordinary, if privileged, client: pictures come by
// ext-image-copy-capture-v1, and each viewer has a seat of their own by
// ext-transient-seat-v1, with a virtual keyboard and pointer, a cursor and a
// clipboard. On compositors without transient seats all viewers share the first
// one. What comes over the network is parsed here and in rfbserver, in a process
// that can crash without the session.
//
// All Wayland objects belong to the goroutine of Run; viewers' goroutines hand it
// what they want by Display.Do. A picture is asked for when a viewer has taken the
// last one: without viewers nothing is captured, and nobody wakes up.
//
// The program confines itself (package confine) once it has the sockets of viewers
// and compositor: it starts anew in the same process, without the right to make
// sockets, processes and files, or to read more than its password and certificate.
package vncserver
