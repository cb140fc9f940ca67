// Package cursor draws the session's pointer pictures. They are paths, so they
// are sharp at every scale and need no theme on disk; they are drawn with
// integers, so they are the same bytes on every machine.
//
// Names are those of wp_cursor_shape_v1 and CSS, with either separator:
// "nw-resize" or "nw_resize". A name that isn't known gets the default arrow.
//
//	img := cursor.Load("text", output.Scale)
//	// img.Pixels at the pointer's position minus img.Hot, both physical
//
// An Image is shared by all who load it: read only. Load may be called by any
// goroutine.
package cursor
