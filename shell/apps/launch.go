package apps

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"rayos/internal/desktopentry"
)

// Plan is what it takes to start an application.
type Plan struct {
	// Commands are programs with their arguments, each to be run once.
	Commands [][]string
	Dir      string // where they begin; "" is the person's home
	// Bus is the better way where it isn't nil: to ask the application by
	// D-Bus, which starts it. Commands, if there are any, are for when that
	// fails.
	Bus *Activation
}

// Activation is a call of org.freedesktop.Application on the session bus:
// ActivateAction if there is an Action, else Open if there are URIs, else
// Activate.
type Activation struct {
	Name   string // on the bus
	Path   string // of the object
	Action string
	URIs   []string
}

// Request says what is to be started.
type Request struct {
	Action   string   // ID of one of the application's actions, "" for itself
	Files    []string // absolute paths or URLs
	Terminal Terminal // for applications that need one
}

// Errors of Launch.
var (
	ErrNoAction   = errors.New("the application has no such action")
	ErrNoTerminal = errors.New("the application needs a terminal, and none is installed")
)

// MaxOpen bounds the files that one request opens.
const MaxOpen = 256

// Launch returns the plan for a request. Errors are ErrNoAction, ErrNoTerminal,
// or about too many files.
func (a *App) Launch(r Request) (Plan, error) {
	if len(r.Files) > MaxOpen {
		return Plan{}, fmt.Errorf("%d files at once, over %d", len(r.Files), MaxOpen)
	}
	act := &a.Action
	if r.Action != "" {
		act = nil
		for i := range a.Actions {
			if a.Actions[i].ID == r.Action {
				act = &a.Actions[i]
			}
		}
		if act == nil {
			return Plan{}, fmt.Errorf("%s: %w: %q", a.ID, ErrNoAction, r.Action)
		}
	}
	p := Plan{Dir: a.Dir}
	p.Commands = act.Exec.Commands(a.context(), r.Files...)
	if a.DBusActivatable {
		p.Bus = a.activation(r)
	}
	if a.Terminal && len(p.Commands) > 0 {
		if r.Terminal.Program == "" {
			return Plan{}, fmt.Errorf("%s: %w", a.ID, ErrNoTerminal)
		}
		for i, argv := range p.Commands {
			p.Commands[i] = r.Terminal.Wrap(argv)
		}
	}
	if len(p.Commands) == 0 && p.Bus == nil {
		return Plan{}, fmt.Errorf("%s: nothing to run", a.ID)
	}
	return p, nil
}

// activation returns the call for a request, nil if the ID is no name on a bus.
func (a *App) activation(r Request) *Activation {
	name := strings.TrimSuffix(a.ID, ".desktop")
	if !busName(name) {
		return nil
	}
	b := &Activation{Name: name, Path: "/" + strings.NewReplacer(".", "/", "-", "_").Replace(name), Action: r.Action}
	for _, f := range r.Files {
		if filepath.IsAbs(f) {
			f = (&url.URL{Scheme: "file", Path: f}).String()
		}
		b.URIs = append(b.URIs, f)
	}
	return b
}

// busName reports whether s is a well-known name (D-Bus Specification, "Valid
// Names") that can be made into an object path.
func busName(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(s) > 255 {
		return false
	}
	for _, p := range parts {
		if p == "" || p[0] >= '0' && p[0] <= '9' {
			return false
		}
		for _, c := range []byte(p) {
			if c != '_' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
				return false
			}
		}
	}
	return true
}

func (a *App) context() desktopentry.Context {
	return desktopentry.Context{Name: a.Name, Icon: a.Icon, File: a.File}
}
