package session

import (
	"cmp"
	"slices"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/shell/overview"
	"rayos/shell/panel"
	"rayos/shell/preview"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// overviews is the overview: a stage on each output, on which the windows of the
// workspace go apart, and a common state.
type overviews struct {
	s      *Session
	tree   *scene.Tree // nil without a shell
	stages []*stage
	on     bool
	moving motion
	timer  *loop.Timer
	stale  bool

	filter  string
	chosen  wm.WindowID
	dragged wm.WindowID
	at      geom.FPoint // of the drag, on the output of from
	from    *stage
	over    int
}

// stage is the overview of one output.
type stage struct {
	v      *overviews
	o      *output
	tree   *scene.Tree
	ground *scene.Mirror // the wallpaper, over the windows
	dim    *scene.Rect
	view   *overview.Sheet
	panel  *panel.Panel
	pics   pictures
	thumbs []*pictures // of each workspace
	state  overview.State
	slots  []preview.Slot
	shown  []preview.Slot
	strip  []preview.Slot
}

// motion goes from 0 to 1 or back, and can be turned around on the way.
type motion struct {
	at, from, to float64
	since        time.Duration
}

// aim makes it go to an end.
func (m *motion) aim(to float64, now time.Duration) { m.from, m.to, m.since = m.at, to, now }

// step returns whether it is under way, by a cubic ease-out.
func (m *motion) step(now time.Duration) bool {
	t := float64(now-m.since) / float64(theme.MotionPanel)
	if t >= 1 || m.from == m.to {
		m.at = m.to
		return false
	}
	u := 1 - max(t, 0)
	m.at = m.from + (m.to-m.from)*(1-u*u*u)
	return true
}

// stageFrame is the time between two steps.
const stageFrame = time.Second / 60

// mostPictures is how many windows have a picture on a stage.
const mostPictures = 64

func (v *overviews) init(s *Session) {
	v.s, v.over = s, -1
	v.timer = s.loop.NewTimer(func() { v.stale = true })
	v.tree = s.layers.prompt.Parent().NewTree()
	v.tree.PlaceBelow(s.layers.prompt)
}

// set begins or ends the overview. A motion under way turns around.
func (v *overviews) set(on bool) {
	if on == v.on || on && (v.s.lock.on || len(v.s.outputs) == 0) {
		return
	}
	s := v.s
	if on {
		s.prompt.close()
		s.parts.release(v)
		v.filter, v.dragged, v.over = "", 0, -1
		v.chosen = s.wm.Focused()
	}
	v.on, v.stale = on, true
	end := 0.0
	if on {
		end = 1
	}
	v.moving.aim(end, s.loop.Now())
	if s.parts.theme.Still {
		v.moving.at, v.moving.from = end, end
	}
	v.follow()
	if on {
		v.keyStage().panel.Focus()
		s.console.marker("RAYOS_SHELL:overview:on")
		return
	}
	s.console.marker("RAYOS_SHELL:overview:off")
	for _, g := range v.stages {
		g.panel.Release()
		g.panel.Place(geom.Rect{}, geom.Rect{}, 0)
		g.hideThumbs()
		g.pics.raise(v.chosen)
	}
	s.focusWindow()
}

// keyStage is the one that has the keyboard.
func (v *overviews) keyStage() *stage {
	o := v.s.preferred()
	for _, g := range v.stages {
		if g.o == o {
			return g
		}
	}
	return v.stages[0]
}

// here reports whether anything is to be seen.
func (v *overviews) here() bool { return v.on || len(v.stages) > 0 }

// follow implements part.
func (v *overviews) follow() {
	if !v.here() {
		return
	}
	v.stale = true
	v.stages = slices.DeleteFunc(v.stages, func(g *stage) bool {
		if slices.Contains(v.s.outputs, g.o) {
			return false
		}
		g.close()
		return true
	})
	for _, o := range v.s.outputs {
		i := slices.IndexFunc(v.stages, func(g *stage) bool { return g.o == o })
		if i < 0 {
			i = len(v.stages)
			v.stages = append(v.stages, v.add(o))
		}
		v.stages[i].arrange()
	}
	if v.on && len(v.stages) > 0 && v.keyboard() == nil {
		v.keyStage().panel.Focus()
	}
}

// add makes the stage of an output.
func (v *overviews) add(o *output) *stage {
	g := &stage{v: v, o: o, tree: v.tree.NewTree()}
	g.ground = g.tree.NewMirror(v.s.layers.wallpaper)
	g.dim = g.tree.NewRect(geom.Size{}, 0)
	g.view = overview.New(stageActions{g}, v.s.opt.RTL)
	po := v.s.parts.options("overview", g.view.View)
	po.Name, po.Strip = po.Name+" "+o.info.Name, g.tree.NewTree()
	g.panel = panel.New(po)
	g.pics.init(v.s, g.tree)
	return g
}

// arrange fits the stage to its output.
func (g *stage) arrange() {
	area := g.o.scene.Logical()
	g.ground.SetPosition(area.X0, area.Y0)
	g.ground.Show(area, area.Size())
	g.dim.SetPosition(area.X0, area.Y0)
	g.dim.SetSize(area.Size())
	g.view.Resize(area.Size())
	if g.v.on {
		g.panel.Place(area, area, g.o.info.Scale)
	}
}

func (g *stage) hideThumbs() {
	for _, p := range g.thumbs {
		p.hide()
	}
}

func (g *stage) close() {
	g.panel.Close()
	g.pics.hide()
	g.hideThumbs()
	g.tree.Destroy()
}

// turn implements part.
func (v *overviews) turn() {
	if !v.here() {
		return
	}
	if v.on && (v.s.lock.on || v.keyboard() == nil) {
		v.set(false) // by a press elsewhere
	}
	if v.s.lock.on {
		v.gone()
		return
	}
	if v.stale {
		v.stale = false
		v.draw()
	}
	if !v.on {
		return
	}
	for _, g := range v.stages {
		g.panel.Turn()
	}
}

// draw brings all stages in line with the windows and the time.
func (v *overviews) draw() {
	now := v.s.loop.Now()
	if v.moving.step(now) {
		v.timer.Arm(now + stageFrame)
	} else if !v.on {
		v.gone()
		return
	}
	if w := v.s.windows[v.chosen]; w == nil || !w.mapped {
		v.chosen = 0
	}
	placed := v.s.wm.Arrange(nil)
	for _, g := range v.stages {
		g.draw(placed)
	}
}

// gone ends it all.
func (v *overviews) gone() {
	for _, g := range v.stages {
		g.close()
	}
	v.stages, v.dragged = nil, 0
	v.timer.Disarm()
}

// draw brings the stage in line. placed are all windows, bottom first.
func (g *stage) draw(placed []wm.Placement) {
	v, s := g.v, g.v.s
	area := g.o.scene.Logical()
	g.dim.SetColor(dimmed(s, v.moving.at))
	before := g.state
	g.state = overview.State{
		Windows: g.windows(placed), Spaces: g.spaces(placed), Filter: v.filter, Chosen: uint32(v.chosen),
		Settled: v.on && v.moving.at == 1, Dragged: uint32(v.dragged), Over: v.over,
	}
	if g.view.Show(g.state) || before.Settled != g.state.Settled {
		g.panel.Invalidate()
	}
	g.slots = g.view.Slots(g.slots[:0])
	g.shown = append(g.shown[:0], g.slots...)
	for i := range g.shown {
		q := &g.shown[i]
		q.Box = g.between(q.Window, q.Box)
		if wm.WindowID(q.Window) == v.dragged && v.from == g {
			q.Box = g.carried(q.Box)
		}
	}
	g.pics.show(g.shown, area.Size().Rect(), area.Min())
	g.pics.raise(v.dragged)
	if !v.on {
		return
	}
	for len(g.thumbs) < len(g.state.Spaces) {
		p := &pictures{}
		p.init(s, g.tree)
		p.tree.PlaceBelow(g.pics.tree)
		g.thumbs = append(g.thumbs, p)
	}
	for i, p := range g.thumbs {
		g.strip = g.strip[:0]
		if i < len(g.state.Spaces) {
			g.strip = g.view.Thumbs(g.strip, i)
		}
		p.show(g.strip, area.Size().Rect(), area.Min())
	}
}

// dimmed is what lies over the wallpaper.
func dimmed(s *Session, at float64) render.Color {
	return theme.Fade(s.parts.theme.Desktop, uint8(at*170))
}

// windows are those on the stage, bottom first: of the workspace, or of all that
// fit what was typed.
func (g *stage) windows(placed []wm.Placement) []overview.Window {
	s := g.v.s
	origin := g.o.scene.Logical().Min()
	var out []overview.Window
	for i := range placed {
		p := &placed[i]
		w := s.windows[p.ID]
		if w == nil || !w.mapped || p.Output != g.o.id || p.Parent != 0 && !p.Modal && p.Minimized {
			continue
		}
		v := overview.Window{Window: w.preview()}
		v.Minimised = p.Minimized
		if g.v.filter == "" && p.Workspace != s.wm.Current() || !overview.Fits(&v.Window, g.v.filter) {
			continue
		}
		v.Frame = p.Content.Add(geom.Point{X: -origin.X, Y: -origin.Y})
		if v.Frame.Empty() {
			v.Frame = geom.Rect{X0: v.Frame.X0, Y0: v.Frame.Y0, X1: v.Frame.X0 + v.Size.W, Y1: v.Frame.Y0 + v.Size.H}
		}
		out = append(out, v)
	}
	return out[max(len(out)-mostPictures, 0):]
}

// spaces are the workspaces with what they have on this output.
func (g *stage) spaces(placed []wm.Placement) []overview.Space {
	s := g.v.s
	origin := g.o.scene.Logical().Min()
	var out []overview.Space
	for _, w := range s.Workspaces(nil) {
		out = append(out, overview.Space{Name: w.Name, Shown: w.Active, Urgent: w.Urgent})
	}
	for i := range placed {
		p := &placed[i]
		if w := s.windows[p.ID]; w == nil || !w.mapped || p.Output != g.o.id || p.Minimized || p.Workspace >= len(out) {
			continue
		}
		sp := &out[p.Workspace]
		if len(sp.Windows) < mostPictures {
			sp.Windows = append(sp.Windows, preview.Slot{Window: uint32(p.ID), Box: p.Content.Add(geom.Point{X: -origin.X, Y: -origin.Y})})
		}
	}
	return out
}

// between is where a picture is on its way from its window to its card.
func (g *stage) between(id uint32, to geom.Rect) geom.Rect {
	k := g.v.moving.at
	if k == 1 {
		return to
	}
	area := g.o.scene.Logical()
	from := to
	if p, ok := g.v.s.placement(wm.WindowID(id)); ok && p.Workspace == g.v.s.wm.Current() && !p.Content.Empty() {
		from = p.Content.Add(geom.Point{X: -area.X0, Y: -area.Y0})
		if p.Minimized {
			from = geom.XYWH(area.W()/2-8, area.H()-16, 16, 10)
		}
	}
	mid := func(a, b int32) int32 { return a + int32(float64(b-a)*k) }
	return geom.Rect{X0: mid(from.X0, to.X0), Y0: mid(from.Y0, to.Y0), X1: mid(from.X1, to.X1), Y1: mid(from.Y1, to.Y1)}
}

// carried is where a picture is that is being dragged.
func (g *stage) carried(box geom.Rect) geom.Rect {
	const wide, high = 200, 150
	size := preview.Fit(box.Size(), geom.XYWH(0, 0, wide, high)).Size()
	at := g.v.at.Floor()
	return geom.XYWH(at.X-size.W/2, at.Y-size.H/2, size.W, size.H)
}

// owns implements part.
func (v *overviews) owns(f seat.Focus) bool {
	return slices.ContainsFunc(v.stages, func(g *stage) bool { return g.panel.Owns(f) })
}

// release implements part.
func (v *overviews) release() { v.set(false) }

// lasts implements lasting: workspaces come and go below it.
func (v *overviews) lasts() bool { return v.on }

// keyboard implements part.
func (v *overviews) keyboard() seat.Focus {
	if !v.on {
		return nil
	}
	for _, g := range v.stages {
		if f := g.panel.Keyboard(); f != nil {
			return f
		}
	}
	return nil
}

// end implements part.
func (v *overviews) end() {
	v.on = false
	v.gone()
}

// stageActions does what people do on a stage.
type stageActions struct{ g *stage }

func (a stageActions) Take(id uint32) {
	v := a.g.v
	v.chosen = wm.WindowID(id)
	v.s.do(wm.Activate{ID: v.chosen})
	v.set(false)
}

func (a stageActions) Choose(id uint32) {
	a.g.v.chosen = wm.WindowID(id)
	a.g.v.draw()
}

// Next goes through the windows of all stages, from the left to the right.
func (a stageActions) Next(back bool) {
	v := a.g.v
	var all []uint32
	for _, g := range v.stages {
		slots := slices.Clone(g.slots)
		slices.SortStableFunc(slots, func(a, b preview.Slot) int {
			if a.Box.Y1 <= b.Box.Y0 || b.Box.Y1 <= a.Box.Y0 {
				return cmp.Compare(a.Box.Y0, b.Box.Y0)
			}
			return cmp.Compare(a.Box.X0, b.Box.X0)
		})
		for _, q := range slots {
			all = append(all, q.Window)
		}
	}
	n := len(all)
	if n == 0 {
		return
	}
	i := slices.Index(all, uint32(v.chosen))
	switch {
	case back && i < 0:
		i = n - 1
	case back:
		i = (i + n - 1) % n
	default:
		i = (i + 1) % n
	}
	v.chosen = wm.WindowID(all[i])
	v.draw()
}

func (a stageActions) Close(id uint32) {
	if w := a.g.v.s.windows[wm.WindowID(id)]; w != nil && w.mapped {
		w.guest.Window.Close()
	}
}

func (a stageActions) Workspace(n int) { a.g.v.s.do(wm.Workspace{N: n}) }

func (a stageActions) AddWorkspace() {
	if s := a.g.v.s; s.do(wm.AddWorkspace{}) {
		s.moved, a.g.v.stale = true, true
	}
}

func (a stageActions) MoveTo(id uint32, n int) {
	a.g.v.s.do(wm.MoveToWorkspace{ID: wm.WindowID(id), N: n})
}

func (a stageActions) Filter(text string) {
	v := a.g.v
	v.filter = text
	if text != "" {
		v.chosen = 0
	}
	v.draw() // the next key is about what fits now
}

func (a stageActions) Drag(id uint32, at geom.FPoint, over int) {
	v := a.g.v
	v.dragged, v.at, v.from, v.over, v.stale = wm.WindowID(id), at, a.g, over, true
}

func (a stageActions) Drop(id uint32, over int) {
	v := a.g.v
	v.dragged, v.over, v.stale = 0, -1, true
	if over >= 0 {
		a.MoveTo(id, over)
	}
}

func (a stageActions) Cancel() { a.g.v.set(false) }

// Overview implements control.Desk.
func (c deskCommands) Overview(do control.OverviewAction) error {
	v := &c.s.spread
	on := do == control.OverviewOn || do == control.OverviewToggle && !v.on
	switch {
	case v.tree == nil:
		return errNoShell
	case on && c.s.lock.on:
		return errLocked
	case on && len(c.s.outputs) == 0:
		return control.Errorf(control.CodeNoOutput, "the session has no output")
	}
	v.set(on)
	return nil
}

var (
	_ part             = (*overviews)(nil)
	_ overview.Actions = stageActions{}
)
