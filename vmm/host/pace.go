package host

import "time"

// What a guest may tell unasked: as many events as paceBurst at once, then one
// each paceEvery.
const (
	paceBurst = 64
	paceEvery = 50 * time.Millisecond
)

// pace is a bucket of tokens, full at first.
type pace struct {
	spent int
	since time.Time // up to here tokens have come back
	over  bool      // events have been dropped since it was full
}

// take reports whether there is a token for an event of now, and of those that
// have none, which is the first.
func (p *pace) take(now time.Time) (ok, first bool) {
	if p.spent == 0 {
		p.since = now
	}
	if n := int(min(now.Sub(p.since)/paceEvery, paceBurst)); n > 0 {
		p.spent = max(p.spent-n, 0)
		p.over = p.over && p.spent > 0
		p.since = p.since.Add(time.Duration(n) * paceEvery)
		if n == paceBurst {
			p.since = now
		}
	}
	if p.spent == paceBurst {
		first = !p.over
		p.over = true
		return false, first
	}
	p.spent++
	return true, false
}
