package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// event is a line of `go test -json` (see `go doc test2json`).
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// packageLimit is how long a package may take. One that hangs says where soon
// enough to be heard.
const packageLimit = 6 * time.Minute

// goTest runs packages and counts their tests.
func (c *ci) goTest(env []string, args ...string) error {
	cmd := exec.Command("go", append([]string{"test", "-json", "-timeout", packageLimit.String()}, args...)...)
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
	if ev.Package == "" {
		ev.Package = ev.ImportPath // of a build
	}
	key := ev.Package + " " + ev.Test
	switch ev.Action {
	case "output", "build-output":
		r.output[key] = append(r.output[key], ev.Output)
		return
	case "build-fail":
		r.failed = true
		r.c.fail("build of "+ev.Package, strings.Join(r.output[key], ""))
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
		r.c.fail(key, strings.Join(r.output[key], ""))
	}
	delete(r.output, key)
}

func (r *results) packageDone(ev *event, key string) {
	switch {
	case ev.Action == "fail":
		// Panics and races outside of a test are told of here, and what a
		// test said that was never heard to end: the dump of one that hangs.
		r.failed = true
		r.c.fail(ev.Package, r.unfinished(ev.Package)+strings.Join(r.output[key], ""))
	case ev.Action == "pass":
		fmt.Printf("   ok   %-28s %5.1f s\n", strings.TrimPrefix(ev.Package, "rayos/"), ev.Elapsed)
	}
	delete(r.output, key)
}

// unfinished is what the tests of a package have said that have not ended.
func (r *results) unfinished(pkg string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(r.output)) {
		if test, ok := strings.CutPrefix(key, pkg+" "); ok && test != "" {
			b.WriteString(strings.Join(r.output[key], ""))
			delete(r.output, key)
		}
	}
	return b.String()
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
