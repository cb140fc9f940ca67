package session

import (
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
)

// many are the steps of what the person has chosen as a whole: each begins when
// the one before has been acknowledged, and the first that fails is the last.
type many struct {
	id    uint64 // 0 for none under way
	line  string
	steps []launcher.Act // that are left
	now   launcher.Act   // that is under way
	began time.Duration
}

// goesOn reports whether there are more steps after one that was acknowledged.
func (m *many) goesOn(id uint64) bool { return m.id == id && id != 0 && len(m.steps) > 0 }

// each carries out several acts.
func (p *promptPanel) each(c launcher.Chosen) {
	p.save()
	p.s.traced.forget(p.many.id, "another line was chosen")
	p.many = many{id: c.ID, line: c.Of, steps: c.Steps, began: p.s.loop.Now()}
	p.next()
}

// next carries out the next step. Those that aren't lines have their effect at
// once.
func (p *promptPanel) next() {
	for len(p.many.steps) > 0 {
		id, step := p.many.id, p.many.steps[0]
		p.many.steps, p.many.now = p.many.steps[1:], step
		c := launcher.Chosen{Act: step}
		if step.Verb == launcher.Run {
			c.ID = id
		}
		err := p.do(c)
		switch {
		case err != nil:
			p.answered(id, actNames[step.Verb], failure(p.many.line, err), 0)
			return
		case c.ID != 0:
			return // its acknowledgement goes on
		}
		p.s.traced.step(id, actNames[step.Verb], &grammar.Ack{OK: true}, 0)
	}
	p.finished(p.many.id, grammar.Ack{OK: true, Op: p.many.line}, 0)
}

// goOn begins with the next step after one that was acknowledged, in a turn of
// its own, and reports whether there is one.
func (p *promptPanel) goOn(id uint64) bool {
	if !p.many.goesOn(id) {
		return false
	}
	p.s.loop.Post(func() {
		if p.many.id == id { // and nothing else was chosen meanwhile
			p.next()
		}
	})
	return true
}

// answered takes note of what came of a line, or of a step of several: what names
// it without its arguments.
func (p *promptPanel) answered(id uint64, what string, a grammar.Ack, took time.Duration) {
	p.s.traced.step(id, what, &a, took)
	if a.OK && p.goOn(id) {
		return
	}
	p.finished(id, a, took)
}

// finished shows what came of a line, and of several steps, which failed.
func (p *promptPanel) finished(id uint64, a grammar.Ack, took time.Duration) {
	if p.many.id == id {
		if took = p.s.loop.Now() - p.many.began; !a.OK {
			if a.Why == "" || a.Why == a.Detail {
				a.Why = launcher.Reason(a.Detail)
			}
			a.Op = p.many.line
			a.Why = lang.F("{what}: {said}", "what", p.many.now.Name, "said", a.Why)
		}
		p.many = many{}
	}
	p.model.Answer(id, a, took)
	p.refresh()
}
