package session

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"rayos/rayapps/lang"
	"rayos/shell/apps"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
	"rayos/shell/sessionbus"
	"rayos/wm"
)

// This file carries out what was chosen in the launcher.

var (
	errGone     = errors.New(lang.M("it is gone"))
	errNoOpener = errors.New(lang.M("no program opens files: install xdg-utils"))
	errGivenUp  = errors.New(lang.M("it was given up"))
)

// chosen carries out what the person has chosen, and has it followed.
func (p *promptPanel) chosen(c launcher.Chosen) error {
	f, since := p.s.traced.chosen(&c), p.s.loop.Now()
	err := p.do(c)
	if f != nil && c.ID == 0 { // its effect is there, or can't be
		p.s.traced.ended(f, actNames[c.Verb], err == nil, "", p.s.loop.Now()-since)
	}
	return err
}

// actNames are the acts of the launcher that aren't lines, for the log.
var actNames = map[launcher.Verb]string{
	launcher.Launch: "launch", launcher.Show: "focus", launcher.Close: "close", launcher.Copy: "copy", launcher.Open: "open", launcher.Reveal: "reveal",
	launcher.Settle: "settings", launcher.Minimise: "minimise", launcher.Switch: "workspace", launcher.Perform: "perform", launcher.Undo: "undo", launcher.Browse: "browse",
}

// do carries out an act.
func (p *promptPanel) do(c launcher.Chosen) error {
	s := p.s
	if c.Verb == launcher.Each {
		p.each(c)
		return nil
	}
	if c.ID != 0 && strings.HasPrefix(c.Of, ":") {
		p.command(c.Of, c.ID)
		p.save()
		return nil
	}
	if c.ID != 0 {
		p.run(c.Of, c.ID)
		return nil
	}
	p.save()
	switch c.Verb {
	case launcher.Launch:
		return p.launch(c.Of, c.With)
	case launcher.Show:
		w, err := p.window(c.Of)
		if err != nil {
			return err
		}
		s.do(wm.Activate{ID: w.id})
	case launcher.Close:
		w, err := p.window(c.Of)
		if err != nil {
			return err
		}
		w.guest.Window.Close()
	case launcher.Minimise:
		w, err := p.window(c.Of)
		if err != nil {
			return err
		}
		p.undoMinimise(w)
	case launcher.Switch:
		n, err := strconv.Atoi(c.Of)
		if err != nil {
			return err
		}
		p.undoSwitch(n)
	case launcher.Perform:
		p.hide() // what comes may want the keyboard
		return s.perform(c.Of)
	case launcher.Settle:
		return s.show("settings", c.Of)
	case launcher.Consult:
		return p.adviser.ask(c.Of)
	case launcher.Undo:
		p.undo.take()
	case launcher.Copy:
		s.copyText(c.Of)
	case launcher.Open:
		return s.openFile(c.Of)
	case launcher.Browse:
		return s.openWith(c.Of)
	case launcher.Reveal:
		return s.openFile(filepath.Dir(c.Of))
	default:
		return fmt.Errorf("%s: not here", c.Name)
	}
	return nil
}

// failure is the acknowledgement of a command of the table that has failed.
func failure(line string, err error) grammar.Ack {
	var told *control.Error
	why := err.Error()
	if errors.As(err, &told) {
		why = told.Message
	}
	return grammar.Ack{Op: line, Why: launcher.Sentence(lang.T(why))}
}

// window finds an open window by what the launcher calls it.
func (p *promptPanel) window(name string) (*window, error) {
	id, err := strconv.ParseUint(name, 10, 32)
	if err != nil {
		return nil, err
	}
	w := p.s.windows[wm.WindowID(id)]
	if w == nil || !w.mapped {
		return nil, errGone
	}
	return w, nil
}

// launch starts an application, or one of its actions.
func (p *promptPanel) launch(id, action string) error {
	if p.apps == nil {
		return errGone
	}
	a := p.apps.Find(id)
	if a == nil {
		return errGone
	}
	if app := p.s.installed.byID(strings.TrimSuffix(id, ".desktop")); app != nil && action == "" {
		p.s.installed.show(app, nil)
		return nil
	}
	plan, err := a.Launch(apps.Request{Action: action, Terminal: apps.FindTerminal(p.s.opt.Apps.Path)})
	if err != nil {
		return err
	}
	return p.s.launch(&plan)
}

// launch carries a plan out: by the bus, or else by its commands.
func (s *Session) launch(plan *apps.Plan) error {
	if plan.Bus == nil || s.opt.Bus == "" {
		return s.start(plan)
	}
	call := sessionbus.Activation{
		Name: plan.Bus.Name, Path: plan.Bus.Path, Action: plan.Bus.Action, URIs: plan.Bus.URIs, Token: s.server.ActivationToken(""),
	}
	go func() {
		err := sessionbus.Activate(s.opt.Bus, call)
		if err == nil {
			return
		}
		s.loop.Post(func() {
			s.log.Info("an application doesn't answer on the bus", "name", call.Name, "err", err)
			if err := s.start(plan); err != nil {
				s.log.Error("launch", "name", call.Name, "err", err)
			}
		})
	}()
	return nil
}

// start runs the commands of a plan.
func (s *Session) start(plan *apps.Plan) error {
	if len(plan.Commands) == 0 {
		return errors.New(lang.M("it can only be started by a message bus, and there is none"))
	}
	dir := plan.Dir
	if dir == "" {
		if home, err := os.UserHomeDir(); err == nil {
			dir = home
		}
	}
	for _, argv := range plan.Commands {
		if err := s.spawn(dir, argv[0], argv[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// openFile opens a file with the program that the person uses for such.
func (s *Session) openFile(path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	return s.openWith(path)
}

// openWith opens a path, or an address on the web, with the program for such:
// an app of the registry if one takes it, else what the person has set.
func (s *Session) openWith(what string) error {
	return s.installed.openWith(what, func() error { return s.openElsewhere(what) })
}

// openElsewhere leaves it to the desktop's programs.
func (s *Session) openElsewhere(what string) error {
	opener, err := exec.LookPath("xdg-open")
	if err != nil {
		return errNoOpener
	}
	return s.spawn("", opener, what)
}
