package wm

import (
	"slices"

	"rayos/geom"
)

// State is the whole desktop as a value. The zero State is not usable; New
// makes one. Copies share storage that nobody writes to.
type State struct {
	cfg        *Config
	outputs    []output
	workspaces []workspace
	current    int // workspace
	// lastWorkspace is the id given last.
	lastWorkspace WorkspaceID

	wins  []*window  // by id
	stack []WindowID // bottom to top
	mru   []WindowID // last focused first
	tiles []WindowID // tiling order

	focus WindowID
	cycle WindowID // where a walk through mru stands, 0 when there is none

	// What has been copied in this Apply: windows with this gen, and wins
	// itself if winsGen is gen.
	gen, winsGen uint64
}

type output struct {
	id     OutputID
	name   string
	rect   geom.Rect
	usable geom.Rect
}

type workspace struct {
	id     WorkspaceID
	name   string // "" is its number
	brief  bool   // made in passing; forgotten when it is empty
	layout Layout
	ratio  int32 // of the main column, of ratioOne
}

// window is never written to once Apply has returned.
type window struct {
	gen       uint64
	id        WindowID
	appID     string
	parent    WindowID
	modal     bool
	decorated bool
	min, max  geom.Size

	// The floating geometry: the frame's corner and the content's size,
	// which is zero until a client that started in a zone chooses one.
	pos    geom.Point
	size   geom.Size
	placed bool // pos has been chosen
	// anchored edges are those that the last Resize dragged; the opposite
	// ones stay when the client commits another size than asked for.
	anchor Edges

	output    OutputID // 0 while there is none
	home      string   // name of the output it was driven off
	homePos   geom.Point
	workspace int // of a window without parent

	zone      Zone
	unzone    Zone // what the window returns to from ZoneMax
	full      bool
	fullOn    OutputID // 0: output
	minimized bool
	shaded    bool
	floating  bool // exempt from tiling
	resizing  bool
}

// New returns a State without outputs and windows.
func New(cfg Config) State {
	cfg = cfg.sane()
	s := State{cfg: &cfg}
	for range cfg.Workspaces {
		s.addWorkspace("", false)
	}
	return s
}

// Apply returns the State after op. On an error it returns s as it was. It
// takes time in proportion to the number of windows at worst, and copies one
// window and a list of pointers for the common ops.
func (s State) Apply(op Op) (State, error) {
	next := s
	next.gen++
	if err := op.apply(&next); err != nil {
		return s, err
	}
	next.settleFocus()
	next.trim()
	return next, nil
}

// Config returns what the State was made with.
func (s State) Config() Config { return *s.cfg }

// Focused returns the window with the focus, or 0.
func (s State) Focused() WindowID { return s.focus }

// Current returns the workspace that is shown.
func (s State) Current() int { return s.current }

// Layout returns the layout of workspace n.
func (s State) Layout(n int) Layout {
	if n < 0 || n >= len(s.workspaces) {
		return Floating
	}
	return s.workspaces[n].layout
}

// Floating returns a window's floating geometry, which it has in every state:
// the frame's corner and the content's size.
func (s State) Floating(id WindowID) (geom.Point, geom.Size) {
	w := s.win(id)
	if w == nil {
		return geom.Point{}, geom.Size{}
	}
	return w.pos, s.floatSize(w)
}

// Has reports whether the window is mapped.
func (s State) Has(id WindowID) bool { return s.win(id) != nil }

// Len returns the number of windows.
func (s State) Len() int { return len(s.wins) }

func (s *State) index(id WindowID) (int, bool) {
	return slices.BinarySearchFunc(s.wins, id, func(w *window, id WindowID) int { return int(w.id) - int(id) })
}

// win returns a window to read, or nil.
func (s *State) win(id WindowID) *window {
	if i, ok := s.index(id); ok {
		return s.wins[i]
	}
	return nil
}

// edit returns a window to write to.
func (s *State) edit(id WindowID) (*window, error) {
	i, ok := s.index(id)
	if !ok {
		return nil, ErrNoWindow
	}
	return s.editAt(i), nil
}

func (s *State) editAt(i int) *window {
	if s.winsGen != s.gen {
		s.wins, s.winsGen = slices.Clone(s.wins), s.gen
	}
	w := s.wins[i]
	if w.gen != s.gen {
		c := *w
		c.gen = s.gen
		w = &c
		s.wins[i] = w
	}
	return w
}

// root returns the window at the top of w's chain of parents.
func (s *State) root(w *window) *window {
	for w.parent != 0 {
		w = s.win(w.parent)
	}
	return w
}

// hidden reports whether w is minimised, itself or with a parent.
func (s *State) hidden(w *window) bool {
	for !w.minimized {
		if w.parent == 0 {
			return false
		}
		w = s.win(w.parent)
	}
	return true
}

// shown reports whether w is on the current workspace and not hidden.
func (s *State) shown(w *window) bool {
	return s.root(w).workspace == s.current && !s.hidden(w)
}

// isAncestor reports whether a is w's parent, or its parent's and so on.
func (s *State) isAncestor(a WindowID, w *window) bool {
	for w.parent != 0 {
		if w.parent == a {
			return true
		}
		w = s.win(w.parent)
	}
	return false
}

// without returns list without id, as a new slice.
func without(list []WindowID, id WindowID) []WindowID {
	out := make([]WindowID, 0, len(list))
	for _, v := range list {
		if v != id {
			out = append(out, v)
		}
	}
	return out
}

// with returns list with id inserted at i, as a new slice.
func with(list []WindowID, i int, id WindowID) []WindowID {
	out := make([]WindowID, 0, len(list)+1)
	out = append(out, list[:i]...)
	out = append(out, id)
	return append(out, list[i:]...)
}
