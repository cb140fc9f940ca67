package session

import (
	"context"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui/icon"
	"rayos/shell/control"
	"rayos/shell/dialog"
	"rayos/shell/launcher"
	"rayos/shell/logind"
)

// leaving is the dialog in which the session or the machine is ended, and what
// is done then.
type leaving struct {
	sheet
	dialog *dialog.Dialog

	// What was found out when the dialog came: what logind can, who is against
	// it, and why the session can't be locked.
	can    map[logind.Verb]logind.Can
	block  map[logind.Verb][]logind.Inhibitor
	noLock string
	asking bool

	keys    keySet
	fault   string        // of what was tried last
	refused control.Leave // windows have not closed for it
	going   departure
	shown   []loss
}

// lockDeed is a deed of the dialog that leaves nothing.
const lockDeed = "lock"

// verbs are what ways to leave are called by logind.
var verbs = map[control.Leave]logind.Verb{
	control.Sleep: logind.Suspend, control.Restart: logind.Reboot, control.PowerOff: logind.PowerOff,
}

func (l *leaving) init(s *Session) {
	l.dialog = dialog.New(l)
	l.going.init(l)
	l.keys = keySet{s: s, chords: map[string]func(){"Ctrl+Alt+Delete": func() {
		if !s.lock.on {
			l.toggle()
		}
	}}}
	l.sheet = sheet{
		s: s, name: "leave", strip: s.layers.menus, modal: true, view: l.dialog.View, place: l.dialog.Place,
		hidden: func() { s.console.marker("RAYOS_SHELL:leave:closed") },
	}
}

func (l *leaving) toggle() {
	if l.sheet.shown() {
		l.hide()
		return
	}
	l.open("")
}

// open shows the dialog with the keyboard on a way to leave, "" for the first.
func (l *leaving) open(at control.Leave) {
	s := l.s
	if s == nil || s.lock.on || l.going.what != "" {
		return
	}
	o := s.preferred()
	if o == nil {
		return
	}
	fresh := !l.sheet.shown()
	if fresh {
		l.fault, l.refused = "", ""
		l.ask()
	}
	l.present(o, at)
	if fresh {
		s.console.marker("RAYOS_SHELL:leave:opened")
	}
}

// present shows what there is to decide.
func (l *leaving) present(o *output, at control.Leave) {
	l.renew()
	l.show(o)
	for _, d := range l.deeds() {
		if d.ID == string(at) || at == "" {
			return
		}
		if !d.Disabled {
			l.panel.Root().FocusNext(false)
		}
	}
}

// ask finds out what can be done, beside the loop.
func (l *leaving) ask() {
	s, m := l.s, l.s.logind.m
	if l.asking {
		return
	}
	l.asking = true
	helper := s.opt.Auth
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), logindWithin)
		defer cancel()
		noLock := ""
		if err := helper.Usable(ctx); err != nil {
			noLock = lang.F("Can’t: {why}", "why", fault(err))
		}
		can, block := map[logind.Verb]logind.Can{}, map[logind.Verb][]logind.Inhibitor{}
		for _, v := range verbs {
			if m == nil {
				break
			}
			can[v] = m.Can(ctx, v)
			list, err := m.Inhibitors(ctx, v)
			if err != nil {
				can[v] = logind.Can{Why: lang.M("logind doesn’t answer")}
			}
			block[v] = list
		}
		s.loop.Post(func() {
			l.asking, l.can, l.block, l.noLock = false, can, block, noLock
			l.renew()
		})
	}()
}

// renew shows what has changed.
func (l *leaving) renew() {
	l.shown = l.losses(control.PowerOff)
	lost := make([]dialog.Loss, len(l.shown))
	for i := range l.shown {
		lost[i] = l.shown[i].line()
	}
	l.dialog.Show(dialog.State{Deeds: l.deeds(), Losses: lost, Fault: l.fault})
	l.invalidate()
}

// turn implements part: windows come and go while the person decides.
func (l *leaving) turn() {
	if l.sheet.shown() && l.s.bars.stale {
		l.renew()
	}
	l.sheet.turn()
}

// deeds are the ways to leave, what ends least first.
func (l *leaving) deeds() []dialog.Deed {
	list := []dialog.Deed{
		{ID: lockDeed, Icon: icon.Lock, Name: lang.T("Lock"), Help: lang.T("Hides everything until your password is typed")},
		{ID: string(control.Sleep), Icon: icon.Moon, Name: lang.C("computer", "Suspend"), Help: lang.T("Locks the session, then the machine sleeps")},
		{ID: string(control.LogOut), Icon: icon.Logout, Name: lang.T("Log out"), Help: lang.T("Programs are asked to close, machines are suspended")},
		{ID: string(control.Restart), Icon: icon.Refresh, Name: lang.T("Restart"), Help: lang.T("Logs out, then the machine starts anew")},
		{ID: string(control.PowerOff), Icon: icon.Power, Name: lang.T("Shut down"), Help: lang.T("Logs out, then the machine is off")},
	}
	for i := range list {
		d := &list[i]
		v, machine := verbs[control.Leave(d.ID)]
		why := ""
		switch {
		case d.ID == lockDeed:
			why = l.noLock
		case machine && l.s.logind.m == nil:
			why = lang.T(l.s.logind.why)
		case machine && !l.can[v].OK:
			if why = l.can[v].Why; why == "" {
				why = "…" // it is being asked
			}
			why = lang.F("Can’t: {why}", "why", lang.T(why))
		}
		switch {
		case why != "":
			d.Disabled, d.Help = true, why
		case d.ID == string(control.Sleep) && l.noLock != "":
			d.Help = lang.T("The machine sleeps, and wakes up unlocked")
		case d.ID == string(l.refused) && l.refused != "":
			d.Name, d.Danger, d.Help = lang.F("{deed} all the same", "deed", d.Name), true, lang.T("What isn’t saved is lost")
		}
	}
	return list
}

// Cancel implements dialog.Actions.
func (l *leaving) Cancel() { l.hide() }

// Do implements dialog.Actions.
func (l *leaving) Do(id string) {
	s := l.s
	if id == lockDeed {
		l.hide()
		s.screenLock.lock("asked", s.lockFailed)
		return
	}
	what := control.Leave(id)
	sure := what == l.refused
	l.hide()
	// The person has seen what would be lost; programs may still have questions.
	l.going.begin(what, sure, func(err error) {
		if o := s.preferred(); err != nil && !s.lock.on && o != nil {
			l.fault = launcher.Sentence(fault(err))
			l.present(o, what)
		}
	})
}

var (
	_ part           = (*leaving)(nil)
	_ dialog.Actions = (*leaving)(nil)
)

// AskLeave implements control.Guard.
func (c guardCommands) AskLeave(show bool) error {
	l := &c.s.leave
	switch {
	case l.s == nil:
		return errNoShell
	case !show:
		l.hide()
		return nil
	case c.s.lock.on:
		return errLocked
	}
	if l.open(""); !l.sheet.shown() {
		return control.Errorf(control.CodeFailed, "there is no screen for the dialog, or the session is being left")
	}
	return nil
}

// Leave implements control.Guard.
func (c guardCommands) Leave(what control.Leave, sure bool, done func(error)) (cancel func()) {
	l := &c.s.leave
	if l.s == nil {
		done(errNoShell)
		return nil
	}
	if list := l.losses(what); len(list) > 0 && !sure {
		done(control.Errorf(control.CodeFailed, "still open: %s: add --yes to do it all the same", told(list)))
		return nil
	}
	l.going.begin(what, sure, func(err error) {
		if err != nil {
			err = control.Errorf(control.CodeFailed, "%v", err)
		}
		done(err)
	})
	return nil
}
