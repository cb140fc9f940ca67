package launcher

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// row is the widget of a proposal or an action.
type row struct {
	key         string
	i, count    int
	icon        icon.Name
	face        *paint.Image // instead of the icon
	title, note string
	kind        string // for who doesn't see the icon
	dot         render.Color
	picked      bool
	wrong       bool // note says what is wrong
	press       func()
	theme       *theme.Theme
}

var icons = [...]icon.Name{
	Application: icon.Apps, Window: icon.Window, Machine: icon.Machine, Page: icon.Settings, Answer: icon.Sparkle,
	Command: icon.Terminal, File: icon.File, Example: icon.Help,
	Workspace: icon.Workspaces, Action: icon.Tune, Reply: icon.Chat,
}

// proposal makes the row show p.
func (r *row) proposal(p *Proposal, dot render.Color, picked bool) {
	r.key, r.icon, r.title, r.note, r.kind, r.picked, r.wrong = p.Key, icons[min(p.Kind, Reply)], p.Title, p.Note, lang.T(p.Kind.String()), picked, p.Wrong
	if p.Guest {
		r.dot = dot
		if r.note == "" {
			r.note = p.Trust.Name()
		} else {
			r.note = lang.F("{trust} · {what}", "trust", p.Trust.Name(), "what", r.note)
		}
	}
}

// action makes the row show an act.
func (r *row) action(a Act, i int, picked bool) {
	r.key, r.icon, r.title, r.kind, r.picked = "act:"+a.Name+a.Of+a.With, icon.ArrowRight, a.Name, lang.T("Action"), picked
	if i < 2 {
		r.note = [...]string{lang.T("Enter"), lang.T("Ctrl+Enter")}[i]
	}
}

// Layout implements ui.Node.
func (r row) Layout(_ *ui.Element, c ui.Constraints) geom.Size {
	return geom.Size{W: c.MaxW, H: rowH}
}

// Paint implements ui.Node.
func (r row) Paint(e *ui.Element, p *ui.Painter) {
	th, box := r.theme, e.Box()
	switch {
	case r.picked:
		p.Round(box, theme.RadiusControl, th.Selection())
	case e.Hovered():
		p.Round(box, theme.RadiusControl, theme.Fade(th.Text1, 20))
	}
	const left = edge - theme.Space2
	if r.face != nil {
		r.paintFace(p, e.Mirror(geom.XYWH(left+(theme.IconMedium-faceSize)/2, (rowH-faceSize)/2, faceSize, faceSize)))
	} else {
		p.Icon(r.icon, theme.IconMedium, e.Mirror(geom.XYWH(left, 0, theme.IconMedium, rowH)), th.Text2)
	}
	at, end := int32(left+theme.IconMedium+theme.Space3), box.W()-left
	room := end - at
	least := room * 2 / 5
	if r.wrong {
		least = room * 2 / 3
	}
	// The note has what the title leaves, and at least its part.
	_, wants := r.text(e, r.title, theme.Body, room)
	most := max(room-wants-theme.Space6, least)
	note, noteW := r.text(e, r.note, theme.Caption, most)
	title, titleW := r.text(e, r.title, theme.Body, room-noteW-theme.Space6)
	p.Text(title, e.Mirror(geom.XYWH(at, 0, titleW, 0)).X0, (rowH-title.Height().Int())/2, th.Text1)
	ink := th.Text3
	switch {
	case r.wrong:
		ink = th.Bad
	case r.picked:
		ink = th.Text2
	}
	p.Text(note, e.Mirror(geom.XYWH(end-noteW, 0, noteW, 0)).X0, (rowH-note.Height().Int())/2, ink)
	if r.dot != 0 {
		p.Disc(e.Mirror(geom.XYWH(end-noteW-theme.Space4, (rowH-8)/2, 8, 8)), r.dot)
	}
}

// faceSize is how large pictures of programs are, in logical pixels.
const faceSize = 24

// paintFace draws the picture into a square, as large as it can be.
func (r *row) paintFace(p *ui.Painter, box geom.Rect) {
	size := r.face.Size()
	w, h := int32(faceSize), int32(faceSize)
	if size.W > size.H {
		h = max(faceSize*size.H/size.W, 1)
	} else {
		w = max(faceSize*size.W/size.H, 1)
	}
	p.Builder().Image(r.face, geom.XYWH(box.X0+(faceSize-w)/2, box.Y0+(faceSize-h)/2, w, h).Fixed(), paint.ImageOptions{})
}

// text lays out one line that is at most so wide, and says how wide it is.
func (r *row) text(e *ui.Element, s string, size, most int32) (*text.Layout, int32) {
	p := text.Paragraph{Text: s, Style: text.Style{Size: text.Px(size)}}
	l := e.Fonts().Layout(&p)
	w := (l.Advance() + 255).Int()
	if w > most {
		p.Width, p.MaxLines = text.Px(max(most, 1)), 1
		if e.RTL() {
			p.Align = text.Right
		}
		return e.Fonts().Layout(&p), most
	}
	return l, w
}

// Handle implements ui.Handler.
func (r row) Handle(e *ui.Element, ev ui.Event) bool {
	return ui.Click(e, ev, ui.LeftButton, func() { e.Call(r.press) })
}

// Describe implements ui.Describer.
func (r row) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name, i.Description = ui.RoleListItem, r.title, r.kind
	if r.note != "" {
		i.Description += ", " + r.note
	}
	i.Index, i.Count = r.i+1, r.count
	if r.picked {
		i.Traits |= ui.IsSelected
	}
	i.Can(ui.DoActivate)
}

// Act implements ui.Actor.
func (r row) Act(e *ui.Element, a ui.Action, _ string) bool {
	if a != ui.DoActivate {
		return false
	}
	e.Call(r.press)
	return true
}
