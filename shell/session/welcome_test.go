package session

import (
	"os"
	"path/filepath"
	"testing"

	"rayos/gpu/display"
)

// looked is a display that somebody looks at.
type looked struct{ display.Display }

func (looked) Name() string { return "window" }

func TestTheFirstStartIsWelcomedOnce(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	seen := filepath.Join(dir, "seen")
	if err := os.WriteFile(filepath.Join(dir, appsProgram), []byte("#!/bin/sh\necho \"$1\" >>"+seen+".part; mv "+seen+".part "+seen+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	d := newDeskWith(t, Options{Shell: true})
	file := filepath.Join(dir, "state", "welcomed")
	if err := d.session.welcome(file); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("nobody looks at a headless session, and yet it welcomes")
	}
	d.session.display = looked{d.session.display}
	for range 2 {
		if err := d.session.welcome(file); err != nil {
			t.Fatal(err)
		}
	}
	d.eventually("the page is shown", func() bool { _, err := os.Stat(seen); return err == nil && len(d.session.children.running) == 0 })
	if got, _ := os.ReadFile(seen); string(got) != "welcome\n" {
		t.Errorf("it was shown: %q", got)
	}
}
