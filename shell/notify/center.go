package notify

import (
	"slices"
	"time"
)

// Limits of what is kept.
const (
	maxShown   = 64 // at one time
	maxOfOne   = 16 // of one program at one time
	maxHistory = 200
	maxPast    = 50 // of one program in the history
)

// Timeouts where a program leaves the choice.
const (
	normalTimeout = 6 * time.Second
	lowTimeout    = 4 * time.Second
	longest       = time.Minute // of what a program may ask for
)

// Center has the notifications. Its methods are called on one goroutine.
type Center struct {
	// Quiet is "do not disturb": only critical notifications are shown, others
	// go to the history unread.
	Quiet bool

	// Changed is called after what is shown or the history has changed.
	Changed func()
	// Came is called for each new notification, and for one in place of
	// another. It is shown, or kept for later.
	Came func(n *Notification, shown bool)
	// Told is called when a program is to hear that its notification is closed
	// or that one of its actions was chosen.
	Told func(Told)

	shown   []*Notification // the oldest first
	history []*Notification // likewise
	last    uint32
	held    time.Time // since when nothing ends by itself, or zero
}

// Told is what a program hears of its notification.
type Told struct {
	Sender string
	ID     uint32
	Reason Reason // if it is closed
	Action string // else: the key of the action
	Token  string // with an action: lets the program raise its window
}

// Shown lists what is to be on the screen, the oldest first. The slice is
// borrowed until the next call.
func (c *Center) Shown() []*Notification { return c.shown }

// History lists what was shown, or wasn't wanted, the oldest first.
func (c *Center) History() []*Notification { return c.history }

// Unread counts what nobody has seen.
func (c *Center) Unread() int {
	n := 0
	for _, h := range c.history {
		if h.Unread {
			n++
		}
	}
	return n
}

// Add takes a notification at a time, in place of another of its sender if
// replaces names one, and returns its id.
func (c *Center) Add(n Notification, replaces uint32, now time.Time) uint32 {
	n.At = now
	n.ends = n.until()
	if i := c.find(replaces); i >= 0 && c.shown[i].Sender == n.Sender {
		n.ID = replaces
		c.shown[i] = &n
		c.came(&n, true)
		return n.ID
	}
	if i := c.past(replaces); i >= 0 && c.history[i].Sender == n.Sender {
		c.history = slices.Delete(c.history, i, i+1)
	}
	n.ID = c.newID()
	if c.Quiet && n.Urgency != Critical {
		n.Unread = true
		c.keep(&n)
		c.came(&n, false)
		return n.ID
	}
	c.makeRoom(n.Sender)
	c.shown = append(c.shown, &n)
	c.came(&n, true)
	return n.ID
}

// newID returns an id that no notification has. 0 is none.
func (c *Center) newID() uint32 {
	for {
		c.last++
		if c.last != 0 && c.find(c.last) < 0 && c.past(c.last) < 0 {
			return c.last
		}
	}
}

// makeRoom ends the oldest notification of a program that has too many, or of
// all.
func (c *Center) makeRoom(sender string) {
	of := 0
	oldest := -1
	for i, n := range c.shown {
		if n.Sender == sender {
			of++
			if oldest < 0 {
				oldest = i
			}
		}
	}
	switch {
	case of >= maxOfOne:
		c.end(oldest, Undefined, true)
	case len(c.shown) >= maxShown:
		c.end(0, Undefined, true)
	}
}

// Close ends a notification. It is false when there is none of this id.
func (c *Center) Close(id uint32, why Reason) bool {
	i := c.find(id)
	if i < 0 {
		return false
	}
	c.end(i, why, false)
	c.changed()
	return true
}

// CloseOf is Close for a program, which can close its own ones only.
func (c *Center) CloseOf(sender string, id uint32) bool {
	i := c.find(id)
	return i >= 0 && c.shown[i].Sender == sender && c.Close(id, Closed)
}

// Choose does an action of a notification, which ends unless it is resident.
// token lets the program raise its window (xdg-activation); it may be "".
func (c *Center) Choose(id uint32, key, token string) bool {
	i := c.find(id)
	if i < 0 {
		return false
	}
	n := c.shown[i]
	known := key == DefaultAction && n.Default || slices.ContainsFunc(n.Actions, func(a Action) bool { return a.Key == key })
	if !known {
		return false
	}
	c.tell(Told{Sender: n.Sender, ID: id, Action: key, Token: token})
	if !n.Resident {
		c.Close(id, Dismissed)
	}
	return true
}

// Expire ends what has had its time, and returns when to call again: zero if
// nothing will end by itself.
func (c *Center) Expire(now time.Time) time.Time {
	var next time.Time
	if !c.held.IsZero() {
		return next
	}
	ended := false
	for i := 0; i < len(c.shown); {
		until := c.shown[i].ends
		if !until.IsZero() && !until.After(now) {
			c.end(i, Expired, true)
			ended = true
			continue
		}
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
		i++
	}
	if ended {
		c.changed()
	}
	return next
}

// Hold keeps all from ending by themselves while somebody reads. Afterwards each
// has the time that it had left, and one that came meanwhile all of it.
func (c *Center) Hold(on bool, now time.Time) {
	switch {
	case on == !c.held.IsZero():
	case on:
		c.held = now
	default:
		for _, n := range c.shown {
			since := c.held
			if n.At.After(since) {
				since = n.At
			}
			if !n.ends.IsZero() {
				n.ends = n.ends.Add(now.Sub(since))
			}
		}
		c.held = time.Time{}
	}
}

// until is when a notification has had its time, or zero.
func (n *Notification) until() time.Time {
	switch {
	case n.Urgency == Critical || n.Timeout < 0:
		return time.Time{}
	case n.Timeout > 0:
		return n.At.Add(min(n.Timeout, longest))
	case n.Urgency == Low:
		return n.At.Add(lowTimeout)
	}
	return n.At.Add(normalTimeout)
}

// Gone forgets a program that has left the bus: nobody would hear of an action,
// but what it said stays.
func (c *Center) Gone(sender string) {
	changed := false
	for _, n := range c.shown {
		if n.Sender == sender && (n.Default || len(n.Actions) > 0) {
			n.Actions, n.Default = nil, false
			changed = true
		}
	}
	if changed {
		c.changed()
	}
}

// Read marks the history as seen.
func (c *Center) Read() {
	for _, n := range c.history {
		n.Unread = false
	}
	c.changed()
}

// Clear takes everything away: what is shown, as if the person had closed it,
// and the history.
func (c *Center) Clear() {
	for len(c.shown) > 0 {
		c.end(len(c.shown)-1, Dismissed, false)
	}
	c.history = nil
	c.changed()
}

// Remove takes one notification away, wherever it is. It is false when there is
// none of this id.
func (c *Center) Remove(id uint32) bool {
	closed := c.Close(id, Dismissed)
	i := c.past(id)
	if i < 0 {
		return closed
	}
	c.history = slices.Delete(c.history, i, i+1)
	c.changed()
	return true
}

// past returns where a notification is in the history, -1 if it isn't.
func (c *Center) past(id uint32) int {
	return slices.IndexFunc(c.history, func(n *Notification) bool { return n.ID == id })
}

func (c *Center) find(id uint32) int {
	return slices.IndexFunc(c.shown, func(n *Notification) bool { return n.ID == id })
}

// end takes a notification off the screen and keeps it, unread if the person
// had no part in its end.
func (c *Center) end(i int, why Reason, unread bool) {
	n := c.shown[i]
	c.shown = slices.Delete(c.shown, i, i+1)
	n.Unread = unread
	c.keep(n)
	c.tell(Told{Sender: n.Sender, ID: n.ID, Reason: why})
}

func (c *Center) keep(n *Notification) {
	if n.Transient {
		return
	}
	of, oldest := 0, 0
	for i, h := range slices.Backward(c.history) {
		if h.Sender == n.Sender {
			of, oldest = of+1, i
		}
	}
	switch {
	case of >= maxPast:
		c.history = slices.Delete(c.history, oldest, oldest+1)
	case len(c.history) == maxHistory:
		c.history = slices.Delete(c.history, 0, 1)
	}
	n.Image = nil // pictures are large
	c.history = append(c.history, n)
}

func (c *Center) came(n *Notification, shown bool) {
	if c.Came != nil {
		c.Came(n, shown)
	}
	c.changed()
}

func (c *Center) changed() {
	if c.Changed != nil {
		c.Changed()
	}
}

func (c *Center) tell(t Told) {
	if c.Told != nil {
		c.Told(t)
	}
}
