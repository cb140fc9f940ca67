// Package abi is what a WebAssembly app and its host say to each other: the
// surface ABI.
//
// The module is a command of WASI preview 1 (wasm32-wasip1) that imports two
// functions of the module [Module]:
//
//	wait(buffer, size i32, timeout i64) i32
//	send(message, size i32)
//
// wait gives the guest its next message, waiting for one until the timeout, in
// nanoseconds, has passed; a negative timeout doesn't end. It returns the length of
// what it wrote, 0 if there is none yet. The buffer has [MaxToGuest] bytes. A
// guest that doesn't come back to wait within the host's deadline is ended. send
// takes a message of at most [MaxToHost] bytes; it is the guest's again afterwards.
//
// A message is a byte that names its kind and its fields, in the order of their
// declaration: unsigned numbers as varints, signed ones zigzag, booleans a byte,
// text and lists with their length in front, floats as eight bytes little-endian. A
// picture is a display list, as package paint encodes it; there is no way to send
// pixels of a window.
//
// Frames: after [Present] the guest waits for [Drawn] before it presents again.
// Coordinates are logical pixels from the window's corner.
//
// Read takes nothing on trust. A message that it refuses ends its sender.
package abi

// Version of this contract; the guest says for which it was made.
const Version = 1

// Module is the name that the host's functions are imported from.
const Module = "rayos_surface"

// Limits of a message, in bytes.
const (
	MaxToGuest = 2 << 20 // as much as an app may save, and more
	MaxToHost  = 48 << 20
	maxText    = 1 << 20
	maxName    = 4 << 10
	maxNames   = 256
	maxInfos   = 1 << 14
	maxDepth   = 64
)
