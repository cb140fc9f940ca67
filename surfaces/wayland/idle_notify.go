package wayland

import (
	"time"

	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// idleness tells clients when nobody has used the seat for a while.
type idleness struct {
	srv   *Server
	timer *loop.Timer
	list  []*idleNotification
	idled int // how many of list are idle
	// freed is when the last inhibitor stopped to have an effect.
	freed      time.Duration
	inhibitors []*idleInhibitor
	inhibited  bool
}

func (s *Server) addIdleNotifier() {
	i := &idleness{srv: s}
	s.idle = i
	i.timer = s.Loop.NewTimer(i.check)
	s.addGlobal(&protocol.ExtIdleNotifierV1Interface, 2, func(c *Client, id, version uint32) {
		server.NewExtIdleNotifierV1(c.conn, id, version).Handler = idleNotifier{i, c}
	})
}

type idleNotifier struct {
	idle *idleness
	c    *Client
}

func (idleNotifier) Destroy(*server.ExtIdleNotifierV1) {}

// GetIdleNotification tells of idleness, which inhibitors put off.
func (h idleNotifier) GetIdleNotification(_ *server.ExtIdleNotifierV1, id *server.ExtIdleNotificationV1, timeout uint32, st *server.WlSeat) {
	h.idle.add(id, h.c.seatOf(st).g, timeout, false)
}

// GetInputIdleNotification tells of a person's absence, whatever plays.
func (h idleNotifier) GetInputIdleNotification(_ *server.ExtIdleNotifierV1, id *server.ExtIdleNotificationV1, timeout uint32, st *server.WlSeat) {
	h.idle.add(id, h.c.seatOf(st).g, timeout, true)
}

// idleNotification is ext_idle_notification_v1.
type idleNotification struct {
	idle    *idleness
	g       *seatGlobal
	res     *server.ExtIdleNotificationV1 // nil for the session's own
	told    func(idle bool)               // called instead of it
	timeout time.Duration
	since   time.Duration // it was made
	input   bool          // inhibitors do not count
	idled   bool
}

func (i *idleness) add(res *server.ExtIdleNotificationV1, g *seatGlobal, timeout uint32, input bool) {
	n := &idleNotification{
		idle: i, g: g, res: res, timeout: time.Duration(timeout) * time.Millisecond, since: i.srv.Loop.Now(), input: input,
	}
	res.Handler = n
	i.list = append(i.list, n)
	i.arm()
}

// WhenIdle calls fn on the loop's goroutine each time that nobody has used the
// first seat for so long, and nothing inhibits idleness, and again when somebody
// does. stop ends that.
func (s *Server) WhenIdle(after time.Duration, fn func(idle bool)) (stop func()) {
	i := s.idle
	n := &idleNotification{idle: i, g: s.main, told: fn, timeout: after, since: s.Loop.Now()}
	i.list = append(i.list, n)
	i.arm()
	return n.ResourceDestroyed
}

func (n *idleNotification) tell(idle bool) {
	switch {
	case n.res == nil:
		n.told(idle)
	case idle:
		n.res.SendIdled()
	default:
		n.res.SendResumed()
	}
}

func (*idleNotification) Destroy(*server.ExtIdleNotificationV1) {}

// ResourceDestroyed forgets the notification.
func (n *idleNotification) ResourceDestroyed() {
	i := n.idle
	i.list = remove(i.list, n)
	if n.idled {
		i.idled--
	}
	i.arm()
}

// waits reports whether the notification may become idle, and when if nothing
// happens before.
func (n *idleNotification) waits() (due time.Duration, waits bool) {
	i := n.idle
	from := max(n.since, n.g.used)
	if !n.input {
		from = max(from, i.freed)
	}
	return from + n.timeout, !n.idled && (n.input || !i.inhibited)
}

// active notes that something was used. The timer stays as it is: it looks
// again when it fires, which costs less than to set it with every event.
func (i *idleness) active(g *seatGlobal) {
	if i == nil || len(i.list) == 0 {
		return
	}
	g.used = i.srv.Loop.Now()
	if i.idled == 0 {
		return
	}
	for _, n := range i.list {
		if n.idled && n.g == g {
			n.idled = false
			n.tell(false)
			i.idled--
		}
	}
	i.arm()
}

// check tells those whose time has come.
func (i *idleness) check() {
	i.look()
	now := i.srv.Loop.Now()
	for _, n := range i.list {
		if due, waits := n.waits(); waits && due <= now {
			n.idled = true
			i.idled++
			n.tell(true)
		}
	}
	i.arm()
}

// arm wakes the session when the next notification may be due, and never when
// there is none.
func (i *idleness) arm() {
	var next time.Duration
	any := false
	for _, n := range i.list {
		if due, waits := n.waits(); waits && (!any || due < next) {
			next, any = due, true
		}
	}
	switch {
	case !any:
		i.timer.Disarm()
	case !i.timer.Armed() || i.timer.At() != next:
		i.timer.Arm(next)
	}
}

// look follows the inhibitors, whose surfaces come into view and go.
func (i *idleness) look() {
	now := false
	for _, h := range i.inhibitors {
		now = now || h.effective()
	}
	if now == i.inhibited {
		return
	}
	i.inhibited = now
	if !now {
		i.freed = i.srv.Loop.Now()
	}
	i.arm()
}
