// Package sound sets the volume of the person's sound server, PulseAudio or
// PipeWire's pulse server, by PulseAudio's native protocol (internal/pulse).
//
//	s, err := sound.Connect(pulse.Address(), func(st sound.State) { ... })
//	s.Change(sound.Change{By: 0.05}, func(st sound.State, err error) { ... })
//
// Only the default output is known, its volume and whether it is muted, and of
// the default input whether it is muted; and when one of these changes, whoever
// has changed it. Nothing is played or heard here.
//
// A [Server] has two goroutines: one reads, one asks and waits. A server that
// sends nonsense, or nothing within the time that it has, ends the connection;
// nobody else waits for it.
package sound
