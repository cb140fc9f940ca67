package session

import (
	"fmt"
	"os"
	"strconv"

	"rayos/gpu/compute"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
)

// reflex is System 1 in a session. Until somebody asks for it there is none: it
// costs neither memory nor time at the start.
type reflex struct {
	s      *Session
	engine *compute.Engine
	busy   bool           // it starts or stops, beside the loop
	before *compute.Stats // of the one that was stopped
	wait   []func()       // for what is under way
}

// Reflex implements control.Session.
func (c *commands) Reflex() control.Reflex { return &c.s.reflex }

// then calls f when nothing is under way.
func (r *reflex) then(f func()) {
	if r.busy {
		r.wait = append(r.wait, f)
		return
	}
	f()
}

// ended lets whoever waits go on.
func (r *reflex) ended() {
	r.busy = false
	for len(r.wait) > 0 && !r.busy {
		f := r.wait[0]
		r.wait = r.wait[1:]
		f()
	}
}

// StartS1 implements control.Reflex.
func (r *reflex) StartS1(done func(control.S1, error)) func() {
	r.then(func() {
		if r.engine != nil {
			done(r.S1(), nil)
			return
		}
		r.busy = true
		config := compute.Config{GPU: true}
		config.Environ(os.Getenv)
		config.Log = func(format string, args ...any) {
			line := fmt.Sprintf(format, args...)
			r.s.loop.Post(func() { r.s.log.Info(line) })
		}
		go func() {
			e, err := compute.Start(config), error(nil)
			if s := e.Stats(); config.RTRequired && s.RT != compute.RayQuery {
				e.Close()
				err = control.Errorf(control.CodeFailed, "RAYOS_RT_REQUIRED is set, and ray queries don't run: %s", s.RT)
			}
			r.s.loop.Post(func() {
				if err == nil {
					r.engine = e
					r.tell(e.Stats())
					done(r.S1(), nil)
				} else {
					done(control.S1{}, err)
				}
				r.ended()
			})
		}()
	})
	return nil
}

// tell writes the markers of an engine that has started.
func (r *reflex) tell(s compute.Stats) {
	for i := range s.Adapters {
		a := &s.Adapters[i]
		state, detail := "usable", a.Name
		if a.Unusable != "" {
			state, detail = "unusable", a.Name+": "+a.Unusable
		}
		r.mark("RAYOS_S1_ADAPTER", grammar.Value(strconv.Itoa(a.Index)), grammar.Value(state), grammar.Value(detail))
	}
	if len(s.Adapters) == 0 {
		r.mark("RAYOS_S1_ADAPTER", grammar.Value("none"), grammar.Value(s.Reason))
	}
	if s.Verified > 0 {
		r.mark("RAYOS_S1_DISPATCH", grammar.Value(s.Backend), grammar.Value(strconv.Itoa(s.Verified)), grammar.Value(strconv.FormatInt(s.VerifiedIn.Microseconds(), 10)))
	}
	r.mark("RAYOS_SYSTEM1_REFLEX_INIT", grammar.Value("ok"))
}

func (r *reflex) mark(name string, fields ...grammar.Field) {
	line, err := grammar.Marker(name, fields...)
	if err != nil {
		r.s.log.Error("marker", "err", err)
		return
	}
	r.s.console.marker(line)
}

// StopS1 implements control.Reflex.
func (r *reflex) StopS1(done func(control.S1, error)) func() {
	r.then(func() {
		if r.engine == nil {
			done(r.S1(), nil)
			return
		}
		e := r.engine
		r.engine, r.busy = nil, true
		go func() {
			e.Close()
			r.s.loop.Post(func() {
				s := e.Stats()
				r.before = &s
				done(r.S1(), nil)
				r.ended()
			})
		}()
	})
	return nil
}

// close frees what there is, at the end of the session.
func (r *reflex) close() {
	if r.engine != nil {
		r.engine.Close()
		r.engine = nil
	}
}

// S1 implements control.Reflex.
func (r *reflex) S1() control.S1 {
	var s compute.Stats
	switch {
	case r.engine != nil:
		s = r.engine.Stats()
	case r.before != nil:
		s = *r.before
	default:
		return control.S1{}
	}
	told := control.S1{
		Running: s.Running, Backend: s.Backend, Reason: s.Reason, RT: s.RT, Depth: s.Depth,
		Enqueued: s.Queued, Dropped: s.Dropped, Done: s.Done, Last: s.Last, OnGPU: s.OnGPU, Replayed: s.Replayed,
		Dispatches: s.Dispatches, Slow: s.Slow, Timeouts: s.Timeouts, Lost: s.Lost,
		P50: s.Work.Quantile(0.5).Microseconds(), P99: s.Work.Quantile(0.99).Microseconds(),
	}
	for i := range s.Adapters {
		told.Adapters = append(told.Adapters, s.Adapters[i].String())
	}
	for i := range s.Routes {
		told.Routes = append(told.Routes, s.Routes[i].String())
	}
	return told
}
