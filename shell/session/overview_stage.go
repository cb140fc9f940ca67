package session

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/ui/theme"
	"rayos/shell/overview"
	"rayos/shell/panel"
	"rayos/shell/preview"
	"rayos/surfaces/scene"
	"rayos/wm"
)

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
	thumbs []*pictures       // of each workspace
	found  []overview.Window // on this output
	state  overview.State
	slots  []preview.Slot
	shown  []preview.Slot
	strip  []preview.Slot
}

// mostPictures is how many windows have a picture on a stage.
const mostPictures = 64

// add makes the stage of an output.
func (v *overviews) add(o *output) *stage {
	g := &stage{v: v, o: o, tree: v.tree.NewTree()}
	g.ground = g.tree.NewMirror(v.s.layers.wallpaper)
	g.dim = g.tree.NewRect(geom.Size{}, 0)
	g.view = overview.New(stageActions{g}, v.s.opt.RTL)
	po := v.s.parts.options("overview", g.view.View)
	po.Name, po.Strip = po.Name+" "+o.info.Name, g.tree.NewTree()
	po.Sparse = true
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

// draw brings the stage in line. placed are all windows, bottom first; elsewhere
// tells whether some that fit are on other outputs.
func (g *stage) draw(placed []wm.Placement, elsewhere bool) {
	v, s := g.v, g.v.s
	area := g.o.scene.Logical()
	g.dim.SetColor(dimmed(s, v.moving.at))
	before := g.state
	g.state = overview.State{
		Windows: g.found, Spaces: g.spaces(placed), Filter: v.filter, Elsewhere: elsewhere, Chosen: uint32(v.chosen),
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

// dimmed is what lies over the wallpaper, or, without one, over the windows.
func dimmed(s *Session, at float64) render.Color {
	full := 170.
	if s.opt.Plain {
		full = 255
	}
	return theme.Fade(s.parts.theme.Desktop, uint8(at*full))
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

// carried is where a picture is that is being dragged. Over a workspace it is
// small enough to show which one that is.
func (g *stage) carried(box geom.Rect) geom.Rect {
	room := geom.Size{W: 200, H: 150}
	if g.v.over >= 0 {
		t := g.view.Space(g.v.over).Size()
		room = geom.Size{W: t.W / 2, H: t.H / 2}
	}
	size := preview.Fit(box.Size(), room.Rect()).Size()
	at := g.v.at.Floor()
	return geom.XYWH(at.X-size.W/2, at.Y-size.H/2, size.W, size.H)
}
