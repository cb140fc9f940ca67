package launcher

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/internal/desktopentry"
	"rayos/shell/apps"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
	"rayos/shell/theme"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func application(t testing.TB, id, name, more string) *apps.App {
	t.Helper()
	e, err := desktopentry.Parse([]byte("[Desktop Entry]\nType=Application\nExec=true\nName="+name+"\n"+more), nil)
	if err != nil {
		t.Fatal(err)
	}
	return &apps.App{Entry: e, ID: id + ".desktop", Menu: true}
}

// desk is a world with a bit of everything.
func desk(t testing.TB) World {
	return World{
		Apps: []*apps.App{
			application(t, "files", "Files", "GenericName=File Manager\nKeywords=folder;\nActions=new;\n[Desktop Action new]\nName=New Window\nExec=true\n"),
			application(t, "firefox", "Firefox", "GenericName=Web Browser\nIcon=firefox\n"),
			application(t, "term", "Terminal", ""),
			application(t, "edit", "Text Editor", ""),
		},
		Windows: []WindowInfo{{ID: "w1", Title: "report.txt", App: "Text Editor"}, {ID: "w2", Title: "Inbox", App: "Mail", Trust: theme.Linux, Guest: true}},
		Pages:   []PageInfo{{"displays", "Displays", []string{"monitor", "scale"}}},

		Workspaces: []WorkspaceInfo{{"1", true}, {"2", false}, {"Mail", false}},
		Deeds:      []DeedInfo{{ID: "log-out", Title: "Log out", Keywords: []string{"quit"}, Loses: "what programs haven’t saved"}, {ID: "log", Title: "Show the system log"}},
		Commands: []CommandInfo{
			{Name: "windows", Usage: "windows", Help: "list windows"},
			{Name: "window close", Usage: "window close ID", Help: "ask a window to close", Args: func(words []string) ([]string, error) {
				if len(words) != 1 {
					return nil, errors.New("window close: there is an ID missing")
				}
				return []string{"window " + words[0]}, nil
			}},
		},
		Env: grammar.Env{Machines: []grammar.Machine{
			{ID: "linux-desktop", Kind: grammar.Linux, Main: true}, {ID: "windows", Kind: grammar.Windows, Main: true},
		}},
		Machines: map[string]MachineInfo{
			"linux-desktop": {"Linux desktop", "running, hidden", theme.Linux},
			"windows":       {"Windows desktop", "stopped", theme.Windows},
		},
	}
}

func open(t testing.TB, w World) *Model {
	t.Helper()
	lines, err := LoadLines("")
	if err != nil {
		t.Fatal(err)
	}
	m := &Model{History: &find.History{}, Lines: lines, Now: func() time.Time { return noon }}
	m.Open(w)
	return m
}

// titlesOf writes the rows, the picked one with ">" before it.
func titlesOf(m *Model) []string {
	var list []string
	for i := range m.rows {
		s := m.rows[i].Title
		if i == m.pick {
			s = ">" + s
		}
		list = append(list, s)
	}
	return list
}

func wantRows(t *testing.T, when string, m *Model, want ...string) {
	t.Helper()
	if got := titlesOf(m); !slices.Equal(got, want) {
		t.Errorf("%s: %q; want %q", when, got, want)
	}
}

func file(path string) Proposal {
	return Proposal{Key: "file:" + path, Kind: File, Title: path, Acts: []Act{{Open, "Open", path, ""}}}
}

func many(t testing.TB, n int) World {
	w := desk(t)
	words := []string{"Text", "Image", "Music", "System", "Network", "Disk", "Photo", "Video", "Web", "Mail"}
	kinds := []string{"Editor", "Viewer", "Player", "Monitor", "Manager", "Browser", "Tool", "Settings"}
	for i := range n - len(w.Apps) {
		a := *w.Apps[0]
		a.ID = fmt.Sprintf("app%d.desktop", i)
		a.Name = fmt.Sprintf("%s %s %d", words[i%len(words)], kinds[i/7%len(kinds)], i)
		a.GenericName, a.Keywords = kinds[i%len(kinds)], []string{"keyword", words[i/3%len(words)]}
		w.Apps = append(w.Apps, &a)
	}
	return w
}
