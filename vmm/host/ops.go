package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rayos/geom"
	"rayos/vmm/agent"
	"rayos/vmm/keys"
)

const (
	maxTyped = 4096 // characters by keys
	maxPaste = 32 << 10
	// strokeTime is how long a guest gets for a key: its queue of events has
	// 64 places, and a slow one empties it slowly.
	strokeTime = 15 * time.Millisecond
	// guestWithin is how long an agent may take to answer.
	guestWithin = 20 * time.Second
)

// do carries out a request that concerns the guest, not its life. Requests of
// one connection that press keys come here one after the other.
func (h *Host) do(ctx context.Context, r *Request) Answer {
	switch r.Op {
	case OpType:
		return h.typeText(ctx, r.Text)
	case OpKey:
		return h.pressKeys(ctx, r.Spec)
	case OpPointer:
		return h.movePointer(r)
	case OpClick:
		return h.click(ctx, r.Button)
	case OpConsole:
		return h.sayLine(r.Text)
	case OpMute, OpUnmute:
		return h.mute(r.Op == OpMute)
	}
	c := h.agent()
	if c == nil {
		return refuse(ErrNoAgent, "the guest's agent has not answered")
	}
	ctx, cancel := context.WithTimeout(ctx, guestWithin)
	defer cancel()
	switch r.Op {
	case OpLaunch:
		pid, err := c.Launch(ctx, r.App)
		return guestAnswer(err, "pid %d", pid)
	case OpApps:
		apps, err := c.Apps(ctx)
		a := guestAnswer(err, "%d applications", len(apps))
		a.Apps = apps
		return a
	case OpClock:
		return guestAnswer(c.SetTime(ctx, time.Now()), "set")
	default: // OpPaste
		if !h.machine.Clipboard.ToGuest() {
			return refuse(ErrState, "policy: clipboard is %s", h.machine.Clipboard)
		}
		if len(r.Text) > maxPaste {
			return refuse(ErrBadRequest, "%d bytes: at most %d", len(r.Text), maxPaste)
		}
		return guestAnswer(c.SetClipboard(ctx, r.Text), "%d bytes", len(r.Text))
	}
}

// agent is the guest's, when it has answered.
func (h *Host) agent() *agent.Client {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.guest
}

// clipGuest is the agent for the clipboard, nil for none.
func (h *Host) clipGuest() clipGuest {
	if c := h.agent(); c != nil {
		return c
	}
	return nil
}

func guestAnswer(err error, format string, args ...any) Answer {
	var no *agent.RefusedError
	switch {
	case errors.As(err, &no):
		return refuse(ErrGuest, "%s", no.Reason)
	case err != nil:
		return refuse(ErrFailed, "%v", err)
	}
	return done(format, args...)
}

// typable reports whether a US keyboard can type a text.
func typable(text string) bool {
	for _, r := range text {
		if _, _, ok := keys.Type(r); !ok {
			return false
		}
	}
	return true
}

// typeText types what a US keyboard can, and leaves the rest to the agent: the
// text as a whole, since what comes first must be there first.
func (h *Host) typeText(ctx context.Context, text string) Answer {
	n := utf8.RuneCountInString(text)
	switch err := agent.CheckText(text); {
	case err != nil:
		return refuse(ErrBadRequest, "%v", err)
	case n == 0:
		return refuse(ErrBadRequest, "empty")
	}
	if !typable(text) || n > maxTyped {
		return h.typeByAgent(ctx, text, n)
	}
	if !h.input.there() {
		return refuse(ErrNoDisplay, "it is %s", h.now())
	}
	h.typing.Lock()
	defer h.typing.Unlock()
	pace := time.NewTicker(strokeTime)
	defer pace.Stop()
	i := 0
	for _, r := range text {
		code, shift, _ := keys.Type(r)
		if shift {
			h.input.key(keys.CodeShift, true)
		}
		h.input.key(code, true)
		h.input.key(code, false)
		if shift {
			h.input.key(keys.CodeShift, false)
		}
		i++
		select {
		case <-pace.C:
		case <-ctx.Done():
			return refuse(ErrCancelled, "%d of %d characters typed by keys", i, n)
		}
	}
	if !h.input.there() {
		return refuse(ErrNoDisplay, "the machine has ended meanwhile")
	}
	return done("%d characters by keys", n)
}

func (h *Host) typeByAgent(ctx context.Context, text string, n int) Answer {
	why := "the keys of a US keyboard don't make all of it"
	if n > maxTyped {
		why = fmt.Sprintf("more than %d characters", maxTyped)
	}
	c := h.agent()
	if c == nil {
		return refuse(ErrUntypable, "%s, and the guest has no agent; nothing was typed", why)
	}
	ctx, cancel := context.WithTimeout(ctx, guestWithin)
	defer cancel()
	if err := c.Type(ctx, text); err != nil {
		return refuse(ErrUntypable, "%s, and the agent says: %v; nothing was typed", why, err)
	}
	return done("%d characters by the agent", n)
}

func (h *Host) pressKeys(ctx context.Context, spec string) Answer {
	chord, err := keys.Parse(strings.TrimSpace(spec))
	if err != nil {
		return refuse(ErrBadRequest, "%v", err)
	}
	codes := chord.Codes()
	if !h.input.there() {
		return refuse(ErrNoDisplay, "it is %s", h.now())
	}
	h.typing.Lock()
	defer h.typing.Unlock()
	for _, k := range codes {
		h.input.key(k, true)
	}
	for _, k := range slices.Backward(codes) {
		h.input.key(k, false)
	}
	return h.paced(ctx, done("%d keys", len(codes)))
}

// paced gives the guest the time of a stroke before what comes next.
func (h *Host) paced(ctx context.Context, a Answer) Answer {
	t := time.NewTimer(strokeTime)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return a
}

func (h *Host) movePointer(r *Request) Answer {
	if r.X == nil || r.Y == nil {
		return refuse(ErrBadRequest, "want x and y, 0 to 1")
	}
	size := h.screen.size()
	if !h.input.there() || size.Empty() {
		return refuse(ErrNoDisplay, "it is %s", h.now())
	}
	at := geom.FPoint{X: *r.X * float64(size.W-1), Y: *r.Y * float64(size.H-1)}
	h.input.pointer(at)
	return done("%d,%d of %v", at.Floor().X, at.Floor().Y, size)
}

var clickable = map[string]uint32{"": btnLeft, "left": btnLeft, "right": btnRight, "middle": btnMiddle, "side": btnSide, "extra": btnSide + 1}

func (h *Host) click(ctx context.Context, name string) Answer {
	code, ok := clickable[name]
	if !ok {
		return refuse(ErrBadRequest, "unknown button %.20q", name)
	}
	if !h.input.there() {
		return refuse(ErrNoDisplay, "it is %s", h.now())
	}
	h.typing.Lock()
	defer h.typing.Unlock()
	h.input.button(code, true)
	h.paced(ctx, Answer{}) // a click that takes no time is none to some guests
	h.input.button(code, false)
	return done("%s", name)
}

// clock is an agent that can set the guest's.
type clock interface {
	SetTime(context.Context, time.Time) error
}

// setClock gives a guest the time that was asleep.
func (h *Host) setClock(c clock) {
	ctx, cancel := context.WithTimeout(context.Background(), guestWithin)
	defer cancel()
	if err := c.SetTime(ctx, time.Now()); err != nil {
		h.log.Warn("guest clock", "err", err)
	}
}
