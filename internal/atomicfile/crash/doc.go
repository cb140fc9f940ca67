// Package crash is for tests of what is written through atomicfile.FS: folders
// that end the process or fail at a step ([KillAt], [Steps]), and a disk in
// memory that keeps what was synced and anything or nothing of the rest
// ([Disk]).
//
// A test of an order of steps takes a disk, runs up to each step, and looks at
// every state that a crash could leave:
//
//	for n := 1; ; n++ {
//		d := crash.NewDisk()
//		err := run(crash.Steps(d, crash.StopAt(n)))
//		for what, left := range d.Left() {
//			// left holds all that was acknowledged, or the test has failed at what
//		}
//		if err == nil {
//			break // it has fewer steps
//		}
//	}
//
// # The model of the disk
//
// A Handle's Sync puts the file's bytes on disk, a folder's Sync its names. Of
// what was written since, a crash leaves nothing, all, the first half of what
// is new, the second half with zeros before it, or its length alone with zeros;
// of names that were changed since, the first n changes, for any n.
package crash
