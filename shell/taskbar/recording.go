package taskbar

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// recording says that the screen is being recorded; a press ends that.
func (b *Bar) recording() ui.Node {
	text := lang.T("Recording: stop")
	return ui.Tooltip{Text: text, Child: ui.Pressable{
		Name: text, Radius: theme.RadiusControl, OnPress: b.act.StopRecording, Child: redDot{},
	}}
}

// redDot is as large as a button.
type redDot struct{}

func (redDot) Layout(e *ui.Element, _ ui.Constraints) geom.Size {
	h := e.Theme().Control()
	return geom.Size{W: h, H: h}
}

func (redDot) Paint(e *ui.Element, p *ui.Painter) {
	box, th := e.Box(), e.Theme()
	p.Disc(box.Inset((box.H()-16)/2), theme.Fade(th.Bad, 70))
	p.Disc(box.Inset((box.H()-10)/2), th.Bad)
}
