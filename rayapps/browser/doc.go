// Package browser is the app Files: a window on folders, in which files are
// looked for, opened, copied, moved, renamed and thrown away.
//
//	rayos-apps files [FOLDER]
//
// What folders hold, what names look like, what is done to files, the trash and
// small pictures are packages of their own below this one; here is what the
// window knows and shows. Everything that takes reading a disk happens beside
// the window's goroutine.
package browser
