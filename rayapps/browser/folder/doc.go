// Package folder is what is in a folder: read within limits, sorted as people
// read, and shown so that a name can't pretend to be another.
//
//	l, err := folder.Read(ctx, dir) // beside the window's goroutine
//	folder.Sort(l.Entries, folder.ByName, false)
//	folder.Shown(l.Entries[0].Name)
//
// Names are bytes that the file system gives, often hostile: everything that is
// shown goes through [Shown], everything that is opened doesn't.
package folder
