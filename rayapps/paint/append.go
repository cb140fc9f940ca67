package paint

// List draws another list, its origin at the builder's, within what is pushed.
func (b *Builder) List(l *List) {
	if l.Empty() {
		return
	}
	b.start()
	outer := b.clip
	clips := make([]int32, len(l.clips))
	clips[0] = outer
	for i, c := range l.clips[1:] {
		b.clip = clips[c.parent]
		b.addClip(b.bounded(c.box), c.radii)
		clips[i+1] = b.clip
	}
	for i := range l.ops {
		o := &l.ops[i]
		if o.kind == endOp {
			b.Pop()
			continue
		}
		b.clip = clips[o.clip]
		switch o.kind {
		case fillOp:
			b.Fill(o.box, o.color)
		case boxOp:
			b.Box(o.box, Box{Radii: o.radii, Fill: o.color, Border: o.color2, Width: o.width})
		case shadowOp:
			b.Shadow(o.box, o.radii, Shadow{X: o.at.X, Y: o.at.Y, Blur: o.blur, Spread: o.width, Color: o.color})
		case gradientOp:
			b.Gradient(o.box, o.radii, Gradient{From: o.at, To: o.to, Start: o.color, End: o.color2})
		case backdropOp:
			b.Backdrop(o.box, o.radii, o.blur)
		case pathOp:
			b.Path(l.paths[o.ref], o.at, o.color)
		case strokeOp:
			b.Stroke(l.paths[o.ref], o.at, o.width, o.cap, o.color)
		case textOp:
			b.Text(l.texts[o.ref], o.at, o.color)
		case imageOp:
			b.Image(l.images[o.ref].image, o.box, ImageOptions{Src: o.src, Filter: o.filter, Alpha: o.alpha, Radii: o.radii})
		case groupOp:
			b.PushOpacity(o.alpha)
		}
	}
	b.clip = outer
}
