package session

import (
	"runtime/debug"
	"time"

	"rayos/internal/loop"
)

// memory gives back to the system what closed and hidden windows have left, once,
// when some time has passed since the last of them. The runtime would do so bit by
// bit, but an idle session lets it sleep.
type memory struct {
	s     *Session
	timer *loop.Timer
}

// tidyAfter is longer than it takes to open the next window of a program that
// replaces one by another.
const tidyAfter = 2 * time.Second

func (m *memory) init(s *Session) {
	m.s = s
	m.timer = s.loop.NewTimer(m.tidy)
}

// later asks for a tidying.
func (m *memory) later() { m.timer.Arm(m.s.loop.Now() + tidyAfter) }

func (m *memory) tidy() {
	if r, ok := m.s.render.(interface{ Trim() }); ok {
		r.Trim()
	}
	if !m.s.loop.Virtual() {
		go debug.FreeOSMemory()
	}
}
