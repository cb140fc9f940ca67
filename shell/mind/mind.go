// Package mind understands lines of the prompt that are no command: intents are
// told by a trained model, what they are about is looked up in what there is, and
// a plan of it becomes acts of the launcher. It carries nothing out: the launcher
// shows what was understood, asks before something is lost, and the session does
// what was chosen by the same table of commands as everybody.
//
//	model.Reader = mind.New(intents)
//
// Titles of windows and names that others have given are only ever compared with
// words of the line: see package plan.
package mind

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rayos/intent/data"
	"rayos/intent/envelope"
	"rayos/intent/plan"
	"rayos/intent/slots"
	"rayos/rayapps/lang"
	"rayos/shell/apps"
	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
)

// Mind is a launcher.Reader. It belongs to the goroutine of the launcher's model.
type Mind struct {
	model plan.Model
	apps  []*apps.App // that names are of
	names slots.Names
}

// New returns a reader by a model of intents.
func New(m plan.Model) *Mind { return &Mind{model: m} }

// Load returns a reader by the model that comes along. It takes a moment, on any
// goroutine.
func Load() (*Mind, error) {
	m, err := data.Model()
	if err != nil {
		return nil, err
	}
	return New(m), nil
}

// Plan returns what a line would have done, and the scene that was looked at. It
// is what Read shows.
func (m *Mind) Plan(line string, w *launcher.World) (plan.Plan, *plan.Scene, bool) {
	s := m.scene(w)
	p, ok := plan.Make(line, m.model, s)
	return p, s, ok
}

// Model is what tells intents.
func (m *Mind) Model() plan.Model { return m.model }

// Envelope is what is known of a line that was planned.
func Envelope(line string, p *plan.Plan) envelope.Envelope {
	return envelope.Envelope{
		Source: envelope.Text, Line: line, Intent: strings.Join(p.Intents, ","), Confidence: p.P, Priority: envelope.Interactive, Presence: p.Loses(),
	}
}

// Read implements launcher.Reader. What is too unlikely is left to others; what
// isn't sure stands below what is found.
func (m *Mind) Read(line string, w *launcher.World) (launcher.Reading, bool) {
	p, _, ok := m.Plan(line, w)
	if !ok {
		return launcher.Reading{}, false
	}
	e := Envelope(line, &p)
	if e.Disposition(p.Loses()) == envelope.Chat {
		return launcher.Reading{}, false
	}
	return reading(&p, w)
}

// Follow is what somebody else than the person wants done: see plan.Follow.
func (m *Mind) Follow(wants []plan.Want, w *launcher.World) (launcher.Reading, error) {
	p, err := plan.Follow(wants, m.scene(w))
	if err != nil {
		return launcher.Reading{}, err
	}
	r, ok := reading(&p, w)
	if !ok {
		return launcher.Reading{}, plan.ErrNothing
	}
	return r, nil
}

// reading is a plan as the launcher has it; false where a step has nothing to do
// it with.
func reading(p *plan.Plan, w *launcher.World) (launcher.Reading, bool) {
	r := launcher.Reading{Sure: p.P >= envelope.ExecuteFrom, Loses: p.Loses(), Refused: p.Refused}
	for i := range p.Steps {
		a, ok := act(&p.Steps[i], w)
		if !ok {
			return launcher.Reading{}, false
		}
		r.Steps = append(r.Steps, a)
	}
	return r, r.Refused || len(r.Steps) > 0
}

// scene is the world as plans know it.
func (m *Mind) scene(w *launcher.World) *plan.Scene {
	if len(m.apps) != len(w.Apps) || len(w.Apps) > 0 && &m.apps[0] != &w.Apps[0] {
		m.apps, m.names = w.Apps, names(w.Apps)
	}
	s := &plan.Scene{Apps: m.names}
	windows := slices.Clone(w.Windows)
	slices.SortStableFunc(windows, func(a, b launcher.WindowInfo) int { return cmp.Compare(a.Behind, b.Behind) })
	for i := range windows {
		win := &windows[i]
		app, _ := m.names.Lookup(strings.ToLower(win.AppID))
		s.Windows = append(s.Windows, plan.Window{ID: win.ID, Title: win.Title, App: app, Workspace: win.Workspace + 1})
	}
	for i := range w.Env.Machines {
		v := &w.Env.Machines[i]
		s.Machines = append(s.Machines, plan.Thing{ID: v.ID, Names: []string{v.ID, w.Machines[v.ID].Name, string(v.Kind)}})
	}
	for i := range w.Workspaces {
		s.Workspaces = append(s.Workspaces, w.Workspaces[i].Name)
		if w.Workspaces[i].Shown {
			s.Workspace = i + 1
		}
	}
	return s
}

// names are what people call applications: first of all by their names, then by
// their programs, last by what they are.
func names(list []*apps.App) slots.Names {
	var things []plan.Thing
	for _, call := range [...]func(*apps.App) []string{
		func(a *apps.App) []string { return []string{a.Name, strings.TrimSuffix(a.ID, ".desktop")} },
		func(a *apps.App) []string {
			program := a.Exec.Program()
			return []string{program[strings.LastIndexByte(program, '/')+1:]}
		},
		func(a *apps.App) []string { return []string{a.GenericName} },
	} {
		for _, a := range list {
			things = append(things, plan.Thing{ID: a.ID, Names: call(a)})
		}
	}
	return plan.Names(things)
}

// act is a step as an act of the launcher; false where there is nothing to do it
// with.
func act(s *plan.Step, w *launcher.World) (launcher.Act, bool) {
	run := func(words ...string) (launcher.Act, bool) {
		return launcher.Act{Verb: launcher.Run, Name: lang.T("Run"), Of: strings.Join(words, " ")}, true
	}
	window := func(v launcher.Verb, name string) (launcher.Act, bool) {
		return launcher.Act{Verb: v, Name: lang.T(name), Of: s.Window}, true
	}
	machine := func(v grammar.Verb) (launcher.Act, bool) {
		for i := range w.Env.Machines {
			if m := &w.Env.Machines[i]; m.ID == s.Machine {
				c := grammar.Command{Verb: v, Kind: m.Kind, VM: m.ID, Text: s.Text}
				return run(c.Line())
			}
		}
		return launcher.Act{}, false
	}
	if v, ok := verbs[s.Deed]; ok {
		return machine(v)
	}
	switch s.Deed {
	case plan.Open:
		return launcher.Act{Verb: launcher.Launch, Name: lang.T("Open"), Of: s.App}, true
	case plan.Close:
		return run(":close", s.Window) // which is acknowledged when it is closed
	case plan.Focus:
		return window(launcher.Show, "Go to the window")
	case plan.Minimise:
		return window(launcher.Minimise, "Minimise the window")
	case plan.Maximise:
		return run(":state", s.Window, "maximize")
	case plan.Restore:
		return run(":state", s.Window, "restore")
	case plan.Fullscreen:
		return run(":state", s.Window, "fullscreen")
	case plan.Snap:
		return run(":state", s.Window, s.Word)
	case plan.Send:
		return run(":workspace", strconv.Itoa(s.Workspace-1), "--window", s.Window)
	case plan.GoTo:
		return launcher.Act{Verb: launcher.Switch, Name: lang.T("Go there"), Of: strconv.Itoa(s.Workspace - 1)}, true
	case plan.RemoveSpace:
		return run(":workspace remove", strconv.Itoa(s.Workspace-1))
	case plan.Volume:
		return run(":volume", amount(s))
	case plan.Brightness:
		return run(":brightness", amount(s))
	case plan.Colours:
		return run(":set appearance.scheme", s.Word)
	case plan.View:
		return run("run vnc", s.Word)
	case plan.Lock:
		return perform(w, "lock")
	case plan.Leave:
		return perform(w, s.Word)
	case plan.Overview:
		return perform(w, "overview")
	case plan.Find:
		return launcher.Act{Verb: launcher.Fill, Name: lang.T("Go on"), Of: s.Text}, true
	}
	if line := lines[s.Deed]; line != "" {
		return run(line)
	}
	if line := byWord[s.Deed][s.Word]; line != "" {
		return run(line)
	}
	return launcher.Act{}, false
}

// perform is something that the session can do, if it can.
func perform(w *launcher.World, deed string) (launcher.Act, bool) {
	for i := range w.Deeds {
		if w.Deeds[i].ID == deed {
			return launcher.Act{Verb: launcher.Perform, Name: lang.T(w.Deeds[i].Title), Of: deed}, true
		}
	}
	return launcher.Act{}, false
}

// amount is how far to turn something, in per cent.
func amount(s *plan.Step) string {
	switch s.Word {
	case "up":
		return "+10"
	case "down":
		return "-10"
	case "":
		return strconv.Itoa(s.Number)
	}
	return s.Word
}

// verbs are those of deeds that are done to a machine.
var verbs = map[plan.Deed]grammar.Verb{
	plan.ShowMachine: grammar.Show, plan.HideMachine: grammar.Hide, plan.StartMachine: grammar.Start, plan.StopMachine: grammar.Shutdown,
	plan.KillMachine: grammar.Kill, plan.Suspend: grammar.Suspend, plan.Resume: grammar.Resume, plan.TypeInto: grammar.Type,
}

// lines are those of deeds without arguments.
var lines = map[plan.Deed]string{
	plan.AddSpace: ":workspace add", plan.ListWindows: ":windows", plan.ListMachines: ":vm list",
	plan.Screenshot: ":capture screen --at-once", plan.StopRecording: ":record stop",
	plan.Settings: "run settings", plan.Processes: "show processes", plan.Log: "show log",
}

// byWord are those of deeds with one of some words.
var byWord = map[plan.Deed]map[string]string{
	plan.Notifications: {"show": ":notify drawer on", "clear": ":notify clear", "quiet": ":notify dnd on", "loud": ":notify dnd off"},
	plan.Player:        {"play": ":player play-pause", "next": ":player next", "previous": ":player previous"},
}
