// Package decor draws server-side decorations and says what lies where in
// them. It is pure: it knows no client, no scene and no Wayland, only a Frame
// value and pixels.
//
//	┌───────────────────────────────────────────┐  3 px trust stripe with its pattern
//	│ ● Linux · linux-desktop   Terminal  – ▢ ⌃ ✕ │  title bar, 34 px with the stripe
//	├───────────────────────────────────────────┤
//	│ content                                   │  2 px border in the trust colour
//	└───────────────────────────────────────────┘
//
// The owner's word, colour and pattern come from the session; the title is the
// client's and is cleaned, cut and drawn where it can't be taken for the
// owner. A client draws inside the border only, so the frame can't be
// imitated.
//
// Sizes and hit tests are in logical pixels from the frame's top-left corner.
// Pictures are in physical pixels of the frame's scale, premultiplied
// ARGB8888. A Renderer is used by one goroutine.
//
//	var f decor.Frame // filled from the window
//	bar := r.Title(&f)               // upload, place at the frame's origin
//	for _, b := range f.Borders() {} // three solid rectangles
//	s := r.Shadow(&f)                // shared by all frames like it
//	for _, p := range s.Place(f.Outer()) {} // crops of one picture, around the frame
package decor
