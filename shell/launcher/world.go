package launcher

import (
	"strconv"
	"strings"

	"rayos/shell/apps"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
	"rayos/shell/theme"
)

// World is what there is to be found and what lines can be about. The model
// keeps its slices.
type World struct {
	Apps    []*apps.App
	Windows []WindowInfo
	Pages   []PageInfo
	// Workspaces are those that there are; the first is number 0.
	Workspaces []WorkspaceInfo
	// Deeds are what the session can do.
	Deeds []DeedInfo
	// Commands are those of the table, behind a colon.
	Commands []CommandInfo
	Env      grammar.Env
	// Machines are those of Env, for people.
	Machines map[string]MachineInfo // by ID
	// Sensible says whether a command would change anything now. Others are not
	// offered; typed, they run all the same. It may be nil.
	Sensible func(grammar.Command) bool
}

// WindowInfo is an open window.
type WindowInfo struct {
	ID    string // names it for the session
	Title string
	App   string // name of its application
	Trust theme.Trust
	Guest bool
}

// WorkspaceInfo is a workspace.
type WorkspaceInfo struct {
	Name  string
	Shown bool
}

// DeedInfo is something that the session can do.
type DeedInfo struct {
	ID, Title string
	Keywords  []string
	// Loses is what is lost for good; without, it is done at once.
	Loses string
}

// MachineInfo is a virtual machine as people know it.
type MachineInfo struct {
	Name  string
	State string // "running, hidden"
	Trust theme.Trust
}

// PageInfo is a page of the settings.
type PageInfo struct {
	ID, Title string
	Keywords  []string
}

// Weights of kinds: of what fits alike, an open window is meant rather than a
// page of the settings.
const (
	windowWeight    = 4
	machineWeight   = 6
	workspaceWeight = -2
	deedWeight      = -4
	pageWeight      = -6
)

// things are an item of the index and a proposal each.
type things struct {
	items []find.Item
	list  []Proposal
}

func (t *things) add(p Proposal, weight int, keywords ...string) {
	p.Title, p.Note = clean(p.Title), clean(p.Note)
	if p.Title == "" || len(p.Acts) == 0 {
		return
	}
	t.items = append(t.items, find.Item{Key: p.Key, Name: p.Title, Keywords: keywords, Weight: weight})
	t.list = append(t.list, p)
}

// live makes what can be found of what comes and goes.
func (w *World) live() things {
	var t things
	add := t.add
	for _, win := range w.Windows {
		add(Proposal{
			Key: "window:" + win.ID, Kind: Window, Title: win.Title, Note: win.App, Trust: win.Trust, Guest: win.Guest,
			Acts: []Act{{Show, "Go to the window", win.ID, ""}, {Minimise, "Minimise the window", win.ID, ""}, {Close, "Close the window", win.ID, ""}},
		}, windowWeight, clean(win.App))
	}
	for i := range w.Env.Machines {
		id := w.Env.Machines[i].ID
		info := w.Machines[id]
		if info.Name == "" {
			info.Name = id
		}
		add(Proposal{
			Key: "machine:" + id, Kind: Machine, Title: info.Name, Note: info.State, Trust: info.Trust, Guest: true,
			Acts: w.machineActs(&w.Env.Machines[i]),
		}, machineWeight, id)
	}
	for i, space := range w.Workspaces {
		if space.Shown {
			continue
		}
		name, n := space.Name, strconv.Itoa(i)
		if name == "" || name == strconv.Itoa(i+1) {
			name = "Workspace " + strconv.Itoa(i+1)
		}
		add(Proposal{Key: "workspace:" + n, Kind: Workspace, Title: name, Acts: []Act{{Switch, "Go there", n, ""}}}, workspaceWeight, "workspace", "desktop")
	}
	for _, d := range w.Deeds {
		add(Proposal{Key: "deed:" + d.ID, Kind: Action, Title: d.Title, Note: "Session", Acts: []Act{{Perform, d.Title, d.ID, ""}}}, deedWeight, d.Keywords...)
	}
	return t
}

// installed makes what can be found of what seldom changes.
func (w *World) installed() things {
	var t things
	add := t.add
	for _, a := range w.Apps {
		p := Proposal{Key: "app:" + a.ID, Kind: Application, Title: a.Name, Note: a.GenericName, Icon: a.Icon, Acts: []Act{{Launch, "Open", a.ID, ""}}}
		for _, act := range a.Actions {
			if name := clean(act.Name); name != "" {
				p.Acts = append(p.Acts, Act{Launch, name, a.ID, act.ID})
			}
		}
		p.Acts = append(p.Acts, Act{Copy, "Copy its name", clean(a.Name), ""})
		program := a.Exec.Program()
		words := append(strings.Fields(a.GenericName), program[strings.LastIndexByte(program, '/')+1:])
		add(p, 0, append(words, a.Keywords...)...)
	}
	for _, page := range w.Pages {
		add(Proposal{
			Key: "page:" + page.ID, Kind: Page, Title: page.Title, Note: "Settings",
			Acts: []Act{{Settle, "Open the page", page.ID, ""}},
		}, pageWeight, page.Keywords...)
	}
	return t
}

// machineVerbs are what is offered for a machine, the likeliest first.
var machineVerbs = []struct {
	verb grammar.Verb
	name string
}{
	{grammar.Show, "Show"},
	{grammar.Hide, "Hide"},
	{grammar.Start, "Start, hidden"},
	{grammar.Resume, "Resume, hidden"},
	{grammar.Suspend, "Suspend"},
	{grammar.Shutdown, "Shut down"},
}

func (w *World) machineActs(m *grammar.Machine) []Act {
	var list []Act
	for _, v := range machineVerbs {
		c := grammar.Command{Verb: v.verb, Kind: m.Kind, VM: m.ID}
		if w.sensible(c) {
			list = append(list, Act{Run, v.name, c.Line(), ""})
		}
	}
	return list
}

func (w *World) sensible(c grammar.Command) bool { return w.Sensible == nil || w.Sensible(c) }
