package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// printed is what a shard prints, shortened.
const printed = `[==========] Running 4 tests from 1 test case.
[ RUN      ] A.good
[       OK ] A.good (1 ms)
[ RUN      ] B/A.bad/1
./tests/a.cpp:93: Failure
[  FAILED  ] B/A.bad/1, where GetParam() = (x, 40-byte object <00>) (3 ms)
[ RUN      ] A.absent
[     SKIP ] A.absent (0ms)
[ RUN      ] A.worse
[  FAILED  ] A.worse (10022 ms)

[==========] 4 tests from 1 test cases run. (6055ms total elapsed)
[  PASSED  ] 1 tests
[  SKIPPED ] 1 tests skipped:
[  SKIPPED ] A.absent
[  FAILED  ] 2 tests failed:
[  FAILED  ] A.worse
[  FAILED  ] B/A.bad/1
`

func read(t *testing.T, text string) *outcome {
	t.Helper()
	o := &outcome{results: map[string]result{}}
	if err := o.parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestParseCountsEachCaseOnce(t *testing.T) {
	o := read(t, printed)
	if got, want := o.tally().String(), "1 passed, 2 failed, 1 skipped of 4"; got != want {
		t.Errorf("tally = %q; want %q", got, want)
	}
	if r, ok := o.results["B/A.bad/1"]; !ok || r != failed {
		t.Errorf("results = %v", o.results)
	}
}

func TestParseNoticesAShardThatDied(t *testing.T) {
	for _, cut := range []string{"[  FAILED  ] A.worse (", "\n[==========] 4 tests from 1 test cases"} {
		text, _, _ := strings.Cut(printed, cut)
		o := &outcome{results: map[string]result{}}
		if err := o.parse([]byte(text)); err == nil {
			t.Errorf("output that ends before %q is no error", cut)
		}
	}
}

func TestCompare(t *testing.T) {
	o := read(t, printed)
	for _, c := range []struct {
		expected string
		all      bool
		want     []string
	}{
		{"\twhy\nA.worse\nB/A.bad/1\n", true, nil},
		{"\twhy\nA.worse\n", true, []string{"FAIL B/A.bad/1"}},
		{"\twhy\nA.worse\nB/A.bad/1\nA.good\nA.absent\n", true, []string{
			"A.absent is skipped now: take it out of expected.txt (why)",
			"A.good passes now: take it out of expected.txt (why)",
		}},
		{"\twhy\nA.worse\nB/A.bad/1\nA.other\n", true, []string{"there is no case A.other: take it out of expected.txt"}},
		{"\twhy\nA.worse\nB/A.bad/1\nA.other\n", false, nil},
	} {
		e, err := parseExpected(c.expected)
		if err != nil {
			t.Fatal(err)
		}
		if got := compare(o, e, c.all); !slices.Equal(got, c.want) {
			t.Errorf("compare with %q = %q; want %q", c.expected, got, c.want)
		}
	}
}

func TestParseExpected(t *testing.T) {
	e, err := parseExpected("# comment\n\n\tone\n\tand more\nA.a\nA.b\n\n\ttwo\nA.c\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, why := range map[string]string{"A.a": "one and more", "A.b": "one and more", "A.c": "two"} {
		if e[name] != why {
			t.Errorf("reason of %s = %q; want %q", name, e[name], why)
		}
	}
	for _, bad := range []string{"A.a\n", "\twhy\nA.a\nA.a\n"} {
		if _, err := parseExpected(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// TestExpectedFailuresNameASpec: a reason says which text is on our side.
func TestExpectedFailuresNameASpec(t *testing.T) {
	text, err := os.ReadFile("expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	e, err := parseExpected(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, why := range e {
		if len(why) < 60 || !strings.ContainsAny(why, "_") {
			t.Errorf("the reason of %s names no request, event or error: %s", name, why)
		}
	}
}
