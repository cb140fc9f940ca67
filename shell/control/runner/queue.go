package runner

import (
	"cmp"
	"slices"
	"time"
)

// Waiting is a command that is under way or waits.
type Waiting struct {
	ID      uint64    `json:"id"`
	From    string    `json:"from"`
	What    string    `json:"what"`    // the event, without what is typed
	Machine string    `json:"machine"` // id or kind
	Running bool      `json:"running"`
	Since   time.Time `json:"since"`
}

// Queue returns the commands that are under way or wait, in the order in which
// they were submitted.
func (r *Runner) Queue() []Waiting {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []Waiting{}
	for key, l := range r.lines {
		for i, j := range slices.Concat(l.freed, l.jobs) {
			if !j.over.Load() {
				list = append(list, Waiting{
					ID: j.id, From: j.from, What: describe(&j.cmd), Machine: key, Running: i <= len(l.freed), Since: j.since.UTC(),
				})
			}
		}
	}
	slices.SortFunc(list, func(a, b Waiting) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// Cancel gives a command up, which is acknowledged as cancelled. It reports
// whether there was one.
func (r *Runner) Cancel(id uint64) bool {
	j := r.find(id)
	if j == nil {
		return false
	}
	j.end("", errClosed)
	j.cancel(errClosed)
	return true
}

func (r *Runner) find(id uint64) *job {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.lines {
		for _, j := range slices.Concat(l.freed, l.jobs) {
			if j.id == id && !j.over.Load() {
				return j
			}
		}
	}
	return nil
}
