package session

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/prompt"
	"rayos/shell/theme"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/vmm"
)

// promptPanel is the panel in which the person at the first seat tells the
// session what to do. While it is open it has the keyboard: no client, guest or
// input method hears what is typed there. Nothing of it exists on a screen that
// is locked.
type promptPanel struct {
	seat.NoFocus
	s      *Session
	model  prompt.Model
	canvas prompt.Canvas
	on     bool
	out    *output
	view   prompt.View
	at     geom.Rect // logical, in the layout

	tree   *scene.Tree
	shade  []*scene.Buffer
	face   *scene.Buffer
	beyond *scene.Buffer // takes presses on the bare desktop
	tex    render.Texture
	shadow *prompt.Shadow
	casts  shadowOf

	repeat  *loop.Timer
	held    uint32 // the key that repeats
	pending bool   // the clipboard is being read
	pointer geom.FPoint
	down    bool // a button was pressed in the line
}

// shadowOf is what a shadow is drawn for.
type shadowOf struct {
	scale geom.Scale
	size  geom.Size
}

// How far from the top of the output the panel begins, in hundredths of its
// height.
const promptTop = 22

func (p *promptPanel) init(s *Session) {
	p.s = s
	p.tree = s.layers.prompt
	p.tree.SetEnabled(false)
	shade := p.tree.NewTree()
	shade.SetInput(false)
	for range 8 {
		p.shade = append(p.shade, shade.NewBuffer())
	}
	p.face = p.tree.NewBuffer()
	p.face.Data = p
	p.beyond = s.layers.background.NewBuffer()
	p.beyond.Data = &beyond{s: s}
	p.beyond.SetEnabled(false)
	p.beyond.Lower()
	p.repeat = s.loop.NewTimer(p.again)
	h, err := prompt.LoadHistory(s.opt.History)
	if err != nil {
		s.log.Warn("the prompt begins without its history", "err", err)
	}
	p.model.History = h
}

// toggle opens the panel where the person works, or closes it.
func (p *promptPanel) toggle() {
	if p.on {
		p.close()
		return
	}
	s := p.s
	if s.lock.on || len(s.outputs) == 0 {
		return
	}
	p.out = s.outputs[0]
	if g := s.PreferredOutput(); g != nil {
		if o, ok := g.Data.(*output); ok {
			p.out = o
		}
	}
	p.on = true
	p.model.Open(p.world())
	p.draw()
	p.tree.SetEnabled(true)
	p.beyond.SetEnabled(true)
	s.moved = true
	s.focusWindow()
}

// close takes the panel away; what was asked there goes on.
func (p *promptPanel) close() {
	if !p.on {
		return
	}
	s := p.s
	p.on, p.out, p.down = false, nil, false
	p.repeat.Disarm()
	p.tree.SetEnabled(false)
	p.beyond.SetEnabled(false)
	s.moved = true
	s.focusWindow()
}

// beyond is the bare desktop while the panel is open. A press on it is one
// beside the panel, as on any window.
type beyond struct {
	seat.NoFocus
	s *Session
}

// PointerEnter implements seat.Focus.
func (b *beyond) PointerEnter(uint32, geom.FPoint) { b.s.SetCursorShape(b.s.seat, "default") }

// follow keeps up with the output that the panel is on.
func (p *promptPanel) follow() {
	if !p.on {
		return
	}
	for _, o := range p.s.outputs {
		if o == p.out {
			p.draw()
			return
		}
	}
	p.close()
}

// world is what lines can be about now.
func (p *promptPanel) world() prompt.World {
	s := p.s
	w := prompt.World{
		Env: s.console.env(), Machines: map[string]prompt.Machine{},
		Sensible: func(c grammar.Command) bool { return c.Kind != grammar.None },
	}
	list, err := s.vms.VMs()
	if err != nil {
		return w // there are no machines, and the acknowledgement says why
	}
	now := map[string]*control.VM{}
	w.Sensible = func(c grammar.Command) bool { return c.Kind != grammar.None && sensible(&c, now[c.VM]) }
	for i := range list {
		v := &list[i]
		now[v.ID] = v
		m := prompt.Machine{Name: v.Name, State: v.State, Trust: theme.Linux}
		if v.Kind == string(vmm.Windows) {
			m.Trust = theme.Windows
		}
		if vmm.State(v.State) == vmm.Running && !v.Shown {
			m.State += ", hidden"
		}
		w.Machines[v.ID] = m
	}
	return w
}

// sensible reports whether a command would change anything about a machine,
// which is nil for one that isn't known.
func sensible(c *grammar.Command, v *control.VM) bool {
	if v == nil {
		return true
	}
	alive := vmm.State(v.State).Alive()
	switch c.Verb {
	case grammar.Show:
		return true // at least it comes to the front
	case grammar.Hide:
		return v.Shown
	case grammar.Start:
		return !alive
	case grammar.Resume:
		return vmm.State(v.State) == vmm.Suspended
	}
	return alive // only what runs can be ended, or take input
}

// draw brings the panel on the screen in line with the model.
func (p *promptPanel) draw() {
	s, r := p.s, p.out.scene.Logical()
	room := geom.Size{W: max(min(theme.PromptWidth, r.W()-2*theme.Space4), 1)}
	top := r.H() * promptTop / 100
	room.H = r.H() - top - theme.Space4
	p.view = p.model.View(room)
	p.at = geom.XYWH(r.X0+(r.W()-room.W)/2, r.Y0+top, p.view.Size.W, p.view.Size.H)
	scale := p.out.info.Scale
	size := scale.ApplyRect(p.at.Add(geom.Point{X: -r.X0, Y: -r.Y0})).Size()
	damage := p.canvas.Draw(p.view, size, scale, s.opt.Scheme)
	if err := p.show(damage); err != nil {
		s.log.Error("prompt", "err", err)
		return
	}
	var all geom.Rect
	for _, o := range s.outputs {
		all = all.Union(o.scene.Logical())
	}
	p.beyond.SetPosition(all.X0, all.Y0)
	p.beyond.SetDestSize(all.Size())
	p.tree.SetPosition(p.at.X0, p.at.Y0)
	p.face.SetDestSize(p.at.Size())
	inner := geom.Rect{Y0: theme.RadiusPrompt, X1: p.at.W(), Y1: p.at.H() - theme.RadiusPrompt}
	opaque := geom.RegionOf(inner)
	p.face.SetOpaque(&opaque)
	if err := p.cast(scale); err != nil {
		s.log.Error("prompt", "err", err)
	}
}

// show hands the picture to the renderer: only damage has changed, or all if
// it is nil.
func (p *promptPanel) show(damage *geom.Region) error {
	px := p.canvas.Pixels()
	if damage != nil && p.tex != nil {
		if damage.Empty() {
			return nil
		}
		if err := p.s.render.Update(p.tex, px, damage); err != nil {
			return err
		}
		p.face.SetTexture(p.tex, damage)
		return nil
	}
	tex, err := p.s.render.Import(px, false)
	if err != nil {
		return err
	}
	p.face.SetTexture(tex, nil)
	if p.tex != nil {
		p.tex.Release()
	}
	p.tex = tex
	return nil
}

// cast puts the shadow around the panel.
func (p *promptPanel) cast(scale geom.Scale) error {
	now := shadowOf{scale, p.at.Size()}
	if now == p.casts {
		return nil
	}
	if p.shadow == nil || p.casts.scale != scale {
		p.shadow = prompt.NewShadow(scale, p.s.opt.Scheme)
	}
	p.casts = now
	tex, err := p.s.art.texture(p.shadow.Pixels())
	if err != nil {
		return err
	}
	parts := p.shadow.Place(now.size)
	for i, b := range p.shade {
		b.SetEnabled(i < len(parts))
		if i < len(parts) {
			b.SetPosition(parts[i].Dst.X0, parts[i].Dst.Y0)
			b.SetDestSize(parts[i].Dst.Size())
			b.SetSource(parts[i].Src)
			b.SetTexture(tex, nil)
		}
	}
	return nil
}

// act does what a key or a click has asked for.
func (p *promptPanel) act(e prompt.Effect) {
	switch e {
	case prompt.Nothing:
		return
	case prompt.Close:
		p.close()
		return
	case prompt.Run:
		p.run()
	case prompt.Paste:
		p.paste()
	case prompt.Copy:
		p.copy()
	case prompt.Cut:
		if p.copy() {
			p.model.Insert("")
		}
	}
	if p.on {
		p.draw()
	}
}

// run carries the line out. The panel stays: what comes of the line is shown
// beside it, now or when it is opened again.
func (p *promptPanel) run() {
	s, since := p.s, p.s.loop.Now()
	line, id := p.model.Submit()
	p.save()
	s.console.Prompt("prompt", line, func(r grammar.Result, a grammar.Ack) {
		p.model.Answer(id, r, a, s.loop.Now()-since)
		if p.on {
			p.model.See(p.world())
			p.draw()
		}
	})
}

// save writes the history on another goroutine, for a disk may take its time.
func (p *promptPanel) save() {
	write, s := p.model.History.Save(), p.s
	go func() {
		if err := write(); err != nil {
			s.loop.Post(func() { s.log.Error("save", "err", err) })
		}
	}()
}

// end frees what the panel has.
func (p *promptPanel) end() {
	p.repeat.Disarm()
	p.face.SetTexture(nil, nil)
	if p.tex != nil {
		p.tex.Release()
		p.tex = nil
	}
}

// Accepts implements seat.Focus.
func (p *promptPanel) Accepts() bool { return p.on && !p.s.lock.on }

// Client implements seat.Focus: its serials are no use to anybody else.
func (p *promptPanel) Client() any { return p }

// Private implements seat.Private.
func (p *promptPanel) Private() {}

var (
	_ seat.Focus   = (*promptPanel)(nil)
	_ seat.Private = (*promptPanel)(nil)
)
