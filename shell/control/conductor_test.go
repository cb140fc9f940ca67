package control_test

import (
	"slices"
	"strings"
	"testing"
)

func TestConductor(t *testing.T) {
	for _, c := range []struct{ line, log, out string }{
		{"conductor snapshot", "snapshot", "s1_running=0 conductor_running=1\n"},
		{"conductor submit index /home/me/my notes", `submit index "/home/me/my notes" normal "" 0 false`, "task 7\n"},
		{"conductor submit tidy --level=low --key=once --after=3", `submit tidy "" low "once" 3 false`, "task 7\n"},
		{"conductor enqueue tidy", `submit tidy "" normal "" 0 true`, "task 7\n"},
		{"conductor cancel 7", "conductor cancel 7", ""},
		{"conductor tail", "tail 20", "     1  tidy                 low       failed    1.5ms, attempt 2, k: no"},
		{"conductor tail 5", "tail 5", "running   1s\n"},
		{"conductor kinds", "snapshot", "dream\ntidy\n"},
		{"conductor start", "conductor run true", ""},
		{"conductor stop", "conductor run false", ""},
		{"conductor dream", "dreams show", "awake; 1 jobs\n2026-01-02 03:04  conductor.batch      kept         900 -> 700\n"},
		{"conductor dream run", "dreams run", ""},
		{"conductor dream off", "dreams off", ""},
	} {
		log, out, err := runLine(t, c.line)
		if err != nil || !slices.Contains(log, c.log) || !strings.Contains(out, c.out) || strings.Contains(out, "\x1b") {
			t.Errorf("%s: %v, log %q, prints %q", c.line, err, log, out)
		}
	}
	for _, line := range []string{"conductor submit", "conductor submit tidy --level=urgent", "conductor cancel", "conductor cancel x", "conductor tail 5000", "conductor dream sometimes"} {
		if _, _, err := runLine(t, line); err == nil {
			t.Errorf("%s was carried out", line)
		}
	}
}
