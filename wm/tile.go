package wm

import (
	"slices"

	"rayos/geom"
)

// ratioOne is a main column as wide as the output.
const ratioOne = 1_000_000

// tiled reports whether w takes part in its workspace's tiling.
func (s *State) tiled(w *window) bool {
	fixed := w.max.W > 0 && w.max.H > 0 && w.min == w.max
	return w.parent == 0 && w.output != 0 && w.zone == ZoneNone &&
		!w.full && !w.floating && !w.minimized && !fixed &&
		s.workspaces[w.workspace].layout == Tiling
}

// slot is a tile: the i-th of n on an output.
type slot struct{ i, n int }

// slots returns the tile of every window, by its index in wins, or nil if no
// workspace tiles.
func (s *State) slots() []slot {
	if !slices.ContainsFunc(s.workspaces, func(ws workspace) bool { return ws.layout == Tiling }) {
		return nil
	}
	list := make([]slot, len(s.wins))
	n := make([]int, len(s.workspaces)*len(s.outputs))
	key := func(w *window) int {
		o := slices.IndexFunc(s.outputs, func(o output) bool { return o.id == w.output })
		return w.workspace*len(s.outputs) + o
	}
	for _, id := range s.tiles {
		i, _ := s.index(id)
		if w := s.wins[i]; s.tiled(w) {
			k := key(w)
			list[i].i = n[k]
			n[k]++
		}
	}
	for i, w := range s.wins {
		if s.tiled(w) {
			list[i].n = n[key(w)]
		}
	}
	return list
}

// tileRect returns the frame of tile t.
func (s *State) tileRect(w *window, t slot) geom.Rect {
	return tile(s.out(w.output).usable, t, s.workspaces[w.workspace].ratio, s.cfg.Gap)
}

// tile returns the frame of a tile within u: the first has the main column,
// the others share the height of the second. Gaps go when there is no room
// for them; a tile is at least one pixel big.
func tile(u geom.Rect, t slot, ratio, gap int32) geom.Rect {
	if min(u.W(), u.H()) < gap*8 {
		gap = 0
	}
	u = u.Inset(gap)
	if t.n < 2 {
		return u
	}
	mid := u.X0 + max(int32(int64(u.W()-gap)*int64(ratio)/ratioOne), 1)
	if t.i == 0 {
		u.X1 = mid
		return u
	}
	u.X0 = min(mid+gap, u.X1-1)
	k := int64(t.n - 1)
	h := int64(u.H())
	g := int64(gap)
	if (h-g*(k-1))/k < 16 {
		g = 0
	}
	at := func(i int64) int32 { return u.Y0 + int32((h+g)*i/k) }
	y0, y1 := at(int64(t.i-1)), at(int64(t.i))-int32(g)
	u.Y0, u.Y1 = y0, max(y1, y0+1)
	return u
}

// fixed returns the edges that dragTile can't move.
func (t slot) fixed() Edges {
	switch {
	case t.n < 2:
		return EdgesAll
	case t.i == 0:
		return EdgesAll &^ EdgeRight
	}
	return EdgesAll &^ EdgeLeft
}

// dragTile moves the border between main column and stack.
func (s *State) dragTile(w *window, e Edges, d geom.Point, from geom.Rect) {
	if e&(EdgeLeft|EdgeRight) == 0 {
		return
	}
	i, _ := s.index(w.id)
	t := s.slots()[i]
	if t.n < 2 || (t.i == 0) != (e&EdgeRight != 0) {
		return
	}
	u := s.out(w.output).usable
	room := max(int64(u.W()-3*s.cfg.Gap), 1)
	main := int64(from.W()) + int64(d.X)
	if t.i > 0 {
		main = room - (int64(from.W()) - int64(d.X))
	}
	s.setRatio(w.workspace, (main*ratioOne+room-1)/room) // rounded up, for tile rounds down
}

func (s *State) setRatio(n int, ratio int64) {
	s.workspaces = slices.Clone(s.workspaces)
	s.workspaces[n].ratio = int32(min(max(ratio, ratioOne/10), ratioOne*9/10))
}

func (op TileRatio) apply(s *State) error {
	if op.N < 0 || op.N >= len(s.workspaces) {
		return ErrNoWorkspace
	}
	s.setRatio(op.N, int64(s.workspaces[op.N].ratio)+int64(op.Delta)*(ratioOne/1000))
	return nil
}

func (op TileSwap) apply(s *State) error {
	i, j := slices.Index(s.tiles, op.ID), slices.Index(s.tiles, op.With)
	if i < 0 || j < 0 {
		return ErrNoWindow
	}
	s.tiles = slices.Clone(s.tiles)
	s.tiles[i], s.tiles[j] = s.tiles[j], s.tiles[i]
	return nil
}

func (op Float) apply(s *State) error {
	w, err := s.edit(op.ID)
	if err != nil {
		return err
	}
	if !op.To.Valid() {
		return ErrInvalid
	}
	w.floating = op.To.of(w.floating)
	return nil
}
