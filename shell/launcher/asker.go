package launcher

import (
	"context"
	"sync"
	"time"
)

// Limits of what a slow proposer says about a line.
const (
	maxLate  = 32                    // proposals
	maxWords = 1 << 16               // times that it says something
	pace     = 33 * time.Millisecond // between two deliveries
)

// Asker asks a slow proposer about each line, on a goroutine of its own. A line
// that is another ends what is under way; of lines that come before the proposer
// has taken note, the last is next. Its methods belong to the model's goroutine.
type Asker struct {
	Proposer Proposer
	// Post runs a function on the model's goroutine.
	Post func(func())
	// Take is given what was proposed, in order, on the model's goroutine. Of
	// one key it is the newest.
	Take func(asking uint64, list []Proposal)
	// Ended is told that the proposer has said all about a line; err is nil
	// where it was stopped.
	Ended func(asking uint64, err error)

	cancel context.CancelFunc // nil while nobody is asked
	next   string
	asking uint64 // of next; 0 for none
	closed bool
}

// Ask has the proposer asked about a line.
func (a *Asker) Ask(line string, asking uint64) {
	if a.closed {
		return
	}
	if a.cancel != nil {
		a.cancel()
		a.next, a.asking = line, asking
		return
	}
	a.begin(line, asking)
}

// Busy reports whether the proposer is asked now.
func (a *Asker) Busy() bool { return a.cancel != nil }

// Stop ends what is under way. What was proposed holds.
func (a *Asker) Stop() {
	a.asking = 0
	if a.cancel != nil {
		a.cancel()
	}
}

// Close stops for good.
func (a *Asker) Close() {
	a.Stop()
	a.closed = true
}

func (a *Asker) begin(line string, asking uint64) {
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	box := &letterbox{post: a.Post, take: func(list []Proposal) {
		if ctx.Err() == nil && !a.closed {
			a.Take(asking, list)
		}
	}}
	go func() {
		err := gather(ctx, a.Proposer, line, box.put)
		box.flush(func() { a.end(ctx, asking, err) })
	}()
}

// end goes on with the line that has come meanwhile.
func (a *Asker) end(ctx context.Context, asking uint64, err error) {
	stopped := ctx.Err() != nil
	a.cancel()
	a.cancel = nil
	if a.closed {
		return
	}
	if stopped {
		err = nil
	}
	if a.Ended != nil {
		a.Ended(asking, err)
	}
	if next := a.asking; next != 0 {
		a.asking = 0
		a.begin(a.next, next)
	}
}

// gather gives post what a proposer says until ctx ends or it has said too much.
func gather(ctx context.Context, p Proposer, line string, post func(Proposal)) error {
	keys := map[string]bool{}
	n := 0
	for proposal, err := range p.Propose(ctx, line) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		if n++; n > maxWords {
			return nil
		}
		if !keys[proposal.Key] && len(keys) == maxLate {
			continue
		}
		if len(proposal.Key) > maxKey {
			continue
		}
		keys[proposal.Key] = true
		post(proposal)
	}
	return nil
}

// letterbox brings what a proposer says to another goroutine, not more often
// than pace, and of each key the newest.
type letterbox struct {
	post func(func())
	take func([]Proposal)

	mu   sync.Mutex
	list []Proposal
	at   time.Time // when something was taken last
	due  bool      // it will be taken
}

func (b *letterbox) put(p Proposal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := indexOf(b.list, p.Key); i >= 0 {
		b.list[i] = p
	} else {
		b.list = append(b.list, p)
	}
	if b.due {
		return
	}
	b.due = true
	if wait := pace - time.Since(b.at); wait > 0 {
		time.AfterFunc(wait, func() { b.post(b.empty) })
		return
	}
	b.post(b.empty)
}

// empty takes what there is, on the model's goroutine.
func (b *letterbox) empty() {
	b.mu.Lock()
	list := b.list
	b.list, b.due, b.at = nil, false, time.Now()
	b.mu.Unlock()
	if len(list) > 0 {
		b.take(list)
	}
}

// flush takes the rest, then runs fn, on the model's goroutine.
func (b *letterbox) flush(fn func()) {
	b.post(func() {
		b.empty()
		fn()
	})
}
