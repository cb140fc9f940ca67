package text

import (
	"slices"

	"rayos/internal/digest"
)

// bytes returns about how much memory a layout takes.
func (l *Layout) bytes() int {
	n := 256 + len(l.text) + 96*len(l.lines)
	for i := range l.lines {
		n += 20 * len(l.lines[i].stops)
	}
	for i := range l.runs {
		n += 64 + 12*len(l.runs[i].Glyphs)
	}
	return n
}

func (s *Style) hash(d *digest.Digest) {
	flags := uint64(s.Family) | uint64(s.Weight)<<8
	if s.Tabular {
		flags |= 1 << 16
	}
	d.Uint(flags)
	d.Pair(int32(s.Size), int32(s.LineHeight))
}

// hash names a paragraph. The memory of Spans doesn't matter, what is in it does.
func (p *Paragraph) hash(generation uint64) uint64 {
	d := digest.New()
	if generation > 0 {
		d.Uint(generation)
	}
	d.Pair(int32(p.Width), int32(p.MaxLines))
	d.Pair(int32(p.Align), int32(p.Dir))
	d.Uint(uint64(len(p.Spans)))
	if len(p.Spans) == 0 {
		p.Style.hash(&d)
		d.String(p.Text)
	}
	for i := range p.Spans {
		s := &p.Spans[i]
		s.Style.hash(&d)
		d.Uint(uint64(s.Color))
		d.String(s.Text)
	}
	return d.Sum()
}

func (p *Paragraph) equal(q *Paragraph) bool {
	if p.Width != q.Width || p.MaxLines != q.MaxLines || p.Align != q.Align || p.Dir != q.Dir || len(p.Spans) != len(q.Spans) {
		return false
	}
	if len(p.Spans) == 0 {
		return p.Style == q.Style && p.Text == q.Text
	}
	return slices.Equal(p.Spans, q.Spans)
}
