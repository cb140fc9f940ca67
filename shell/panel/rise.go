package panel

import (
	"time"

	"rayos/internal/loop"
)

// rise fades the strip in. Nothing is drawn anew for it: it is the opacity of
// the strip's node that changes, so a step costs its composition alone.
type rise struct {
	p     *Panel
	timer *loop.Timer
	since time.Duration
}

func (r *rise) init(p *Panel) {
	r.p = p
	r.timer = p.o.Loop.NewTimer(r.step)
}

// begin starts at nothing, unless motion isn't wanted.
func (r *rise) begin() {
	if r.p.o.Rise <= 0 || r.p.o.UI.Theme != nil && r.p.o.UI.Theme.Still {
		return
	}
	r.since = r.p.o.Loop.Now()
	r.step()
}

// step sets the opacity for now and asks for the next step.
func (r *rise) step() {
	now, node := r.p.o.Loop.Now(), r.p.base.node
	t := now + frame - r.since // the step is seen at the next refresh
	if t >= r.p.o.Rise {
		node.SetAlpha(255)
		return
	}
	// The cubic ease-out: most of the way at once.
	left := 1 - float64(t)/float64(r.p.o.Rise)
	node.SetAlpha(uint8(255 * (1 - left*left*left)))
	r.timer.Arm(now + frame)
}

// stop ends it.
func (r *rise) stop() {
	r.timer.Disarm()
	r.p.base.node.SetAlpha(255)
}
