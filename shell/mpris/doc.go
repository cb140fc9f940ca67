// Package mpris finds the media players of the session and works their keys
// (MPRIS D-Bus Interface Specification 2.2, org.mpris.MediaPlayer2).
//
//	w, err := mpris.Watch(address, func(list []mpris.Player) { ... })
//	w.Do(list[0].Bus, mpris.PlayPause)
//
// [Watch] follows the names on the bus and asks each player what it plays: when
// it comes, and when it says that something has changed, no more than a few times
// a second. [Current] is the player that a person means.
//
// Players aren't trusted. What a signal says isn't read, only that it came;
// answers are cut to lengths and freed of control characters, types that aren't
// those of the specification are none. A player that never answers keeps one
// question waiting and nobody else. [LoadArt] reads pictures from files alone,
// within limits.
package mpris
