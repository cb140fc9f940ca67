// Package session wires the house together: a display, the renderer, the
// scene, the seat, the Wayland server and the window policy become a desktop.
// It is the only room that knows everyone.
//
// A turn of the loop ends in Session.turn:
//
//	manage   wm.Arrange → configures to the windows that change size
//	render   when they have answered, or 100 ms have passed, positions and
//	         frames of all windows change together
//	redraw   outputs that are damaged and due
//	flush    events to the clients
//
// Every step is idempotent and does nothing when nothing has changed, so an
// idle session sleeps.
//
//	l, _ := loop.NewVirtual()
//	d, _ := headless.New(l)
//	s, err := session.New(session.Options{Loop: l, Display: d, Runtime: dir})
//	defer s.Close()
//
// All state belongs to the loop goroutine.
package session
