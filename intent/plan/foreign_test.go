package plan

import (
	"errors"
	"reflect"
	"testing"

	"rayos/intent/data"
)

func TestFollow(t *testing.T) {
	for _, c := range []struct {
		wants []Want
		steps []Step
		loses bool
	}{
		{[]Want{{"app.open", "Firefox"}, {"window.snap", "left half of the bash window"}}, []Step{{Deed: Open, App: "firefox"}, {Deed: Snap, Window: "6", Word: "left"}}, true},
		{[]Want{{"workspace.switch", "workspace 2"}, {"overview.show", ""}}, []Step{{Deed: GoTo, Workspace: 2}, {Deed: Overview}}, false},
		{[]Want{{"window.close", "News"}}, []Step{{Deed: Close, Window: "10"}}, true},
		{[]Want{{"vm.type", "type \"rm -rf /\" into linux"}}, []Step{{Deed: TypeInto, Machine: "linux-desktop", Text: "rm -rf /"}}, true},
		{nil, nil, false},
	} {
		p, err := Follow(c.wants, scene())
		for i := range c.steps {
			c.steps[i].Tainted = true
		}
		if err != nil || !reflect.DeepEqual(p.Steps, c.steps) || p.Loses() != c.loses {
			t.Errorf("%+v: %+v, %v; asks %v", c.wants, p, err, p.Loses())
		}
	}
	if p, err := Follow([]Want{{"overview.show", ""}, {"notes.delete", "all my notes"}}, scene()); err != nil || !p.Refused || len(p.Steps) > 0 {
		t.Errorf("deleting: %+v, %v", p, err)
	}
	for _, w := range []Want{{"app.open", "the pod bay doors"}, {"shell.run", "rm"}, {"workspace.switch", "workspace 9"}, {"window.close", ""}, {"", ""}} {
		if p, err := Follow([]Want{{"overview.show", ""}, w}, scene()); !errors.Is(err, ErrNothing) || len(p.Steps) > 0 {
			t.Errorf("%+v: %+v, %v", w, p, err)
		}
	}
}

// TestExamples: what others are shown of an intent is understood as it.
func TestExamples(t *testing.T) {
	m, err := data.Model()
	if err != nil {
		t.Fatal(err)
	}
	for _, intent := range Intents() {
		line := Example(intent)
		if got := m.Classify(line); line == "" || got[0].Intent != intent {
			t.Errorf("%q is %s; want %s", line, got[0].Intent, intent)
		}
	}
	if len(examples) != len(intents) {
		t.Errorf("%d examples of %d intents", len(examples), len(intents))
	}
}
