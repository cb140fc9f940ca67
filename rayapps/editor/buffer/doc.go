// Package buffer holds texts that are edited, of any size: bytes of a file, of
// which only those that are asked for are read, and what was typed.
//
//	t, about, err := buffer.Open(ctx, "log.txt", nil)
//	b := buffer.New(t)
//	b.Replace(t.Line(41), 0, []byte("// "), buffer.Selection{}, buffer.Typing)
//	err = buffer.Save(ctx, about.Path, b.Text(), about.BOM)
//
// # Text
//
// A Text is a value: a tree of pieces, each a stretch of the file or of memory.
// An edit makes a new Text that shares all but a path of the tree with the old
// one, so that it costs O(log n), and taking it back is having the old one. The
// tree is balanced as in Blelloch, Ferizovic and Sun, "Just Join for Parallel
// Ordered Sets" (SPAA 2016), by heights.
//
// Texts are immutable. Any goroutine may read one, while others edit.
//
// # Lines
//
// A line ends with a line feed; what stands before it, a carriage return too,
// is the line's. Line n is found in O(log n) and a look at 64 KiB.
//
// # Bytes
//
// Nothing is converted: bytes that aren't UTF-8, NULs and either kind of line
// end are kept as they are.
//
// # Files
//
// Files up to 64 MiB are read whole. Of larger ones the file stays open and is
// read where it is needed. Who replaces such a file by another does no harm; who
// overwrites it in place takes away what was not read yet: Text.Err tells when
// that was noticed, and Save refuses.
package buffer
