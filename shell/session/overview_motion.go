package session

import (
	"time"

	"rayos/rayapps/ui/theme"
)

// motion goes from 0 to 1 or back, and can be turned around on the way.
type motion struct {
	at, from, to float64
	since        time.Duration
}

// aim makes it go to an end.
func (m *motion) aim(to float64, now time.Duration) { m.from, m.to, m.since = m.at, to, now }

// step returns whether it is under way, by a cubic ease-out.
func (m *motion) step(now time.Duration) bool {
	t := float64(now-m.since) / float64(theme.MotionPanel)
	if t >= 1 || m.from == m.to {
		m.at = m.to
		return false
	}
	u := 1 - max(t, 0)
	m.at = m.from + (m.to-m.from)*(1-u*u*u)
	return true
}
