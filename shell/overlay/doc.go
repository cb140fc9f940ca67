// Package overlay draws how frames come about: a picture for a corner of an
// output, with the time that each of the last frames took to draw, the share
// of the output that was drawn anew, and how many pictures of each guest were
// shown. It is a pure function; the session measures and decides when a
// picture is due.
//
//	px, size := new(overlay.Renderer).Frames(&overlay.View{Output: "HEADLESS-1", Frames: list})
//
// Sizes are logical and are multiplied by the output's scale. A Renderer is
// used by one goroutine.
package overlay
