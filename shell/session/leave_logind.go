package session

import (
	"context"
	"errors"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/logind"
	"rayos/shell/settings"
)

// logindLink is the session's connection with logind: it hears when the session
// is to be locked and when the machine is about to sleep, and tells whether
// anybody is there.
type logindLink struct {
	s      *Session
	m      *logind.Manager // nil while there is none
	why    string          // there is none, for people
	locked hint
	idle   hint
	absent func() // stops the wait for the person's absence
	ended  bool
}

// hint is a state that logind is told of. One call is under way at a time.
type hint struct {
	wanted, told, busy bool
}

const (
	// absentAfter is how long nobody has used the session when logind is told so.
	absentAfter = 5 * time.Minute
	// logindWithin is how long logind may take for what asks nobody.
	logindWithin = 10 * time.Second
)

func (l *logindLink) init(s *Session) {
	l.s, l.why = s, lang.M("There is no logind on this machine")
	address := s.opt.SystemBus
	if address == "" {
		return
	}
	o := logind.Options{
		Lock:   func() { s.loop.Post(func() { s.screenLock.lock("logind", func(error) {}) }) }, // it is in the log
		Unlock: func() { s.loop.Post(l.unlock) },
		Sleep:  func(done func()) { s.loop.Post(func() { l.sleep(done) }) },
		Failed: func(err error) { s.loop.Post(func() { s.log.Warn("the next sleep isn't waited for", "err", err) }) },
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), logindWithin)
		defer cancel()
		m, err := logind.Connect(ctx, address, o)
		s.loop.Post(func() { l.connected(m, err) })
	}()
}

func (l *logindLink) connected(m *logind.Manager, err error) {
	s := l.s
	switch {
	case err != nil:
		s.log.Info("without logind the machine isn't suspended or restarted here", "err", err)
		return
	case l.ended:
		_ = m.Close() // nobody uses it
		return
	}
	l.m = m
	l.tell()
	l.absent = s.server.WhenIdle(absentAfter, func(idle bool) { l.idle.wanted = idle; l.tell() })
	s.leave.ask()
}

func (l *logindLink) end() {
	l.ended = true
	if l.absent != nil {
		l.absent()
	}
	if l.m != nil {
		_ = l.m.Close() // the session ends
		l.m = nil
	}
}

// sleep locks the session before the machine sleeps. done lets it.
func (l *logindLink) sleep(done func()) {
	if l.ended {
		done()
		return
	}
	l.s.screenLock.lock("sleep", func(error) { done() }) // why it isn't locked is in the log
}

// unlock opens the session's own lock, where the person has allowed that.
func (l *logindLink) unlock() {
	s := l.s
	switch {
	case l.ended || !s.screenLock.on:
	case s.prefs.store.Get("privacy.unlock-by-system") != settings.On:
		s.log.Warn("logind asks to unlock: privacy.unlock-by-system is off")
	default:
		s.screenLock.open()
	}
}

func (l *logindLink) setLocked(on bool) {
	l.locked.wanted = on
	l.tell()
}

// tell tells logind what it doesn't know yet.
func (l *logindLink) tell() {
	if l.m == nil || l.ended {
		return
	}
	l.hint(&l.locked, l.m.SetLocked)
	l.hint(&l.idle, l.m.SetIdle)
}

func (l *logindLink) hint(h *hint, set func(context.Context, bool) error) {
	if h.busy || h.wanted == h.told {
		return
	}
	h.busy = true
	on, s := h.wanted, l.s
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), logindWithin)
		defer cancel()
		err := set(ctx, on)
		s.loop.Post(func() {
			if err != nil {
				s.log.Debug("logind isn't told", "err", err)
			}
			h.busy, h.told = false, on
			l.tell()
		})
	}()
}

// can asks whether a verb can be carried out, beside the loop.
func (l *logindLink) can(v logind.Verb, done func(error)) {
	m, s := l.m, l.s
	if m == nil {
		done(errors.New(l.why))
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), logindWithin)
		defer cancel()
		c := m.Can(ctx, v)
		s.loop.Post(func() {
			if c.OK {
				done(nil)
				return
			}
			done(errors.New(c.Why))
		})
	}()
}

// verb carries out a verb of logind beside the loop. It may ask the person for a
// password, by polkit.
func (l *logindLink) verb(v logind.Verb, done func(error)) {
	m, s := l.m, l.s
	if m == nil {
		done(errors.New(l.why))
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err := m.Do(ctx, v)
		s.loop.Post(func() { done(err) })
	}()
}
