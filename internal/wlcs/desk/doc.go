// Package desk is a whole session for a conformance suite that runs in the same
// process: a real desktop on a display in memory, with a few levers that the
// Wayland protocol does not have.
//
// Each Server has a loop and a goroutine of its own. The methods may be called
// from any other goroutine; each returns when the session has carried out what
// it was told and has written what its clients are to hear of it.
//
//	s := desk.New()
//	err := s.Start()
//	fd, err := s.Connect()
//	s.Place(fd, 3, geom.Point{X: 10, Y: 10})
//	s.PointerTo(geom.FPoint{X: 20, Y: 20})
//	err = s.Stop()
package desk
