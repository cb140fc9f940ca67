package session

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/internal/mimetype"
	"rayos/rayapps/registry"
	"rayos/shell/control/grammar"
)

// This file runs the apps that come with the session: those that are part of it
// as processes of the person, the others confined as all apps are.

// process is what an app runs in.
type process interface {
	Wait() error // called once
	Terminate() error
	Kill() error
}

// plainProcess isn't confined.
type plainProcess struct{ cmd *exec.Cmd }

func (p plainProcess) Wait() error      { return p.cmd.Wait() }
func (p plainProcess) Terminate() error { return p.cmd.Process.Signal(unix.SIGTERM) }
func (p plainProcess) Kill() error      { return p.cmd.Process.Kill() }

// own are the apps that come along.
func (a *installed) own() []*registry.App {
	if r := a.s.opt.Installed.Registry; r != nil {
		return r.Own
	}
	return nil
}

// byID returns an app of the registry, nil if there is none.
func (a *installed) byID(id string) *registry.App {
	if r := a.s.opt.Installed.Registry; r != nil {
		if app, err := r.Get(id); err == nil {
			return app
		}
	}
	return nil
}

// show runs an app for somebody who doesn't wait for the answer.
func (a *installed) show(app *registry.App, args []string) {
	a.run(app, args, func(_ string, err error) {
		if err != nil {
			a.s.log.Warn("run", "app", app.ID, "err", err)
		}
	})
}

// show runs an app of the session's own. A session without a place for apps
// starts it and leaves it alone.
func (s *Session) show(name string, args ...string) error {
	if s.opt.Installed.Registry == nil {
		return s.spawn("", appsProgram, append([]string{name}, args...)...)
	}
	app, err := s.installed.find(name)
	if err == nil {
		s.installed.show(app, args)
	}
	return err
}

// owns reports whether a window is the run's.
func (r *appRun) owns(s *Session, w *window) bool {
	return s.server.AppOf(w.guest) == r.app.ID || r.app.Trusted() && r.pid != 0 && int(w.guest.Owner.PID) == r.pid
}

// startTrusted makes the process of an app that is part of the session.
func (a *installed) startTrusted(r *appRun, o opening) error {
	s := a.s
	link, far, err := pair(unix.SOCK_SEQPACKET)
	if err != nil {
		return err
	}
	defer far.Close()
	cmd := exec.Command(r.app.Program(), r.app.Argv(o.words)...)
	cmd.Env = append(s.environ(), "RAYOS_APP_SOCKET=3")
	cmd.ExtraFiles = []*os.File{far}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return errors.Join(fmt.Errorf("start %s: %w", r.app.ID, err), unix.Close(link))
	}
	p := plainProcess{cmd}
	r.proc, r.pid, r.began, r.running = p, cmd.Process.Pid, s.loop.Now(), true
	if r.link = newAppLink(a, r, link); r.link.err != nil {
		s.log.Error("connection of an app", "app", r.app.ID, "err", r.link.err) // it runs without
	}
	s.markers.tell("RAYOS_GUI_APP_STARTED", grammar.Value(r.app.ID), grammar.Pair("pid", strconv.Itoa(r.pid)))
	go func() {
		err := p.Wait()
		s.loop.Post(func() { a.hasEnded(r, p, err) })
	}()
	r.answer("started", nil)
	return nil
}

// openWith opens a path or an address with the app of the registry that takes
// such; without one, otherwise is called. What a file is is looked up beside
// the loop.
func (a *installed) openWith(what string, otherwise func() error) error {
	s, reg := a.s, a.s.opt.Installed.Registry
	if reg == nil {
		return otherwise()
	}
	scheme := ""
	if u, err := url.Parse(what); err == nil && !filepath.IsAbs(what) {
		scheme = strings.ToLower(u.Scheme)
	}
	if scheme != "" && scheme != "file" {
		if app, err := reg.Opens("", scheme); err == nil {
			a.show(app, []string{what})
			return nil
		}
		return otherwise()
	}
	path, ok := a.path(what)
	if !ok {
		return otherwise()
	}
	go func() {
		app, err := reg.Opens(mimetype.Load(s.opt.Installed.Types).OfFile(path), "")
		s.loop.Post(func() {
			if a.ended {
				return
			}
			if err == nil {
				a.show(app, []string{path})
			} else if err := otherwise(); err != nil {
				s.log.Warn("open", "path", path, "err", err)
			}
		})
	}()
	return nil
}
