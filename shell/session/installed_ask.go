package session

import (
	"slices"
	"strings"

	"rayos/rayapps/lang"
	"rayos/rayapps/registry"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
	"rayos/shell/notify"
	"rayos/shell/theme"
	"rayos/shell/vms"
)

// ask shows a card by which the person decides about a permission; the app is
// run when all are decided. It reports false where nobody can be asked: then
// the app runs without.
func (a *installed) ask(app *registry.App, p *registry.State, args []string) bool {
	s := a.s
	if s.notices.s == nil {
		return false
	}
	a.permission("asked", app.ID, p.Name)
	decide := func(d registry.Decision) {
		if a.ended || !a.undecided(app, p.Name) {
			return // another card was answered
		}
		if err := s.opt.Installed.Registry.Decide(app, p.Name, d); err != nil {
			s.log.Error("permission", "app", app.ID, "err", err)
			return
		}
		a.permission(string(d), app.ID, p.Name)
		a.show(app, args)
	}
	said := lang.F("It says why: {reason}", "reason", p.Reason)
	if p.Name == "network" && len(app.Network) > 0 {
		said += " " + lang.F("It says where: {places}", "places", strings.Join(app.Network, ", "))
	}
	s.notices.tell(notify.Notification{
		App: app.ID, Trust: theme.Sandboxed, Urgency: notify.Critical, Timeout: -1,
		Summary: lang.F("May “{app}” {do}?", "app", app.Name, "do", lang.T(p.What)),
		Body:    []notify.Span{{Text: said}},
		Actions: []notify.Action{{Key: "allow", Label: lang.T("Allow")}, {Key: "deny", Label: lang.T("Don’t allow")}},
	}, func(action string) {
		switch action {
		case "allow":
			decide(registry.Granted)
		case "deny":
			decide(registry.Denied)
		}
	})
	return true
}

// undecided reports whether the person has yet to decide about a permission.
func (a *installed) undecided(app *registry.App, name string) bool {
	list, err := a.s.opt.Installed.Registry.Permissions(app)
	if err != nil {
		a.s.log.Warn("permissions", "app", app.ID, "err", err)
	}
	return slices.ContainsFunc(list, func(s registry.State) bool { return s.Name == name && s.Open() })
}

// tellDead shows a card about an app that is left alone.
func (a *installed) tellDead(r *appRun) {
	app := r.app
	a.s.notices.tell(notify.Notification{
		App: app.ID, Trust: theme.Sandboxed, Urgency: notify.Critical, Summary: lang.F("“{app}” has crashed", "app", app.Name),
		Body:    []notify.Span{{Text: lang.T("It is not started again by itself.")}},
		Actions: []notify.Action{{Key: "again", Label: lang.T("Start again")}},
	}, func(action string) {
		if action != "again" || a.ended {
			return
		}
		a.show(app, r.args)
	})
}

// Apps implements control.Session.
func (c *commands) Apps() control.Apps { return appCommands{&c.s.installed} }

// appCommands are the installed apps as rayctl and the prompt see them.
type appCommands struct{ a *installed }

// Run implements control.Apps. The session's own windows are apps too.
func (c appCommands) Run(name string, args []string, done func(string, error)) {
	app, err := c.a.find(name)
	if err != nil {
		done("", err)
		return
	}
	c.a.run(app, args, done)
}

// Running implements control.Apps.
func (c appCommands) Running() (list []control.RunningApp) {
	for _, r := range c.a.runs {
		v := control.RunningApp{ID: r.app.ID, State: "starting", Permissions: append([]string{}, r.held...), Crashes: r.crashes}
		switch {
		case r.proc == nil:
			v.State = "waiting"
		case r.running:
			v.State = "running"
			if !r.app.Trusted() {
				v.Confined, v.Lacks = string(r.status.Level()), r.status.Lacks
			}
		}
		v.PID = r.pid
		list = append(list, v)
	}
	return list
}

// Stop implements control.Apps.
func (c appCommands) Stop(name string) error {
	app, err := c.a.find(name)
	if err != nil {
		return err
	}
	if !c.a.stop(app.ID) {
		return control.Errorf(control.CodeFailed, "%s doesn't run", app.ID)
	}
	return nil
}

// runApp is the line "run APP", or one that asks for a window of the session's
// own.
func (s *Session) runApp(c *grammar.Command, name string, args []string, done vms.Done) {
	answers := map[string]grammar.Detail{"started": grammar.Launched, "shown": grammar.Presented, "asked": grammar.Asked}
	if c.Verb != grammar.Run {
		answers["started"] = grammar.Presented
		if s.opt.Installed.Registry == nil {
			if err := s.show(name, args...); err != nil {
				done("", &runner.Error{Detail: grammar.LaunchFailed, Err: err})
				return
			}
			done(string(grammar.Presented), nil)
			return
		}
	}
	app, err := s.installed.find(name)
	if err != nil {
		done("", &runner.Error{Detail: grammar.UnknownApp, Err: err})
		return
	}
	s.installed.run(app, args, func(how string, err error) {
		if err != nil {
			done("", &runner.Error{Detail: grammar.LaunchFailed, Err: err})
			return
		}
		done(string(answers[how]), nil)
	})
}
