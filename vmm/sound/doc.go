// Package sound plays what a machine plays on the person's sound server,
// PulseAudio or PipeWire's pulse server.
//
//	p := sound.NewPlayer(sound.Options{Path: pulse.Address(), ID: "rayos-vm.linux-001", Name: "Linux"})
//	p.Write(samples) // of 48 kHz, stereo, 16 bits
//	p.Mute(true)
//	p.Close()
//
// # Invariants
//
//   - Write neither waits nor allocates, whatever the server does: who writes is
//     the goroutine that reads from QEMU, which would otherwise queue without
//     bound.
//   - At most [MaxDelay] of sound is under way between Write and the server's
//     output. What is too much goes, the oldest first, and is counted: a guest's
//     clock and the sound card's never agree.
//   - A stream is there only while something is heard: it comes with the first
//     sample that isn't silence and goes when none has come for a while. A machine
//     that is quiet, muted or without a server costs nothing, and makes no more
//     than one stream in that while, however often the guest begins and ends.
//   - Without a server sound is dropped at the pace at which it comes. When a
//     server's socket appears it is used.
//
// # Goroutines
//
// One keeps the connection and sends; one, of the connection, reads. All methods
// may be called from any goroutine.
package sound
