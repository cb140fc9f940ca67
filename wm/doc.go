// Package wm is the window management policy of RayOS and nothing else: a
// value (State) and a list of things that may happen to it (the Op types). It
// draws nothing, talks to nobody, knows no clock and imports only geom.
//
// The caller, one per session and on the loop goroutine, turns requests of
// clients and of the person into ops, applies them and carries out what
// Arrange says:
//
//	s := wm.New(wm.DefaultConfig())
//	s, _ = s.Apply(wm.AddOutput{ID: 1, Name: "HEADLESS-1", Rect: geom.XYWH(0, 0, 1280, 720)})
//	s, _ = s.Apply(wm.Map{ID: 7, AppID: "foot", Size: geom.Size{W: 640, H: 480}, Decorated: true, Activate: true})
//	s, err := s.Apply(wm.Snap{ID: 7, Zone: wm.ZoneLeft})
//	for _, p := range s.Arrange(nil) {
//		// p.Frame is where it goes, p.Configure what the client is told
//	}
//
// Apply never changes its receiver: it copies what an op touches and shares
// the rest, so an old State stays valid and may be kept, compared or drawn. An
// op that cannot be carried out returns an error and the unchanged State.
//
// # Geometry
//
// All coordinates are logical. A frame is a window's content (the xdg window
// geometry) plus the insets of its decoration. A window has one floating
// geometry that it owns and that survives everything else: being in a zone
// (maximised, half, quarter), tiled, fullscreen or minimised only hides it.
// Frames of those states are derived by Arrange and stored nowhere, so they
// follow outputs and panels by themselves.
//
// Resize changes the target at once: Frame and Configure say what the window
// shall be. SetSize reports what the client has really committed after it
// acknowledged the last size; if it differs, the window keeps the corner that
// the last resize did not drag. Commits for older sizes are not reported.
//
// # Rules that always hold
//
//   - A transient is stacked above its parent, shares its workspace and is
//     hidden with it.
//   - A window with a modal child never has the focus; the child has it.
//   - The focus is 0 or on a window of the current workspace that is not
//     minimised.
//   - While there is an output, of every floating frame's title bar at least
//     48 px by its full height lie in one output's usable area.
//   - Windows outlive outputs. When an output goes, its windows move to
//     another and return when an output of that name does.
//   - Sizes and positions from outside are clamped; no op panics.
//
// Ops and states have a text form (see ParseOp and State.String), used by the
// scenarios in testdata and printed by failing random tests.
package wm
