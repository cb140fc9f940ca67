// Package wire is the Wayland wire format, file descriptor passing and one
// connection in either role. It knows no protocol beyond the three messages
// every connection needs (wl_display.error, wl_display.delete_id and their
// meaning); everything else arrives as [Interface] descriptors and generated
// objects.
//
// # Server role
//
// A [Conn] is one client. The owner watches [Conn.FD] for readability, then
// calls [Conn.Read] once and [Conn.Dispatch] once; after its turn it calls
// [Conn.Flush], and watches for writability while [Conn.Pending] is true:
//
//	closed, err := c.Read()
//	if err == nil && !closed {
//		err = c.Dispatch()
//	}
//	...
//	err = c.Flush()
//	if closed || err != nil || c.Dead() {
//		c.Close()
//	}
//
// Any fault of the client, down to a single wrong byte, posts
// wl_display.error to that client only and marks the connection dead: nothing
// of it is dispatched afterwards. A panic in a handler is treated the same
// way, with the implementation error and a logged stack.
//
// # Client role
//
// A [Client] is the other end. Faults of the server are kept as one sticky
// error, see [Client.Err]; requests after it do nothing, and nothing panics.
//
// # File descriptors
//
// A descriptor in a received message belongs to the connection until the
// handler calls [FD.Take]; what was not taken is closed when the handler
// returns. A descriptor given to a sender stays the caller's: the sender
// duplicates it, so one keymap can be sent to many clients and closed at any
// time.
//
// # Bounds
//
// Memory of one connection is bounded whatever the peer does: a fixed input
// buffer, a limited queue of received descriptors, a limit on live objects,
// and a hard limit on unsent output, beyond which a peer that does not read
// is given up.
//
// A connection and its objects belong to one goroutine. Dispatching a message
// and sending one allocate nothing, except for string arguments and new
// objects.
package wire
