// Package file keeps a volume on disk: a base file, RAYVOL2, that is written as
// a whole and read as it lies, and a log of the changes since. It knows sizes,
// checksums and the order of steps; what sections and records mean is their
// owner's.
//
//	f, err := file.Open(path)
//	defer f.Close()
//	ids, err := f.Section(file.Ids)
//	log, err := file.OpenLog(path+".log", f.Header().Mark, replay)  // changes that f doesn't have
//	err = log.Append(op, payload)
//	err = log.Sync()                                                // now it outlives a crash
//	...
//	h.Mark = log.Mark()                                             // what this state holds
//	err = file.Write(path, h, sections)                             // the next base
//	err = log.Reset(h.Mark)                                         // what it holds goes
//
// The format stands in docs/VOLUME.md, byte by byte.
//
// # Base and log
//
// Records are numbered from 1 on, over all logs of a volume. A base says in its
// [Mark] which was the last that it holds; OpenLog replays those behind it. So
// it doesn't matter whether a crash came before or after Reset: nothing is
// applied twice. The Mark also names the volume, and a log of another is refused.
//
// # What is checked when
//
// [Open] checks the header, the section table, and every size against the file's:
// all that it reads for that is some hundred bytes. A section's CRC-32C is
// checked when it is asked for, once. [File.Verify] reads everything and also
// compares the SHA-256 at the end.
//
// Sections that can be made anew from others say so ([Type.Derivable], and
// [Damage] in errors): without them a volume is whole.
//
// # Crashes
//
// Write gives the name to a file that is on disk already, so the old or the new
// one is there. The log is cut behind the last whole record if what is torn was
// never acknowledged by Sync; the cut bytes stay beside it. Damage in what was
// acknowledged is an error.
package file
