package session

import (
	"time"

	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
)

// many are the steps of what the person has chosen as a whole: each begins when
// the one before has been acknowledged, and the first that fails is the last.
type many struct {
	id    uint64 // 0 for none under way
	line  string
	steps []launcher.Act // that are left
	began time.Duration
}

// goesOn reports whether there are more steps after one that was acknowledged.
func (m *many) goesOn(id uint64) bool { return m.id == id && id != 0 && len(m.steps) > 0 }

// each carries out several acts.
func (p *promptPanel) each(c launcher.Chosen) {
	p.save()
	p.many = many{id: c.ID, line: c.Of, steps: c.Steps, began: p.s.loop.Now()}
	p.next()
}

// next carries out the next step. Those that aren't lines have their effect at
// once.
func (p *promptPanel) next() {
	for len(p.many.steps) > 0 {
		id, step := p.many.id, p.many.steps[0]
		p.many.steps = p.many.steps[1:]
		c := launcher.Chosen{Act: step}
		if step.Verb == launcher.Run {
			c.ID = id
		}
		if err := p.do(c); err != nil {
			p.answered(id, failure(p.many.line, err), p.s.loop.Now()-p.many.began)
			return
		}
		if c.ID != 0 {
			return // its acknowledgement goes on
		}
	}
	p.answered(p.many.id, grammar.Ack{OK: true, Op: p.many.line}, p.s.loop.Now()-p.many.began)
}

// answered shows what came of a line, or of the last step of several.
func (p *promptPanel) answered(id uint64, a grammar.Ack, took time.Duration) {
	if a.OK && p.many.goesOn(id) {
		p.next()
		return
	}
	if p.many.id == id {
		p.many = many{}
	}
	p.model.Answer(id, a, took)
	p.refresh()
}
