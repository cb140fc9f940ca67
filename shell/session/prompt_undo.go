package session

import (
	"time"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
	"rayos/shell/osd"
	"rayos/shell/taskbar"
	"rayos/vmm"
	"rayos/wm"
)

// undoFor is how long what was done can be taken back.
const undoFor = 8 * time.Second

// undo takes back what was done last by the launcher, for a while: by Ctrl+Z in
// it, by Super+Z, or by the button of a small sheet where the launcher is gone.
type undo struct {
	sheet
	what  string
	back  func()
	timer *loop.Timer
}

// Size of the sheet, in logical pixels.
const (
	undoW = 360
	undoH = 48
)

func (u *undo) init(s *Session) {
	u.timer = s.loop.NewTimer(u.forget)
	u.sheet = sheet{s: s, name: "undo", strip: s.layers.hints.Parent().NewTree(), view: u.laid, place: u.room}
	u.strip.PlaceBelow(s.layers.hints)
}

// room is above the on-screen display.
func (u *undo) room(area geom.Rect) geom.Rect {
	w := min(undoW, area.W())
	return geom.XYWH(area.X0+(area.W()-w)/2, max(area.Y1-taskbar.Height-osd.Above-osd.Height-uitheme.Space3-undoH, area.Y0), w, undoH)
}

func (u *undo) laid() ui.Node {
	if u.out == nil {
		return ui.Sized{}
	}
	area := u.out.scene.Logical()
	at := u.room(area).Add(geom.Point{X: -area.X0, Y: -area.Y0})
	start := at.X0
	if u.s.opt.RTL {
		start = area.W() - at.X1
	}
	return ui.Padding{Insets: ui.Insets{Top: at.Y0, Start: start}, Child: ui.Aligned{X: ui.Start, Y: ui.Start, Child: ui.Sized{W: at.W(), H: at.H(), Child: launcher.Ground(
		ui.Labelled{Name: u.what, Role: ui.RoleAlert, Child: ui.Padding{Insets: ui.Insets{Start: uitheme.Space4, End: uitheme.Space2}, Child: ui.Row{Gap: uitheme.Space3, Align: ui.Centre, Children: ui.Nodes{
			ui.Expand{Child: ui.Aligned{X: ui.Start, Y: ui.Centre, Child: ui.Label{Text: u.what, Lines: 1}}},
			ui.Button{Text: lang.T("Undo"), Icon: icon.Undo, Tone: ui.Quiet, Description: "Super+Z", OnPress: u.take},
		}}}},
	)}}}
}

// offer lets something be taken back.
func (u *undo) offer(what string, back func()) {
	s := u.s
	u.what, u.back = what, back
	s.prompt.model.Undoable(what)
	u.timer.Arm(s.loop.Now() + undoFor)
	switch {
	case s.prompt.shown():
		s.prompt.invalidate()
	case len(s.outputs) > 0 && !s.lock.on:
		u.show(s.workOutput())
	}
}

// take takes it back.
func (u *undo) take() {
	back := u.back
	u.forget()
	if back != nil {
		back()
	}
}

// forget ends the time for it.
func (u *undo) forget() {
	u.what, u.back = "", nil
	u.timer.Disarm()
	u.s.prompt.model.Undoable("")
	u.s.prompt.invalidate()
	u.hide()
}

// opposite are the commands that take back others.
var opposite = map[grammar.Verb]grammar.Verb{grammar.Show: grammar.Hide, grammar.Hide: grammar.Show}

// undoCommand offers to take a command back that has had an effect.
func (p *promptPanel) undoCommand(c *grammar.Command, a grammar.Ack, before string) {
	verb, ok := opposite[c.Verb]
	if !ok || !a.OK || c.Verb == grammar.Show && before != string(vmm.Running) || a.Detail == string(grammar.AlreadyPresented) {
		return
	}
	back := *c
	back.Verb = verb
	p.undo.offer(launcher.Deed(c, p.model.Who(c)), func() {
		p.s.console.Prompt("prompt", back.Line(), func(grammar.Result, grammar.Ack) {})
	})
}

// undoSwitch goes to a workspace, and offers to go back.
func (p *promptPanel) undoSwitch(n int) {
	s := p.s
	before := s.wm.Current()
	if s.do(wm.Workspace{N: n}) && s.wm.Current() != before {
		p.hide()
		p.undo.offer(lang.T("Went to another workspace"), func() { s.do(wm.Workspace{N: before}) })
	}
}

// undoMinimise minimises a window, and offers to have it back.
func (p *promptPanel) undoMinimise(w *window) {
	s, id, title := p.s, w.id, w.title()
	if s.do(wm.Minimize{ID: id, To: wm.On}) {
		p.hide()
		p.undo.offer(lang.F("Minimised “{window}”", "window", launcher.Name(title)), func() { s.do(wm.Activate{ID: id}) })
	}
}
