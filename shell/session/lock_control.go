package session

import (
	"strconv"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/control"
	"rayos/shell/notify"
	"rayos/shell/theme"
)

// setIdle locks after so many minutes without the person, 0 for never.
func (k *lockScreen) setIdle(minutes string) {
	if k.idle != nil {
		k.idle()
		k.idle = nil
	}
	n, err := strconv.Atoi(minutes)
	if err != nil || n == 0 || k.screen == nil || k.s.display.Name() == "headless" && !k.s.loop.Virtual() {
		return // a session that nobody looks at has nobody who is away
	}
	k.idle = k.s.server.WhenIdle(time.Duration(n)*time.Minute, func(idle bool) {
		if idle {
			k.lock("idle", func(error) {}) // it is in the log
		}
	})
}

// Lock implements control.Guard.
func (c guardCommands) Lock(done func(error)) (cancel func()) {
	return c.s.screenLock.lock("asked", func(err error) {
		if err != nil {
			err = control.Errorf(control.CodeFailed, "%v", err)
		}
		done(err)
	})
}

// guardCommands are the lock as rayctl and the prompt see it.
type guardCommands struct{ s *Session }

// Locked implements control.Guard.
func (c guardCommands) Locked() control.LockState {
	return control.LockState{Locked: c.s.lock.on, Own: c.s.screenLock.on}
}

// Guard implements control.Session.
func (c *commands) Guard() control.Guard { return guardCommands{c.s} }

// lockFailed tells the person why a key hasn't locked the session.
func (s *Session) lockFailed(err error) {
	if err != nil {
		s.notices.tell(notify.Notification{App: "RayOS", Trust: theme.Session, Summary: lang.T("Not locked"), Body: []notify.Span{{Text: fault(err)}}}, nil)
	}
}
