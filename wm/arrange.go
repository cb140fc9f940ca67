package wm

import "rayos/geom"

// Placement is what has become of one window. Rectangles are logical.
type Placement struct {
	ID     WindowID
	Parent WindowID
	AppID  string

	Frame   geom.Rect // with decoration; of a shaded window the title bar
	Content geom.Rect // of the unshaded window
	Insets  Insets    // between the two

	// Configure is the content size that the client shall take, zero to
	// choose its own; Bounds the biggest that makes sense, zero if unknown.
	// A size is sent only if the client has neither been sent it last nor
	// committed it.
	Configure geom.Size
	Bounds    geom.Size

	Output    OutputID // where it is shown, 0 if there is none
	Workspace int
	Layer     Layer
	Zone      Zone
	Tiled     Edges // for xdg_toplevel.state
	// Constrained edges can't be dragged: they lie at the edge of what there
	// is, or share it evenly.
	Constrained Edges

	Visible    bool // on the current workspace of an output, not minimised
	Activated  bool // has the focus
	Maximized  bool
	Fullscreen bool
	Resizing   bool
	Shaded     bool
	Minimized  bool // itself or with a parent
	Modal      bool
	Decorated  bool // by the session
}

// Arrange appends every window's Placement to dst, bottom to top, and returns
// it. Windows of LayerFullscreen come last.
func (s State) Arrange(dst []Placement) []Placement {
	base := len(dst)
	var few [64]family
	fam := few[:]
	if len(s.wins) > len(fam) {
		fam = make([]family, len(s.wins))
	}
	slots := s.slots()
	for _, id := range s.stack {
		i, _ := s.index(id)
		w := s.wins[i]
		fam[i] = family{w.workspace, w.minimized}
		if w.parent != 0 {
			j, _ := s.index(w.parent) // is below, so already known
			fam[i] = family{fam[j].workspace, w.minimized || fam[j].hidden}
		}
		var t slot
		if slots != nil {
			t = slots[i]
		}
		dst = append(dst, Placement{})
		s.arrange(&dst[len(dst)-1], w, fam[i], t)
	}
	return s.lift(dst, base)
}

// family is what a window has from its parents.
type family struct {
	workspace int
	hidden    bool
}

func (s *State) arrange(p *Placement, w *window, f family, t slot) {
	frame, in := s.frame(w)
	sh := s.shape(w)
	*p = Placement{
		ID: w.id, Parent: w.parent, AppID: w.appID,
		Bounds: s.bounds(w), Output: w.output, Workspace: f.workspace, Zone: w.zone,
		Visible:   w.output != 0 && f.workspace == s.current && !f.hidden,
		Activated: w.id == s.focus, Maximized: w.zone == ZoneMax, Fullscreen: w.full,
		Resizing: w.resizing, Shaded: w.shaded && sh != shapeFull, Minimized: f.hidden,
		Modal: w.modal && w.parent != 0, Decorated: w.decorated,
	}
	switch sh {
	case shapeFloating:
		// The floating frame of a shaded window has no content in it.
		if p.Shaded {
			frame.Y1 = frame.Y0 + in.Top + s.floatSize(w).H + in.Bottom
		}
		p.Configure = w.size
	case shapeTiled:
		frame, in, p.Tiled = s.tileRect(w, t), s.decoration(w).Tiled, EdgesAll
		p.Constrained = t.fixed()
	case shapeZone:
		p.Constrained = w.zone.Edges()
		if w.zone != ZoneMax {
			p.Tiled = p.Constrained
		}
	case shapeFull:
		p.Constrained = EdgesAll
		if w.fullOn != 0 {
			p.Output = w.fullOn
		}
	}
	p.Frame, p.Insets, p.Content = frame, in, in.inset(frame)
	if sh != shapeFloating {
		p.Configure = p.Content.Size()
	}
	if p.Shaded {
		p.Frame.Y1 = min(p.Frame.Y0+in.Top+in.Bottom, p.Frame.Y1)
	}
}

// lift moves the fullscreen window of each output, if only its own transients
// are above it, with all of those to LayerFullscreen at the end.
func (s *State) lift(dst []Placement, base int) []Placement {
	list := dst[base:]
	lifted := 0
	for i := range s.outputs {
		top := s.topFullscreen(list, s.outputs[i].id)
		if top < 0 {
			continue
		}
		root := list[top].ID
		for j := top; j < len(list); j++ {
			p := &list[j]
			if p.Layer == LayerNormal && (p.ID == root || s.isAncestor(root, s.win(p.ID))) {
				p.Layer = LayerFullscreen
				lifted++
			}
		}
	}
	if lifted == 0 {
		return dst
	}
	up := make([]Placement, 0, lifted)
	k := 0
	for _, p := range list {
		if p.Layer == LayerFullscreen {
			up = append(up, p)
		} else {
			list[k] = p
			k++
		}
	}
	copy(list[k:], up)
	return dst
}

// topFullscreen returns the index of the fullscreen window that has output o
// to itself, or -1.
func (s *State) topFullscreen(list []Placement, o OutputID) int {
	top := -1
	for i := len(list) - 1; i >= 0; i-- {
		if p := &list[i]; p.Output == o && p.Visible && p.Fullscreen {
			top = i
			break
		}
	}
	for i := top + 1; top >= 0 && i < len(list); i++ {
		p := &list[i]
		if p.Output == o && p.Visible && !s.isAncestor(list[top].ID, s.win(p.ID)) {
			return -1
		}
	}
	return top
}

// Find returns the Placement of one window.
func (s State) Find(id WindowID) (Placement, bool) {
	for _, p := range s.Arrange(nil) {
		if p.ID == id {
			return p, true
		}
	}
	return Placement{}, false
}

// Preview returns the Placement that a window would get, for the first
// configure of a client that has not drawn yet.
func (s State) Preview(op Map) (Placement, error) {
	next, err := s.Apply(op)
	if err != nil {
		return Placement{}, err
	}
	p, _ := next.Find(op.ID)
	return p, nil
}

// Stack returns the windows bottom to top, without the lifting of fullscreen
// windows. The caller must not write to it.
func (s State) Stack() []WindowID { return s.stack }

// Recent returns the windows, last focused first. The caller must not write
// to it.
func (s State) Recent() []WindowID { return s.mru }
