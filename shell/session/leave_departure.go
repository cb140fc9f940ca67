package session

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/shell/auth"
	"rayos/shell/control"
	"rayos/shell/logind"
)

// departure is the way out, once somebody has decided: windows are asked to
// close, then the session ends, or logind ends the machine.
type departure struct {
	l     *leaving
	what  control.Leave // "" while nobody leaves
	sure  bool          // windows that stay don't matter
	done  func(error)
	timer *loop.Timer // until windows have had their time
	stop  func()      // no longer waits for them
}

// closeWithin is how long windows may take to close before whoever leaves is told
// that they don't.
const closeWithin = 10 * time.Second

var errLeaving = errors.New(lang.M("the session is being left already"))

// unclosed is the failure of windows that haven't closed.
type unclosed int

func (n unclosed) Error() string {
	if n > 1 {
		return fmt.Sprintf("%d windows haven’t closed: they may ask you something.", int(n))
	}
	return "A window hasn’t closed: it may ask you something."
}

// Why passwords can't be checked, as package auth and its helper say it, for the
// catalogs.
var _ = [...]string{
	lang.M("there is no helper"), lang.M("the helper doesn't answer"), lang.M("rayos-auth was built without PAM: build it with -tags pam"),
}

// fault is a failure in the person's language, as far as it is known.
func fault(err error) string {
	var n unclosed
	if errors.As(err, &n) {
		return lang.N("{n} window hasn’t closed: it may ask you something.", "{n} windows haven’t closed: they may ask you something.", int(n))
	}
	if why, ok := strings.CutPrefix(err.Error(), auth.ErrUnavailable.Error()+": "); ok {
		return lang.T(why)
	}
	return lang.T(err.Error())
}

func (d *departure) init(l *leaving) { d.l = l }

// begin starts to leave; done is called before the session ends or the machine
// sleeps, or with the reason why not.
func (d *departure) begin(what control.Leave, sure bool, done func(error)) {
	s := d.l.s
	if d.what != "" {
		done(errLeaving)
		return
	}
	if d.timer == nil {
		d.timer = s.loop.NewTimer(d.late)
	}
	d.what, d.sure, d.done = what, sure, done
	if v, ok := verbs[what]; ok {
		d.allowed(v)
		return
	}
	d.close()
}

// over ends the attempt.
func (d *departure) over(err error) {
	s, done, what := d.l.s, d.done, d.what
	d.timer.Disarm()
	if d.stop != nil {
		d.stop()
	}
	d.what, d.done, d.stop = "", nil, nil
	said := string(what)
	if err != nil {
		s.log.Warn("not left", "by", what, "err", err)
		said = "failed"
	}
	s.console.marker("RAYOS_SHELL:leave:" + said)
	done(err)
}

// allowed goes on where logind can do it.
func (d *departure) allowed(v logind.Verb) {
	d.l.s.logind.can(v, func(err error) {
		switch {
		case d.what == "":
		case err != nil:
			d.over(err)
		case v == logind.Suspend:
			d.sleep()
		default:
			d.close()
		}
	})
}

// sleep locks, and suspends once no screen shows anything. One that can't be
// locked sleeps all the same: nobody who closes a lid is asked either.
func (d *departure) sleep() {
	s := d.l.s
	s.screenLock.lock("suspend", func(error) { // why it isn't locked is in the log
		if d.what != "" {
			s.logind.verb(logind.Suspend, d.over)
		}
	})
}

// close asks all windows to close, and goes on when they have.
func (d *departure) close() {
	s := d.l.s
	s.record.stop(nil)
	for _, w := range s.closable() {
		w.guest.Window.Close()
	}
	d.timer.Arm(s.loop.Now() + closeWithin)
	d.stop = s.waiters.add(func() bool {
		if d.what == "" {
			return true
		}
		if len(s.closable()) > 0 || s.record.closed != nil {
			return false
		}
		// Not in the middle of a turn.
		s.loop.Post(d.leave)
		return true
	})
}

// late is called when windows have had their time.
func (d *departure) late() {
	n := len(d.l.s.closable())
	switch {
	case d.what == "":
	case d.sure || n == 0:
		d.leave()
	default:
		d.l.refused = d.what
		d.over(unclosed(n))
	}
}

// leave ends the session, or has logind end the machine.
func (d *departure) leave() {
	s := d.l.s
	if d.what == "" {
		return
	}
	d.timer.Disarm()
	quit := func(err error) {
		if d.what == "" {
			return
		}
		if d.over(err); err == nil {
			s.Quit(nil)
		}
	}
	if v, ok := verbs[d.what]; ok {
		s.logind.verb(v, quit)
		return
	}
	quit(nil)
}
