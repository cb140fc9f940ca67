package view

import (
	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/notify"
)

// body is text with the few styles that notifications have.
type body struct {
	spans []notify.Span
	lines int
}

func (b body) paragraph(e *ui.Element, width int32) text.Paragraph {
	p := text.Paragraph{Width: text.Px(width), MaxLines: b.lines, Align: text.Left}
	if e.RTL() {
		p.Align = text.Right
	}
	th := e.Theme()
	for _, s := range b.spans {
		sp := text.Span{Text: s.Text, Style: text.Style{Size: text.Px(theme.Body)}}
		if s.Style&notify.Bold != 0 {
			sp.Style.Weight = text.SemiBold
			sp.Color = th.Text1
		}
		if s.Style&(notify.Italic|notify.Underline) != 0 {
			sp.Color = th.Text1 // there is no such face: it stands out by its colour
		}
		if s.Link != "" {
			sp.Color = th.Accent
		}
		p.Spans = append(p.Spans, sp)
	}
	return p
}

// Layout implements ui.Node.
func (b body) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	p := b.paragraph(e, min(max(c.MaxW, 1), 1<<14))
	l := e.Fonts().Layout(&p)
	return geom.Size{W: c.MaxW, H: l.Height().Ceil()}
}

// Paint implements ui.Node.
func (b body) Paint(e *ui.Element, p *ui.Painter) {
	para := b.paragraph(e, max(e.Size().W, 1))
	p.Text(e.Fonts().Layout(&para), 0, 0, e.Theme().Text2)
}

// Describe implements ui.Describer.
func (b body) Describe(_ *ui.Element, i *ui.Info) {
	n := notify.Notification{Body: b.spans}
	i.Role, i.Name = ui.RoleLabel, n.Text()
}
