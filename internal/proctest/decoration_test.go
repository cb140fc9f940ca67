package proctest

import (
	"slices"
	"testing"
)

// TestGTKLeavesTheFrameToTheSession: GTK asks by KDE's protocol. Programs with
// a header bar of their own draw the frame, others don't.
func TestGTKLeavesTheFrameToTheSession(t *testing.T) {
	s := Start(t)
	for name, want := range map[string]bool{"gtk4-demo-application": true, "gtk4-widget-factory": false} {
		Need(t, name)
		w := s.Window(s.Launch(name))
		if got := slices.Contains(w.States, "decorated"); got != want {
			t.Errorf("%s: the session draws the frame %v; want %v", name, got, want)
		}
	}
}
