// Package agent is the language between a machine's host process and
// rayos-agent, the small program inside a Linux guest: whether the guest is
// ready, its applications, clipboard, clock and shutdown.
//
// # Frames
//
// The channel is a virtio-serial port, a stream that either side may join in
// the middle. A frame is
//
//	"RYA1"  length u32  crc u32  payload
//
// little-endian, crc the CRC-32C of the payload, length at most [MaxPayload].
// A reader that sees anything else looks for the next "RYA1". The payload is a
// [Message] in JSON.
//
// # Conversation
//
// The host asks, the guest answers with the same id; id 0 is an event, which
// needs no answer. Both begin with "hello" and their [Version]; the lower of
// the two holds. What one doesn't know it refuses with [ErrUnknown]. The guest
// is hostile until checked: the host bounds every list, text and picture that
// it reads here, and asks one thing at a time for each of its own callers.
package agent
