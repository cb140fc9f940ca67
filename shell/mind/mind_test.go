package mind

import (
	"fmt"
	"strings"
	"testing"

	"rayos/intent/data"
	"rayos/internal/desktopentry"
	"rayos/shell/apps"
	"rayos/shell/control/grammar"
	"rayos/shell/launcher"
)

func app(id, name, generic string) *apps.App {
	a := &apps.App{ID: id}
	a.Name, a.GenericName = name, generic
	return a
}

// program is an application whose program is called foot.
func program(t testing.TB, id, name string) *apps.App {
	t.Helper()
	e, err := desktopentry.Parse([]byte("[Desktop Entry]\nType=Application\nExec=foot --server\nName="+name+"\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return &apps.App{Entry: e, ID: id}
}

// world is a desktop with a few windows and a machine.
func world(t testing.TB) *launcher.World {
	return &launcher.World{
		Apps: []*apps.App{
			program(t, "foot-server.desktop", "Foot Server"), app("foot.desktop", "Foot", "Terminal"),
			app("org.mozilla.firefox.desktop", "Firefox", "Web Browser"),
			app("org.rayos.Editor.desktop", "Text Editor", ""),
		},
		Windows: []launcher.WindowInfo{
			{ID: "3", Title: "~ : bash", AppID: "foot", Workspace: 0, Behind: 1},
			{ID: "7", Title: "Notes", AppID: "org.rayos.Editor", Workspace: 0, Behind: 0},
			{ID: "8", Title: "News", AppID: "org.mozilla.firefox", Workspace: 2, Behind: 2},
			{ID: "9", Title: "Mail", AppID: "mail", Workspace: 2, Behind: 3},
		},
		Deeds:      []launcher.DeedInfo{{ID: "lock", Title: "Lock"}},
		Workspaces: []launcher.WorkspaceInfo{{Shown: true}, {}, {}, {}},
		Env:        grammar.Env{Machines: []grammar.Machine{{ID: "linux-desktop", Kind: grammar.Linux}, {ID: "windows-11", Kind: grammar.Windows}}},
		Machines:   map[string]launcher.MachineInfo{"linux-desktop": {Name: "Linux desktop"}, "windows-11": {Name: "Windows 11"}},
	}
}

func mind(t testing.TB) *Mind {
	t.Helper()
	m, err := data.Model()
	if err != nil {
		t.Fatal(err)
	}
	return New(m)
}

// says is a reading in short.
func says(r launcher.Reading) string {
	var list []string
	for _, a := range r.Steps {
		list = append(list, fmt.Sprintf("%d %s", a.Verb, strings.TrimSpace(a.Of+" "+a.With)))
	}
	s := strings.Join(list, "; ")
	if r.Refused {
		s = "refused"
	}
	if r.Loses {
		s += " (asks)"
	}
	return s
}

func TestLines(t *testing.T) {
	m, w := mind(t), world(t)
	for line, want := range map[string]string{
		"please open foot":                         fmt.Sprint(launcher.Launch, " foot.desktop"),
		"put that window on the left half":         fmt.Sprint(launcher.Run, " :state 7 left"),
		"show me windows and hide the linux one":   fmt.Sprintf("%d show windows-11; %[1]d hide linux-desktop", launcher.Run),
		"what is using my memory":                  fmt.Sprint(launcher.Run, " show processes"),
		"type hello into the linux desktop":        fmt.Sprint(launcher.Run, " linux-desktop type hello"),
		"close everything on workspace 3":          fmt.Sprintf("%d :close 8; %[1]d :close 9 (asks)", launcher.Run),
		"delete all my notes":                      "refused",
		"move the firefox window to workspace two": fmt.Sprint(launcher.Run, " :workspace 1 --window 8"),
		"switch to workspace 4":                    fmt.Sprint(launcher.Switch, " 3"),
		"turn the volume up a bit":                 fmt.Sprint(launcher.Run, " :volume +10"),
		"set the brightness to 40 percent":         fmt.Sprint(launcher.Run, " :brightness 40"),
		"make it dark":                             fmt.Sprint(launcher.Run, " :set appearance.scheme dark"),
		"please lock the screen":                   fmt.Sprint(launcher.Perform, " lock"),
		"close everything on workspace 9":          "",
		"open the frobnicator":                     "",
	} {
		r, _ := m.Read(line, w)
		if got := says(r); got != want {
			t.Errorf("%q: %q, sure %v; want %q", line, got, r.Sure, want)
		}
	}
}

// TestChat means nothing.
func TestChat(t *testing.T) {
	m, w := mind(t), world(t)
	for _, line := range []string{
		"how are you today", "what do you think about love", "tell me a joke about penguins", "i had soup for lunch", "who won the match yesterday",
		"is it going to rain in oslo", "thank you so much for everything", "my sister is getting married in june", "what is the meaning of life", "do you like music from the eighties",
	} {
		if r, ok := m.Read(line, w); ok {
			t.Errorf("%q means %q, sure %v", line, says(r), r.Sure)
		}
	}
}
