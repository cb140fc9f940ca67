package trace

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/intent/classify"
	"rayos/intent/conductor/journal"
	"rayos/intent/plan"
)

// told is a model that has been told what lines mean.
type told struct{ intents map[string]string }

func (m told) Classify(line string) []classify.Score {
	for _, part := range slices.Sorted(maps.Keys(m.intents)) {
		if strings.Contains(line, part) {
			return []classify.Score{{Intent: m.intents[part], P: 0.9}}
		}
	}
	return nil
}

func (told) Accepts(ranked []classify.Score) bool { return len(ranked) > 0 }

var model = told{map[string]string{
	"left half": "window.snap", "close": "window.close", "type": "vm.type", "find": "notes.find", "view": "vnc.open", "delete": "notes.delete", "open": "app.open", "virtqueues": "log.show",
}}

var known = Redactor{Keep: map[string]bool{
	"put": true, "the": true, "window": true, "on": true, "left": true, "half": true, "close": true, "type": true, "into": true, "find": true, "note": true, "about": true, "view": true,
	"delete": true, "all": true, "my": true, "open": true, "please": true, "and": true, "notes": true,
}}

func scene() *plan.Scene {
	return &plan.Scene{
		Windows: []plan.Window{
			{ID: "5", Title: "Divorce papers", App: "editor", Workspace: 1}, {ID: "6", Title: "Payroll", App: "foot", Workspace: 2},
		},
		Apps:       plan.Names([]plan.Thing{{ID: "foot.desktop", Names: []string{"Foot"}}}),
		Machines:   []plan.Thing{{ID: "linux-a", Names: []string{"linux"}}},
		Workspaces: []string{"", "Secret project"}, Workspace: 1,
	}
}

func tell(t *testing.T, line string, r Redactor) *Said {
	t.Helper()
	p, ok := plan.Make(line, model, scene())
	if !ok {
		t.Fatalf("%q means nothing", line)
	}
	return Tell(line, &p, scene(), model, "hash", r)
}

func TestWhatIsThePersonsIsLeftOut(t *testing.T) {
	for line, want := range map[string]string{
		"put that window on the left half":                     "put that window on the left half",
		"close the payroll window":                             "close the x1 window",
		"put the divorce papers window on the left half":       "put the x1 window on the left half",
		"type hunter2 into linux":                              "type x into linux",
		"type hello the note into linux and open foot":         "type x into linux and open foot",
		`type "my password is 1234" into linux`:                `type "x" into linux`,
		"find the note about divorce lawyers":                  "find the note about x",
		"view lab.example.org:1":                               "view x:1",
		"please open foot because my boss Müller called":       "please open foot x my x x x",
		"delete all my notes about grandmother's inheritance":  "delete all my notes about x x",
		"open foot and put that window on the left half of it": "open foot and put that window on the left half x it",
	} {
		s := tell(t, line, known)
		if s.Line != want || !s.Whole || !s.Redacted {
			t.Errorf("%q is kept as %q, whole %v; want %q", line, s.Line, s.Whole, want)
		}
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"ivorce", "ayroll", "hunter2", "hello", "1234", "lab", "boss", "ller", "mother", "Secret"} {
			if strings.Contains(string(data), secret) {
				t.Errorf("%q: the record has %q: %s", line, secret, data)
			}
		}
		if full := tell(t, line, Redactor{All: true}); full.Line != line || !full.Whole || full.Redacted {
			t.Errorf("%q unredacted is %+v", line, full)
		}
	}
	if s := tell(t, "please virtqueues", known); s.Whole {
		t.Errorf("what was left out has decided, and the record doesn't say so: %+v", s)
	}
}

func records(t *testing.T) (list []Record) {
	t.Helper()
	for i, line := range []string{"put that window on the left half", "close the payroll window", "please virtqueues", "delete all my notes"} {
		list = append(list, Record{ID: uint64(i + 1), At: time.Unix(1, 0).UTC(), Status: "Planning", Said: tell(t, line, known)})
		list = append(list, Record{ID: uint64(i + 1), At: time.Unix(2, 0).UTC(), Status: "Completed", Did: &Did{Step: 1, Of: 1, What: "state", OK: true}})
	}
	return append(list, Record{ID: 9, At: time.Unix(3, 0).UTC(), Status: "Planning", Said: &Said{Intent: "HIDE", Confidence: 1}})
}

func TestReplay(t *testing.T) {
	list := records(t)
	if r := Replay(list, model, "hash"); r.Same != 3 || r.Gone != 1 || r.Exact != 1 || r.Other != 0 || len(r.Differs) != 0 {
		t.Errorf("by the same model: %+v", r)
	}
	if r := Replay(list, model, "another"); r.Other != 4 || r.Same != 0 {
		t.Errorf("by another model: %+v", r)
	}
	other := told{map[string]string{"left half": "window.close", "close": "window.close", "delete": "notes.delete"}}
	r := Replay(list, other, "hash")
	if r.Same != 2 || len(r.Differs) != 1 || r.Differs[0].ID != 1 || !strings.Contains(r.Differs[0].Was, "snap") || !strings.Contains(r.Differs[0].Made, "close") {
		t.Errorf("by a model that says otherwise: %+v", r)
	}
}

func failing(t *testing.T) func(error) { return func(err error) { t.Error(err) } }

func TestTheLogLasts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "intent")
	l, r, err := Open(dir, failing(t))
	if err != nil || !r.Whole() || r.Records != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	want := records(t)
	for _, rec := range want {
		l.Add(rec)
	}
	if _, _, err := Open(dir, failing(t)); !errors.Is(err, journal.ErrBusy) {
		t.Errorf("two have it: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l.Add(want[0]) // nobody writes any more
	got, r, err := Read(dir)
	if err != nil || !r.Whole() || r.Last != 9 || len(got) != len(want) {
		t.Fatalf("%d records, %+v, %v", len(got), r, err)
	}
	for i := range got {
		a, _ := json.Marshal(got[i])
		b, _ := json.Marshal(want[i])
		if string(a) != string(b) {
			t.Errorf("record %d is %s; want %s", i, a, b)
		}
	}
	if st, err := os.Stat(filepath.Join(dir, fileName)); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	if list, r, err := Read(t.TempDir()); len(list) != 0 || err != nil || !r.Whole() {
		t.Errorf("no log: %v, %+v, %v", list, r, err)
	}
}

func TestDamageIsToldAndCut(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole")
	l, _, err := Open(whole, failing(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records(t) {
		l.Add(rec)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(whole, fileName))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoilt := range map[string][]byte{
		"torn":    data[:len(data)-3],
		"rotten":  append(append([]byte{}, data[:100]...), append([]byte{data[100] ^ 1}, data[101:]...)...),
		"foreign": []byte("this is something else"),
		"record":  journal.AppendFrame(append([]byte{}, data...), []byte(`{"id":1,"status":"x","also":2}`)),
	} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fileName), spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		l, r, err := Open(dir, failing(t))
		if err != nil || r.Whole() {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		l.Add(Record{ID: 20, Status: "Planning"})
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		list, r, err := Read(dir)
		if err != nil || len(list) == 0 || list[len(list)-1].ID != 20 {
			t.Errorf("%s: afterwards %d records, %+v, %v", name, len(list), r, err)
		}
	}
}

func TestTheLogIsBounded(t *testing.T) {
	dir := t.TempDir()
	const most = 64 << 10
	for i := range 40 {
		l, _, err := open(dir, most, failing(t))
		if err != nil {
			t.Fatal(err)
		}
		for k := range 100 {
			l.Add(Record{ID: uint64(i*100 + k + 1), Status: "Planning", Note: strings.Repeat("n", 100)})
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	st, err := os.Stat(filepath.Join(dir, fileName))
	list, r, rerr := Read(dir)
	if err != nil || rerr != nil || st.Size() > most || st.Size() < most/4 || r.Last != 4000 || list[len(list)-1].ID != 4000 {
		t.Errorf("%d bytes, %+v, %v, %v", st.Size(), r, err, rerr)
	}
	for i := 1; i < len(list); i++ {
		if list[i].ID != list[i-1].ID+1 {
			t.Fatalf("%d follows %d", list[i].ID, list[i-1].ID)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"id":1,"at":"2026-11-24T00:00:00Z","status":"Planning","said":{"source":"TEXT","intent":"window.snap","confidence":0.9,"priority":"Interactive","line":"left half","model":"hash","whole":true,"scene":{"windows":[{"id":"5","workspace":1}],"workspaces":2,"workspace":1},"plan":[{"deed":"snap","window":"5","word":"left"}]}}`,
		`{"id":2,"status":"Completed","did":{"step":1,"of":1,"what":"state","ok":true,"us":7}}`, `{"id":1,"status":"x","said":{"plan":[{"deed":"nothing"}]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data)
		if err != nil {
			return
		}
		again, err := encode(&r)
		if err != nil && !errors.Is(err, errTooLong) {
			t.Fatal(err)
		}
		if err == nil {
			if _, err := Decode(again); err != nil {
				t.Errorf("%s isn't read again: %v", again, err)
			}
		}
		Replay([]Record{r}, model, "hash")
	})
}

func FuzzTell(f *testing.F) {
	f.Add("type \"a b\" into linux and find the note about x", "Payroll")
	f.Fuzz(func(t *testing.T, line, title string) {
		s := scene()
		s.Windows[0].Title = title
		p, ok := plan.Make(line, model, s)
		if !ok {
			return
		}
		said := Tell(line, &p, s, model, "hash", known)
		r := Replay([]Record{{ID: 1, Status: "Planning", Said: said}}, model, "hash")
		if len(r.Differs) != 0 {
			t.Errorf("%q is told as %+v, and differs: %+v", line, said, r)
		}
	})
}
