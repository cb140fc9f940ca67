// Command ci runs every check of the project, as `make test` does: lint,
// builds, tests, goldens on other machines, a smoke of the fuzz targets. It
// prints a line for each step and at the end how many tests passed, failed and
// were skipped, with the reasons of the skips.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// tally counts tests; a step without tests of its own counts as one.
type tally struct {
	passed, failed, skipped int
	skips                   []string
	failures                []failure
}

// failure is one, and how it came about.
type failure struct{ name, output string }

// fail counts a failure and shows it.
func (t *tally) fail(name, output string) {
	output = compact(output)
	t.failed++
	t.failures = append(t.failures, failure{name, output})
	fmt.Printf("   FAIL %s\n%s", name, output)
}

// step is one part of the check.
type step struct {
	name string
	run  func(*ci) error
}

// ci is a run.
type ci struct {
	tally
	fuzztime string
	chaos    time.Duration
}

var steps = []step{
	{"lint", lint},
	{"build", build},
	{"test", test},
	{"race", race},
	{"arch", arch},
	{"wlcs", wlcs},
	{"fuzz", fuzz},
	{"chaos", chaos},
	{"soak", soak},
}

func main() {
	only := flag.String("only", "", "run only these steps, with commas between: lint, build, test, race, arch, wlcs, fuzz, chaos, soak")
	fuzztime := flag.String("fuzztime", "3s", "how long each fuzz target runs")
	chaos := flag.Duration("chaos", 20*time.Second, "how long each kind of chaos lasts")
	flag.Parse()
	c := &ci{fuzztime: *fuzztime, chaos: *chaos}
	for _, s := range steps {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), s.name) {
			continue
		}
		start := time.Now()
		fmt.Printf("== %s\n", s.name)
		if err := s.run(c); err != nil {
			c.fail("step "+s.name, err.Error()+"\n")
		}
		fmt.Printf("   %s took %v\n", s.name, time.Since(start).Round(100*time.Millisecond))
	}
	c.report(os.Stdout)
	if c.failed > 0 {
		os.Exit(1)
	}
}

// reportLines is how much of each failure the report repeats.
const reportLines = 40

// report ends the output, so that who sees nothing but its end sees what
// failed, and how.
func (c *ci) report(w io.Writer) {
	if len(c.skips) > 0 {
		fmt.Fprintln(w, "== skipped")
		for _, s := range c.skips {
			fmt.Fprintln(w, "  ", s)
		}
	}
	if len(c.failures) > 0 {
		fmt.Fprintln(w, "== failed")
		for _, f := range c.failures {
			fmt.Fprintln(w, "  ", f.name)
			for line := range strings.Lines(tail(f.output, reportLines)) {
				fmt.Fprint(w, "     ", line)
			}
		}
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", c.passed, c.failed, c.skipped)
}

// command runs a command and counts it as one test. Its output is shown when
// it fails, or when it prints something although quiet is wanted.
func (c *ci) command(quiet bool, env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if err == nil && quiet && out.Len() > 0 {
		err = errors.New("it has something to say")
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out.String())
	}
	c.passed++
	return nil
}

// goFiles are the packages' folders that gofumpt looks at.
var goFiles = []string{"cmd", "examples", "geom", "golden", "gpu", "intent", "internal", "rayapps", "shell", "surfaces", "vmm", "volume", "wm"}

func lint(c *ci) error {
	return errors.Join(
		c.command(true, nil, "go", append([]string{"tool", "gofumpt", "-l"}, goFiles...)...),
		c.command(true, nil, "go", "vet", "./..."),
		c.command(true, nil, "go", "tool", "staticcheck", "./..."),
		// The examples are a module of their own.
		c.command(false, nil, "go", "-C", "examples", "mod", "download"), // which says so
		c.command(true, nil, "go", "-C", "examples", "vet", "./..."),
		c.command(true, nil, "sh", "-c", `staticcheck=$(go tool -n staticcheck) && cd examples && "$staticcheck" ./...`),
	)
}

func build(c *ci) error {
	return errors.Join(
		c.command(false, nil, "make", "build"),
		c.command(false, []string{"CGO_ENABLED=0"}, "go", "build", "-o", "build/static/", "./cmd/..."),
		c.command(false, []string{"CGO_ENABLED=0", "GOARCH=arm64"}, "go", "build", "-o", "build/arm64/", "./cmd/..."),
		c.command(false, []string{"CGO_ENABLED=0", "GOARCH=arm64"}, "go", "vet", "./geom", "./gpu/compute/...", "./gpu/raster", "./intent/...", "./rayapps/...", "./surfaces/...", "./vmm/...", "./volume/...", "./wm"),
	)
}

func test(c *ci) error {
	return errors.Join(
		c.goTest([]string{"RAYOS_SLOW_TESTS=1"}, "./..."),
		// As make build links: see internal/loop/monitor.go.
		c.command(false, nil, "go", "test", "-tags", "longidle", "-ldflags=-checklinkname=0", "-run", "Monitor", "./internal/loop"),
		c.command(false, nil, "go", "-C", "examples", "test", "./..."),
	)
}

// race runs the packages that hold goroutines or the core under the race
// detector. The process tests drive a binary of their own and gain nothing.
func race(c *ci) error {
	return c.goTest(nil, "-race", "-short", "./internal/loop", "./surfaces/...", "./gpu/compute", "./gpu/raster", "./gpu/display/...",
		"./intent/...", "./shell/...", "./volume/...", "./wm", "./golden/...")
}

func arch(c *ci) error { return c.command(false, nil, "scripts/golden-arch") }

// wlcs runs the Wayland conformance suite and shows its tally.
func wlcs(c *ci) error {
	cmd := exec.Command("go", "run", "./internal/wlcs")
	out, err := cmd.CombinedOutput()
	fmt.Printf("   %s\n", strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "\n   "))
	if err == nil {
		c.passed++
	}
	return err
}

// chaos attacks a session for a while, and clients of the built one.
func chaos(c *ci) error {
	limit := 5*c.chaos + packageLimit
	return c.goTest(nil, "-count=1", "-timeout", limit.String(), "./internal/chaos", "-for", c.chaos.String())
}

// soak runs some minutes of a session's time: what it holds must not grow. The
// cost of frames is judged by an hour, on a machine that does nothing else.
func soak(c *ci) error {
	return errors.Join(
		c.command(false, nil, "go", "build", "-o", "build/", "./cmd/rayos-session", "./cmd/raybench"),
		c.command(false, nil, "build/raybench", "-soak", "6m", "-peers", "", "-json", ""),
	)
}
