package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rayos/intent/data"
	"rayos/intent/trace"
)

func TestTheLogOfThePrompt(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	say := func(line string, code int, want string) {
		t.Helper()
		got, out, errs := rayctl(t, "", strings.Fields(line)...)
		if got != code || !regexp.MustCompile(want).MatchString(out+errs) {
			t.Errorf("rayctl %s = %d\n%s%s\nwant %d, %s", line, got, out, errs, code, want)
		}
	}
	say("intent log", ExitOK, `^Nothing was written down`)
	say("intent replay", ExitOK, `^0 plans are the same, 0 differ\.\n$`)

	dir := filepath.Join(state, "rayos", "intents")
	l, _, err := trace.Open(dir, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	scene := &trace.Scene{Windows: []trace.Window{{ID: "7", Workspace: 1}}, Workspaces: 4, Workspace: 1}
	at := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	said := func(intent string) *trace.Said {
		return &trace.Said{Intent: intent, Confidence: 0.98, Line: "put that window on the left half", Redacted: true, Model: data.Hash(), Whole: true, Scene: scene}
	}
	l.Add(trace.Record{ID: 1, At: at, Status: "Planning", Said: said("window.snap")})
	l.Add(trace.Record{ID: 1, At: at, Status: "Completed", Did: &trace.Did{Step: 1, Of: 1, What: "state", OK: true, Detail: "done", Micros: 1500}})
	l.Add(trace.Record{ID: 2, At: at, Status: "Planning", Said: &trace.Said{Intent: "outputs", Confidence: 1}})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	say("intent log", ExitOK, `(?s)^2026-11-2\d .*   1 Planning   window.snap 0\.98 "put that window on the left half"\n.*   1 Completed  1/1 state ok done 1\.5ms\n.*   2 Planning   outputs 1\.00\n$`)
	say("intent log --lines 1", ExitOK, `^2026-11-2\d \S+ +2 Planning   outputs 1\.00\n$`)
	say("intent log --lines 0", ExitUsage, `at least 1`)
	say("intent log --json --lines 1", ExitOK, `^\[\{"id":2,`)
	say("intent replay", ExitFailed, `(?s)^1 was nothing and is .*"deed":"snap".*\n0 plans are the same, 1 differ\.\n1 were commands.*1 plans differ`)
	say("intent replay --model none", ExitFailed, `no such file`)
	say("help intent log", ExitOK, `^rayctl intent log \[--dir DIR\]`)

	f, err := os.OpenFile(filepath.Join(dir, "journal"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("torn"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	say("intent log --dir "+dir, ExitOK, `(?s)^The log is damaged: 0 records can't be read, and 4 bytes at its end\. The rest follows\.\n2026`)
}
