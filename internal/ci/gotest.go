package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// event is a line of `go test -json` (see `go doc test2json`).
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

// goTest runs packages and counts their tests.
func (c *ci) goTest(env []string, args ...string) error {
	cmd := exec.Command("go", append([]string{"test", "-json", "-timeout", "20m"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	r := results{c: c, output: map[string][]string{}}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var ev event
		if json.Unmarshal(lines.Bytes(), &ev) != nil {
			fmt.Println(lines.Text())
			continue
		}
		r.take(&ev)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil && !r.failed {
		return fmt.Errorf("go test: %w", err)
	}
	return nil
}

// results gathers what the tests of one run print, to show it for those that
// fail.
type results struct {
	c      *ci
	output map[string][]string
	failed bool
}

func (r *results) take(ev *event) {
	key := ev.Package + " " + ev.Test
	switch ev.Action {
	case "output", "build-output":
		r.output[key] = append(r.output[key], ev.Output)
		return
	case "build-fail":
		r.failed = true
		r.c.failed++
		r.c.failures = append(r.c.failures, "build of "+ev.Package)
		fmt.Print(strings.Join(r.output[key], ""))
	case "pass", "fail", "skip":
	default:
		return
	}
	if ev.Test == "" {
		r.packageDone(ev, key)
		return
	}
	switch ev.Action {
	case "pass":
		r.c.passed++
	case "skip":
		r.c.skipped++
		r.c.skips = append(r.c.skips, key+": "+reason(r.output[key]))
	case "fail":
		r.failed = true
		r.c.failed++
		r.c.failures = append(r.c.failures, key)
		fmt.Print(strings.Join(r.output[key], ""))
	}
	delete(r.output, key)
}

func (r *results) packageDone(ev *event, key string) {
	name := strings.TrimPrefix(ev.Package, "rayos/")
	switch {
	case ev.Action == "fail":
		// Panics and races outside of a test are told of here.
		fmt.Printf("   FAIL %s\n%s", name, strings.Join(r.output[key], ""))
		r.failed = true
		r.c.failed++
		r.c.failures = append(r.c.failures, ev.Package)
	case ev.Action == "pass":
		fmt.Printf("   ok   %-28s %5.1f s\n", name, ev.Elapsed)
	}
	delete(r.output, key)
}

// reason finds what a test gave as the reason of its skip.
func reason(out []string) string {
	for _, line := range out {
		line = strings.TrimSpace(line)
		if _, why, ok := strings.Cut(line, ".go:"); ok {
			_, why, _ = strings.Cut(why, ": ")
			return why
		}
	}
	return "no reason given"
}
