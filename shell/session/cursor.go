package session

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

type cursor struct {
	shown bool
}

func (c *cursor) hide()            {}
func (c *cursor) composited() bool { return false }
func (s *Session) newCursor()      {}

// SetCursor implements wayland.Shell.
func (s *Session) SetCursor(sf *surfaces.Surface, hot geom.Point) {}

// SetCursorShape implements wayland.Shell.
func (s *Session) SetCursorShape(name string) {}

// DragIcon implements wayland.Shell.
func (s *Session) DragIcon(sf *surfaces.Surface, at geom.Point) {}

func (s *Session) pointerFocused(f seat.Focus) {}
func (s *Session) pointerMoved(p geom.FPoint)  {}

type dragIcon struct{ surface *surfaces.Surface }

type wallpaperNode struct{ node *scene.Rect }

func (s *Session) newWallpaper(o *output) *wallpaperNode { return &wallpaperNode{} }
func (w *wallpaperNode) arrange()                        {}
func (w *wallpaperNode) destroy()                        {}
