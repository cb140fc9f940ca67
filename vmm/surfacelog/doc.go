// Package surfacelog reads what a guest says of its windows on its console and
// keeps a registry of them: which there are, where, whose children, which has
// the focus, and the last picture of each.
//
// # Lines
//
// A line is RAYOS_LINUX_SURFACE_<KIND> and pairs key=value between spaces:
//
//	CREATE id role title format w h    FRAME_BEGIN id seq, FRAME_END id seq
//	CONFIGURE id x y w h               ROLE id role=toplevel|popup
//	FOCUS id focused=0|1               PARENT id parent
//	STATE id states=a,b                DESTROY id reason
//
// What stands between the two lines of a frame is its picture, as text (PPM).
// RAYOS_LINUX_EMBED_SURFACE_BEGIN and _END are a window and its one frame. All
// other lines are passed over.
//
// # Invariants
//
//   - An event for a window that nobody has heard of makes one without
//     properties.
//   - A frame counts when its end names the window and number of its beginning.
//     Another beginning, or the window's end, drops it.
//   - focused=1 brings a window to the front; focused=0 takes the focus from the
//     window that has it, and from no other.
//   - What a guest says is data. Nothing here asks for anything, and all of it
//     is bounded: [MaxSurfaces], [MaxFrame], lengths of names and numbers.
//
// A Log is for one goroutine.
package surfacelog
