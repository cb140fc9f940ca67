package session

import (
	"runtime/debug"
	"time"

	"rayos/internal/loop"
	"rayos/internal/ownpages"
)

// memory gives back to the system what the start, and closed and hidden windows,
// have left, once, when some time has passed since the last of them. The runtime
// would do so bit by bit, but an idle session lets it sleep.
type memory struct {
	s     *Session
	timer *loop.Timer
}

// startedAfter is longer than the first pictures of the desktop take.
const startedAfter = 250 * time.Millisecond

// tidyAfter is longer than it takes to open the next window of a program that
// replaces one by another.
const tidyAfter = 2 * time.Second

func (m *memory) init(s *Session) {
	m.s = s
	m.timer = s.loop.NewTimer(m.tidy)
}

// later asks for a tidying.
func (m *memory) later() { m.timer.Arm(m.s.loop.Now() + tidyAfter) }

// started asks for a tidying when the start is over.
func (m *memory) started() { m.timer.Arm(m.s.loop.Now() + startedAfter) }

func (m *memory) tidy() {
	if r, ok := m.s.render.(interface{ Trim() }); ok {
		r.Trim()
	}
	if !m.s.loop.Virtual() {
		go func() {
			debug.FreeOSMemory()
			if err := ownpages.Forget(); err != nil {
				m.s.loop.Post(func() { m.s.log.Warn("pages of the program", "err", err) })
			}
		}()
	}
}
