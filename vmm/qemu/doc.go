// Package qemu runs a machine in QEMU and speaks with it: its command line
// ([Config]), its monitor ([Monitor], QMP), its display and its loudspeaker
// ([Display], [Audio], the D-Bus display of QEMU over socket pairs) and its guest
// agent.
//
// QEMU is a process of its own that outlives whoever talks to it: all these
// are connections that may end and be made again. Nothing that QEMU or the
// guest says is believed before it is checked: sizes, rectangles, formats,
// lengths; the limits stand beside each parser.
//
// A Monitor's and a Display's methods may be called from any goroutine.
// Callbacks run on the connection's reader goroutine and must not block.
package qemu
