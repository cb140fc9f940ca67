// Package atspi tells assistive technologies, screen readers first, what
// an app or the shell shows and lets them act on it: AT-SPI 2 over D-Bus, without a C library.
//
// # The bridge
//
// [Bridge] is one application on the accessibility bus. Each [Window] of it
// stands for a tree of [rayos/rayapps/ui], or anything else that is a [Tree].
// Windows belong to one goroutine, the owner's:
//
//	b := atspi.New(atspi.Options{Name: "RayOS", Version: "1", Post: loop.Post})
//	w := b.Open(root, "Taskbar")
//	w.Place(geom.Point{Y: 1040})
//	w.Activate(true)
//	...
//	w.Changed() // after each frame that isn't the one before
//	go func() { err := b.Follow(ctx, session) }()
//
// Trees are walked on the owner's goroutine and become snapshots that don't
// change. Calls of clients are answered from the last snapshot on goroutines of
// the connection, so the owner pays at most one walk for a change, however many
// calls come. What clients hear is the difference of the snapshot they were
// told of and the newest one; a bus that is slow skips those between.
//
// Nobody walks a tree before a client has called or has registered with the
// registry for events, and again after the last such client has left the bus.
// The bridge never starts the accessibility bus: it joins when another program
// has, or only when assistive technologies are enabled ([Options].WhenEnabled).
//
// # Trust
//
// Clients aren't trusted with the session's time or memory: calls that wait are
// counted, texts and trees have limits, indices and offsets are checked. They
// are trusted with what is on screen; whoever can reach the user's buses can
// read the shell. Passwords aren't in the tree.
//
// Sources: the interface descriptions of at-spi2-core
// (xml/*.xml, org.a11y.atspi.*).
package atspi
