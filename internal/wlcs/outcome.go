package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// result is how a case has ended.
type result uint8

const (
	passed result = iota
	failed
	skipped // by the suite: the server lacks what it is about
)

func (r result) String() string { return [...]string{"passes", "fails", "is skipped"}[r] }

// outcome is what came of all cases.
type outcome struct {
	results map[string]result // by SUITE.CASE
	took    time.Duration
	text    []byte // printed
}

// marks begin the line that ends a case.
var marks = map[string]result{
	"[       OK ] ": passed,
	"[  FAILED  ] ": failed,
	"[     SKIP ] ": skipped,
}

// parse adds what a shard has printed. A shard that ended before all of its
// cases had is an error.
//
// The suite's XML counts skipped cases as failures, and the lists at the end of
// the text repeat names: only lines that end with a duration end a case.
func (o *outcome) parse(text []byte) error {
	began, ended := 0, 0
	total := -1
	for line := range strings.Lines(string(bytes.ToValidUTF8(text, []byte("?")))) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[ RUN      ] ") {
			began++
			continue
		}
		if n, ok := count(line); ok {
			total = n
			continue
		}
		for mark, r := range marks {
			rest, ok := strings.CutPrefix(line, mark)
			if !ok || !strings.HasSuffix(rest, "ms)") {
				continue
			}
			name, _, _ := strings.Cut(rest, ", where ")
			name, _, _ = strings.Cut(name, " (")
			o.results[name] = r
			ended++
		}
	}
	if began != ended || total != ended {
		return fmt.Errorf("%d cases began and %d of %d have ended", began, ended, total)
	}
	return nil
}

// count reads how many cases a shard has run, from the line at its end:
// [==========] 13 tests from 1 test cases run. (6055ms total elapsed)
func count(line string) (int, bool) {
	rest, ok := strings.CutPrefix(line, "[==========] ")
	if !ok || !strings.Contains(line, " run. (") {
		return 0, false
	}
	number, _, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(number)
	return n, err == nil
}

// tally counts results.
type tally struct{ passed, failed, skipped int }

func (o *outcome) tally() tally {
	var t tally
	for _, r := range o.results {
		switch r {
		case passed:
			t.passed++
		case failed:
			t.failed++
		case skipped:
			t.skipped++
		}
	}
	return t
}

func (t tally) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped of %d", t.passed, t.failed, t.skipped, t.passed+t.failed+t.skipped)
}
