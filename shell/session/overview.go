package session

import (
	"slices"
	"time"

	"rayos/geom"
	"rayos/internal/loop"
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

// stageFrame is the time between two steps.
const stageFrame = time.Second / 60

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
	fit := 0
	for _, g := range v.stages {
		g.found = g.windows(placed)
		fit += len(g.found)
	}
	for _, g := range v.stages {
		g.draw(placed, v.filter != "" && fit > len(g.found))
	}
}

// gone ends it all.
func (v *overviews) gone() {
	for _, g := range v.stages {
		g.close()
	}
	v.stages, v.dragged = nil, 0
	v.timer.Disarm()
	v.s.memory.later()
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

var _ part = (*overviews)(nil)
