// Package deed does what the person asks of files: copies, moves, trashes,
// deletes, makes and renames them, with progress, questions and a way back.
//
//	d := deed.Deed{Kind: deed.Copy, Sources: paths, Into: folder}
//	done, err := d.Run(ctx, deed.Talk{Ask: ask, Progress: show}) // beside the window
//	undo := done.Back()
//
// Names in a tree are followed one by one from an open folder, never again from
// the root (openat(2)): somebody who puts a link in the place of a folder
// meanwhile leads nobody elsewhere. What is written has its own name only when
// it is whole. What goes wrong with one file is told and doesn't stop the others.
package deed
