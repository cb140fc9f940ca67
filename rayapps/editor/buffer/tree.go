package buffer

import "bytes"

// piece is a stretch of bytes: of memory or, where there is none, of the file.
type piece struct {
	data []byte
	off  int64 // in the file
	n    int64
	lf   int64 // line feeds in it
}

// maxPiece bounds pieces of memory, so that looking for a line in one is quick.
const maxPiece = 64 << 10

// part returns the bytes from to to of a piece.
func (s *source) part(p piece, from, to int64) piece {
	q := piece{n: to - from}
	switch {
	case from == 0 && to == p.n:
		return p
	case p.data != nil:
		q.data = p.data[from:to]
		q.lf = int64(bytes.Count(q.data, lf))
	default:
		q.off = p.off + from
		// The shorter side is counted, the other is the rest.
		switch rest := p.n - q.n; {
		case p.lf == 0:
		case rest < q.n && from == 0:
			q.lf = p.lf - s.count(p.off+to, p.off+p.n)
		case rest < q.n && to == p.n:
			q.lf = p.lf - s.count(p.off, p.off+from)
		default:
			q.lf = s.count(q.off, q.off+q.n)
		}
	}
	return q
}

// node is a tree of pieces. Nodes never change.
type node struct {
	left, right *node
	piece       piece
	size, lines int64 // bytes and line feeds in the tree
	height      int
}

func (t *node) high() int {
	if t == nil {
		return 0
	}
	return t.height
}

func (t *node) len() int64 {
	if t == nil {
		return 0
	}
	return t.size
}

func (t *node) feeds() int64 {
	if t == nil {
		return 0
	}
	return t.lines
}

func tree(l *node, p piece, r *node) *node {
	return &node{
		left: l, right: r, piece: p, size: l.len() + p.n + r.len(), lines: l.feeds() + p.lf + r.feeds(),
		height: 1 + max(l.high(), r.high()),
	}
}

// balance is tree for subtrees whose heights differ by up to two.
func balance(l *node, p piece, r *node) *node {
	switch {
	case l.high() > r.high()+1:
		if l.left.high() >= l.right.high() {
			return tree(l.left, l.piece, tree(l.right, p, r))
		}
		m := l.right
		return tree(tree(l.left, l.piece, m.left), m.piece, tree(m.right, p, r))
	case r.high() > l.high()+1:
		if r.right.high() >= r.left.high() {
			return tree(tree(l, p, r.left), r.piece, r.right)
		}
		m := r.left
		return tree(tree(l, p, m.left), m.piece, tree(m.right, r.piece, r.right))
	}
	return tree(l, p, r)
}

// join is tree for any two subtrees.
func join(l *node, p piece, r *node) *node {
	switch {
	case l.high() > r.high()+1:
		return balance(l.left, l.piece, join(l.right, p, r))
	case r.high() > l.high()+1:
		return balance(join(l, p, r.left), r.piece, r.right)
	}
	return tree(l, p, r)
}

// last takes the last piece off a tree.
func (t *node) last() (*node, piece) {
	if t.right == nil {
		return t.left, t.piece
	}
	r, p := t.right.last()
	return join(t.left, t.piece, r), p
}

func concat(l, r *node) *node {
	switch {
	case l == nil:
		return r
	case r == nil:
		return l
	}
	l, p := l.last()
	return join(l, p, r)
}

// split cuts a tree in two at an offset.
func (s *source) split(t *node, at int64) (l, r *node) {
	if t == nil {
		return nil, nil
	}
	here := t.left.len()
	switch {
	case at <= here:
		l, r = s.split(t.left, at)
		return l, join(r, t.piece, t.right)
	case at >= here+t.piece.n:
		l, r = s.split(t.right, at-here-t.piece.n)
		return join(t.left, t.piece, l), r
	}
	at -= here
	return join(t.left, s.part(t.piece, 0, at), nil), join(nil, s.part(t.piece, at, t.piece.n), t.right)
}

// adjoins reports whether b lies in memory just behind a.
func adjoins(a, b []byte) bool {
	return len(b) > 0 && len(a) > 0 && len(a) < cap(a) && &a[:len(a)+1][len(a)] == &b[0]
}

// push appends a piece, to the last one where they lie beside each other.
func push(t *node, p piece) *node {
	if p.n == 0 {
		return t
	}
	if t == nil {
		return tree(nil, p, nil)
	}
	rest, q := t.last()
	if q.data != nil && p.data != nil && q.n+p.n <= maxPiece && adjoins(q.data, p.data) {
		return join(rest, piece{data: q.data[:q.n+p.n], n: q.n + p.n, lf: q.lf + p.lf}, nil)
	}
	return join(t, p, nil)
}

// pieces returns those of bytes in memory.
func pieces(data []byte) []piece {
	var list []piece
	for len(data) > 0 {
		n := min(len(data), maxPiece)
		list = append(list, piece{data: data[:n], n: int64(n), lf: int64(bytes.Count(data[:n], lf))})
		data = data[n:]
	}
	return list
}

// grow makes a tree of pieces in their order.
func grow(list []piece) *node {
	if len(list) == 0 {
		return nil
	}
	mid := len(list) / 2
	return tree(grow(list[:mid]), list[mid], grow(list[mid+1:]))
}

// each calls fn for the parts of pieces between two offsets, until it returns
// false. Base is the offset of the tree.
func (s *source) each(t *node, base, from, to int64, fn func(p piece, from, to int64) bool) bool {
	if t == nil || from >= base+t.size || to <= base {
		return true
	}
	here := base + t.left.len()
	if !s.each(t.left, base, from, to, fn) {
		return false
	}
	if a, b := max(from-here, 0), min(to-here, t.piece.n); a < b && !fn(t.piece, a, b) {
		return false
	}
	return s.each(t.right, here+t.piece.n, from, to, fn)
}
