// Package server holds the server's side of every protocol object, generated
// by cmd/wlgen: a struct for each interface, with a Handler for the requests of
// the client and a Send method for each event.
//
//	func (m *manager) bind(c *wire.Conn, version, id uint32) {
//		r := server.NewWpViewporter(c, id, version)
//		r.Handler = m
//	}
//
//	func (m *manager) GetViewport(r, id *server.WpViewport, s *server.WlSurface) {
//		id.Handler = &viewport{surface: s}
//	}
//
// Objects that a request creates arrive registered and alive; the handler sets
// their Handler. An object whose Handler is nil is inert: its requests are
// checked and ignored, destructors work. After a handler method of a destructor
// returns, the object ends, unless the connection died in it.
//
// Arguments: an object that may not be null is never nil, of the right
// interface and of the same connection. Arrays are borrowed. Values of enums
// are not checked: call Valid.
//
// Send methods do nothing if the object is nil or has ended, its client is
// gone, or its version is below the event's. An event whose object argument is
// nil or has ended where null is not allowed is dropped as a whole. Descriptors
// are duplicated: the caller keeps its own.
//
// Objects without requests that end by an event (wl_callback,
// wp_presentation_feedback) are recycled: after the event that ended them the
// owner must forget the pointer. A further Send on it does nothing until the
// object lives again for the same client.
package server
