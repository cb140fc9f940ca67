package session

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/intent/data"
	"rayos/intent/envelope"
	"rayos/intent/trace"
	"rayos/shell/control"
)

// written closes the desk and returns its log, in short.
func (d *desk) written(dir string) (all []string, list []trace.Record) {
	d.t.Helper()
	d.close()
	list, found, err := trace.Read(dir)
	if err != nil || !found.Whole() {
		d.t.Fatalf("%+v, %v", found, err)
	}
	for _, r := range list {
		line := fmt.Sprint(r.ID, " ", r.Status)
		if r.Said != nil {
			line += fmt.Sprint(" ", r.Said.Intent, " ", r.Said.Whole)
		}
		if r.Did != nil {
			line += fmt.Sprintf(" %d/%d %s %v", r.Did.Step, r.Did.Of, r.Did.What, r.Did.OK)
		}
		all = append(all, line)
	}
	return all, list
}

func wrote(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("written down is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestLinesAreWrittenDown from what they are taken for to the last
// acknowledgement, without the person's words, and lead to the same plans again.
func TestLinesAreWrittenDown(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "intents")
	d := newDeskWith(t, Options{Shell: true, Intents: dir}, geom.Size{W: 1280, H: 720})
	c := d.connect()
	for i, title := range []string{"Payroll 2026", "Divorce", "Three"} {
		w := c.prepare(geom.Size{W: 300, H: 200})
		w.top.OnClose = w.destroy
		w.top.SetTitle(title)
		w.show()
		if i < 2 {
			if err := d.ctl.MoveToWorkspace(w.id, 2); err != nil {
				t.Fatal(err)
			}
		}
	}
	run := func(line string, keys ...string) {
		t.Helper()
		d.say(line)
		before := d.session.prompt.model.Asked().ID
		for _, k := range keys {
			d.key(k)
		}
		if a := d.session.prompt.model.Asked(); a.ID != before {
			d.acked()
		}
	}
	run("put that window on the left half", "Return")
	run("close everything on workspace 3", "Return", "Return") // and not
	run("close everything on workspace 3", "Return", "Escape")
	run("close everything on workspace 3", "Return", "Right", "Return")
	run("delete all my notes", "Return")
	d.key("super+space")
	run("find the note about grandmother", "Return")
	run(":outputs", "Return")
	run(":focus nothing of mine", "Return")
	run("how are you today", "Return")
	var line string
	d.ctl.Conductor().Snapshot(func(s control.ConductorSnapshot, err error) { line = s.Line })
	d.await("the snapshot", func() bool { return line != "" })
	for _, want := range []string{"s2_enq=6 ", "s2_drop=4", "s2_last_count=0 "} {
		if !strings.Contains(line+" ", want) {
			t.Errorf("%s: want %s", line, want)
		}
	}
	all, list := d.written(dir)
	wrote(t, all,
		"1 Planning window.snap true", "1 Executing", "1 Completed 1/1 state true",
		"2 Planning window.close_all true", "2 Clarifying", "2 Cancelled",
		"3 Planning window.close_all true", "3 Clarifying", "3 Cancelled",
		"4 Planning window.close_all true", "4 Clarifying", "4 Executing", "4 Executing 1/2 close true", "4 Completed 2/2 close true",
		"5 Planning notes.delete true", "5 Failed",
		"6 Planning notes.find true", "6 Executing", "6 Completed 1/1 search true",
		"7 Planning outputs false", "7 Executing", "7 Completed 1/1 outputs true",
		"8 Planning focus false", "8 Executing", "8 Failed 1/1 focus false",
	)
	raw, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Payroll", "Divorce", "grandmother", "nothing of mine", "today"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	m, err := data.Model()
	if err != nil {
		t.Fatal(err)
	}
	if r := trace.Replay(list, m, data.Hash()); r.Same != 6 || r.Exact != 2 || r.Gone+r.Other+len(r.Differs) != 0 {
		t.Errorf("made again: %+v", r)
	}
}

// TestTheLogSaysWhatTheSettingSays and goes on where the last session ended.
func TestTheLogSaysWhatTheSettingSays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "intents")
	for i, c := range []struct{ setting, line string }{
		{"words", ":focus nothing of mine"}, {"off", ":focus secret"}, {"redacted", ":focus hidden"},
	} {
		d := newDeskWith(t, Options{Shell: true, Intents: dir})
		d.mustSet("privacy.prompt-log", c.setting)
		d.key("super+space")
		d.enter(c.line)
		d.key("Return")
		_, list := d.written(dir)
		raw, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		if want := []int{3, 3, 6}[i]; len(list) != want {
			t.Errorf("%s: %d records; want %d", c.setting, len(list), want)
		}
		if s := string(raw); !strings.Contains(s, "nothing of mine") || strings.Contains(s, "secret") || strings.Contains(s, "hidden") {
			t.Errorf("%s: %s", c.setting, s)
		}
		if i == 2 && list[5].ID != list[0].ID+1 {
			t.Errorf("line %d follows %d", list[5].ID, list[0].ID)
		}
	}
}

// TestADamagedLogIsToldAndNoReasonToStop.
func TestADamagedLogIsNoReasonToStop(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "journal"), []byte("this is something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDeskWith(t, Options{Shell: true, Intents: dir})
	d.key("super+space")
	d.enter(":outputs")
	d.key("Return")
	if all, _ := d.written(dir); len(all) != 3 {
		t.Errorf("written down are %q", all)
	}
}

func TestSystem2SaysWhatALineIsTakenFor(t *testing.T) {
	d := sayDesk(t)
	c := d.connect()
	w := c.open(geom.Size{W: 200, H: 100})
	d.key("super+space")
	for _, s := range []struct{ line, says string }{
		{":s2 put that window on the left half", fmt.Sprintf("intent=window.snap confidence=0.98 disposition=execute prio=Interactive steps=1 plan: snap %d left", w.id)},
		{":s2 close everything on workspace 3", "disposition=chat prio=Interactive steps=0 plan: nothing"},
		{":s2 delete all my notes", "disposition=ask prio=Interactive steps=0 plan: refused"},
		{":s2 how are you today", "intent=- confidence=0.00 disposition=chat"},
		{":s2", "lines=5 last_hash=0x"},
	} {
		d.enter(s.line)
		a := d.entered()
		if out := strings.Join(a.Out, " "); !strings.Contains(out, s.says) {
			t.Errorf("%s: %+v; want %s", s.line, a, s.says)
		}
	}
	if got := d.window(w.id); len(got.States) > 1 {
		t.Errorf("a line that was only asked about has done something: %+v", got)
	}
}

// TestAShortSessionNumbersOn: one that ends before its log is open takes nobody's
// number.
func TestAShortSessionNumbersOn(t *testing.T) {
	dir := t.TempDir()
	for n := range 2 {
		d := newDeskWith(t, Options{Shell: true, Intents: dir})
		tr := &d.session.traced
		tr.status(tr.begin(":outputs", false, "outputs"), envelope.Cancelled, "the session ends")
		if tr.ready {
			t.Fatal("it is open at once")
		}
		if all, list := d.written(dir); len(list) != 2*(n+1) || list[len(list)-1].ID != uint64(n+1) {
			t.Errorf("written down are %q", all)
		}
	}
}
