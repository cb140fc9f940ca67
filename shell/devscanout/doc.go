// Package devscanout is a guest without a machine: a moving gradient that comes
// to the session by the way of a virtual machine's screen. It is for tests and
// for whoever works on that way.
//
// A [Producer] is a client of rayos_guest_v1 that draws one picture for each
// frame callback: at the output's refresh while its window can be seen, and
// not at all while it is hidden. It follows every size that the session
// wishes.
//
//	fds, _ := unix.Socketpair(…)
//	view, _ := desktop.AddMachine(fds[0], owner, nil, viewer)
//	p, _ := devscanout.Start(fds[1], geom.Size{W: 320, H: 200})
//	defer p.Close()
//	view.Show()
//
// The gradient is a function of place and picture ([Pixel]), so a test can tell
// from a screenshot which picture it sees.
//
// Start, Close and Pictures may be called from any goroutine. All else is done
// on the producer's own.
package devscanout
