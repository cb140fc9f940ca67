package wm

import (
	"slices"

	"rayos/geom"
)

func (op Map) apply(s *State) error {
	if op.ID == 0 || !op.Zone.Valid() {
		return ErrInvalid
	}
	i, taken := s.index(op.ID)
	if taken {
		return ErrExists
	}
	if op.Parent != 0 && s.win(op.Parent) == nil {
		return ErrNoWindow
	}
	if op.Output != 0 && s.out(op.Output) == nil {
		return ErrNoOutput
	}
	w := &window{
		gen: s.gen, id: op.ID, appID: op.AppID, parent: op.Parent, modal: op.Modal, decorated: op.Decorated,
		workspace: s.current, zone: op.Zone, full: op.Full,
	}
	w.min, w.max = sanitize(op.Min), sanitize(op.Max)
	if op.Zone == ZoneNone && !op.Full {
		if z := sanitize(op.Size); !z.Empty() {
			w.size = z
		}
	}
	s.wins, s.winsGen = slices.Insert(slices.Clone(s.wins), i, w), s.gen
	s.stack = with(s.stack, len(s.stack), w.id)
	s.mru = with(s.mru, min(1, len(s.mru)), w.id)
	s.tiles = with(s.tiles, s.tileIndex(), w.id)

	w.output = s.outputFor(w, op.Output)
	s.place(w)
	if op.Activate {
		s.activate(w.id)
	} else if f := s.win(s.focus); f != nil && s.root(f) != s.root(w) {
		s.raise(f)
	}
	return nil
}

// sanitize returns a size from outside within the limits, 0 for none.
func sanitize(z geom.Size) geom.Size {
	return geom.Size{W: clamp(z.W, 0, maxSize), H: clamp(z.H, 0, maxSize)}
}

// tileIndex returns where a new window enters the tiling order: behind the
// focused one.
func (s *State) tileIndex() int {
	if i := slices.Index(s.tiles, s.focus); i >= 0 {
		return i + 1
	}
	return len(s.tiles)
}

func (op Unmap) apply(s *State) error {
	i, ok := s.index(op.ID)
	if !ok {
		return ErrNoWindow
	}
	w := s.wins[i]
	ws := s.root(w).workspace
	for j, c := range s.wins {
		if c.parent == op.ID {
			c = s.editAt(j)
			c.parent, c.workspace = w.parent, ws
		}
	}
	s.wins, s.winsGen = slices.Delete(slices.Clone(s.wins), i, i+1), s.gen
	s.stack = without(s.stack, op.ID)
	s.mru = without(s.mru, op.ID)
	s.tiles = without(s.tiles, op.ID)
	if s.focus == op.ID {
		s.focus = 0
		if p := s.win(w.parent); p != nil && s.shown(p) {
			s.setFocus(p.id)
		} else {
			s.focusNext()
		}
	}
	return nil
}

func (op SetLimits) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	w.min, w.max = sanitize(op.Min), sanitize(op.Max)
	return nil
}

func (op SetParent) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if op.Parent == w.parent {
		return nil
	}
	if op.Parent == 0 {
		w.workspace, w.parent = s.root(w).workspace, 0
		return nil
	}
	p := s.win(op.Parent)
	if p == nil {
		return ErrNoWindow
	}
	if op.Parent == op.ID || s.isAncestor(op.ID, p) {
		return ErrLoop
	}
	w.parent = op.Parent
	if w.modal {
		w.minimized = false
	}
	s.stackAbove(w, p)
	return nil
}

func (op SetModal) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	w.modal = op.To.of(w.modal)
	if w.modal && w.parent != 0 {
		w.minimized = false
	}
	return nil
}

func (op SetDecorated) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	w.decorated = op.To.of(w.decorated)
	if !w.decorated {
		w.shaded = false
	}
	s.fit(w)
	return nil
}

func (op SetAppID) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	w.appID = op.AppID
	return nil
}

func (op Minimize) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	if !op.To.of(s.hidden(w)) {
		s.restore(w)
		s.raise(w)
		if s.shown(w) {
			s.setFocus(w.id)
		}
		return nil
	}
	for w.modal && w.parent != 0 {
		w = s.win(w.parent)
	}
	i, _ := s.index(w.id)
	s.editAt(i).minimized = true
	return nil
}

// restore undoes the minimising that hides w.
func (s *State) restore(w *window) {
	for ; w != nil; w = s.win(w.parent) {
		if w.minimized {
			i, _ := s.index(w.id)
			s.editAt(i).minimized = false
		}
	}
}

func (op Shade) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	to := op.To.of(w.shaded)
	if to && (!w.decorated || s.cfg.Server.Floating.Top == 0) {
		return ErrState
	}
	w.shaded = to
	return nil
}
