package session

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control/grammar"
	"rayos/shell/files"
	"rayos/shell/launcher"
	"rayos/vmm"
)

// both are two machines.
var both = map[vmm.ID]vmm.Kind{"linux-desktop": vmm.Linux, "windows-11": vmm.Windows}

// prompts carries a line of the grammar out, which must succeed.
func (d *desk) prompts(line string) {
	d.t.Helper()
	done := false
	d.ctl.Console().Prompt("test", line, func(_ grammar.Result, a grammar.Ack) {
		if done = true; !a.OK {
			d.t.Errorf("%s: %+v", line, a)
		}
	})
	d.goes(line, func() bool { return done })
}

// goes lets frames go by until something is so that other processes have a part
// in.
func (d *desk) goes(what string, holds func() bool) {
	d.t.Helper()
	d.await(what, func() bool {
		d.pass(time.Second / 60)
		return holds()
	})
}

// entered runs the line that is typed, and returns what came of it.
func (d *desk) entered() launcher.Asked {
	d.t.Helper()
	m := &d.session.prompt.model
	before := m.Asked().ID
	d.key("Return")
	d.goes("an acknowledgement", func() bool { a := m.Asked(); return a.ID != before && a.Progress != launcher.Starting })
	return m.Asked()
}

func TestMachinesAreShownAndHiddenByWords(t *testing.T) {
	d, _ := machineDesk(t, Options{}, both)
	d.prompts("show linux desktop")
	rows := d.say("show me windows and hide the linux one")
	if len(rows) == 0 || rows[0].Acts[0].Verb != launcher.Each || len(rows[0].Steps) != 2 {
		t.Fatalf("understood as %+v", rows)
	}
	d.photo("row")
	if a := d.entered(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
	if list := d.ctl.Windows(); len(list) != 1 || list[0].Owner != "windows guest" || !list[0].Visible {
		t.Errorf("on the desktop are %+v", list)
	}
	d.photo("ack")
}

func TestAMachineIsTypedIntoByWords(t *testing.T) {
	d, machines := machineDesk(t, Options{}, both)
	d.prompts("show linux desktop")
	d.say("type hello into the linux desktop")
	d.photo("row")
	if a := d.entered(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
	if _, typed := machines["linux-desktop"].heard(); !slices.Equal(typed, []string{"hello\n"}) {
		t.Errorf("typed are %q", typed)
	}
	if ops, _ := machines["windows-11"].heard(); len(ops) > 0 {
		t.Errorf("the other machine was asked to %q", ops)
	}
	d.photo("ack")

	// What isn't shown takes no input, and that is said.
	d.prompts("hide linux desktop")
	d.say("type hello into the linux desktop")
	if a := d.entered(); a.Progress != launcher.Failed || a.Why == "" {
		t.Errorf("a hidden machine: %+v", a)
	}
	d.photo("hidden")
}

// TestANoteIsFoundByWords: by its name.
func TestANoteIsFoundByWords(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"virtqueues.md", "holidays.md"} {
		if err := os.WriteFile(filepath.Join(home, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := newDeskWith(t, Options{Shell: true, Files: files.Config{Home: "/nowhere", Folds: []string{home}}}, geom.Size{W: 1280, H: 720})
	rows := d.say("find the note about virtqueues")
	if len(rows) == 0 || rows[0].Acts[0].Verb != launcher.Fill || rows[0].Acts[0].Of != "virtqueues" {
		t.Fatalf("understood as %+v", rows)
	}
	d.photo("row")
	d.key("Return")
	p := &d.session.prompt
	d.goes("the note is found", func() bool {
		return p.model.Rows() > 0 && p.model.Proposals()[0].Acts[0] == launcher.Act{Verb: launcher.Open, Name: "Open", Of: filepath.Join(home, "virtqueues.md")}
	})
	d.photo("found")
}

// TestSystemsAnswerAtThePrompt with what is so now.
func TestSystemsAnswerAtThePrompt(t *testing.T) {
	d := sayDesk(t)
	d.key("super+space")
	for _, c := range []struct {
		line string
		says []string
	}{
		{":s1 stats", []string{"running=false depth=0"}},
		{":s1 start", []string{"running=true depth=0", "backend "}},
		{":conductor snapshot", []string{"s1_running=1 conductor_running=1"}},
		{":conductor stop", nil},
		{":conductor snapshot", []string{"s1_running=1 conductor_running=0"}},
		{":conductor start", nil},
		{":s1 stop", []string{"running=false"}},
		{":conductor snapshot", []string{"s1_running=0 conductor_running=1"}},
	} {
		d.enter(c.line)
		a := d.entered()
		if out := strings.Join(a.Out, "\n"); a.Progress != launcher.OK || slices.ContainsFunc(c.says, func(s string) bool { return !strings.Contains(out, s) }) {
			t.Errorf("%s: %+v", c.line, a)
		}
		d.photo(strings.ReplaceAll(c.line[1:], " ", "-"))
	}
}
