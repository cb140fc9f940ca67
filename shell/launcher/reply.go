package launcher

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// maxReply is how high the text of a Reply is at most, in logical pixels.
const maxReply = 6 * rowH

// replyHeight is how high a Reply is, with its title and its sources.
func (p *Panel) replyHeight(r *Proposal) int32 {
	return captionH + p.proseView(r) + p.sourcesHeight(r)
}

func (p *Panel) sourcesHeight(r *Proposal) int32 {
	if len(r.Sources) == 0 {
		return 0
	}
	_, n := p.sourcesShown(r)
	return captionH + int32(n)*rowH
}

// maxSourcesShown is how many sources are shown at once.
const maxSourcesShown = 3

// sourcesShown returns which sources are shown: the picked one is among them.
func (p *Panel) sourcesShown(r *Proposal) (from, n int) {
	n = min(len(r.Sources), maxSourcesShown)
	if p.Height > 0 {
		n = min(n, max(int((p.Height-p.around()-2*captionH-rowH)/rowH), 1))
	}
	return max(p.Model.source-n+1, 0), n
}

// proseView is how high the part of the text is that is shown.
func (p *Panel) proseView(r *Proposal) int32 {
	most := int32(maxReply)
	if p.Height > 0 {
		most = min(most, p.Height-p.around()-captionH-p.sourcesHeight(r))
	}
	return max(min(p.proseH, most), rowH)
}

// scrolled moves the text of a Reply.
func (p *Panel) scrolled(by int32) {
	r := p.Model.reply()
	if r == nil {
		return
	}
	m := p.Model
	m.scroll = min(max(m.scroll+by, 0), max(p.proseH-p.proseView(r), 0))
}

// reply shows a Reply: its title, what it says, and its sources.
func (p *Panel) reply() ui.Node {
	m, th := p.Model, p.theme()
	r := m.reply()
	state := r.Note
	if r.Growing {
		state = lang.T("answering…")
	}
	list := ui.Nodes{
		ui.Sized{H: captionH, Child: ui.Padding{Insets: ui.Sides(edge-theme.Space2, 0), Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
			ui.Expand{Child: ui.Label{Text: r.Title, Bold: true, Lines: 1, Level: 1}},
			ui.Label{Text: state, Size: theme.Caption, Color: th.Text3, Lines: 1},
		}}}},
		ui.Key("words", prose{
			blocks: parseProse(r.Text), view: p.proseView(r), at: m.scroll, theme: th, title: r.Title, plain: plain(r.Text), growing: r.Growing,
			high: p.measured, scroll: p.scrolled,
		}),
	}
	if len(r.Sources) > 0 {
		list = append(list, p.words(captionH, ui.Label{Text: lang.T("Sources"), Size: theme.Caption, Color: th.Text2, Lines: 1}))
		list = append(list, p.sources(r))
	}
	return ui.Padding{Insets: ui.All(theme.Space2), Child: ui.Column{Align: ui.Stretch, Children: list}}
}

// sourceIcons are those of the acts that open sources.
var sourceIcons = map[Verb]icon.Name{Open: icon.File, Browse: icon.Globe, Show: icon.Window, Settle: icon.Settings}

func (p *Panel) sources(r *Proposal) ui.Node {
	m := p.Model
	from, n := p.sourcesShown(r)
	var list ui.Nodes
	for i := from; i < from+n; i++ {
		s := &r.Sources[i]
		w := row{
			i: i, count: len(r.Sources), theme: p.theme(), key: "source:" + s.Act.Of, icon: sourceIcons[s.Act.Verb], title: s.Title, note: s.Note,
			kind: lang.T("Source"), picked: m.source == i, press: func() {
				m.Point(i)
				p.enter(false)
			},
		}
		list = append(list, ui.Key(w.key, w))
	}
	return ui.Labelled{Name: lang.T("Sources"), Role: ui.RoleList, Child: ui.Column{Align: ui.Stretch, Children: list}}
}

// measured takes note of how high the text of a Reply is.
func (p *Panel) measured(h int32) {
	if h != p.proseH {
		p.proseH = h
		p.grown()
	}
}

// prose is the widget of what a Reply says.
type prose struct {
	blocks       []block
	view, at     int32 // how high it is, and how far it is scrolled
	theme        *theme.Theme
	title, plain string
	growing      bool
	high         func(h int32) // told how high all of it is
	scroll       func(by int32)
}

const (
	proseGap  = theme.Space2
	itemWidth = theme.Space6
	codePad   = theme.Space2
)

// each lays the blocks out: fn gets each with its place.
func (r *prose) each(e *ui.Element, width int32, fn func(b *block, l *text.Layout, box geom.Rect)) (high int32) {
	y := int32(theme.Space1)
	align := text.Left
	if e.RTL() {
		align = text.Right
	}
	for i := range r.blocks {
		b := &r.blocks[i]
		x0, x1 := int32(edge-theme.Space2), width-(edge-theme.Space2)
		gap := int32(proseGap)
		switch b.kind {
		case item:
			x0 += itemWidth
			if i > 0 && r.blocks[i-1].kind == item {
				gap = theme.Space1
			}
		case code:
			x0, x1 = x0+codePad, x1-codePad
		case heading:
			gap = theme.Space4
		}
		if i > 0 {
			y += gap
		}
		pad := int32(0)
		if b.kind == code {
			pad = codePad
		}
		to := align
		if b.kind == code {
			to = text.Left
		}
		para := b.paragraph(x1-x0, to)
		l := e.Fonts().Layout(&para)
		h := (l.Height() + 255).Int()
		if fn != nil {
			box := geom.Rect{X0: x0, Y0: y + pad, X1: x1, Y1: y + pad + h}
			if e.RTL() {
				box.X0, box.X1 = width-x1, width-x0
			}
			fn(b, l, box)
		}
		y += h + 2*pad
	}
	return y + theme.Space2
}

// Layout implements ui.Node.
func (r prose) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	r.high(r.each(e, c.MaxW, nil))
	return geom.Size{W: c.MaxW, H: r.view}
}

// Paint implements ui.Node.
func (r prose) Paint(e *ui.Element, p *ui.Painter) {
	th, all := r.theme, e.Box()
	b := p.Builder()
	b.PushClip(all.Fixed())
	defer b.Pop()
	r.each(e, all.W(), func(k *block, l *text.Layout, box geom.Rect) {
		box.Y0, box.Y1 = box.Y0-r.at, box.Y1-r.at
		if box.Y1+codePad < 0 || box.Y0-codePad > all.H() {
			return
		}
		switch k.kind {
		case code:
			p.Round(geom.Rect{X0: box.X0 - codePad, Y0: box.Y0 - codePad, X1: box.X1 + codePad, Y1: box.Y1 + codePad}, theme.RadiusControl, th.Surface3)
		case item:
			mark := e.Fonts().Layout(&text.Paragraph{Text: k.marker, Style: text.Style{Size: text.Px(theme.Body)}})
			w := (mark.Advance() + 255).Int()
			x := box.X0 - theme.Space2 - w
			if e.RTL() {
				x = box.X1 + theme.Space2
			}
			p.Text(mark, x, box.Y0, th.Text2)
		}
		p.Text(l, box.X0, box.Y0, th.Text1)
	})
}

// Handle implements ui.Handler: the wheel scrolls.
func (r prose) Handle(e *ui.Element, ev ui.Event) bool {
	p, ok := ev.(*ui.Pointer)
	if !ok || p.Kind != ui.PointerScroll || p.Scroll.Y == 0 {
		return false
	}
	by := int32(max(min(p.Scroll.Y, 1<<16), -1<<16))
	e.Call(func() { r.scroll(by) })
	return true
}

// Describe implements ui.Describer.
func (r prose) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name, i.Value = ui.RoleText, r.title, r.plain
	i.Traits |= ui.IsReadOnly | ui.IsMultiline
	if r.growing {
		i.Traits |= ui.IsBusy
	}
}
