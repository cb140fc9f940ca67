package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rayos/gpu/compute"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
)

// reflex is System 1 in a session. Until somebody has a task for it there is
// none: it costs neither memory nor time at the start. The first task is done by
// the CPU at once; where there is a GPU, its driver is loaded beside that, and
// given back when nothing was computed for a while, unless somebody has asked for
// it by `s1 start`.
type reflex struct {
	s     *Session
	timer *loop.Timer
	busy  bool                  // it starts or stops, beside the loop
	wait  []func()              // for what is under way
	asked bool                  // by s1 start
	seen  uint64                // tasks done when the timer was armed
	tune  func(*compute.Config) // of tests

	// mu guards what follows, which whoever has a task reads.
	mu      sync.Mutex
	engine  *compute.Engine
	looked  bool              // engine has looked for a GPU
	why     string            // it has not
	leaving []*compute.Engine // finish their tasks
	past    compute.Stats     // counts of those that have
	last    compute.Stats     // of the last one that was stopped
	shut    bool              // the session ends
}

// gpuIdle is how long a GPU's driver stays in memory for nothing.
const gpuIdle = time.Minute

func (r *reflex) init(s *Session) {
	r.s = s
	r.timer = s.loop.NewTimer(r.idle)
}

// Reflex implements control.Session.
func (c *commands) Reflex() control.Reflex { return &c.s.reflex }

// Do computes a task, wherever it is done soonest, and returns when its results
// are there. It is called from goroutines beside the loop.
func (r *reflex) Do(t compute.Task, p compute.Priority) error {
	for {
		e, err := r.current()
		if err != nil {
			return err
		}
		// One that was replaced or stopped meanwhile has not taken the task.
		if err := e.Do(t, p); !errors.Is(err, compute.ErrClosed) {
			return err
		}
	}
}

// current is the engine that takes tasks; the first starts it.
func (r *reflex) current() (*compute.Engine, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut {
		return nil, compute.ErrClosed
	}
	if r.engine == nil {
		c := r.config()
		look := c.GPU && (c.Software || hasGPU())
		switch {
		case !c.GPU:
			r.why = "RAYOS_S1 is cpu"
		case look:
			r.why = "a GPU is being looked for"
		default:
			r.why = "the kernel knows no GPU; s1 start looks for any Vulkan driver"
		}
		c.GPU = false
		r.engine, r.looked = compute.Start(c), false
		if look {
			r.s.loop.Post(func() { r.then(r.lookBeside) })
		}
	}
	return r.engine, nil
}

// hasGPU reports whether the kernel knows a GPU that computes: then it is worth
// to load Vulkan and its drivers.
func hasGPU() bool {
	nodes, err := filepath.Glob("/dev/dri/renderD*")
	return err == nil && len(nodes) > 0
}

func (r *reflex) config() compute.Config {
	c := compute.Config{GPU: true, Log: func(format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		r.s.loop.Post(func() { r.s.log.Info(line) })
	}}
	c.Environ(os.Getenv)
	if r.tune != nil {
		r.tune(&c)
	}
	return c
}

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

// found reports whether there is an engine that has looked for a GPU.
func (r *reflex) found() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.engine != nil && r.looked
}

// lookBeside looks for a GPU while the CPU computes.
func (r *reflex) lookBeside() {
	if r.found() {
		return
	}
	r.look(func(err error) {
		if err != nil {
			r.s.log.Warn("s1", "err", err)
		}
		r.watch()
	})
}

// look starts an engine that looks for a GPU. It takes the place of the one there
// is.
func (r *reflex) look(done func(error)) {
	r.busy = true
	config := r.config()
	go func() {
		e, err := compute.Start(config), error(nil)
		if required := e.Required(); required != nil {
			err = control.Errorf(control.CodeFailed, "%v", required)
		}
		if err != nil || !r.replace(e, true) {
			e.Close()
		}
		r.s.loop.Post(func() {
			if err == nil {
				r.tell(e.Stats())
			}
			done(err)
			r.ended()
		})
	}()
}

// replace makes another engine, or none, the one that takes tasks, and says
// whether it has. The one before finishes those that it has.
func (r *reflex) replace(e *compute.Engine, looked bool) bool {
	r.mu.Lock()
	if r.shut && e != nil {
		r.mu.Unlock()
		return false
	}
	old := r.engine
	r.engine, r.looked = e, looked
	if old != nil {
		r.leaving = append(r.leaving, old)
	}
	r.mu.Unlock()
	if old == nil {
		return true
	}
	old.Close()
	s := old.Stats()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = s
	r.past.Add(&s)
	r.leaving = slices.DeleteFunc(r.leaving, func(e *compute.Engine) bool { return e == old })
	return true
}

// watch sees to it that a GPU nobody has asked for doesn't stay for nothing.
func (r *reflex) watch() {
	s := r.S1()
	if r.seen = s.Done; strings.HasPrefix(s.Backend, "vulkan") && s.Running && !r.asked {
		r.timer.Arm(r.s.loop.Now() + gpuIdle)
	}
}

// idle gives a GPU back that was not used for a while.
func (r *reflex) idle() {
	if r.S1().Done != r.seen || r.busy || r.asked {
		r.watch()
		return
	}
	r.stop(func() {})
}

// StartS1 implements control.Reflex.
func (r *reflex) StartS1(done func(control.S1, error)) func() {
	r.then(func() {
		r.asked = true
		if r.found() {
			done(r.S1(), nil)
			return
		}
		r.look(func(err error) {
			if err != nil {
				done(control.S1{}, err)
				return
			}
			done(r.S1(), nil)
		})
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
	if s.RT == compute.RayQuery {
		r.mark("RAYOS_S1_RT", grammar.Value("present"), grammar.Value(strings.TrimPrefix(s.Backend, "vulkan:")))
	} else {
		r.mark("RAYOS_S1_RT", grammar.Value("absent"), grammar.Value(strings.TrimPrefix(s.RT, "absent: ")))
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

// StopS1 implements control.Reflex. The next task starts it again.
func (r *reflex) StopS1(done func(control.S1, error)) func() {
	r.then(func() {
		r.asked = false
		r.stop(func() { done(r.S1(), nil) })
	})
	return nil
}

// stop finishes what waits, and frees what there is.
func (r *reflex) stop(done func()) {
	r.timer.Disarm()
	r.busy = true
	go func() {
		r.replace(nil, false)
		r.s.loop.Post(func() {
			done()
			r.ended()
		})
	}()
}

// close frees what there is, at the end of the session. Tasks are refused from
// now on.
func (r *reflex) close() {
	r.mu.Lock()
	r.shut = true
	r.mu.Unlock()
	r.replace(nil, false)
}

// S1 implements control.Reflex.
func (r *reflex) S1() control.S1 {
	r.mu.Lock()
	defer r.mu.Unlock()
	is := r.last
	if r.engine != nil {
		if is = r.engine.Stats(); !r.looked {
			is.Reason = r.why
		}
	}
	if is.Backend == "" {
		return control.S1{}
	}
	sum := r.past
	for _, e := range r.leaving {
		s := e.Stats()
		sum.Add(&s)
	}
	if r.engine != nil {
		sum.Add(&is)
	}
	if is.Last == "" {
		is.Last = r.last.Last
	}
	told := control.S1{
		Running: r.engine != nil, Backend: is.Backend, Reason: is.Reason, RT: is.RT, Depth: sum.Depth,
		Enqueued: sum.Queued, Dropped: sum.Dropped, Done: sum.Done, Last: is.Last, OnGPU: sum.OnGPU, Replayed: sum.Replayed,
		Queried: sum.Queried, Scenes: sum.Scenes, Refits: sum.Refits, Dispatches: sum.Dispatches, Slow: sum.Slow, Timeouts: sum.Timeouts, Lost: sum.Lost,
		P50: sum.Work.Quantile(0.5).Microseconds(), P99: sum.Work.Quantile(0.99).Microseconds(),
	}
	for k, n := range sum.Served {
		if n.Tasks > 0 {
			told.Kernels = append(told.Kernels, control.Kernel{Name: compute.Kernel(k).String(), Tasks: n.Tasks, Items: n.Items, OnGPU: n.OnGPU})
		}
	}
	for i := range is.Adapters {
		told.Adapters = append(told.Adapters, is.Adapters[i].String())
	}
	for i := range is.Routes {
		told.Routes = append(told.Routes, is.Routes[i].String())
	}
	return told
}
