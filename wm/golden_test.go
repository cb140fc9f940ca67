package wm

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/internal/golden"
)

// TestScenarios runs the scripts in testdata. A script is a list of ops, one
// a line; "show" is followed by the expected state and "zoneat +x+y" by the
// expected zone, indented by a tab. An op that must fail ends in "! error".
// Lines that begin with # are comments.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(testdata/*.txt) = %v, %v; want scripts", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := runScript(t, file, string(text))
			if got == string(text) {
				return
			}
			if golden.Updating(t, filepath.Base(file)) {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, have := strings.Split(string(text), "\n"), strings.Split(got, "\n")
			for i := range min(len(want), len(have)) {
				if want[i] != have[i] {
					t.Fatalf("%s:%d:\n got %s\nwant %s", file, i+1, have[i], want[i])
				}
			}
			t.Fatalf("%s: %d lines, want %d", file, len(have), len(want))
		})
	}
}

// runScript returns the script with the states that really come out.
func runScript(t *testing.T, file, text string) string {
	s := New(DefaultConfig())
	var out strings.Builder
	indent := func(text string) {
		for line := range strings.Lines(text) {
			out.WriteString("\t" + line)
		}
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		script, wantErr, _ := strings.Cut(line, " ! ")
		out.WriteString(script)
		switch word, rest, _ := strings.Cut(script, " "); {
		case script == "" || word == "#":
		case script == "show":
			out.WriteByte('\n')
			indent(s.String())
			continue
		case word == "zoneat":
			p, err := ParseOp("move to=" + rest)
			if err != nil {
				t.Fatalf("%s:%d: %v", file, i+1, err)
			}
			z, r, o := s.ZoneAt(p.(Move).To)
			out.WriteString("\n\t" + strings.TrimSpace(strings.Join([]string{z.String(), r.String()}, " ")))
			if o != 0 {
				out.WriteString(" out=" + string(rune('0'+o)))
			}
		default:
			op, err := ParseOp(script)
			if err != nil {
				t.Fatalf("%s:%d: %v", file, i+1, err)
			}
			next, err := s.Apply(op)
			if err != nil {
				out.WriteString(" ! " + err.Error())
			}
			if got := errText(err); got != wantErr && !golden.Updating(t, filepath.Base(file)) {
				t.Errorf("%s:%d: Apply(%s) = %q; want %q", file, i+1, script, got, wantErr)
			}
			s = next
			check(t, s)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
