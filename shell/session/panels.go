package session

import (
	"rayos/geom"
	"rayos/surfaces/scene"
	"rayos/surfaces/wayland"
	"rayos/wm"
)

// This file is the session's side of wayland.PanelShell: where panels hang and
// what they leave for windows.

// LayerTree implements wayland.PanelShell.
func (s *Session) LayerTree(l wayland.Layer) *scene.Tree {
	return [...]*scene.Tree{
		wayland.LayerBackground: s.layers.background, wayland.LayerBottom: s.layers.bottom,
		wayland.LayerTop: s.layers.top, wayland.LayerOverlay: s.layers.overlay,
	}[l]
}

// InputTree implements wayland.Shell.
func (s *Session) InputTree() *scene.Tree { return s.layers.input }

// PreferredOutput is that of the focused window, or else the one with the
// pointer.
func (s *Session) PreferredOutput() *wayland.Output {
	if p, ok := s.placement(s.wm.Focused()); ok {
		for _, o := range s.outputs {
			if o.id == p.Output {
				return o.global
			}
		}
	}
	if o := s.outputAt(s.seat.Position().Floor()); o != nil {
		return o.global
	}
	return nil
}

// outputAt returns the output at a point of the layout, or else the first.
func (s *Session) outputAt(p geom.Point) *output {
	for _, o := range s.outputs {
		if p.In(o.scene.Logical()) {
			return o
		}
	}
	if len(s.outputs) > 0 {
		return s.outputs[0]
	}
	return nil
}

// UsableChanged lets the windows give way to panels.
func (s *Session) UsableChanged(g *wayland.Output, usable geom.Rect) {
	o, ok := g.Data.(*output)
	if !ok {
		return
	}
	s.do(wm.ChangeOutput{ID: o.id, Rect: o.scene.Logical(), Usable: usable})
	s.moved = true
}

// KeyboardChanged implements wayland.PanelShell.
func (s *Session) KeyboardChanged() {
	s.focusWindow()
	s.moved = true
}
