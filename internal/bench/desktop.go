package bench

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// desktop is a session with all that a person has on it by default: RayOS with
// its shell, weston with its panel, sway with waybar and mako.
type desktop struct {
	*Session
	parts []*program
}

// desktopSetup has a shell and what it needs.
var desktopSetup = Setup{Shell: true, Bus: true}

// desktopParts are the programs that make a desktop of a compositor.
var desktopParts = map[string][][]string{"sway": {{"waybar", "--config", "waybar.json"}, {"mako"}}}

// barConfig is a waybar with workspaces, windows and a clock of minutes.
const barConfig = `{"layer": "top", "position": "bottom", "modules-left": ["sway/workspaces", "wlr/taskbar"], "modules-right": ["clock"]}
`

// desktopRest is how long a desktop is left alone after its start: fonts and
// icons are looked for, and what that took is given back.
const desktopRest = 4 * time.Second

// startDesktop starts a compositor with its desktop.
func (l *Launcher) startDesktop(c *Compositor, setup Setup) (*desktop, error) {
	if c.Name != RayOS && c.Name != "weston" && desktopParts[c.Name] == nil {
		return nil, &UnfitError{"it is no desktop"}
	}
	s, err := l.Start(c, setup)
	if err != nil {
		return nil, err
	}
	d := &desktop{Session: s}
	if err := os.WriteFile(filepath.Join(s.dir, "waybar.json"), []byte(barConfig), 0o644); err != nil {
		return nil, errors.Join(err, d.end())
	}
	for _, line := range desktopParts[c.Name] {
		p, err := s.run(line[0], line[1:]...)
		if err != nil {
			return nil, errors.Join(err, d.end())
		}
		d.parts = append(d.parts, p)
	}
	time.Sleep(desktopRest)
	return d, s.Alive()
}

func (d *desktop) end() error {
	var errs []error
	for _, p := range d.parts {
		errs = append(errs, p.end())
	}
	return errors.Join(append(errs, d.Alive(), d.Stop())...)
}

// each calls fn for all processes of the desktop, the compositor first.
func (d *desktop) each(fn func(Process) error) error {
	err := family{d.Process}.each(func(p Process) error {
		for _, q := range d.parts {
			if q.Process == p {
				return nil
			}
		}
		return fn(p)
	})
	for _, p := range d.parts {
		err = errors.Join(err, family{p.Process}.each(fn))
	}
	return err
}

// CPU is that of all processes of the desktop.
func (d *desktop) CPU() (all time.Duration, err error) {
	err = d.each(func(p Process) error {
		cpu, err := p.CPU()
		all += cpu
		return err
	})
	return all, err
}

// Wakeups are those of all processes of the desktop.
func (d *desktop) Wakeups() (all int64, err error) {
	err = d.each(func(p Process) error {
		n, err := p.Wakeups()
		all += n
		return err
	})
	return all, err
}

// pss is that of all processes, in MiB.
func (d *desktop) pss() (all float64, err error) {
	err = d.each(func(p Process) error {
		m, err := p.Memory()
		all += float64(m.PSS) / 1024
		return err
	})
	return all, err
}
