package apps

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"rayos/internal/desktopentry"
)

func TestLaunch(t *testing.T) {
	xterm := Terminal{Program: "/usr/bin/xterm", Before: []string{"-e"}}
	for _, c := range []struct {
		name, id, text string
		request        Request
		want           Plan
		err            error
	}{
		{"itself", "x", "Exec=edit --new", Request{}, Plan{Commands: [][]string{{"edit", "--new"}}}, nil},
		{"a file", "x", "Exec=edit %f\nPath=/srv", Request{Files: []string{"/a", "/b"}}, Plan{Commands: [][]string{{"edit", "/a"}, {"edit", "/b"}}, Dir: "/srv"}, nil},
		{"no shell", "x", "Exec=edit %F", Request{Files: []string{"/a; rm -rf $HOME"}}, Plan{Commands: [][]string{{"edit", "/a; rm -rf $HOME"}}}, nil},
		{"an action", "x", "Exec=edit\nActions=new;\n[Desktop Action new]\nName=New\nExec=edit --window", Request{Action: "new"}, Plan{Commands: [][]string{{"edit", "--window"}}}, nil},
		{"no such action", "x", "Exec=edit", Request{Action: "new"}, Plan{}, ErrNoAction},
		{"in a terminal", "x", "Exec=top\nTerminal=true", Request{Terminal: xterm}, Plan{Commands: [][]string{{"/usr/bin/xterm", "-e", "top"}}}, nil},
		{"without a terminal", "x", "Exec=top\nTerminal=true", Request{}, Plan{}, ErrNoTerminal},
		{"by D-Bus", "org.ex-y.App", "DBusActivatable=true\nExec=app %U", Request{Files: []string{"/a b", "https://x"}}, Plan{
			Commands: [][]string{{"app", "file:///a%20b", "https://x"}},
			Bus:      &Activation{Name: "org.ex-y.App", Path: "/org/ex_y/App", URIs: []string{"file:///a%20b", "https://x"}},
		}, nil},
		{"by D-Bus only", "org.x.App", "DBusActivatable=true\nActions=new;\n[Desktop Action new]\nName=New", Request{Action: "new"}, Plan{
			Bus: &Activation{Name: "org.x.App", Path: "/org/x/App", Action: "new"},
		}, nil},
		{"a name that is none", "app", "DBusActivatable=true\nExec=app", Request{}, Plan{Commands: [][]string{{"app"}}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := desktopentry.Parse([]byte("[Desktop Entry]\nType=Application\nName=X\n"+c.text+"\n"), nil)
			if err != nil {
				t.Fatal(err)
			}
			a := App{Entry: e, ID: c.id + ".desktop", File: "/f.desktop"}
			got, err := a.Launch(c.request)
			if !errors.Is(err, c.err) || !reflect.DeepEqual(got, c.want) {
				t.Errorf("Launch(%+v) = %+v, %v; want %+v, %v", c.request, got, err, c.want, c.err)
			}
		})
	}
}

func TestLaunchOfTooManyFiles(t *testing.T) {
	a := App{ID: "x.desktop"}
	if p, err := a.Launch(Request{Files: make([]string, MaxOpen+1)}); err == nil {
		t.Errorf("Launch = %+v", p)
	}
	if p, err := a.Launch(Request{}); err == nil {
		t.Errorf("Launch of nothing = %+v", p)
	}
}

func TestBusName(t *testing.T) {
	for _, c := range []struct {
		s    string
		want bool
	}{
		{"org.x.App", true},
		{"org.x", true},
		{"org._7zip.A-b", true},
		{"org", false},
		{"", false},
		{"org..x", false},
		{"org.7zip.App", false},
		{"org.x/y.App", false},
		{"org.é.App", false},
		{fmt.Sprintf("org.%0256d", 1), false},
	} {
		if got := busName(c.s); got != c.want {
			t.Errorf("busName(%q) = %t; want %t", c.s, got, c.want)
		}
	}
}

func TestFindTerminal(t *testing.T) {
	dir := t.TempDir()
	if got := FindTerminal([]string{dir}); got.Program != "" {
		t.Errorf("FindTerminal in an empty folder = %+v", got)
	}
	for _, name := range []string{"xterm", "konsole", "foot", "xdg-terminal-exec"} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, nil, 0o755); err != nil {
			t.Fatal(err)
		}
		if got := FindTerminal([]string{"/nowhere", dir}); got.Program != file {
			t.Errorf("FindTerminal = %+v; want %s, which is better than those before", got, file)
		}
	}
}
