package session

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/shell/lockscreen"
	"rayos/shell/logind"
	"rayos/shell/panel"
	"rayos/shell/sessionbus"
	"rayos/surfaces/scene"
)

// lockScreen is the session's own locker. What decides about a password is a
// process of package auth; without one that can, the session doesn't lock: a
// lock that nobody can open is worse than none.
type lockScreen struct {
	s      *Session
	on     bool // the lock is ours
	screen *lockscreen.Screen
	view   func(high int32) ui.Node // of screen
	tree   *scene.Tree
	panels []*lockPanel
	front  *lockPanel // has the keyboard
	name   string

	asking   bool // whether passwords can be checked
	then     []func(error)
	checking context.CancelFunc // nil while no password is being checked
	failures int
	until    time.Duration // no password is taken before
	canSleep bool          // logind lets the person suspend the machine
	message  string
	bad      bool
	timer    *loop.Timer // the next minute or second of what is shown
	revive   *loop.Timer // views that have failed come back
	shown    lockscreen.State
	file     *lockFile
	idle     func() // stops the wait for the person's absence
	orphan   bool   // a locker has died, and that it can be unlocked here was asked
	ended    bool
}

// lockPanel is the screen on an output.
type lockPanel struct {
	o     *output
	panel *panel.Panel
	dead  bool // it has failed for good
}

const (
	// checkDeadline is what a check of a password may take; PAM's modules
	// themselves wait for seconds after a wrong one.
	checkDeadline = time.Minute
	readyDeadline = 10 * time.Second
	// reviveAfter is the rest of a view that has failed.
	reviveAfter = time.Second
	longestWait = 30 * time.Second
)

func (k *lockScreen) init(s *Session) {
	k.s = s
	k.tree = s.layers.lock.NewTree()
	k.screen = lockscreen.New(k)
	k.view = k.screen.View
	k.timer = s.loop.NewTimer(func() {})
	k.revive = s.loop.NewTimer(k.raise)
	if u, err := user.Current(); err == nil {
		name, _, _ := strings.Cut(u.Name, ",")
		if name == "" {
			name = u.Username
		}
		k.name = sessionbus.Clean(name, 64, false)
	}
}

// resume locks a session whose predecessor ended, without being asked to, while
// it was locked. It comes before anything is shown.
func (k *lockScreen) resume() {
	s := k.s
	stale, err := staleLocks(s.opt.Runtime)
	if err != nil {
		s.log.Error("was the session locked?", "err", err)
	}
	// The old files go once there is a new one: a session that is killed between
	// is locked all the same. One of the same name is taken over.
	own := lockPath(s.opt.Runtime, s.socket)
	for _, f := range stale {
		if f.f.Name() == own {
			k.file = f
		}
	}
	if len(stale) > 0 {
		k.engage("crash")
	}
	for _, f := range stale {
		if f != k.file {
			f.remove(s.log)
		}
	}
}

// lock locks the session; done, on the loop, is called when no screen shows
// anything of it, or with the reason why it isn't locked.
func (k *lockScreen) lock(why string, done func(error)) (cancel func()) {
	switch {
	case k.ended || k.screen == nil:
		done(errors.New("this session has no shell"))
		return nil
	case k.on || k.s.server.LockHeld():
		return k.covered(done)
	}
	gone := false
	var stop func()
	k.then = append(k.then, func(err error) {
		switch {
		case gone:
		case err != nil:
			done(err)
		default:
			stop = k.covered(done)
		}
	})
	if !k.asking {
		k.ask(why)
	}
	return func() {
		if gone = true; stop != nil {
			stop()
		}
	}
}

// covered waits until all outputs are.
func (k *lockScreen) covered(done func(error)) (cancel func()) {
	return k.s.waiters.add(func() bool {
		if k.s.lock.on && k.s.lock.waiting {
			return false
		}
		done(nil)
		return true
	})
}

// ask finds out whether anybody could unlock, and locks.
func (k *lockScreen) ask(why string) {
	k.asking = true
	s, helper := k.s, k.s.opt.Auth
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), readyDeadline)
		defer cancel()
		err := helper.Usable(ctx)
		s.loop.Post(func() {
			k.asking = false
			if k.ended {
				return
			}
			if err != nil {
				err = fmt.Errorf("the session can't be locked: %w", err)
				s.log.Warn("not locked", "why", why, "err", err)
				s.console.marker("RAYOS_SHELL:lock:unable")
			} else {
				k.engage(why)
			}
			then := k.then
			k.then = nil
			for _, fn := range then {
				fn(err)
			}
		})
	}()
}

// engage locks at once.
func (k *lockScreen) engage(why string) {
	s := k.s
	if k.on || s.server.LockHeld() {
		return
	}
	if k.file == nil {
		var err error
		if k.file, err = newLockFile(s.opt.Runtime, s.socket); err != nil {
			s.log.Error("a session that crashes now will not be locked", "err", err)
		}
	}
	k.on, k.failures, k.until, k.message, k.bad = true, 0, 0, "", false
	k.screen.Forget()
	k.canSleep = false
	s.logind.can(logind.Suspend, func(err error) { k.canSleep = err == nil })
	s.parts.release(nil)
	s.server.HoldLock(true)
	s.Lock()
	k.follow()
	s.log.Info("locked", "why", why)
	// Not before the session's first line, which says where it is.
	s.loop.Post(func() { s.console.marker("RAYOS_SHELL:lock:on") })
}

// Sleep implements lockscreen.Actions.
func (k *lockScreen) Sleep() {
	k.s.logind.verb(logind.Suspend, func(err error) {
		if err != nil {
			k.message, k.bad = fault(err), true
		}
	})
}

// adopt takes over a session whose locker has died: the person has a password,
// and nobody to tell it to.
func (k *lockScreen) adopt() {
	dead := k.s.lock.on && !k.on && !k.s.server.LockHeld()
	if dead && !k.orphan && !k.asking && !k.ended {
		k.ask("the locker has died")
	}
	k.orphan = dead
}

// open unlocks.
func (k *lockScreen) open() {
	s := k.s
	k.screen.Forget()
	k.on = false
	k.drop()
	k.file.remove(s.log)
	k.file = nil
	s.server.HoldLock(false)
	s.Unlock()
	s.log.Info("unlocked")
	s.console.marker("RAYOS_SHELL:lock:off")
}

// Submit implements lockscreen.Actions.
func (k *lockScreen) Submit() {
	s := k.s
	if !k.on || k.checking != nil || s.loop.Now() < k.until {
		return
	}
	password := k.screen.Take()
	ctx, cancel := context.WithTimeout(context.Background(), checkDeadline)
	k.checking, k.message, k.bad = cancel, "", false
	helper := s.opt.Auth
	go func() {
		ok, said, err := helper.Check(ctx, password)
		s.loop.Post(func() {
			cancel()
			k.checking = nil
			if k.on && !k.ended {
				k.checked(ok, said, err)
			}
		})
	}()
	k.refresh()
}

// checked is told what came of a password.
func (k *lockScreen) checked(ok bool, said string, err error) {
	s := k.s
	switch {
	case ok && err == nil:
		k.open()
		return
	case err != nil:
		s.log.Error("a password could not be checked", "err", err)
		k.message = lang.T("The password could not be checked.")
	case said != "":
		k.message = said
	default:
		k.message = lang.T("That password is not right.")
	}
	k.failures++
	k.bad, k.until = true, s.loop.Now()+waitAfter(k.failures)
	s.console.marker("RAYOS_SHELL:lock:refused")
	k.refresh()
}

// waitAfter is how long nobody may try again after so many failures.
func waitAfter(failures int) time.Duration {
	if failures < 3 {
		return 0
	}
	return min(time.Second<<min(failures-2, 10), longestWait)
}

// Typed implements lockscreen.Actions.
func (k *lockScreen) Typed() {
	if k.bad && k.s.loop.Now() >= k.until && !k.screen.Empty() {
		k.message, k.bad = "", false
	}
	k.refresh()
}

// NextLayout implements lockscreen.Actions.
func (k *lockScreen) NextLayout() {
	st := k.s.seat.State()
	k.s.seat.SetGroup((st.Group() + 1) % max(st.Keymap().Groups(), 1))
}

// end implements part. A session that ends because it was told to isn't locked
// when the next one begins.
func (k *lockScreen) end() {
	k.ended = true
	k.screen.Forget()
	if k.checking != nil {
		k.checking()
	}
	if k.idle != nil {
		k.idle()
	}
	k.drop()
	k.file.remove(k.s.log)
	k.file = nil
}

// lockVeil is how much of the wallpaper the lock screen hides.
const lockVeil = 160

var (
	_ part               = (*lockScreen)(nil)
	_ lockscreen.Actions = (*lockScreen)(nil)
)
