package wayland

import (
	"math"
	"slices"
	"time"

	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/protocol/server"
)

// maxQueued bounds the commits of one surface that wait, for whatever reason.
// Each holds a buffer's lock and its state.
const maxQueued = 512

// pacing holds back the commits of one surface: until a refresh (wp_fifo_v1)
// or a time (wp_commit_timer_v1). What was committed outlives the objects.
type pacing struct {
	s     *surface
	fifo  *server.WpFifoV1        // nil without one
	timer *server.WpCommitTimerV1 // nil without one

	// Of the next commit.
	set, wait bool
	at        time.Duration
	hasTime   bool

	// Commits that take part in the fifo are numbered.
	last    uint64 // committed
	applied uint64
	barrier bool // the applied one waits for a refresh
	since   time.Duration
	waits   []fifoWait // in order

	alarm *loop.Timer // nil before the first time
	times []timeWait
}

type fifoWait struct {
	number uint64
	block  *surfaces.Blocker
}

type timeWait struct {
	at    time.Duration
	block *surfaces.Blocker
}

// pacing returns the surface's, made when it is first asked for.
func (s *surface) pacing() *pacing {
	if s.pace == nil {
		s.pace = &pacing{s: s}
	}
	return s.pace
}

// prepare adds what the next commit has to wait for. It returns false after it
// has posted an error.
func (p *pacing) prepare() bool {
	core, now := p.s.core, p.s.c.srv.Loop.Now()
	if p.set || p.wait {
		p.last++
		st := &core.Pending
		st.Set |= surfaces.FieldFifo
		st.Barrier, st.Fifo = p.set, p.last
		if p.wait && !core.Synced() && (p.barrier || p.applied != p.last-1) {
			p.waits = append(p.waits, fifoWait{p.last, core.Block()})
		}
		p.set, p.wait = false, false
	}
	if p.hasTime {
		p.hasTime = false
		if len(p.times) >= maxQueued {
			p.s.c.tooMany("too many commits wait for their time")
			return false
		}
		if p.at > now {
			p.times = append(p.times, timeWait{p.at, core.Block()})
			p.arm()
		}
	}
	return true
}

// took follows an applied commit that takes part in the fifo.
func (p *pacing) took(st *surfaces.State) {
	p.applied = st.Fifo
	if st.Barrier {
		p.barrier, p.since = true, p.s.c.srv.Loop.Now()
		p.s.c.srv.barriers.add(p)
	}
	p.advance()
}

// clear takes the barrier away: a refresh has passed.
func (p *pacing) clear() {
	p.barrier = false
	p.advance()
}

// advance lets go of those whose turn it is.
func (p *pacing) advance() {
	for len(p.waits) > 0 && !p.barrier && p.applied >= p.waits[0].number-1 {
		b := p.waits[0].block
		p.waits = slices.Delete(p.waits, 0, 1)
		b.Clear()
	}
}

// arm sets the alarm for the first time that is waited for.
func (p *pacing) arm() {
	if len(p.times) == 0 {
		return
	}
	if p.alarm == nil {
		p.alarm = p.s.c.srv.Loop.NewTimer(p.due)
	}
	first := time.Duration(math.MaxInt64)
	for _, t := range p.times {
		first = min(first, t.at)
	}
	p.alarm.Arm(first)
}

// due lets go of those whose time has come.
func (p *pacing) due() {
	now := p.s.c.srv.Loop.Now()
	for i := 0; i < len(p.times); {
		if p.times[i].at > now {
			i++
			continue
		}
		b := p.times[i].block
		p.times = slices.Delete(p.times, i, i+1)
		b.Clear()
	}
	p.arm()
}

// end forgets all: the surface is gone.
func (p *pacing) end() {
	p.s.c.srv.barriers.drop(p)
	if p.alarm != nil {
		p.alarm.Disarm()
	}
	p.waits, p.times = nil, nil
}

// barriers are the surfaces that wait for a refresh.
type barriers struct {
	srv   *Server
	list  []*pacing
	timer *loop.Timer
}

// barrierDeadline is how long a barrier lasts if no output shows the surface.
const barrierDeadline = 100 * time.Millisecond

func (b *barriers) init(s *Server) {
	b.srv = s
	b.timer = s.Loop.NewTimer(b.expired)
}

func (b *barriers) add(p *pacing) {
	if !slices.Contains(b.list, p) {
		b.list = append(b.list, p)
	}
	if !b.timer.Armed() {
		b.timer.Arm(p.since + barrierDeadline)
	}
}

func (b *barriers) drop(p *pacing) {
	if b.list = remove(b.list, p); len(b.list) == 0 {
		b.timer.Disarm()
	}
}

// each clears the barriers that match. Clearing may set new ones, which are
// for the next time.
func (b *barriers) each(match func(p *pacing) bool) {
	for i, n := 0, len(b.list); i < n && i < len(b.list); {
		p := b.list[i]
		if !match(p) {
			i++
			continue
		}
		b.drop(p)
		n--
		p.clear()
	}
}

// expired gives up on outputs: nobody shows these surfaces.
func (b *barriers) expired() {
	now := b.srv.Loop.Now()
	b.each(func(p *pacing) bool { return now-p.since >= barrierDeadline })
	if len(b.list) > 0 {
		first := now
		for _, p := range b.list {
			first = min(first, p.since)
		}
		b.timer.Arm(first + barrierDeadline)
	}
}

// OutputLatched says that an output has taken what it will show next: what is
// committed from here on is for a later refresh. The session calls it once per
// refresh, also when there was nothing new to draw.
func (s *Server) OutputLatched(o *Output) {
	if len(s.barriers.list) > 0 {
		s.barriers.each(func(p *pacing) bool {
			return s.Core.Scene.PrimaryOutput(p.s.core.Node()) == o.Scene
		})
	}
}
