// Package legacy reads the files that older systems staged at their start, and
// the disk on which they kept a log:
//
//	volume.bin      RAYOSVOL  keys with values              ParseTable
//	embeddings.bin  EMB0      texts with vectors            ParseDocs
//	index.bin       HNS0      a graph over those vectors    ParseGraph
//	(a disk)        RVOL      a ring of records             ParseLog
//
// Stage reads the three files of a folder whose manifest.json has their hashes.
// All numbers in the files are little endian. Parsers refuse what isn't exactly
// as described, check what a number promises against the bytes that are there
// before they allocate for it, and keep no more than a small multiple of their
// input. What they return is read-only and may be used by any goroutine.
//
// Nothing here writes: new files are those of volume/file.
package legacy
