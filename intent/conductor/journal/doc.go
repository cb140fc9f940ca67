// Package journal keeps records in a file to which they are only appended, so
// that what was synced is there after a crash. It knows nothing of what they
// mean.
//
// # Format, version 1
//
// The file begins with the eight bytes "RAYCJN01". Behind them stand frames:
//
//	offset  size  field
//	0       4     n, length of the payload, little endian, 1 to MaxRecord
//	4       4     CRC-32C of the four bytes of n and of the payload
//	8       n     payload
//
// The checksum finds every single flipped bit, also one in n or in itself.
//
// # After a crash
//
// What a crash tore off is the end of the file: [Open] cuts it there and keeps
// the bytes in a file beside it. A frame that is damaged with a whole one right
// behind it is no torn end, it has rotted; it is skipped, counted and told, and
// what stands behind it is read.
//
// [File.Rewrite] writes a new file and renames it, so that either the old or the
// new one is there. Records before and after it may therefore tell the same
// twice: reading them must come to the same end.
//
// # Errors
//
// After a write or sync that failed it isn't known what is on disk: every call
// but Rewrite returns that error from then on. Rewrite starts anew with a file
// that holds what its caller knows.
//
// A File is used by one goroutine at a time. A folder belongs to one process: it
// is locked (flock) while the File is open.
package journal
