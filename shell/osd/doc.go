// Package osd is the on-screen display: a small panel near the bottom edge that
// says for a moment what a key has done to something that can't be seen, such as
// the volume.
//
// It is a view of a [State] and takes no input. Whoever shows it decides when it
// goes.
package osd
