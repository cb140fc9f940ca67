package host

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"rayos/vmm/agent"
)

// clipGuest is the guest's end of the clipboard: an *agent.Client.
type clipGuest interface {
	OfferClip(ctx context.Context, o agent.ClipOffer) error
	ReadClip(ctx context.Context, serial uint64, mime string) ([]byte, error)
	SendClip(ctx context.Context, id uint64, data []byte) error
	RefuseClip(ctx context.Context, id uint64, why string) error
}

const (
	clipWithin    = 20 * time.Second // for whoever gives or takes data
	maxClipMoves  = 4                // pastes that are under way in each direction
	clipForgotten = time.Second      // after the focus has gone, copies of the guest aren't taken any more
)

// clipboard is what passes between the guest's agent and whichever window
// there is. Its methods may be called from any goroutine. However much the
// guest says, only its last offer and a few wants wait.
type clipboard struct {
	log   *slog.Logger
	guest func() clipGuest // nil while there is none
	poke  func()           // has the window call pass, if there is one

	in, out atomic.Int32 // transfers into the guest, and out of it

	mu      sync.Mutex
	heard   *agent.ClipOffer // of the guest, that the window hasn't seen
	wants   []agent.ClipWant // likewise
	say     *agent.ClipOffer // for the guest, that nobody has sent
	sending bool
}

// copied is told what the guest has.
func (c *clipboard) copied(o agent.ClipOffer) {
	c.mu.Lock()
	c.heard = &o
	c.mu.Unlock()
	c.poke()
}

// wanted is told that somebody in the guest pastes. One too many is not
// answered; the guest gives up by itself.
func (c *clipboard) wanted(q agent.ClipWant) {
	c.mu.Lock()
	if len(c.wants) < maxClipMoves {
		c.wants = append(c.wants, q)
	}
	c.mu.Unlock()
	c.poke()
}

// pass brings what was heard to the window.
func (c *clipboard) pass(w *windowClips) {
	c.mu.Lock()
	heard, wants := c.heard, c.wants
	c.heard, c.wants = nil, nil
	c.mu.Unlock()
	if heard != nil {
		w.copied(*heard)
	}
	for _, q := range wants {
		if c.in.Add(1) > maxClipMoves {
			c.in.Add(-1)
		} else if !w.wanted(q) {
			go c.refuse(q.ID)
		}
	}
}

// refuse ends a transfer into the guest with nothing.
func (c *clipboard) refuse(id uint64) {
	defer c.in.Add(-1)
	ctx, cancel := context.WithTimeout(context.Background(), clipWithin)
	defer cancel()
	if g := c.guest(); g != nil {
		c.note(g.RefuseClip(ctx, id, "nothing_to_paste"))
	}
}

// offer tells the guest what the session has; no types take it back. The last
// one counts.
func (c *clipboard) offer(o agent.ClipOffer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.say = &o
	if !c.sending {
		c.sending = true
		go c.send()
	}
}

func (c *clipboard) send() {
	for {
		c.mu.Lock()
		o := c.say
		c.say = nil
		if c.sending = o != nil; o == nil {
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		if g := c.guest(); g != nil {
			ctx, cancel := context.WithTimeout(context.Background(), clipWithin)
			c.note(g.OfferClip(ctx, *o))
			cancel()
		}
	}
}

var errNoGuest = errors.New("the guest has no agent")

// read fetches what the guest has.
func (c *clipboard) read(serial uint64, mime string) ([]byte, error) {
	g := c.guest()
	if g == nil {
		return nil, errNoGuest
	}
	ctx, cancel := context.WithTimeout(context.Background(), clipWithin)
	defer cancel()
	return g.ReadClip(ctx, serial, mime)
}

// write gives the guest what it wanted.
func (c *clipboard) write(id uint64, data []byte, err error) {
	g := c.guest()
	if g == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), clipWithin)
	defer cancel()
	if err != nil {
		c.note(err)
		c.note(g.RefuseClip(ctx, id, "not_given"))
		return
	}
	c.note(g.SendClip(ctx, id, data))
}

// note logs what nobody can be told of: the one who pastes gets nothing.
func (c *clipboard) note(err error) {
	if err != nil {
		c.log.Debug("clipboard", "err", err)
	}
}
