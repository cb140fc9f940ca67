package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/files"
	"rayos/shell/launcher"
)

// TestAnswersOfTheSession: the questions that a session has always answered by
// itself, each from what is so now.
func TestAnswersOfTheSession(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		if err := os.WriteFile(filepath.Join(home, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := newDeskWith(t, Options{
		Shell: true, Volume: filepath.Join(t.TempDir(), "volume"), Files: files.Config{Home: "/nowhere", Folds: []string{home}},
		Wall: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	}, geom.Size{W: 1280, H: 720})
	p := &d.session.prompt
	d.key("super+space")
	for _, c := range []struct{ line, title, text string }{
		{"hi", "Hello", "Uptime: "},
		{"help", "Help: ", "system 1"},
		{"how old are you", "Uptime: ", ""},
		{"who are you", "RayOS", ""},
		{"status", "Status: ", "Devices: "},
		{"memory", "Memory: ", "heap_used"},
		{"what devices do we have", "Devices: 1 screen", "HEADLESS-1"},
		{"what day of the week is it", "Weekday: Monday", ""},
		{"why is volume not found", "Volume: no folder is named", ""},
		{"how many files do i have", "Files: 3", ""},
		{"system 1", "System 1: it rests", ""},
		{"system 2", "System 2: it ", ""},
	} {
		d.key("ctrl+a")
		d.key("BackSpace")
		d.enter(c.line)
		d.await(c.line, func() bool { return p.model.Rows() > 0 && !p.askers.busy() })
		rows := p.model.Proposals()
		var found *launcher.Proposal
		for i := range rows {
			if strings.HasPrefix(rows[i].Key, "local:") {
				found = &rows[i]
			}
		}
		if found == nil || !strings.HasPrefix(found.Title, c.title) || !strings.Contains(found.Text, c.text) {
			t.Errorf("%q: %+v; want %q with %q", c.line, rows, c.title, c.text)
		}
		d.photo(strings.ReplaceAll(c.line, " ", "-"))
	}
}
