package session

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/rayapps/applink"
	"rayos/rayapps/registry"
	"rayos/shell/control/grammar"
)

// This file lets the person choose a file for an app: choosing is granting. The
// list of files is a window of the session's own; the app gets the descriptor
// of one file and its name, and learns nothing of others.

// Why an app gets no file.
const (
	whyDenied    = "denied"
	whyBusy      = "busy"
	whyBehind    = "not in front" // it would interrupt what the person does
	whyCancelled = "cancelled"
	whyFailed    = "failed"
	whyNone      = "no picker" // it sees files by itself
)

// maxChosen bounds the path that the list of files answers with, in bytes.
const maxChosen = 4096

// pick asks the person.
func (l *appLink) pick(m applink.Request) {
	id := l.run.app.ID
	what := "open"
	if m.Save {
		what = "save"
	}
	l.a.s.markers.tell("RAYOS_GUI_FILEIO", grammar.Value("REQUEST"), grammar.Value(id), grammar.Value(what))
	why := ""
	switch {
	case l.run.app.Trusted():
		why = whyNone
	case !slices.Contains(l.run.held, "files"):
		why = whyDenied
	case l.busy:
		why = whyBusy
	case m.Grant == "" && !l.inFront():
		why = whyBehind
	}
	if why != "" {
		l.refuse(m.ID, why)
		return
	}
	if m.Grant != "" {
		l.again(m)
		return
	}
	if err := l.choose(m); err != nil {
		l.a.s.log.Error("choose a file", "app", id, "err", err)
		l.refuse(m.ID, whyFailed)
	}
}

func (l *appLink) refuse(id uint64, why string) {
	l.a.s.markers.tell("RAYOS_GUI_FILEIO", grammar.Value("DENY"), grammar.Value(l.run.app.ID), grammar.Value(why))
	l.send(applink.Event{ID: id, Why: why}, -1)
}

// inFront reports whether the focused window is the app's.
func (l *appLink) inFront() bool {
	w := l.a.s.windows[l.a.s.wm.Focused()]
	return w != nil && l.run.owns(l.a.s, w)
}

// again hands over a file that the app was given before.
func (l *appLink) again(m applink.Request) {
	s, id := l.a.s, l.run.app.ID
	reg := s.opt.Installed.Registry
	l.busy = true
	go func() {
		var h handed
		g, err := reg.GivenFile(id, m.Grant)
		if err == nil {
			h, err = openGiven(g.Path, g.Write)
		}
		s.loop.Post(func() {
			if errors.Is(err, registry.ErrNoGrant) {
				l.busy = false
				l.refuse(m.ID, whyDenied)
				return
			}
			h.grant = m.Grant
			l.chosen(m.ID, h, err)
		})
	}()
}

// choose shows the list.
func (l *appLink) choose(m applink.Request) error {
	s := l.a.s
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	args := []string{"pick", "--for", l.run.app.Name}
	if m.Save {
		name := filepath.Base(filepath.Clean("/" + m.Name))
		if name == "/" || len(name) > 200 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			name = ""
		}
		args = append(args, "--save="+name)
	}
	cmd := exec.Command(appsProgram, args...)
	if s.opt.Installed.Picker != nil {
		cmd = exec.Command(s.opt.Installed.Picker[0], append(slices.Clone(s.opt.Installed.Picker[1:]), args...)...)
	}
	cmd.Env = s.environ()
	cmd.Stdout, cmd.Stderr = w, os.Stderr
	if err := cmd.Start(); err != nil {
		return errors.Join(err, r.Close(), w.Close())
	}
	l.busy = true
	s.children.add(s, cmd)
	go func() {
		err := w.Close()
		path, rerr := io.ReadAll(io.LimitReader(r, maxChosen+1))
		f, operr := openChosen(strings.TrimSuffix(string(path), "\n"), m.Save)
		h := handed{file: f}
		if f != nil {
			h.name = filepath.Base(f.Name())
			h.grant = l.a.give(l.run.app.ID, f.Name(), m.Save)
		}
		err = errors.Join(err, rerr, r.Close(), operr)
		s.loop.Post(func() { l.chosen(m.ID, h, err) })
	}()
	return nil
}

// openChosen opens what the person has chosen, nil if they haven't.
func openChosen(path string, save bool) (*os.File, error) {
	if path == "" {
		return nil, nil
	}
	if !filepath.IsAbs(path) || len(path) > maxChosen {
		return nil, errors.New("the list of files answers with no path")
	}
	flags := os.O_RDONLY
	if save {
		flags = os.O_RDWR | os.O_CREATE
	}
	f, err := os.OpenFile(path, flags|unix.O_NONBLOCK, 0o666)
	if err != nil {
		return nil, err
	}
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("%s is no file", path), err, f.Close())
	}
	return f, nil
}

// chosen hands the file over.
func (l *appLink) chosen(id uint64, h handed, err error) {
	l.busy = false
	s := l.a.s
	if h.file != nil {
		defer h.file.Close()
	}
	switch {
	case l.fd < 0: // the app has gone
	case err != nil:
		s.log.Warn("choose a file", "app", l.run.app.ID, "err", err)
		l.refuse(id, whyFailed)
	case h.file == nil:
		l.refuse(id, whyCancelled)
	default:
		l.hand(h, applink.Event{ID: id})
	}
}

// hand gives the app a file.
func (l *appLink) hand(h handed, e applink.Event) {
	e.Name, e.Grant = h.name, h.grant
	l.a.permission("used", l.run.app.ID, "files")
	l.a.s.markers.tell("RAYOS_GUI_FILEIO", grammar.Value("GRANT"), grammar.Value(l.run.app.ID), grammar.Value(h.name))
	l.send(e, int(h.file.Fd()))
}
