package launcher

import (
	"strconv"
	"strings"

	"rayos/rayapps/lang"
	"rayos/shell/apps"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
	"rayos/shell/theme"
)

// World is what there is to be found and what lines can be about. The model
// keeps its slices.
type World struct {
	Apps []*apps.App
	// Ready is Apps made ready; nil leaves that to the model.
	Ready   *Installed
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

	AppID     string // as the window says
	Workspace int    // from 0
	Behind    int    // how many windows are before it
}

// WorkspaceInfo is a workspace.
type WorkspaceInfo struct {
	Name  string
	Shown bool
}

// DeedInfo is something that the session can do. Its title and keywords, words by
// spaces, are English; as far as they are in the catalogs, they are shown and
// found in the person's language.
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

// PageInfo is a page of the settings, in words as DeedInfo has them.
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
	t.addAlso(p, "", weight, keywords...)
}

// addAlso adds what has another name too, which isn't shown.
func (t *things) addAlso(p Proposal, also string, weight int, keywords ...string) {
	p.Title, p.Note = clean(p.Title), clean(p.Note)
	if p.Title == "" || len(p.Acts) == 0 {
		return
	}
	if also == p.Title {
		also = ""
	}
	t.items = append(t.items, find.Item{Key: p.Key, Name: p.Title, Also: also, Keywords: keywords, Weight: weight})
	t.list = append(t.list, p)
}

// live makes what can be found of what comes and goes.
func (w *World) live() things {
	var t things
	add := t.add
	for _, win := range w.Windows {
		add(Proposal{
			Key: "window:" + win.ID, Kind: Window, Title: win.Title, Note: win.App, Trust: win.Trust, Guest: win.Guest,
			Acts: []Act{{Show, lang.T("Go to the window"), win.ID, ""}, {Minimise, lang.T("Minimise the window"), win.ID, ""}, {Close, lang.T("Close the window"), win.ID, ""}},
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
			name = lang.F("Workspace {name}", "name", lang.Number(i+1))
		}
		p := Proposal{Key: "workspace:" + n, Kind: Workspace, Title: name, Acts: []Act{{Switch, lang.T("Go there"), n, ""}}}
		t.addAlso(p, "Workspace "+strconv.Itoa(i+1), workspaceWeight, "workspace", "desktop")
	}
	for _, d := range w.Deeds {
		title := lang.T(d.Title)
		p := Proposal{Key: "deed:" + d.ID, Kind: Action, Title: title, Note: lang.T("Session"), Acts: []Act{{Perform, title, d.ID, ""}}}
		t.addAlso(p, d.Title, deedWeight, both(d.Keywords)...)
	}
	return t
}

// installed makes what can be found of applications.
func installed(list []*apps.App) things {
	t := things{items: make([]find.Item, 0, len(list)), list: make([]Proposal, 0, len(list))}
	for _, a := range list {
		p := Proposal{Key: "app:" + a.ID, Kind: Application, Title: a.Name, Note: a.GenericName, Icon: a.Icon, Acts: []Act{{Launch, lang.T("Open"), a.ID, ""}}}
		for _, act := range a.Actions {
			if name := clean(act.Name); name != "" {
				p.Acts = append(p.Acts, Act{Launch, name, a.ID, act.ID})
			}
		}
		p.Acts = append(p.Acts, Act{Copy, lang.T("Copy its name"), clean(a.Name), ""})
		program := a.Exec.Program()
		words := append(strings.Fields(a.GenericName), program[strings.LastIndexByte(program, '/')+1:])
		t.add(p, 0, append(words, a.Keywords...)...)
	}
	return t
}

// settings makes what can be found of the pages of the settings.
func (w *World) settings() things {
	var t things
	for _, page := range w.Pages {
		p := Proposal{
			Key: "page:" + page.ID, Kind: Page, Title: lang.T(page.Title), Note: lang.T("Settings"),
			Acts: []Act{{Settle, lang.T("Open the page"), page.ID, ""}},
		}
		t.addAlso(p, page.Title, pageWeight, both(page.Keywords)...)
	}
	return t
}

// both are words in English and in the person's language, for either finds what
// they are about.
func both(said []string) (words []string) {
	for _, s := range said {
		words = append(words, strings.Fields(s)...)
		if other := lang.T(s); other != s {
			words = append(words, strings.Fields(other)...)
		}
	}
	return words
}

// machineVerbs are what is offered for a machine, the likeliest first.
var machineVerbs = []struct {
	verb grammar.Verb
	name string
}{
	{grammar.Show, lang.M("Show")},
	{grammar.Hide, lang.M("Hide")},
	{grammar.Start, lang.M("Start, hidden")},
	{grammar.Resume, lang.M("Resume, hidden")},
	{grammar.Suspend, lang.M("Suspend")},
	{grammar.Shutdown, lang.M("Shut down")},
}

func (w *World) machineActs(m *grammar.Machine) []Act {
	var list []Act
	for _, v := range machineVerbs {
		c := grammar.Command{Verb: v.verb, Kind: m.Kind, VM: m.ID}
		if w.sensible(c) {
			list = append(list, Act{Run, lang.T(v.name), c.Line(), ""})
		}
	}
	return list
}

func (w *World) sensible(c grammar.Command) bool { return w.Sensible == nil || w.Sensible(c) }
