package raster

// sampler yields rows of a texture scaled to a run of destination columns.
type sampler struct {
	k    *kernels
	tex  *texture
	y    axis
	cols columns

	// scaled holds two source rows after horizontal scaling, of rows
	// which[0] and which[1]; -1 is none.
	scaled [2][]uint32
	which  [2]int32
	out    []uint32
	acc    []uint16
	tall   []uint32 // a row after vertical averaging, before scaling
}

// reset prepares s for destination columns first..first+n of o, in buffer
// orientation.
func (s *sampler) reset(o *op, first, n int32, backwards bool) {
	s.tex, s.y = o.tex, o.y
	s.cols.build(&o.x, first, n, backwards)
	s.which = [2]int32{-1, -1}
	s.out = grow(s.out, int(n))
}

// row returns destination row i. It is valid until the next call.
func (s *sampler) row(i int32) []uint32 {
	switch s.y.kind {
	case axisDirect:
		return s.wide(s.y.nearest(s.y.mid(i)), -1)
	case axisNearest:
		return s.wide(s.y.nearest(s.y.mid(i)), -1)
	case axisLerp:
		y, w := s.y.pair(s.y.mid(i))
		switch w {
		case 0:
			return s.wide(y, -1)
		case 256:
			return s.wide(y+1, -1)
		}
		a := s.wide(y, y+1)
		b := s.wide(y+1, y)
		s.k.lerp(s.out, a, b, w)
		return s.out
	default:
		return s.average(i)
	}
}

// plain reports whether rows are single source pixels, for opaqueRow.
func (s *sampler) plain() bool { return s.y.kind <= axisNearest && s.cols.kind == axisNearest }

// opaqueRow sets dst to destination row i with alpha 255.
func (s *sampler) opaqueRow(dst []uint32, i int32) {
	s.k.gather(dst, s.source(s.y.nearest(s.y.mid(i))), s.cols.idx, alphaMask)
}

// wide returns source row y scaled horizontally. The cached row keep stays.
func (s *sampler) wide(y, keep int32) []uint32 {
	slot := 0
	switch {
	case s.which[0] == y:
		return s.scaled[0]
	case s.which[1] == y:
		return s.scaled[1]
	case s.which[0] == keep && keep >= 0:
		slot = 1
	case s.which[1] == keep && keep >= 0:
		slot = 0
	case s.which[0] > s.which[1]:
		slot = 1
	}
	s.which[slot] = y
	s.scaled[slot] = grow(s.scaled[slot], len(s.out))
	s.squeeze(s.scaled[slot], s.source(y))
	return s.scaled[slot]
}

// source returns the part of source row y that the columns need.
func (s *sampler) source(y int32) []uint32 {
	return row(&s.tex.px, y)[s.cols.base : s.cols.base+s.cols.length]
}

// squeeze scales src onto dst.
func (s *sampler) squeeze(dst, src []uint32) {
	switch s.cols.kind {
	case axisBox:
		s.k.box(dst, src, s.cols.spans, s.cols.weights)
	case axisLerp:
		s.k.gatherLerp(dst, src, s.cols.idx, s.cols.w)
	default:
		s.k.gather(dst, src, s.cols.idx, 0)
	}
}

// average returns destination row i as the weighted mean of the source rows
// that it covers.
func (s *sampler) average(i int32) []uint32 {
	n := int(s.cols.length)
	s.acc = grow(s.acc, 4*n)
	s.tall = grow(s.tall, n)
	for j := range s.acc {
		s.acc[j] = 128
	}
	a, b, first, last := s.y.cover(i)
	for y := first; y <= last; y++ {
		if w := weigh(a, b, y); w != 0 {
			s.k.accumulate(s.acc, s.source(y), w)
		}
	}
	s.k.settle(s.tall, s.acc)
	s.squeeze(s.out, s.tall)
	return s.out
}
