// Package record writes what a screen shows to a file: an animated PNG (PNG
// third edition, APNG), frame after frame, of each only what has changed.
//
//	rec, err := record.New(file, size)
//	err = rec.Frame(box, pixels, at) // pixels of box, shown from the time at on
//	stats, err := rec.Close(end)
//
// The format is lossless, needs no codec on the machine, and browsers play it.
// It has no sound, and moving pictures that fill the screen make large files.
// A file is complete after each frame but for the number of frames, so that one
// whose writer was killed can be repaired.
//
// Memory is that of one frame's rows. A Recorder is used by one goroutine.
package record
