package compute

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Priority of a task. Values between the names are allowed.
type Priority uint8

// Priorities.
const (
	Dream     Priority = 0
	Low       Priority = 64
	Normal    Priority = 128
	High      Priority = 192
	Immediate Priority = 255
)

// levels are the queues: below Normal, below High, and the rest.
const levels = 3

func (p Priority) level() int {
	switch {
	case p >= High:
		return 2
	case p >= Normal:
		return 1
	}
	return 0
}

// Errors of Submit and Do.
var (
	ErrClosed = errors.New("compute: the engine is stopped")
	ErrFull   = errors.New("compute: too many tasks wait; try again when some are done")
)

// Config is what an engine is made with. The zero value is the CPU alone, with
// nothing logged.
type Config struct {
	// GPU lets it look for a Vulkan adapter when it starts. Without one it
	// computes on the CPU, and Stats says why.
	GPU bool
	// Software also takes adapters that are programs on the CPU, which are
	// slower than the pool; for tests.
	Software bool
	// Adapter is the index of the one to take; 0 stands for the first, -1 for
	// the first usable one that isn't a program, then one that is.
	Adapter int
	// Always sends every task to the GPU, whatever was measured; for tests.
	Always bool
	// RT has rays traced by the adapter's ray queries wherever it has them.
	// Without, that is only where they were measured to be faster than the trace
	// kernel, and never on an adapter that is a program.
	RT bool
	// NoRT leaves ray queries alone.
	NoRT bool
	// RTRequired refuses an adapter without ray queries; see Engine.Required.
	RTRequired bool
	// RTLog tells of every scene that is built or refitted for ray queries.
	RTLog bool
	// MaxQueue is how many tasks may wait; 0 is 256.
	MaxQueue int
	// Log gets a line for what happens; nil is nobody.
	Log func(format string, args ...any)
	// Fault is asked before each dispatch, counted from 0, what is to go wrong;
	// for tests.
	Fault func(dispatch uint64) Fault
	// now is the clock; tests of ageing and back-off have their own.
	now func() time.Time
	// open and adapters take Vulkan's place in tests.
	source source
	// groups bounds the workgroups of a dispatch, so that tests see what a
	// budget that is used up leaves.
	groups, budget int
}

// Deadlines and sizes of dispatches.
const (
	slowAfter  = 250 * time.Millisecond // a dispatch that takes longer is told of
	abandonAt  = time.Second            // and after this its device is given up
	firstTime  = 10 * time.Second       // for trials: drivers compile as they first dispatch
	targetTime = 4 * time.Millisecond   // above it the next dispatch is half as large
	shortTime  = time.Millisecond       // below it a quarter larger
	hardCap    = 50 * time.Millisecond  // above it as small as it takes
	maxGroups  = 256                    // workgroups of a dispatch
	maxBudget  = 4096                   // items that a worker takes in one dispatch
	workers    = 64                     // of a workgroup, as the shaders say
	firstChunk = 4096
	ageAfter   = 100 * time.Millisecond // a task that waits rises a level
	firstRetry = time.Second            // until a lost device is looked for
	lastRetry  = time.Minute
	recovered  = 64 // tasks after which a device counts as sound again
	defaultMax = 256
)

// job is a task in an engine.
type job struct {
	*program
	priority  Priority
	submitted time.Time
	done      chan struct{}
}

// Ticket is a task that was taken.
type Ticket struct{ done chan struct{} }

// Done is closed when the task's results are there. It always comes to that.
func (t *Ticket) Done() <-chan struct{} { return t.done }

// Wait waits for the results, or for ctx; the task is done all the same then,
// and its memory is in use until Done.
func (t *Ticket) Wait(ctx context.Context) error {
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Engine is System 1. Its methods may be called from any goroutine.
type Engine struct {
	config Config
	pool   *pool

	// exec is held by whoever computes: the engine's goroutine, or a caller of
	// Do when nothing else waits. What follows belongs to the holder.
	exec       sync.Mutex
	vulkan     instance
	device     device
	chunk      [ways]int // items of the next dispatch
	queries    bool      // rays go by ray queries
	barred     string    // why they never will
	told       string    // why the last scene was refused
	routes     [kernels]Route
	measured   bool
	measuring  bool
	dispatches uint64
	retryAt    time.Time // zero while there is a device, or nothing to look for
	retryAfter time.Duration
	healthy    int // tasks since a device was lost

	// mu guards what follows.
	mu     sync.Mutex
	queue  [levels][]*job
	wake   chan struct{} // 1 deep
	closed bool
	stats  Stats
	ended  chan struct{}
}

// source opens what stands between an engine and GPUs.
type source func() (instance, error)

// instance is a way to adapters.
type instance interface {
	adapters() []Adapter
	open(Adapter) (device, error)
	close()
}

// Start makes an engine. It looks for adapters and measures the routes when the
// configuration asks for a GPU, which takes some tenths of a second; without one
// it is ready at once. Close it.
func Start(c Config) *Engine {
	if c.Log == nil {
		c.Log = func(string, ...any) {}
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.MaxQueue == 0 {
		c.MaxQueue = defaultMax
	}
	if c.source == nil {
		c.source = func() (instance, error) { return openVulkan() }
	}
	if c.groups == 0 {
		c.groups = maxGroups
	}
	if c.budget == 0 {
		c.budget = maxBudget
	}
	e := &Engine{config: c, pool: newPool(), wake: make(chan struct{}, 1), ended: make(chan struct{}), retryAfter: firstRetry}
	for k := range ways {
		e.chunk[k] = firstChunk
		if k.grouped() {
			e.chunk[k] = firstChunk / 64
		}
	}
	e.stats.Running = true
	e.stats.RT = "absent: no adapter is used"
	e.exec.Lock()
	if c.GPU {
		e.probe()
	} else {
		e.use(nil, "the CPU was asked for")
	}
	e.exec.Unlock()
	go e.loop()
	return e
}

// use notes which back end there is. The caller holds exec.
func (e *Engine) use(d device, reason string) {
	e.device = d
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.Reason = reason
	e.stats.Backend = "cpu"
	if d != nil {
		e.stats.Backend = "vulkan:" + d.adapter().Name
	}
}

// probe looks for an adapter and opens it. The caller holds exec.
func (e *Engine) probe() {
	v, err := e.config.source()
	if err != nil {
		e.use(nil, err.Error())
		e.config.Log("s1: no Vulkan: %v", err)
		return
	}
	all := v.adapters()
	for i := range all {
		a := &all[i]
		if a.Unusable == "" && a.Type == "cpu" && !e.config.Software {
			a.Unusable = "it is a program on the CPU, where our own is faster"
		}
		if a.Unusable == "" && e.config.Adapter > 0 && e.config.Adapter != a.Index {
			a.Unusable = "another was asked for"
		}
		if a.RayQuery == "" && e.barred != "" {
			a.RayQuery = e.barred
		}
		if a.RayQuery == "" && e.config.NoRT {
			a.RayQuery = "not wanted (RAYOS_RT_CORE=0)"
		}
		if a.RayQuery == "" && a.Type == "cpu" && !e.config.RT {
			a.RayQuery = "it is a program on the CPU (RAYOS_RT_CORE=1 takes it all the same)"
		}
		if a.Unusable == "" && a.RayQuery != "" && e.config.RTRequired {
			a.Unusable = "ray queries are required, and absent: " + a.RayQuery
		}
	}
	var d device
	reason := "there is no Vulkan adapter"
	for _, software := range []bool{false, true} {
		for i := range all {
			a := &all[i]
			if d != nil || a.Unusable != "" || (a.Type == "cpu") != software {
				continue
			}
			if d, err = v.open(*a); err != nil {
				d, a.Unusable = nil, err.Error()
				continue
			}
			a.RayQuery = d.adapter().RayQuery // opened, it may be without
		}
	}
	for i := range all {
		if d == nil {
			reason = "no usable adapter: " + all[i].Name + ": " + all[i].Unusable
		}
		e.config.Log("s1: adapter %v", &all[i])
	}
	e.mu.Lock()
	e.stats.Adapters = all
	e.mu.Unlock()
	if d == nil {
		v.close()
		e.use(nil, reason)
		e.count(func(s *Stats) { s.RT = "absent: " + reason })
		return
	}
	e.vulkan = v
	e.use(d, "")
	e.healthy = 0
	name := d.adapter().Name
	if err := e.verify(); err != nil {
		if e.device != nil {
			e.device.close()
			v.close()
			e.vulkan = nil
		}
		e.use(nil, fmt.Sprintf("%s failed its check: %v", name, err))
		e.config.Log("s1: %s", e.stats.Reason)
		return
	}
	e.rays()
	if e.device == nil {
		return // lost with them, and said so
	}
	if !e.measured {
		e.measure()
	}
}

// rays tries the adapter's ray queries, and uses them when they answer as the
// CPU does. The caller holds exec.
func (e *Engine) rays() {
	e.queries = false
	a := e.device.adapter()
	why := a.RayQuery
	if why == "" {
		e.queries = true
		if err := e.verifyRays(); err != nil {
			why = fmt.Sprintf("%s failed its check: %v", a.Name, err)
			e.barred = why
			if e.device == nil { // lost with it
				e.count(func(s *Stats) { s.RT = "absent: " + why })
				return
			}
			e.noRays(why)
			return
		}
		e.count(func(s *Stats) { s.RT = RayQuery })
		e.config.Log("s1: RT present: %s answers rays as the CPU does", a.Name)
		return
	}
	e.noRays(why)
}

// noRays leaves rays to the trace kernel. The caller holds exec.
func (e *Engine) noRays(why string) {
	e.queries = false
	if d, ok := e.device.(tracer); ok {
		d.forget()
	}
	index := e.device.adapter().Index
	e.count(func(s *Stats) {
		s.RT = "absent: " + why
		s.Adapters[index].RayQuery = why
	})
	e.config.Log("s1: RT absent: %s", why)
}

// Required returns an error when ray queries are required and don't run: then
// whoever has started the engine should close it and say so.
func (e *Engine) Required() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.config.RTRequired || e.stats.RT == RayQuery {
		return nil
	}
	return fmt.Errorf("compute: RAYOS_RT_REQUIRED is set, and ray queries don't run: %s", e.stats.RT)
}

// drop gives up the device and says when to look again. The caller holds exec.
func (e *Engine) drop(why error) {
	d := e.device
	if d == nil {
		return
	}
	if errors.Is(why, errTimeout) {
		e.count(func(s *Stats) { s.Timeouts++ })
	} else {
		e.count(func(s *Stats) { s.Lost++ })
	}
	d.abandon()
	e.vulkan.close()
	e.vulkan, e.queries = nil, false
	e.retryAt = e.config.now().Add(e.retryAfter)
	e.use(nil, fmt.Sprintf("%v; looked for again %v later", why, e.retryAfter))
	e.config.Log("s1: device given up: %v; its tasks go to the CPU, and it is looked for again in %v", why, e.retryAfter)
	e.retryAfter = min(2*e.retryAfter, lastRetry)
}

func (e *Engine) count(f func(*Stats)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(&e.stats)
}

// Stats tells what has been done so far.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	s.Depth = 0
	for i := range e.queue {
		s.Depth += len(e.queue[i])
	}
	s.Adapters = append([]Adapter(nil), s.Adapters...)
	s.Routes = append([]Route(nil), s.Routes...)
	return s
}

// Close finishes what waits, then frees the device. Later tasks are refused.
func (e *Engine) Close() {
	e.mu.Lock()
	first := !e.closed
	e.closed = true
	e.mu.Unlock()
	if first {
		e.kick()
	}
	<-e.ended
}

func (e *Engine) kick() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Submit queues a task. It fails at once when the task is wrong, the queue is
// full or the engine closed; a task that was taken is always done, once.
func (e *Engine) Submit(t Task, p Priority) (*Ticket, error) {
	j, err := e.job(t, p)
	if err != nil {
		return nil, err
	}
	if err := e.enqueue(j); err != nil {
		return nil, err
	}
	e.kick()
	return &Ticket{j.done}, nil
}

// Do computes a task and returns when its results are there. When nothing else
// waits, it computes on the caller's goroutine.
func (e *Engine) Do(t Task, p Priority) error {
	j, err := e.job(t, p)
	if err != nil {
		return err
	}
	if e.exec.TryLock() {
		if e.begin() {
			e.execute(j)
			e.exec.Unlock() // whoever submitted meanwhile has woken the loop
			return nil
		}
		e.exec.Unlock()
	}
	if err := e.enqueue(j); err != nil {
		return err
	}
	e.kick()
	<-j.done
	return nil
}

// begin counts a task that doesn't wait, if none waits and the engine is open.
func (e *Engine) begin() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || len(e.queue[0])+len(e.queue[1])+len(e.queue[2]) > 0 {
		return false
	}
	e.stats.Queued++
	return true
}

func (e *Engine) job(t Task, p Priority) (*job, error) {
	program, err := t.program()
	if err != nil {
		return nil, err
	}
	return &job{program: program, priority: p, submitted: e.config.now(), done: make(chan struct{})}, nil
}

func (e *Engine) enqueue(j *job) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return ErrClosed
	}
	if len(e.queue[0])+len(e.queue[1])+len(e.queue[2]) >= e.config.MaxQueue {
		e.stats.Dropped++
		return ErrFull
	}
	l := j.priority.level()
	e.queue[l] = append(e.queue[l], j)
	e.stats.Queued++
	return nil
}

// take returns the task that is next and above a level, nil if there is none: the highest
// level's oldest, unless one below has waited so long that it counts as higher.
func (e *Engine) take(above int) *job {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.config.now()
	best, bestLevel := -1, above
	for l := levels - 1; l >= 0; l-- {
		if len(e.queue[l]) == 0 {
			continue
		}
		age := l + int(now.Sub(e.queue[l][0].submitted)/ageAfter)
		if above >= 0 {
			age = l
		}
		if age > bestLevel {
			best, bestLevel = l, age
		}
	}
	if best < 0 {
		return nil
	}
	j := e.queue[best][0]
	e.queue[best][0] = nil
	e.queue[best] = e.queue[best][1:]
	return j
}

func (e *Engine) loop() {
	defer close(e.ended)
	for range e.wake {
		e.exec.Lock()
		for j := e.take(-1); j != nil; j = e.take(-1) {
			e.execute(j)
		}
		e.mu.Lock()
		closed := e.closed && len(e.queue[0])+len(e.queue[1])+len(e.queue[2]) == 0
		if closed {
			e.stats.Running = false
		}
		e.mu.Unlock()
		if closed {
			if e.device != nil {
				e.device.close()
				e.vulkan.close()
				e.device, e.vulkan = nil, nil
			}
			e.exec.Unlock()
			return
		}
		e.exec.Unlock()
	}
}

// execute computes a task. The caller holds exec.
func (e *Engine) execute(j *job) {
	start := e.config.now()
	onGPU, replayed := false, false
	if j.items > 0 {
		if e.device == nil && e.config.GPU && !e.retryAt.IsZero() && !start.Before(e.retryAt) {
			e.retryAt = time.Time{}
			e.probe()
			if e.device == nil {
				e.retryAt = e.config.now().Add(e.retryAfter)
				e.retryAfter = min(2*e.retryAfter, lastRetry)
			}
		}
		if e.toGPU(j.program) {
			err := e.dispatch(j)
			onGPU, replayed = err == nil, err != nil
		}
		if !onGPU {
			// All of it, even what a device had finished: it is the same.
			e.pool.run(j.program, j.items, func() { e.yield(j) })
		}
	}
	if j.finish != nil {
		j.finish()
	}
	end := e.config.now()
	e.count(func(s *Stats) {
		s.Done++
		switch {
		case onGPU:
			s.OnGPU++
		default:
			s.OnCPU++
		}
		if replayed {
			s.Replayed++
		}
		if onGPU && j.query {
			s.Queried++
		}
		served := &s.Served[j.kernel]
		served.Tasks++
		served.Items += uint64(j.items)
		if onGPU {
			served.OnGPU++
		}
		s.Last, s.LastFor = j.kernel.String(), end.Sub(j.submitted)
		s.Wait.add(start.Sub(j.submitted))
		s.Work.add(end.Sub(start))
	})
	close(j.done)
}

// yield lets tasks of higher levels pass.
func (e *Engine) yield(j *job) bool {
	passed := false
	for l := j.priority.level(); l < levels-1; {
		other := e.take(l)
		if other == nil {
			break
		}
		e.execute(other)
		passed = true
	}
	return passed
}

// waiting reports whether a task of a level above waits.
func (e *Engine) waiting(level int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, q := range e.queue[level+1:] {
		if len(q) > 0 {
			return true
		}
	}
	return false
}

func (e *Engine) toGPU(p *program) bool {
	if e.device == nil || !e.device.adapter().fits(p) {
		return false
	}
	from := e.routes[p.kernel].From
	return e.config.Always || from > 0 && p.items >= from
}
