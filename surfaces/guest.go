package surfaces

import (
	"fmt"

	"rayos/geom"
	"rayos/surfaces/scene"
)

// Kind says where a GuestSurface's pixels come from. Only its maker looks at
// it; the window manager, the renderer and input routing never do.
type Kind uint8

// Kinds.
const (
	KindWayland Kind = iota
	KindX11
	KindGuest // the scanout of a virtual machine, or an app inside one
	KindVNC
	KindPanel // drawn by the session itself
)

func (k Kind) String() string {
	return [...]string{"wayland", "x11", "guest", "vnc", "panel"}[k]
}

// Trust is the level that an owner has. It decides the colour of the frame
// that no client can draw over.
type Trust uint8

// Trust levels.
const (
	TrustSession Trust = iota // the person's own programs and the session
	TrustLinuxGuest
	TrustWindowsGuest
	TrustRemote
	TrustSandboxed
	TrustUnknown
)

func (t Trust) String() string {
	return [...]string{"session", "linux guest", "windows guest", "remote", "sandboxed", "unknown"}[t]
}

// Owner is who a surface belongs to. It comes from the kernel (SO_PEERCRED), a
// security context or the VM registry, never from what a client says.
type Owner struct {
	PID int32
	// Start is when the process began, as procstat tells it: another process
	// that gets its number later has another. 0 is not known.
	Start    uint64
	UID, GID uint32
	Label    string // program name, sandboxed app id or VM name
	Trust    Trust
}

// Lifecycle is the state of a GuestSurface.
type Lifecycle uint8

// The states: Empty → Ready → Presented ⇄ Hidden → Destroyed.
const (
	Empty     Lifecycle = iota // no pixels yet
	Ready                      // has pixels, never shown
	Presented                  // on the desktop; the only state that gets input
	Hidden                     // taken off; lives on
	Destroyed
)

func (l Lifecycle) String() string {
	return [...]string{"empty", "ready", "presented", "hidden", "destroyed"}[l]
}

// next[from] has a bit for each state that may follow.
var next = [...]uint8{
	Empty:     1<<Ready | 1<<Destroyed,
	Ready:     1<<Presented | 1<<Hidden | 1<<Empty | 1<<Destroyed,
	Presented: 1<<Hidden | 1<<Empty | 1<<Destroyed,
	Hidden:    1<<Presented | 1<<Empty | 1<<Destroyed,
	Destroyed: 0,
}

// GuestSurface is a window's worth of content, whoever makes it.
type GuestSurface struct {
	ID    uint64 // unique for the life of the session
	Kind  Kind
	Owner Owner
	Title string
	AppID string
	// Tag is the window's purpose in words that the program uses in each of
	// its runs; Description is the same for people. Both may be empty.
	Tag, Description string
	// Icon is the window's own, nil for that of the program.
	Icon   *Icon
	Window Window // how the session talks back
	// Surface is the root surface, nil for kinds without one.
	Surface *Surface
	// Node holds the content; its origin is the top-left of the geometry.
	Node *scene.Tree
	// Popups holds the menus of the window, in the coordinates of Node. It
	// hangs apart, so that the session's frame can lie above the content
	// and below the menus. nil for kinds without menus of their own.
	Popups *scene.Tree
	// FrameSeq counts frames that were composited on an output. It only grows.
	FrameSeq uint64

	state Lifecycle
}

// Window is how the session drives a GuestSurface.
type Window interface {
	// Configure asks for a size and states. It returns the serial that the
	// content will acknowledge, 0 when nothing differs from what was asked
	// last.
	Configure(c Configuration) uint32
	// Close asks the owner to close. It may refuse.
	Close()
	// Geometry is the visible part of the content, surface-local, without
	// client-side shadows.
	Geometry() geom.Rect
	// Limits returns the smallest and largest size, 0 for none.
	Limits() (lo, hi geom.Size)
}

// Placer is an optional part of Window: windows that have to know where they
// are. content is the place of the geometry in the layout, logical.
type Placer interface{ Place(content geom.Rect) }

// Configuration is what the session asks a window to become.
type Configuration struct {
	Size       geom.Size // of the geometry; 0 lets the client choose
	Bounds     geom.Size // of the usable area, 0 when unknown
	Activated  bool
	Maximized  bool
	Fullscreen bool
	Resizing   bool
	Suspended  bool
	Tiled      Edges
	// Constrained sides can't be dragged.
	Constrained Edges
}

// Edges is a set of sides.
type Edges uint8

// Sides.
const (
	Top Edges = 1 << iota
	Bottom
	Left
	Right
)

// State returns where in its life the surface is.
func (g *GuestSurface) State() Lifecycle { return g.state }

// SetState moves to another state. A step that the lifecycle doesn't have is
// a mistake of the caller and is refused.
func (g *GuestSurface) SetState(l Lifecycle) error {
	if l == g.state {
		return nil
	}
	if next[g.state]&(1<<l) == 0 {
		return fmt.Errorf("surface %d can't become %v: it is %v", g.ID, l, g.state)
	}
	g.state = l
	return nil
}

// AcceptsInput is the one gate for input.
func (g *GuestSurface) AcceptsInput() bool { return g.state == Presented }
