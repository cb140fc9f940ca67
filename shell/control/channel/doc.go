// Package channel is the host's own way to a session: whoever has started the
// session gives it one end of a socket pair and keeps the other.
//
// # Who can speak here
//
// Nobody else. The socket has no name that could be dialled, the descriptor is
// closed in every program that the session starts, and a descriptor of a socket
// can't be opened again through /proc. So no program of the desktop, no
// keyboard and no guest can say an event: what they print, type or call
// themselves never comes here. The session's control socket, which any program
// of the person may dial, takes commands but no events.
//
// # Lines
//
// Both sides send lines of printable ASCII that end in \n. The host says events,
// at most [MaxLine] bytes each (package grammar has their form):
//
//	→ RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:echo hi
//	← RAYOS_HOST_ACK:LINUX_SENDTEXT:ok:sent
//
// A line without an event is passed over, as hosts mix them with logs; an event
// that is not as it must be, or a line that is too long, is acknowledged as a
// failure. The session says, in the order of its control log: the
// acknowledgement of each event in the long form, those of commands that others
// have asked for and of what happens by itself in the short form (@ack),
// markers, and events that tell (LINUX_PRESENTATION).
//
// # Limits
//
// [InFlight] events may be under way; more are not read until one is
// acknowledged. A host that doesn't read for [WriteWithin], or falls back
// behind the control log's memory, is let go. The session lives on without it.
//
// # Goroutines
//
// One reads, one writes. Options.Submit is called on the reader's.
package channel
