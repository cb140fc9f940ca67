// Package files finds files of the person by name: those that programs have used
// lately, and those in the folders that are for documents, pictures and the like
// (Desktop Bookmark Specification, xdg-user-dirs 0.18).
//
// An Index is read by a goroutine, for a disk may take its time, and is immutable
// afterwards. Folders, names, depth and bytes are bounded; links are not
// followed, and nothing is read of a file but its name.
package files
