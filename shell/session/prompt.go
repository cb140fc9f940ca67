package session

import (
	"context"
	"time"

	"rayos/geom"
	"rayos/intent/data"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/shell/answers"
	"rayos/shell/apps"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
	"rayos/shell/launcher"
	"rayos/shell/mind"
	"rayos/shell/theme"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// promptPanel is the panel in which the person at the first seat finds things
// and tells the session what to do. While it is open it has the keyboard: no
// client or guest hears what is typed there, but the input method. Nothing of it exists
// on a screen that is locked.
//
// It is there without Options.Shell, too. What it needs is made when it is
// opened for the first time.
type promptPanel struct {
	sheet
	model  launcher.Model
	face   launcher.Panel
	beyond *scene.Buffer // takes presses on the bare desktop

	apps    *apps.Index         // nil before the first scan
	ready   *launcher.Installed // of apps, what people choose from; nil for none
	offered offered
	undo    undo
	askers  asked
	dismiss context.CancelFunc // ends what they have begun for longer than a line
	running running
	many    many
	adviser adviser
	mind    *mind.Mind                // nil before it was needed
	learnt  bool                      // or about to be
	dull    error                     // why there is no mind
	pupils  []func(*mind.Mind, error) // wait for it
	meta    bool                      // Super went down, and nothing else has since
	choices string                    // the file of model.History, "" for none
	unwatch context.CancelFunc
}

// How far from the top of the output the panel begins, in hundredths of its
// height.
const promptTop = 22

func (p *promptPanel) init(s *Session) {
	p.sheet = sheet{s: s, name: "launcher", strip: s.layers.prompt.NewTree(), modal: true, hidden: p.gone, place: p.room, view: p.laid}
	p.beyond = s.layers.background.NewBuffer()
	p.beyond.Data = &beyond{s: s}
	p.beyond.SetEnabled(false)
	p.beyond.Lower()
	p.face = launcher.Panel{Model: &p.model, Do: p.chosen, Close: p.close, Face: p.icon, Abort: p.abort, Grown: p.grown}
	p.offered = newOffered(s.opt.Shell)
	p.undo.init(s)
	p.hire()
	p.adviser.p = p
	if err := p.adviser.set(); err != nil {
		s.log.Warn("no language model is asked", "err", err)
	}
	p.model.Now = p.wall
	p.model.Local = answers.New(p.facts())
	if s.opt.Shell {
		p.model.Reader = learner{p}
	}
	lines, err := launcher.LoadLines(s.opt.History)
	if err != nil {
		s.log.Warn("the prompt begins without its history", "err", err)
	}
	p.model.Lines = lines
	p.choices = s.opt.Choices
	p.model.History = &find.History{}
	if s.opt.Shell {
		p.watch()
	}
}

// learner is the launcher's reader, which is fetched with the first line of several
// words.
type learner struct{ p *promptPanel }

// Read implements launcher.Reader.
func (l learner) Read(line string, w *launcher.World) (launcher.Reading, bool) {
	if l.p.mind == nil {
		l.p.learn()
		return launcher.Reading{}, false
	}
	return l.p.mind.Read(line, w)
}

// learn has the launcher understand what people say.
func (p *promptPanel) learn() { p.withMind(func(*mind.Mind, error) {}) }

// withMind calls fn on the loop with what understands people, which is fetched
// once.
func (p *promptPanel) withMind(fn func(*mind.Mind, error)) {
	s := p.s
	if p.mind != nil || p.dull != nil {
		fn(p.mind, p.dull)
		return
	}
	p.pupils = append(p.pupils, fn)
	if p.learnt {
		return
	}
	p.learnt = true
	go func() {
		m, err := mind.Load()
		data.Words() // which are needed with the first line
		s.loop.Post(func() {
			if err != nil {
				s.log.Error("the prompt understands commands only", "err", err)
				p.dull = errNoMind
			} else {
				p.mind = m
				p.refresh()
				if line, asking := p.model.Line(); p.shown() && line != "" {
					p.face.Changed(line, asking) // the line may ask for something else than it seemed
				}
			}
			for _, fn := range p.pupils {
				fn(p.mind, p.dull)
			}
			p.pupils = nil
		})
	}()
}

// wall returns the time by which choices age.
func (p *promptPanel) wall() time.Time {
	if p.s.opt.Wall != nil {
		return p.s.opt.Wall()
	}
	return time.Now()
}

// watch follows what is installed.
func (p *promptPanel) watch() {
	if p.unwatch != nil {
		return
	}
	s := p.s
	if p.choices != "" {
		h, err := find.Load(p.choices)
		if err != nil {
			s.log.Warn("the launcher begins without what was chosen before", "err", err)
		}
		p.model.History = h
	}
	p.look()
}

// look begins to follow what is installed, anew if it is followed already.
func (p *promptPanel) look() {
	s := p.s
	if p.unwatch != nil {
		p.unwatch()
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.unwatch = cancel
	if len(s.opt.Apps.Dirs) == 0 {
		return
	}
	config := s.opt.Apps
	go func() {
		err := apps.Watch(ctx, config, func(x *apps.Index) {
			ready := launcher.Prepare(x.Menu())
			s.loop.Post(func() { p.installed(x, ready) })
		})
		if err != nil {
			s.loop.Post(func() { s.log.Warn("what is installed is not followed", "err", err) })
		}
	}()
}

// installed takes over what is installed now.
func (p *promptPanel) installed(x *apps.Index, ready *launcher.Installed) {
	p.apps, p.ready = x, ready
	if icons := p.s.parts.icons; icons != nil {
		icons.Refresh()
	}
	for _, err := range x.Problems() {
		p.s.log.Debug("applications", "err", err)
	}
	p.refresh()
}

// refresh shows what has changed while the panel is open.
func (p *promptPanel) refresh() {
	if p.shown() {
		p.model.See(p.world())
		p.invalidate()
	}
}

// icon returns the picture of a program.
func (p *promptPanel) icon(name string) *paint.Image {
	if p.out == nil {
		return nil
	}
	return p.s.parts.icons.Lookup(name, 24, p.out.info.Scale.Float())
}

// Keys that are Super (linux/input-event-codes.h).
const (
	keyLeftMeta  = 125
	keyRightMeta = 126
)

// key follows the keys of the person: Super alone, pressed and released, opens
// the panel, or closes it. In a virtual machine it is the machine's.
func (p *promptPanel) key(code uint32, pressed bool) {
	meta := code == keyLeftMeta || code == keyRightMeta
	if pressed || !meta || !p.meta {
		p.meta = pressed && meta
		return
	}
	p.meta = false
	s := p.s
	w := s.windows[s.wm.Focused()]
	if !s.opt.Shell || s.lock.on || !p.shown() && (s.seat.ShortcutsInhibited() || w != nil && w.mapped && s.machineOf(w.guest) != nil) {
		return
	}
	p.toggle()
}

// toggle opens the panel where the person works, or closes it.
func (p *promptPanel) toggle() {
	s := p.s
	if p.shown() {
		p.hide()
		return
	}
	if s.lock.on || len(s.outputs) == 0 {
		return
	}
	p.undo.hide()
	p.watch()
	s.parts.toolkit()
	p.face.Theme = s.parts.theme
	p.model.Open(p.world())
	p.show(s.workOutput())
	p.beyond.SetEnabled(true)
	s.moved = true
	s.console.marker("RAYOS_SHELL:launcher:opened")
}

// close takes the panel away; what was asked there goes on.
func (p *promptPanel) close() { p.hide() }

// gone is called when the panel was taken away, by whatever.
func (p *promptPanel) gone() {
	p.beyond.SetEnabled(false)
	p.face.Stop()
	p.s.traced.giveUp("the prompt was closed")
	p.s.console.marker("RAYOS_SHELL:launcher:closed")
	p.s.focusWindow()
}

// room returns where the panel is on an output, and makes the panel fit.
func (p *promptPanel) room(area geom.Rect) geom.Rect {
	top := area.H() * promptTop / 100
	p.face.Width = max(min(launcher.Width, area.W()-2*theme.Space4), 1)
	p.face.Height = area.H() - top - theme.Space4
	size := p.face.Size()
	return geom.XYWH(area.X0+(area.W()-size.W)/2, area.Y0+top, size.W, size.H)
}

// laid puts the panel where room says, in a root that is as large as the
// output.
func (p *promptPanel) laid() ui.Node {
	if p.out == nil {
		return ui.Sized{}
	}
	area := p.out.scene.Logical()
	at := p.room(area).Add(geom.Point{X: -area.X0, Y: -area.Y0})
	start := at.X0
	if p.s.opt.RTL {
		start = area.W() - at.X1
	}
	return ui.Padding{Insets: ui.Insets{Top: at.Y0, Start: start}, Child: ui.Aligned{X: ui.Start, Y: ui.Start, Child: ui.Sized{W: at.W(), H: at.H(), Child: p.face.View()}}}
}

// follow implements part.
func (p *promptPanel) follow() {
	p.sheet.follow()
	if !p.shown() {
		return
	}
	var all geom.Rect
	for _, o := range p.s.outputs {
		all = all.Union(o.scene.Logical())
	}
	p.beyond.SetPosition(all.X0, all.Y0)
	p.beyond.SetDestSize(all.Size())
}

// turn implements part: the panel is as high as what it shows.
func (p *promptPanel) turn() {
	if p.shown() {
		p.sheet.follow()
	}
	p.sheet.turn()
}

// end implements part.
func (p *promptPanel) end() {
	if p.unwatch != nil {
		p.unwatch()
	}
	p.askers.close()
	p.adviser.stop()
	p.dismiss()
	p.sheet.end()
}

// run carries a line out. What comes of it is shown beside it, now or when the
// panel is opened again.
func (p *promptPanel) run(line string, id uint64) {
	s, since := p.s, p.s.loop.Now()
	p.save()
	before := map[string]string{}
	if list, err := s.vms.VMs(); err == nil {
		for i := range list {
			before[list[i].ID] = list[i].State
		}
	}
	note := func(what string) {
		p.model.Busy(id, what)
		p.invalidate()
	}
	cancel := s.console.ask("prompt", line, note, func(r grammar.Result, a grammar.Ack) {
		if r.Outcome != grammar.Matched {
			a = grammar.Ack{Why: launcher.Wrong(&r)}
		}
		p.answered(id, op(&r, &a), a, s.loop.Now()-since)
		if r.Outcome == grammar.Matched {
			p.undoCommand(&r.Command, a, before[r.Command.VM])
		}
		p.refresh()
	})
	p.running = running{id, cancel}
}

// op is what a line is called where its arguments aren't.
func op(r *grammar.Result, a *grammar.Ack) string {
	if r.Outcome != grammar.Matched {
		return "line"
	}
	return a.Op
}

// save writes what is remembered on another goroutine, for a disk may take its
// time.
func (p *promptPanel) save() {
	s := p.s
	list := []func() error{p.model.Lines.Save()}
	if p.choices != "" {
		list = append(list, p.model.History.Save(p.choices))
	}
	go func() {
		for _, write := range list {
			if err := write(); err != nil {
				s.loop.Post(func() { s.log.Error("save", "err", err) })
			}
		}
	}()
}

// beyond is the bare desktop while the panel is open. A press on it is one
// beside the panel, as on any window.
type beyond struct {
	seat.NoFocus
	s *Session
}

// PointerEnter implements seat.Focus.
func (b *beyond) PointerEnter(uint32, geom.FPoint) { b.s.SetCursorShape(b.s.seat, "default") }

var _ part = (*promptPanel)(nil)
