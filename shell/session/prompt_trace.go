package session

import (
	"context"
	"errors"
	"hash/maphash"
	"strings"
	"time"

	"rayos/intent/conductor"
	"rayos/intent/data"
	"rayos/intent/envelope"
	"rayos/intent/plan"
	"rayos/intent/trace"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
	"rayos/shell/mind"
)

// traced follows lines of the prompt from what they are taken for to the last
// acknowledgement: each is an envelope, and each step is written down. It also
// counts for System 2's part of the conductor's snapshot.
type traced struct {
	s       *Session
	log     *trace.Log    // nil where there is none
	opening chan struct{} // closed when the next three are there; nil before
	fresh   *trace.Log
	found   trace.Report
	err     error
	ready   bool           // the loop has them
	early   []trace.Record // that wait for that
	before  uint64         // number of the last envelope of other sessions
	last    uint64         // number of the last one of this

	asked *followed            // waits for the person's agreement, or nil
	lines map[uint64]*followed // by the number of what was asked
	seed  maphash.Seed
	count conductor.System2
}

// advised is the intent of what a language model would have done.
const advised = "advised"

// followed is a line under way.
type followed struct {
	e     envelope.Envelope
	plan  plan.Plan
	steps int // in all
	done  int // that have ended
}

// How much of lines is written down: the values of privacy.prompt-log.
const (
	traceOff   = "off"
	traceWords = "words"
)

func (t *traced) init(s *Session) {
	t.s, t.lines, t.seed = s, map[uint64]*followed{}, maphash.MakeSeed()
	s.prompt.model.Turned = t.turned
	s.tasks.system2 = func() conductor.System2 { return t.count }
}

// open opens the log, beside the loop, with the first line that is written down.
func (t *traced) open() {
	s := t.s
	if t.opening != nil || s.opt.Intents == "" || s.prefs.store.Get("privacy.prompt-log") == traceOff {
		return
	}
	t.opening = make(chan struct{})
	fail := func(err error) {
		s.loop.Post(func() { s.log.Error("the log of the prompt", "err", err) })
	}
	go func() {
		t.fresh, t.found, t.err = trace.Open(s.opt.Intents, fail)
		close(t.opening)
		s.loop.Post(t.opened)
	}()
}

// opened takes the log over, and writes down what has waited for it.
func (t *traced) opened() {
	switch f := &t.found; {
	case t.err != nil:
		t.s.log.Warn("what comes of lines at the prompt isn't written down", "err", t.err)
	case !f.Whole():
		t.s.log.Warn("the log of the prompt was damaged", "damaged", f.Damaged, "cut_bytes", f.Cut, "put_aside", f.Aside)
	}
	t.log, t.before, t.ready = t.fresh, t.found.Last, true
	for _, r := range t.early {
		t.write(r)
	}
	t.early = nil
}

func (t *traced) close() {
	if t.opening == nil {
		return
	}
	<-t.opening // the loop may not turn any more
	if !t.ready {
		t.opened()
	}
	if t.log == nil {
		return
	}
	if err := t.log.Close(); err != nil {
		t.s.log.Error("the log of the prompt", "err", err)
	}
}

// maxEarly bounds the records that wait for the log to be open.
const maxEarly = 256

// add writes a record down.
func (t *traced) add(r trace.Record) {
	if t.s.opt.Intents == "" || t.s.prefs.store.Get("privacy.prompt-log") == traceOff {
		return
	}
	r.At = t.s.prompt.wall()
	if !t.ready {
		if len(t.early) < maxEarly {
			t.early = append(t.early, r)
		}
		return
	}
	t.write(r)
}

func (t *traced) write(r trace.Record) {
	if t.log != nil {
		r.ID += t.before
		t.log.Add(r)
	}
}

// begin makes an envelope of a line: of one that was understood by its words, or
// of a command.
func (t *traced) begin(line string, said bool, command string) *followed {
	t.open()
	s := t.s
	t.last++
	f := &followed{}
	var told *trace.Said
	redact := trace.Redactor{All: s.prefs.store.Get("privacy.prompt-log") == traceWords, Keep: data.Words()}
	if said && s.prompt.mind != nil {
		m := s.prompt.mind
		p, scene, _ := m.Plan(line, s.prompt.model.World())
		f.plan, f.e = p, mind.Envelope(line, &p)
		told = trace.Tell(line, &p, scene, m.Model(), data.Hash(), redact)
	} else {
		f.e = envelope.Envelope{Source: envelope.Text, Line: line, Intent: command, Confidence: 1, Priority: envelope.Interactive}
		if command == advised {
			f.e.Source = envelope.App
		}
		told = &trace.Said{Intent: command, Confidence: 1, Redacted: !redact.All}
		if redact.All {
			told.Line = line
		}
	}
	f.e.ID, f.e.At = t.last, s.prompt.wall()
	told.Source, told.Priority = f.e.Source.String(), f.e.Priority.String()
	t.next(f, envelope.Planning)
	t.add(trace.Record{ID: f.e.ID, Status: f.e.Status.String(), Said: told})
	t.count.LastHash, t.count.LastPriority = maphash.String(t.seed, line), uint8(f.e.Priority)
	t.count.LastCount, t.count.LastOp = len(f.plan.Steps), 0
	if n := len(f.plan.Steps); n > 0 {
		t.count.LastOp = uint8(f.plan.Steps[n-1].Deed)
	}
	return f
}

// next takes the envelope on.
func (t *traced) next(f *followed, s envelope.Status) {
	e, err := f.e.Next(s)
	if err != nil {
		t.s.log.Error("the prompt", "err", err)
		return
	}
	f.e = e
}

// status takes the envelope on and writes it down.
func (t *traced) status(f *followed, s envelope.Status, note string) {
	t.next(f, s)
	t.add(trace.Record{ID: f.e.ID, Status: f.e.Status.String(), Note: note})
}

// turned is told of lines that nothing is done about yet, or at all.
func (t *traced) turned(turn launcher.Turn, line string, said bool) {
	switch turn {
	case launcher.Asking:
		t.giveUp("another line was chosen")
		t.asked = t.begin(line, said, command(line))
		t.status(t.asked, envelope.Clarifying, "the person is asked")
	case launcher.Declined:
		t.giveUp("the person didn't agree")
	case launcher.Refused:
		t.status(t.begin(line, said, ""), envelope.Failed, "refused: nothing is deleted by a line")
	case launcher.FilledIn:
		f := t.begin(line, said, "")
		f.steps = 1
		t.status(f, envelope.Executing, "")
		t.count.Enqueued++
		t.ended(f, "search", true, "", 0)
	}
}

// giveUp ends what waits for the person.
func (t *traced) giveUp(why string) {
	f := t.asked
	if f == nil {
		return
	}
	t.asked = nil
	t.count.Dropped += uint64(len(f.plan.Steps))
	t.status(f, envelope.Cancelled, why)
}

// chosen begins to carry out what was chosen; nil for what was only found.
func (t *traced) chosen(c *launcher.Chosen) *followed {
	if c.ID == 0 && !c.Said && !c.Advised {
		t.giveUp("something else was chosen")
		return nil
	}
	steps := max(len(c.Steps), 1)
	f := t.asked
	if t.asked = nil; f == nil || !c.Asked || f.e.Line != c.Line {
		if f != nil {
			t.asked = f
			t.giveUp("another line was chosen")
		}
		what := command(c.Of)
		if c.Advised {
			what = advised
		}
		f = t.begin(c.Line, c.Said, what)
	} else {
		t.next(f, envelope.Planning) // as it was agreed on
	}
	f.steps = steps
	t.status(f, envelope.Executing, "")
	t.count.Enqueued += uint64(steps)
	if c.ID != 0 {
		t.lines[c.ID] = f
	}
	return f
}

// command is a line's command without arguments.
func command(line string) string {
	if rest, ok := strings.CutPrefix(line, ":"); ok {
		if cmd, _ := control.Lookup(strings.Fields(rest)); cmd != nil {
			return cmd.Name
		}
		return "command"
	}
	return "line"
}

// step writes down that a step of a line has ended, by the number of what was
// asked. The last one ends the line.
func (t *traced) step(id uint64, what string, a *grammar.Ack, took time.Duration) {
	f := t.lines[id]
	if f == nil {
		return
	}
	t.ended(f, what, a.OK, code(a.Detail), took)
	if f.e.Status.Final() {
		delete(t.lines, id)
	}
}

// code is a detail as far as it is a word of the protocol: what stands behind it
// may be anybody's.
func code(detail string) string {
	word, _, _ := strings.Cut(detail, ":")
	if len(word) > 32 || strings.ContainsFunc(word, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
		return ""
	}
	return word
}

// ended writes down the end of a step.
func (t *traced) ended(f *followed, what string, ok bool, detail string, took time.Duration) {
	f.done++
	status := envelope.Executing
	switch {
	case !ok:
		status = envelope.Failed
		t.count.Dropped += uint64(max(f.steps-f.done, 0))
	case f.done >= f.steps:
		status = envelope.Completed
	}
	if status != envelope.Executing {
		t.next(f, status)
	}
	t.add(trace.Record{ID: f.e.ID, Status: f.e.Status.String(), Did: &trace.Did{Step: f.done, Of: f.steps, What: what, OK: ok, Detail: detail, Micros: took.Microseconds()}})
}

// forget ends a line whose remaining steps nobody begins any more.
func (t *traced) forget(id uint64, why string) {
	if f := t.lines[id]; f != nil {
		delete(t.lines, id)
		t.count.Dropped += uint64(max(f.steps-f.done, 0))
		t.status(f, envelope.Cancelled, why)
	}
}

// Mind implements control.Session.
func (c *commands) Mind() control.Mind { return &c.s.traced }

var _ control.Mind = (*traced)(nil)

// Understand implements control.Mind.
func (t *traced) Understand(line string, done func(control.Understood, error)) (cancel func()) {
	s := t.s
	if line == "" {
		c := t.count
		done(control.Understood{Counts: &control.System2{
			LastHash: c.LastHash, LastOp: plan.Deed(c.LastOp).String(), LastPriority: envelope.Priority(c.LastPriority).String(), LastCount: c.LastCount,
			Enqueued: c.Enqueued, Dropped: c.Dropped, Lines: t.last, Model: data.Hash(),
		}}, nil)
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.prompt.withMind(func(m *mind.Mind, err error) {
		if ctx.Err() != nil {
			return
		}
		cancel()
		if err != nil {
			done(control.Understood{}, err)
			return
		}
		w := s.prompt.world()
		p, _, ok := m.Plan(line, &w)
		e := mind.Envelope(line, &p)
		u := control.Understood{Intent: e.Intent, Confidence: e.Confidence, Disposition: e.Disposition(p.Loses() || p.Refused).String(), Priority: e.Priority.String(), Refused: p.Refused}
		if !ok {
			u = control.Understood{Disposition: envelope.Chat.String(), Priority: envelope.Interactive.String()}
		}
		for i := range p.Steps {
			u.Steps = append(u.Steps, p.Steps[i].String())
		}
		done(u, nil)
	})
	return cancel
}

// errNoMind is why nothing is understood.
var errNoMind = errors.New("the model of intents couldn't be read; the log says why")
