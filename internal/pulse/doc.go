// Package pulse speaks PulseAudio's native protocol, which PipeWire's pulse
// server speaks as well: version 15, as PulseAudio 0.9.16 and all later servers
// know it.
//
//	c, err := pulse.Connect(pulse.Address(), []string{"application.name", "RayOS"}, func(command uint32, r *pulse.Reader) { ... })
//	body, err := c.Ask(pulse.GetSinkInfo, func(w *pulse.Writer) { ... })
//
// It knows packets, the greeting, questions and answers. What is asked is the
// matter of who asks: a volume (shell/sound), a player (vmm/sound).
//
// A server that sends nonsense, or nothing within the time that it has, ends the
// connection. Shared memory is not offered, so sound goes through the socket.
// Sources: src/pulsecore/native-common.h, pstream.c and tagstruct.c of PulseAudio
// 16, and its file PROTOCOL.
package pulse
