package builtin

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rayos/internal/desktopentry"
	"rayos/shell/builtin/own"
)

// applications is where the launcher's files of the apps are.
const applications = "../../assets/applications"

// TestLauncherFiles: each app has a .desktop file that starts it, and there are
// no others.
func TestLauncherFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(applications, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var started []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		id, ok := strings.CutSuffix(filepath.Base(file), ".desktop")
		e, err := desktopentry.Parse(text, desktopentry.Locales("C"))
		if err != nil || !ok {
			t.Errorf("%s: %v", file, err)
			continue
		}
		argv := e.Exec.Commands(desktopentry.Context{})
		if len(argv) != 1 || len(argv[0]) != 2 || argv[0][0] != "rayos-apps" {
			t.Errorf("%s starts %q", file, argv)
			continue
		}
		started = append(started, argv[0][1])
		for _, line := range []string{"StartupWMClass=" + id, "Icon=" + id, "TryExec=rayos-apps", "Name[de]="} {
			if !bytes.Contains(text, []byte("\n"+line)) {
				t.Errorf("%s lacks %s", file, line)
			}
		}
	}
	var want []string
	for _, a := range apps {
		want = append(want, a.name)
		if a.about == "" || a.run == nil {
			t.Errorf("%+v is no app", a)
		}
	}
	slices.Sort(want)
	if slices.Sort(started); !slices.Equal(started, want) {
		t.Errorf("the launcher can start %q; the apps are %q", started, want)
	}
}

// TestManifests: each app that people run has a manifest, and its file for
// launchers is of that id.
func TestManifests(t *testing.T) {
	list, err := own.Apps("/rayos-apps")
	if err != nil {
		t.Fatal(err)
	}
	var there, want []string
	for _, a := range list {
		there = append(there, a.Command)
		text, err := os.ReadFile(filepath.Join(applications, a.ID+".desktop"))
		if err != nil || !regexp.MustCompile(`(?m)^Exec=rayos-apps `+a.Command+`\b`).Match(text) {
			t.Errorf("%s: %v; it starts something else:\n%s", a.ID, err, text)
		}
	}
	for _, a := range apps {
		if a.name != "pick" { // the session's question to the person
			want = append(want, a.name)
		}
	}
	slices.Sort(want)
	if !slices.Equal(there, want) {
		t.Errorf("manifests of %q; the apps are %q", there, want)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"nothing"}, {""}} {
		var out bytes.Buffer
		if code := Main(args, &out); code != 2 {
			t.Errorf("Main(%q) = %d; want 2", args, code)
		}
		for _, a := range apps {
			if !strings.Contains(out.String(), a.name) {
				t.Errorf("Main(%q) doesn't tell of %s: %s", args, a.name, &out)
			}
		}
	}
}
