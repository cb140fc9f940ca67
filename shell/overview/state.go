package overview

import (
	"slices"
	"strings"

	"rayos/geom"
	"rayos/shell/preview"
	trust "rayos/shell/theme"
)

// State is what the overview shows on one output.
type State struct {
	Windows []Window
	Spaces  []Space
	Filter  string // what was typed
	// Elsewhere is whether windows on other outputs fit it.
	Elsewhere bool
	Chosen    uint32 // the window that Enter would take, 0 for none
	// Settled is whether the windows have come to their places.
	Settled bool
	// Dragged is the window that is being dragged, 0 for none, and Over the
	// workspace below it, -1 for none.
	Dragged uint32
	Over    int
}

// Window is a window and where its content is on the output, in logical pixels
// from the output's corner.
type Window struct {
	preview.Window
	Frame geom.Rect
}

// Space is a workspace, with the windows that it has on the output, bottom
// first.
type Space struct {
	Name          string
	Shown, Urgent bool
	Windows       []preview.Slot
}

func (s *State) equal(o *State) bool {
	return s.Filter == o.Filter && s.Elsewhere == o.Elsewhere && s.Chosen == o.Chosen && s.Settled == o.Settled && s.Dragged == o.Dragged && s.Over == o.Over &&
		slices.Equal(s.Windows, o.Windows) && slices.EqualFunc(s.Spaces, o.Spaces, func(a, b Space) bool {
		return a.Name == b.Name && a.Shown == b.Shown && a.Urgent == b.Urgent && slices.Equal(a.Windows, b.Windows)
	})
}

// Fits reports whether a window fits what was typed: each word of it is in the
// title or the name of the application.
func Fits(w *preview.Window, filter string) bool {
	text := strings.ToLower(w.Name() + " " + w.AppName())
	if w.Trust != trust.Session {
		text += " " + strings.ToLower(w.Trust.Word()+" "+w.Trust.Name())
	}
	for _, word := range strings.Fields(strings.ToLower(filter)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// Actions are what a person can do in the overview.
type Actions interface {
	// Take goes to a window.
	Take(window uint32)
	// Choose makes a window the one that Enter would take.
	Choose(window uint32)
	// Next chooses the next window, or the one before, over all outputs.
	Next(back bool)
	Close(window uint32)
	// Workspace shows a workspace; add makes one more.
	Workspace(n int)
	AddWorkspace()
	MoveTo(window uint32, workspace int)
	// Filter shows only windows that fit.
	Filter(text string)
	// Drag is told where on the output a window is dragged to, with the
	// workspace below it or -1; Drop, that it is over.
	Drag(window uint32, at geom.FPoint, over int)
	Drop(window uint32, over int)
	// Cancel goes back to where the person was.
	Cancel()
}
