package session

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strconv"
	"strings"
	"time"

	"rayos/internal/loop"
	"rayos/rayapps/ui"
	"rayos/shell/control"
	"rayos/shell/lockscreen"
	"rayos/shell/notify"
	"rayos/shell/panel"
	"rayos/shell/sessionbus"
	"rayos/shell/theme"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
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
	message  string
	bad      bool
	timer    *loop.Timer // the next minute or second of what is shown
	revive   *loop.Timer // views that have failed come back
	shown    lockscreen.State
	file     *lockFile
	idle     func() // stops the wait for the person's absence
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
	was, err := staleLocks(k.s.opt.Runtime)
	if err != nil {
		k.s.log.Error("was the session locked?", "err", err)
	}
	if was {
		k.engage("crash")
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
	file, err := newLockFile(s.opt.Runtime, s.socket)
	if err != nil {
		s.log.Error("a session that crashes now will not be locked", "err", err)
	}
	k.on, k.file, k.failures, k.until, k.message, k.bad = true, file, 0, 0, "", false
	k.screen.Forget()
	s.parts.release(nil)
	s.server.HoldLock(true)
	s.Lock()
	k.follow()
	s.log.Info("locked", "why", why)
	s.console.marker("RAYOS_SHELL:lock:on")
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
		k.message = "The password could not be checked."
	case said != "":
		k.message = said
	default:
		k.message = "That password is not right."
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

// state is what is to be seen now.
func (k *lockScreen) state() lockscreen.State {
	s := k.s
	st := s.seat.State()
	v := lockscreen.State{
		Now: s.bars.wall().Truncate(time.Minute), Name: k.name, Busy: k.checking != nil, Message: k.message, Bad: k.bad,
		Caps: s.seat.Mods().Locked&st.Keymap().ModMask("Lock") != 0,
	}
	if st.Keymap().Groups() > 1 {
		v.Layout = st.Keymap().GroupName(st.Group())
	}
	if left := k.until - s.loop.Now(); left > 0 {
		v.Wait = int((left + time.Second - 1) / time.Second)
	}
	return v
}

// refresh draws all views anew.
func (k *lockScreen) refresh() {
	for _, p := range k.panels {
		p.panel.Invalidate()
	}
}

// follow gives every output its view.
func (k *lockScreen) follow() {
	if !k.on {
		return
	}
	keep := k.panels[:0]
	for _, p := range k.panels {
		if k.s.outputs != nil && k.has(p.o) && !p.dead {
			keep = append(keep, p)
			continue
		}
		p.panel.Close()
		if k.front == p {
			k.front = nil
		}
	}
	clear(k.panels[len(keep):])
	k.panels = keep
	if k.revive.Armed() {
		return
	}
	for _, o := range k.s.outputs {
		p := k.of(o)
		if p == nil {
			p = k.add(o)
		}
		area := o.scene.Logical()
		p.panel.Place(area, lockscreen.Place(area), o.info.Scale)
	}
}

func (k *lockScreen) has(o *output) bool {
	for _, q := range k.s.outputs {
		if q == o {
			return true
		}
	}
	return false
}

// of returns the view of an output, or nil.
func (k *lockScreen) of(o *output) *lockPanel {
	for _, p := range k.panels {
		if p.o == o {
			return p
		}
	}
	return nil
}

// add makes the view of an output.
func (k *lockScreen) add(o *output) *lockPanel {
	s, p := k.s, &lockPanel{o: o}
	po := s.parts.options("lock", func() ui.Node { return k.view(o.scene.Logical().H()) })
	po.Strip, po.Above, po.Shadow = k.tree, k.tree, true
	po.Open = func() bool { return k.on }
	failed := po.Failed
	po.Failed = func(last bool) {
		// The outputs stay covered, and the session locked.
		if failed(last); last {
			p.dead = true
			k.revive.Arm(s.loop.Now() + reviveAfter)
		}
	}
	p.panel = panel.New(po)
	k.panels = append(k.panels, p)
	return p
}

// raise brings views back that have failed.
func (k *lockScreen) raise() {
	k.revive.Disarm()
	k.follow()
	k.s.moved = true
}

// drop takes the views away.
func (k *lockScreen) drop() {
	k.timer.Disarm()
	k.revive.Disarm()
	for _, p := range k.panels {
		p.panel.Close()
	}
	k.panels, k.front = nil, nil
}

// turn implements part.
func (k *lockScreen) turn() {
	if !k.on {
		return
	}
	if st := k.state(); !sameScreen(&st, &k.shown) {
		k.shown = st
		k.screen.Show(st)
		k.refresh()
	}
	k.clock()
	k.hold()
	for _, p := range k.panels {
		p.panel.Turn()
	}
}

func sameScreen(a, b *lockscreen.State) bool {
	return a.Now.Equal(b.Now) && a.Name == b.Name && a.Caps == b.Caps && a.Layout == b.Layout && a.Busy == b.Busy &&
		a.Message == b.Message && a.Bad == b.Bad && a.Wait == b.Wait
}

// clock wakes the session when something that is shown changes by itself.
func (k *lockScreen) clock() {
	if k.s.unseen() {
		k.timer.Disarm()
		return
	}
	now, wall := k.s.loop.Now(), k.s.bars.wall()
	next := now + wall.Truncate(time.Minute).Add(time.Minute+5*time.Millisecond).Sub(wall)
	if left := k.until - now; left > 0 {
		next = min(next, now+(left-1)%time.Second+1)
	}
	if !k.timer.Armed() || k.timer.At() > next || k.timer.At() <= now {
		k.timer.Arm(next)
	}
}

// hold sees to it that a view has the keyboard.
func (k *lockScreen) hold() {
	if k.front != nil && k.front.panel.Keyboard() != nil {
		return
	}
	k.front = nil
	for _, p := range k.panels {
		if p.panel.Down() {
			continue
		}
		if k.front == nil || k.s.seat.Position().Floor().In(p.o.scene.Logical()) {
			k.front = p
		}
	}
	if k.front != nil {
		k.front.panel.Focus()
		k.s.focusWindow()
	}
}

// pressed gives the keyboard to the view that was pressed.
func (k *lockScreen) pressed(f seat.Focus) {
	for _, p := range k.panels {
		if p.panel.Owns(f) && p != k.front {
			if k.front != nil {
				k.front.panel.Release()
			}
			k.front = p
			p.panel.Focus()
			k.s.focusWindow()
		}
	}
}

// owns implements part.
func (k *lockScreen) owns(f seat.Focus) bool {
	for _, p := range k.panels {
		if p.panel.Owns(f) {
			return true
		}
	}
	return false
}

// shows reports whether a panel is one of the lock's, the only ones that can be
// seen while it is on.
func (k *lockScreen) shows(p *panel.Panel) bool {
	for _, q := range k.panels {
		if q.panel == p {
			return true
		}
	}
	return false
}

// release implements part: nobody takes the keyboard from the lock.
func (k *lockScreen) release() {}

// keyboard implements part.
func (k *lockScreen) keyboard() seat.Focus {
	if !k.on || k.front == nil {
		return nil
	}
	return k.front.panel.Keyboard()
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
	k.idle = k.s.server.WhenIdle(time.Duration(n)*time.Minute, func() {
		k.lock("idle", func(error) {}) // it is in the log
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

// lockVeil is how much of the wallpaper the lock screen hides.
const lockVeil = 160

var (
	_ part               = (*lockScreen)(nil)
	_ lockscreen.Actions = (*lockScreen)(nil)
)

// lockFailed tells the person why a key hasn't locked the session.
func (s *Session) lockFailed(err error) {
	if err != nil {
		s.notices.tell(notify.Notification{App: "RayOS", Trust: theme.Session, Summary: "Not locked", Body: []notify.Span{{Text: err.Error()}}}, nil)
	}
}
