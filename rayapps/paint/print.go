package paint

import (
	"fmt"
	"strconv"
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
)

// String returns the list as text, a command a line, for reference files and
// for people. Coordinates are logical pixels from the list's origin. Colours
// are premultiplied; those with alpha have it first.
func (l *List) String() string {
	var p printer
	for i := range l.ops {
		o := &l.ops[i]
		if o.kind == endOp {
			p.depth--
			p.line("}")
			continue
		}
		if o.clip != p.clip {
			p.clip = o.clip
			p.line("clip " + l.clipText(o.clip))
		}
		p.op(l, o)
		if o.kind == groupOp {
			p.depth++
		}
	}
	return p.String()
}

// printer collects lines.
type printer struct {
	strings.Builder
	depth int
	clip  int32
}

func (p *printer) line(words ...string) {
	p.WriteString(strings.Repeat("  ", p.depth))
	for i, w := range words {
		if i > 0 && w != "" {
			p.WriteByte(' ')
		}
		p.WriteString(w)
	}
	p.WriteByte('\n')
}

func (p *printer) op(l *List, o *op) {
	switch o.kind {
	case fillOp:
		p.line("fill", boxText(o.box), hex(o.color))
	case boxOp:
		border := ""
		if o.width > 0 {
			border = "border " + num(o.width) + " " + hex(o.color2)
		}
		p.line("box", boxText(o.box), o.radii.String(), hex(o.color), border)
	case shadowOp:
		p.line("shadow", boxText(o.box), o.radii.String(), hex(o.color), "by", pointText(o.at), "blur", num(o.blur), "spread", num(o.width))
	case gradientOp:
		p.line("gradient", boxText(o.box), o.radii.String(), hex(o.color), "at", pointText(o.at), "to", hex(o.color2), "at", pointText(o.to))
	case backdropOp:
		p.line("backdrop", boxText(o.box), o.radii.String(), "blur", num(o.blur))
	case pathOp:
		p.line("path", pointText(o.at), hex(o.color), l.paths[o.ref].String())
	case strokeOp:
		cap := [...]string{"butt", "round", "square"}[o.cap]
		p.line("stroke", pointText(o.at), hex(o.color), "width", num(o.width), cap, l.paths[o.ref].String())
	case imageOp:
		m := l.images[o.ref].image
		filter := [...]string{"nearest", "bilinear"}[o.filter]
		p.line("image", boxText(o.box), o.radii.String(), "of", m.Size().String(), "from", o.src.String(), filter, "alpha", strconv.Itoa(int(o.alpha)))
	case groupOp:
		p.line("layer alpha", strconv.Itoa(int(o.alpha)), "{")
	case textOp:
		lt := l.texts[o.ref]
		p.line("text", pointText(o.at), hex(o.color), styleText(lt))
		for i := range lt.Lines() {
			ln := &lt.Lines()[i]
			p.line("  line", num(ln.X0)+".."+num(ln.X1), "on", num(ln.Baseline), strconv.Quote(lt.Text()[ln.Start:ln.End]))
		}
	}
}

// styleText describes how a layout was set.
func styleText(lt *text.Layout) string {
	p := lt.Paragraph()
	var s []string
	one := func(st text.Style) {
		w := fmt.Sprintf("%v %s", st.Family, num(st.Size))
		if st.Weight != text.Regular {
			w += " " + st.Weight.String()
		}
		if st.Tabular {
			w += " tabular"
		}
		s = append(s, w)
	}
	if len(p.Spans) == 0 {
		one(p.Style)
	}
	for i := range p.Spans {
		one(p.Spans[i].Style)
		if c := p.Spans[i].Color; c != 0 {
			s[len(s)-1] += " " + hex(c)
		}
	}
	out := strings.Join(s, ", ")
	if lt.Truncated() {
		out += " …"
	}
	return out
}

func (l *List) clipText(i int32) string {
	if i <= 0 {
		return "off"
	}
	c := &l.clips[i]
	out := boxText(c.box)
	if r := c.radii.String(); r != "" {
		out += " " + r
	}
	if c.parent > 0 {
		out += " in " + l.clipText(c.parent)
	}
	return out
}

// String returns "r6", "r6,6,0,0", or nothing for sharp corners.
func (r Radii) String() string {
	switch {
	case r == Radii{}:
		return ""
	case r == Round(r[0]):
		return "r" + num(r[0])
	}
	return "r" + num(r[0]) + "," + num(r[1]) + "," + num(r[2]) + "," + num(r[3])
}

// String returns the path in the notation of SVG.
func (p *Path) String() string {
	var b strings.Builder
	i := 0
	for _, v := range p.verbs {
		b.WriteByte("MLQCZ"[v])
		for range pointCount[v] {
			b.WriteString(pointText(p.pts[i]))
			b.WriteByte(' ')
			i++
		}
	}
	return strings.TrimSpace(b.String())
}

func num(v geom.Fixed) string { return strconv.FormatFloat(v.Float(), 'g', -1, 64) }

func pointText(p geom.FixedPoint) string { return num(p.X) + "," + num(p.Y) }

func boxText(r geom.FixedRect) string {
	return num(r.X0) + "," + num(r.Y0) + " " + num(r.W()) + "x" + num(r.H())
}

func hex(c render.Color) string {
	if c.Opaque() {
		return fmt.Sprintf("#%06x", uint32(c)&0xffffff)
	}
	return fmt.Sprintf("#%08x", uint32(c))
}
