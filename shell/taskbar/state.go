package taskbar

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/shell/theme"
)

// Sizes in logical pixels.
const (
	Height   = 40 // of the bar
	IconSize = 20 // of icons on it
)

// State is what a bar shows.
type State struct {
	Windows    []Window // in the order in which they came
	Machines   []Machine
	Workspaces []Workspace
	Tray       []TrayItem
	TrayMenu   *TrayMenu // the one that is open, or nil
	Layout     int       // of the keyboard, one of Layouts
	Layouts    []Layout
	Recording  bool      // an output is being recorded
	Job        Job       // zero shows nothing
	Now        time.Time // to the minute
	Unread     int       // notifications that nobody has seen
	Quiet      bool      // the person doesn't want to be disturbed
	Status     Status    // zero shows nothing
}

// Job is what the session works on for the person, beside everything else.
type Job struct {
	Name    string // "" for nothing
	Percent int
}

// Window is an open window.
type Window struct {
	ID        uint32
	App       string // application id
	Title     string
	Icon      *paint.Image // of its application, nil for none
	Trust     theme.Trust
	Active    bool
	Minimised bool
	Maximised bool
	Attention bool
	Workspace int
	Count     int  // of what waits in the application, 0 for nothing
	Working   bool // it works on something, of which Percent is done
	Percent   int
}

// Machine is a virtual machine.
type Machine struct {
	ID, Name string
	State    string // for people
	Trust    theme.Trust
	Alive    bool // it runs, or starts
	Shown    bool // it has a window
	Active   bool // which has the focus
	Failed   bool
	Sound    bool // it has a loudspeaker
	Muted    bool // which isn't heard
}

// Layout is a layout of the keyboard.
type Layout struct {
	Sign string // two letters, as "DE"
	Name string // as "German"
}

// Workspace is one of the desktops.
type Workspace struct {
	Name          string
	Shown, Urgent bool
}

// Equal reports whether two states look the same.
func (s *State) Equal(o *State) bool {
	return s.Layout == o.Layout && slices.Equal(s.Layouts, o.Layouts) && s.Recording == o.Recording && s.Job == o.Job && s.Now.Equal(o.Now) && s.Unread == o.Unread && s.Quiet == o.Quiet && slices.Equal(s.Windows, o.Windows) &&
		slices.Equal(s.Machines, o.Machines) && slices.Equal(s.Workspaces, o.Workspaces) &&
		slices.Equal(s.Tray, o.Tray) && s.TrayMenu == o.TrayMenu && s.Status == o.Status
}

// Actions are what a bar asks for.
type Actions interface {
	QuickActions
	Activate(window uint32)
	Minimise(window uint32)
	Maximise(window uint32) // or undo it
	Close(window uint32)
	MoveTo(window uint32, workspace int)
	Workspace(n int)
	Machine(id string, do Verb)
	Tray(key string, do TrayVerb)
	TrayEntry(key string, id int32)
	// TrayScroll turns a wheel over an item: by notches, to the right and down.
	TrayScroll(key string, x, y float64)
	Layout(n int) // of the keyboard
	Prompt()
	Notifications()
	Tile() // or float again
	Statistics()
	StopRecording()
	Jobs() // shows what the session works on
	// Hover is told what the pointer is over, again and again.
	Hover(h Hover)
	// Opened is told what has opened above the bar, or closed.
	Opened(s Sheet, open bool)
	End() // asks how the session shall end
}

// Verb is what can be asked of a machine.
type Verb uint8

// Verbs.
const (
	Show Verb = iota
	Hide
	Suspend
	ShutDown
	Mute
	Unmute
)

// group is the windows of one application.
type group struct {
	app     string
	windows []Window
}

// groups sorts windows by application, in the order in which those came.
func groups(windows []Window) []group {
	var list []group
	for _, w := range windows {
		i := slices.IndexFunc(list, func(g group) bool { return g.app == w.App && g.windows[0].Trust == w.Trust })
		if i < 0 || w.App == "" {
			list = append(list, group{app: w.App})
			i = len(list) - 1
		}
		list[i].windows = append(list[i].windows, w)
	}
	return list
}

// active returns the place of the window with the focus, -1 if it is none of
// the group.
func (g *group) active() int {
	return slices.IndexFunc(g.windows, func(w Window) bool { return w.Active })
}

func (g *group) attention() bool {
	return slices.ContainsFunc(g.windows, func(w Window) bool { return w.Attention })
}

// busy returns a window of the group whose application says how far it is, and
// whether there is one.
func (g *group) busy() (*Window, bool) {
	i := slices.IndexFunc(g.windows, func(w Window) bool { return w.Working })
	if i < 0 {
		return nil, false
	}
	return &g.windows[i], true
}

// count is how many things wait in the application.
func (g *group) count() int {
	most := 0
	for i := range g.windows {
		most = max(most, g.windows[i].Count)
	}
	return most
}

// name is what people call the application.
func (g *group) name() string {
	app := g.app
	if i := strings.LastIndexByte(app, '.'); i >= 0 && i+1 < len(app) {
		app = app[i+1:]
	}
	if app == "" {
		return g.windows[0].title()
	}
	r, n := utf8.DecodeRuneInString(app)
	return string(unicode.ToUpper(r)) + app[n:]
}

// title is never empty.
func (w *Window) title() string {
	switch {
	case strings.TrimSpace(w.Title) != "":
		return w.Title
	case w.App != "":
		return w.App
	}
	return lang.T("Window")
}

// letter stands for an application that has no picture.
func letter(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "•"
}
