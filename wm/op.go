package wm

import (
	"errors"

	"rayos/geom"
)

// Errors of Apply. The State is unchanged when one is returned.
var (
	ErrNoWindow    = errors.New("no such window")
	ErrNoOutput    = errors.New("no such output")
	ErrNoWorkspace = errors.New("no such workspace")
	ErrExists      = errors.New("id is taken")
	ErrLoop        = errors.New("a window cannot be its own ancestor")
	ErrHidden      = errors.New("window is not on the current workspace or is minimised")
	ErrState       = errors.New("not possible in the window's state")
	ErrInvalid     = errors.New("invalid value")
	ErrTooMany     = errors.New("too many of them")
)

// Op is one thing that happens. The types below are all there are.
type Op interface{ apply(s *State) error }

// AddOutput makes an output appear. Rect is its place in the layout, Usable
// what panels leave of it (the zero Rect: all). Windows that were driven off
// an output of this name come back.
type AddOutput struct {
	ID     OutputID
	Name   string
	Rect   geom.Rect
	Usable geom.Rect
}

// ChangeOutput moves or resizes an output or its usable area; its floating
// windows move along.
type ChangeOutput struct {
	ID     OutputID
	Rect   geom.Rect
	Usable geom.Rect
}

// RemoveOutput takes an output away; its windows move to another one.
type RemoveOutput struct{ ID OutputID }

// Map makes a window appear. Size is the content size that the client has
// committed, or zero if it is not known: the window is placed when SetSize
// tells it. Output is where it shall appear, by default where the focus is.
type Map struct {
	ID        WindowID
	AppID     string
	Parent    WindowID
	Modal     bool
	Size      geom.Size
	Min, Max  geom.Size // limits of the content, 0 for none
	Decorated bool      // by the session
	Zone      Zone      // starts in this zone: ZoneMax for maximised
	Full      bool      // starts fullscreen
	Output    OutputID
	Activate  bool // takes the focus
}

// Unmap makes a window disappear. Its transients go to its parent.
type Unmap struct{ ID WindowID }

// SetSize reports the content size that the client has committed after it
// acknowledged the last configured one. It matters to floating windows only.
type SetSize struct {
	ID   WindowID
	Size geom.Size
}

// SetLimits reports the client's size limits.
type SetLimits struct {
	ID       WindowID
	Min, Max geom.Size
}

// SetParent makes a window a transient of Parent, or of none.
type SetParent struct{ ID, Parent WindowID }

// SetModal makes a transient modal to its parent, or not.
type SetModal struct {
	ID WindowID
	To Switch
}

// SetDecorated says whether the session draws the decoration. The frame's
// corner stays.
type SetDecorated struct {
	ID WindowID
	To Switch
}

// SetAppID renames a window's application.
type SetAppID struct {
	ID    WindowID
	AppID string
}

// Focus gives a visible window the focus without raising it; 0 takes it from
// all. With a modal child, the child gets it.
type Focus struct{ ID WindowID }

// Activate brings a window to the person: switches to its workspace, restores
// it, raises and focuses it.
type Activate struct{ ID WindowID }

// Cycle starts or continues a walk through the windows of the workspace in
// the order of last use. The focus moves when CycleEnd commits it.
type Cycle struct{ Back bool }

// CycleEnd activates the window that the walk has reached, or cancels it.
type CycleEnd struct{ Cancel bool }

// Raise puts a window and its family (parents, transients) on top.
type Raise struct{ ID WindowID }

// Lower puts a window's family at the bottom.
type Lower struct{ ID WindowID }

// Move puts the corner of a window's frame at To. A window in a zone or a
// tile becomes floating.
type Move struct {
	ID WindowID
	To geom.Point
}

// MoveBy moves a window by Delta, as Move does.
type MoveBy struct {
	ID    WindowID
	Delta geom.Point
}

// Pull starts a drag on a window that is in a zone or a tile: it becomes
// floating in its own size with Pointer in the title bar at the same
// proportion of the width. A floating window is unchanged.
type Pull struct {
	ID      WindowID
	Pointer geom.Point
}

// Resize drags Edges of the frame by Delta, counted from the frame From or,
// if that is zero, from the current one. A drag sends the frame it began with
// and the whole way since, so clamping loses nothing. On a tile it moves the
// border between main column and stack.
type Resize struct {
	ID    WindowID
	Edges Edges
	Delta geom.Point
	From  geom.Rect
}

// Resizing says that a resize by hand begins or ends (xdg_toplevel.state).
type Resizing struct {
	ID WindowID
	To Switch
}

// Snap puts a window into a zone; ZoneNone takes it out. Output is where, by
// default its own.
type Snap struct {
	ID     WindowID
	Zone   Zone
	Output OutputID
}

// Maximize is Snap to ZoneMax, or back to what it was before.
type Maximize struct {
	ID WindowID
	To Switch
}

// Fullscreen covers Output, by default the window's own, panels included.
type Fullscreen struct {
	ID     WindowID
	To     Switch
	Output OutputID
}

// Minimize hides a window and its transients, or shows them again, raised and
// focused. A modal window takes its parent along.
type Minimize struct {
	ID WindowID
	To Switch
}

// Shade rolls a decorated window up to its title bar.
type Shade struct {
	ID WindowID
	To Switch
}

// Float takes a window out of its workspace's tiling, or puts it back.
type Float struct {
	ID WindowID
	To Switch
}

// Workspace shows workspace N, counted from 0. With Make it is made first, and
// those before it: they last until they are empty again.
type Workspace struct {
	N    int
	Make bool
}

// MoveToWorkspace moves a window's family to workspace N and, with Follow,
// goes there too. Make is as for Workspace.
type MoveToWorkspace struct {
	ID     WindowID
	N      int
	Follow bool
	Make   bool
}

// AddWorkspace makes one more workspace, after the others.
type AddWorkspace struct{ Name string }

// RemoveWorkspace takes workspace N away. Its windows, and who looks at them,
// go to the one before it; those of the first to the second. The last one
// stays.
type RemoveWorkspace struct{ N int }

// MoveToOutput moves a window to an output, at the same place relative to it.
type MoveToOutput struct {
	ID     WindowID
	Output OutputID
}

// SetLayout changes how workspace N arranges windows.
type SetLayout struct {
	N      int
	Layout Layout
}

// TileRatio changes the main column's part of workspace N by Delta thousandths.
type TileRatio struct {
	N     int
	Delta int32
}

// TileSwap exchanges the places of two windows in the tiling order.
type TileSwap struct{ ID, With WindowID }
