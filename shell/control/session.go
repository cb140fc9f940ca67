package control

import (
	"time"

	"rayos/geom"
	"rayos/gpu/render"
)

// Session is what commands act on. Its methods are called on the session's
// loop goroutine. An error that is an *Error keeps its code; any other gets
// CodeFailed.
//
// Methods with a done function start something: done is called once on the
// loop goroutine, during the call or later, when the effect is there. The
// cancel function they return, which may be nil, is called when nobody waits
// any more; done is ignored after that.
type Session interface {
	// Windows returns the mapped windows, bottom to top.
	Windows() []Window
	Outputs() []Output
	Stats() Stats
	Version() string

	// Focus shows, raises and focuses a window.
	Focus(id uint32) error
	// Move puts the corner of the frame at p, in logical coordinates.
	Move(id uint32, p geom.Point) error
	// Resize asks for a content size; done when the client has committed one
	// after acknowledging it.
	Resize(id uint32, size geom.Size, done func(error)) (cancel func())
	// Close asks the client to close a window; done when it is unmapped.
	Close(id uint32, done func(error)) (cancel func())
	// SetState changes one state of a window.
	SetState(id uint32, s WindowState) error
	Workspaces() []Workspace
	// Workspace shows workspace n, counted from 0. One that is not there yet
	// is made, and lasts until it is empty again.
	Workspace(n int) error
	// MoveToWorkspace moves a window to workspace n, made in the same way.
	MoveToWorkspace(id uint32, n int) error
	// AddWorkspace makes one that stays, and returns its number.
	AddWorkspace(name string) (int, error)
	// RemoveWorkspace moves its windows to the one before it.
	RemoveWorkspace(n int) error

	// Screenshot copies pixels; the receiver of done owns them. They are
	// ARGB8888 or XRGB8888.
	Screenshot(t Target, done func(render.Pixels, error)) (cancel func())

	// Type types text into the focused window.
	Type(text string) error
	Key(c Chord, a Action) error
	// PointerMove moves the pointer to a logical position, or by p.
	PointerMove(p geom.FPoint, relative bool) error
	// Button acts on a button with its evdev code (BTN_LEFT is 0x110).
	Button(code uint32, a Action) error
	// Scroll scrolls by wheel steps; fractions are allowed.
	Scroll(dx, dy float64) error
	Gesture(g Gesture) error
	Pen(p Pen) error

	// AddOutput makes an output where the display can (headless), and
	// returns its name.
	AddOutput(o OutputSpec) (string, error)
	RemoveOutput(name string) error

	// Machines are the session's virtual machines.
	Machines() Machines

	// Console is the session's prompt and control log.
	Console() Console

	// Desk is the parts of the shell that show windows as live pictures.
	Desk() Desk

	// Guard locks the session.
	Guard() Guard

	// Notices are the notifications of programs and of the session.
	Notices() Notices

	// Tray is what programs have put into it.
	Tray() Tray

	// Media is sound, players and the brightness of the screen.
	Media() Media

	// Preferences is what the person has set.
	Preferences() Preferences

	// Apps are the installed apps.
	Apps() Apps

	// Observer tells of the session's insides.
	Observer() Observer

	// Conductor is the queue of tasks.
	Conductor() Conductor

	// Volume is the person's memory.
	Volume() Volume

	// Reflex is System 1.
	Reflex() Reflex
	LanguageModel() LanguageModel

	// Mind is System 2, which understands lines.
	Mind() Mind

	// Developer is for whoever works on the session.
	Developer() Developer

	// Wait reports when the condition holds, at once if it does already.
	Wait(w WaitFor, done func(*Window, error)) (cancel func())

	// Quit ends the session after the current turn of the loop.
	Quit()
}

// Window describes a window. Rectangles are logical.
type Window struct {
	ID        uint32   `json:"id"`
	AppID     string   `json:"app_id"`
	Title     string   `json:"title"`
	Owner     string   `json:"owner"` // trust word: session, linux, windows, remote, sandboxed, unknown
	PID       int32    `json:"pid,omitempty"`
	Frame     Rect     `json:"frame"`
	Content   Rect     `json:"content"`
	Workspace int      `json:"workspace"`
	Output    string   `json:"output,omitempty"`
	Focused   bool     `json:"focused,omitempty"`
	Visible   bool     `json:"visible"`
	States    []string `json:"states,omitempty"`
	FrameSeq  uint64   `json:"frame_seq"`
	Parent    uint32   `json:"parent,omitempty"`

	Tag         string  `json:"tag,omitempty"`          // the window's purpose, the same in each run of the program
	Description string  `json:"description,omitempty"`  // the same for people
	ContentType string  `json:"content_type,omitempty"` // photo, video, game
	Icon        string  `json:"icon,omitempty"`         // name in an icon theme
	IconSizes   []int32 `json:"icon_sizes,omitempty"`   // edges of the window's own pictures, in pixels
}

// Workspace describes a workspace.
type Workspace struct {
	N       int    `json:"n"` // counted from 0
	Name    string `json:"name"`
	Shown   bool   `json:"shown,omitempty"`
	Urgent  bool   `json:"urgent,omitempty"` // a window on it asks for attention
	Windows int    `json:"windows"`
	Layout  string `json:"layout"` // floating or tiling
}

// Output describes an output.
type Output struct {
	Name    string  `json:"name"`
	Logical Rect    `json:"logical"`
	Width   int32   `json:"width"`   // physical
	Height  int32   `json:"height"`  // physical
	Refresh float64 `json:"refresh"` // Hz
	Scale   float64 `json:"scale"`
	Frames  uint64  `json:"frames"`

	Transform string `json:"transform,omitempty"` // how it is mounted, if not upright
}

// Rect is a geom.Rect in JSON.
type Rect struct {
	X int32 `json:"x"`
	Y int32 `json:"y"`
	W int32 `json:"w"`
	H int32 `json:"h"`
}

// RectOf returns r for JSON.
func RectOf(r geom.Rect) Rect { return Rect{r.X0, r.Y0, r.W(), r.H()} }

func (r Rect) geom() geom.Rect { return geom.XYWH(r.X, r.Y, r.W, r.H) }

// Stats counts what a session has and has done.
type Stats struct {
	Display  string        `json:"display"` // the Wayland socket
	PID      int           `json:"pid"`
	Uptime   time.Duration `json:"uptime_ns"`
	Clients  int           `json:"clients"`
	Surfaces int           `json:"surfaces"`
	Windows  int           `json:"windows"`
	Outputs  int           `json:"outputs"`
	Frames   uint64        `json:"frames"`  // composited, over all outputs
	Wakeups  uint64        `json:"wakeups"` // turns of the loop
	// Goroutines of the process, the runtime's own left out.
	Goroutines int    `json:"goroutines"`
	HeapBytes  uint64 `json:"heap_bytes"`
	GCs        uint32 `json:"gcs"`
}

// WindowState is one change of a window's state.
type WindowState string

// Window states that SetState takes.
const (
	Maximize     WindowState = "maximize"
	Unmaximize   WindowState = "unmaximize"
	Fullscreen   WindowState = "fullscreen"
	Unfullscreen WindowState = "unfullscreen"
	Minimize     WindowState = "minimize"
	Restore      WindowState = "restore"
	Shade        WindowState = "shade"
	Unshade      WindowState = "unshade"
	SnapLeft     WindowState = "left"
	SnapRight    WindowState = "right"
	SnapTop      WindowState = "top"
	SnapBottom   WindowState = "bottom"
	SnapTopLeft  WindowState = "top-left"
	SnapTopRight WindowState = "top-right"
	SnapBotLeft  WindowState = "bottom-left"
	SnapBotRight WindowState = "bottom-right"
	Unsnap       WindowState = "unsnap"
	Raise        WindowState = "raise"
	Lower        WindowState = "lower"
)

// WindowStates lists them all.
var WindowStates = []WindowState{
	Maximize, Unmaximize, Fullscreen, Unfullscreen, Minimize, Restore, Shade, Unshade,
	SnapLeft, SnapRight, SnapTop, SnapBottom, SnapTopLeft, SnapTopRight, SnapBotLeft, SnapBotRight, Unsnap,
	Raise, Lower,
}

// Target is what a screenshot shows: a window, a region of the layout, which is
// that of the output with most of it, an output, or if all are zero all outputs.
type Target struct {
	Window uint32
	Region geom.Rect // logical
	Output string
	Cursor bool // with the cursor
}

// Action is what happens to a key or button.
type Action uint8

// Actions.
const (
	Tap Action = iota // press and release
	Press
	Release
)

func (a Action) String() string { return [...]string{"tap", "press", "release"}[a] }

// OutputSpec describes an output to make.
type OutputSpec struct {
	Name    string // may be empty
	Size    geom.Size
	Scale   geom.Scale
	Refresh int32 // mHz

	Transform geom.Transform
}

// WaitFor is a condition; exactly one of Window, Idle and Frames is set.
type WaitFor struct {
	Window string // an app-id or title that a presented window has
	Gone   bool   // with Window: that no window has any more
	Idle   bool   // nothing is damaged and no client has requests waiting
	Frames int    // that many more frames on Output, or on any
	Output string
}
