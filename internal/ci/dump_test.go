package main

import (
	"strings"
	"testing"
)

const hung = `=== RUN   TestHang
panic: test timed out after 6m0s
	running tests:
		TestHang (5m59s)

goroutine 35 [running]:
testing.(*M).startAlarm.func1()
	/usr/local/go/src/testing/testing.go:2682 +0x345
created by time.goFunc
	/usr/local/go/src/time/sleep.go:215 +0x2d

goroutine 7 [chan receive, 5 minutes]:
rayos/internal/loop.(*Loop).park(0xc000102000)
	/work/internal/loop/loop.go:190 +0x1d
rayos/internal/loop.(*Loop).Run(...)
	/work/internal/loop/loop.go:120
created by rayos/internal/loop.TestHang in goroutine 6
	/work/internal/loop/loop_test.go:12 +0x5c

goroutine 8 [chan receive, 5 minutes]:
rayos/internal/loop.(*Loop).park(0xc000202000)
	/work/internal/loop/loop.go:190 +0x1d
rayos/internal/loop.(*Loop).Run(...)
	/work/internal/loop/loop.go:120
created by rayos/internal/loop.TestHang in goroutine 6
	/work/internal/loop/loop_test.go:12 +0x5c
FAIL	rayos/internal/loop	360.01s
`

func TestCompact(t *testing.T) {
	got := compact(hung)
	for _, want := range []string{
		"=== RUN   TestHang\npanic: test timed out after 6m0s\n\trunning tests:\n\t\tTestHang (5m59s)\n",
		"  1× [running] testing.(*M).startAlarm.func1 testing.go:2682\n",
		"  2× [chan receive, 5 minutes] rayos/internal/loop.(*Loop).park loop.go:190 < rayos/internal/loop.(*Loop).Run loop.go:120 < ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("compact misses %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n > 8 {
		t.Errorf("%d lines:\n%s", n, got)
	}
	const plain = "panic: something else\n\ngoroutine 1 [running]:\nmain.main()\n"
	if got := compact(plain); got != plain {
		t.Errorf("compact(%q) = %q", plain, got)
	}
}

func TestTail(t *testing.T) {
	for _, tc := range []struct {
		out  string
		n    int
		want string
	}{
		{"a\nb\n", 2, "a\nb\n"},
		{"a\nb", 2, "a\nb\n"},
		{"a\nb\nc\n", 2, "… 1 lines before these\nb\nc\n"},
	} {
		if got := tail(tc.out, tc.n); got != tc.want {
			t.Errorf("tail(%q, %d) = %q; want %q", tc.out, tc.n, got, tc.want)
		}
	}
}

// TestReport: who sees only the end of a log sees what failed and how.
func TestReport(t *testing.T) {
	c := &ci{}
	r := results{c: c, output: map[string][]string{}}
	for _, ev := range []event{
		{Action: "output", Package: "rayos/a", Test: "TestX", Output: "    x_test.go:1: got 1; want 2\n"},
		{Action: "fail", Package: "rayos/a", Test: "TestX"},
		{Action: "output", Package: "rayos/a", Test: "TestHang", Output: "a dump\n"},
		{Action: "output", Package: "rayos/a", Output: "FAIL\n"},
		{Action: "fail", Package: "rayos/a"},
		{Action: "pass", Package: "rayos/b", Test: "TestY"},
	} {
		r.take(&ev)
	}
	var b strings.Builder
	c.report(&b)
	const want = "== failed\n   rayos/a TestX\n         x_test.go:1: got 1; want 2\n   rayos/a\n     a dump\n     FAIL\n1 passed, 2 failed, 0 skipped\n"
	if got := b.String(); got != want {
		t.Errorf("the report is\n%s; want\n%s", got, want)
	}
}
