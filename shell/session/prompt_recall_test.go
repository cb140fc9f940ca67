package session

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/launcher"
	vol "rayos/volume"
)

// opener has files opened by a program that writes down which.
func opener(t *testing.T) (opened func() string) {
	t.Helper()
	dir := t.TempDir()
	list := filepath.Join(dir, "opened")
	script := "#!/bin/sh\nprintf '%s' \"$1\" > " + list + ".new && mv " + list + ".new " + list + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return func() string {
		text, err := os.ReadFile(list)
		if err != nil {
			return ""
		}
		return string(text)
	}
}

// TestANoteIsFoundByWhatItSays: from the line to the file that is opened.
func TestANoteIsFoundByWhatItSays(t *testing.T) {
	opened := opener(t)
	d := newDeskWith(t, Options{Shell: true}, geom.Size{W: 1280, H: 720})
	dir := library(t)
	if _, err := d.index(dir); err != nil {
		t.Fatal(err)
	}
	p := &d.session.prompt
	note := filepath.Join(dir, "descriptor.md")
	at := func() int {
		return slices.IndexFunc(p.model.Proposals(), func(p launcher.Proposal) bool { return p.Acts[0].Verb == launcher.Open && p.Acts[0].Of == note })
	}
	d.say("find the note about virtqueues")
	d.goes("the note is found", func() bool { return at() >= 0 })
	row := p.model.Proposals()[at()]
	if row.Kind != launcher.File || row.Title != "descriptor.md" || !strings.Contains(row.Note, "descriptor chain of a virtqueue") || !strings.HasSuffix(row.Note, dir) {
		t.Errorf("proposed as %+v", row)
	}
	d.photo("row")
	for range at() {
		d.key("Down")
	}
	d.key("Return")
	d.goes("the note is opened", func() bool { return opened() == note })
	if p.shown() {
		t.Error("the prompt stays open")
	}

	// A question needn't have the words of its answer alone.
	d.say("find the note about elephants and virtqueues")
	d.goes("the note is found", func() bool { return at() >= 0 })

	// What isn't a question finds only what has all of its words.
	for line, want := range map[string]bool{"descriptor chain": true, "a descriptor of bread": false, "i had flour and a balloon for lunch": false} {
		d.say(line)
		d.goes("the search ends", func() bool { return !p.askers.busy() })
		if (at() >= 0) != want {
			t.Errorf("%q: %+v", line, p.model.Proposals())
		}
	}
}

// TestTheVolumeAnswersAtThePrompt with what it has.
func TestTheVolumeAnswersAtThePrompt(t *testing.T) {
	d := newDeskWith(t, Options{Shell: true}, geom.Size{W: 1280, H: 720})
	dir := library(t)
	d.key("super+space")
	for _, c := range []struct{ name, line, says string }{
		{"empty", ":rag virtqueues", "RAG: no embeddings"},
		{"index", ":volume index " + dir, "3 files taken in"},
		{"rag", ":rag descriptor chain of a virtqueue", "RAG[0] score="},
		{"stats", ":vol stats", "3 documents of"},
		{"tail", ":vol tail 2", "indexed"},
		{"forget", ":volume forget " + dir, "3 documents are forgotten"},
	} {
		d.enter(c.line)
		a := d.entered()
		if out := strings.Join(a.Out, "\n"); a.Progress != launcher.OK || !strings.Contains(out, c.says) {
			t.Errorf("%s: %+v", c.line, a)
		}
		d.photo(c.name)
	}
}

// TestTheTaskbarSaysWhatIsTakenIn until it is.
func TestTheTaskbarSaysWhatIsTakenIn(t *testing.T) {
	d := newDeskWith(t, Options{Shell: true}, geom.Size{W: 1280, H: 720})
	stopped := false
	d.ctl.Conductor().Run(false, func(error) { stopped = true })
	d.await("the conductor stops", func() bool { return stopped })
	dir := library(t)
	ended := false
	d.ctl.Volume().Index(dir, func(string) {}, func(_ control.VolumeReport, err error) {
		if ended = true; err != nil {
			t.Error(err)
		}
	})
	d.await("the folder is named", func() bool { return len(d.session.recall.jobs) == 1 })
	d.session.recall.progress(dir, vol.Progress{Done: 2, Files: 3})
	j := d.session.bars.state().Job
	if !strings.HasSuffix(j.Name, filepath.Base(dir)) || j.Percent != 66 {
		t.Errorf("it says %+v", j)
	}
	d.photo("job")
	d.ctl.Conductor().Run(true, func(error) {})
	d.await("the end", func() bool { return ended })
	if j := d.session.bars.state().Job; j.Name != "" {
		t.Errorf("at the end it says %+v", j)
	}
}
