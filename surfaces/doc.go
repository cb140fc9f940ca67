// Package surfaces models what clients show: the double-buffered state of a
// surface, the transactions that apply it, subsurfaces, and GuestSurface, the
// one type that everything a person sees in a window has.
//
// It knows no protocol objects. Adapters (surfaces/wayland, X11, panels) fill
// a Surface's pending State and call Commit; the package applies states in
// order, keeps the scene nodes up to date and tells the adapter what changed.
//
// A State travels pending → cached (synchronised subsurfaces, waiting for
// their parent) → queued (behind a Blocker: a fence, a fifo barrier, a commit
// time, a resize of several windows) → current. Most commits go from pending
// to current at once and allocate nothing.
//
// States that become current together do so before any hook hears of one, and
// a hook may commit and destroy whatever it likes. Each Buffer is locked once
// for each state that holds it; each frame callback and Feedback is answered
// or handed to Core.Abandoned exactly once.
//
// The walks of a surface tree recurse: the adapter bounds it by Depth, Height
// and ChildCount before it calls Join.
//
// Everything here belongs to the loop goroutine.
package surfaces
