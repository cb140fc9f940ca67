// Command wlcs runs the Wayland Conformance Suite over RayOS and compares the
// outcome with what is expected of each case.
//
// It builds the module that puts a session into the suite's process, runs the
// suite in shards side by side, reads the lines that it prints, and tells the
// tally, every failure that is not in expected.txt, and every line of
// expected.txt that does not hold any more: either makes it fail.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// expectedFile, from the root of the tree, where `make wlcs` runs.
const expectedFile = "internal/wlcs/expected.txt"

// Where Debian's packages wlcs and mir-wlcs-integration put them, on any
// architecture.
const (
	suiteGlob = "/usr/lib/*/wlcs/wlcs"
	mirGlob   = "/usr/lib/*/mir/miral_wlcs_integration.so"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "wlcs:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	fs := flag.NewFlagSet("wlcs", flag.ContinueOnError)
	shards := fs.Int("shards", 2*runtime.NumCPU(), "how many processes share the cases")
	filter := fs.String("filter", "*", "cases to run, as --gtest_filter takes them")
	peer := fs.Bool("peer", false, "run the suite over Mir too, in the same way, and compare the times")
	rounds := fs.Int("rounds", 1, "run everything so often")
	keep := fs.String("log", "", "write what the suite prints to this `file`")
	if err := fs.Parse(args); err != nil {
		return err
	}
	text, err := os.ReadFile(expectedFile)
	if err != nil {
		return err
	}
	expected, err := parseExpected(string(text))
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rayos-wlcs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	module := filepath.Join(dir, "rayos.so")
	build := exec.Command("go", "build", "-buildmode=c-shared", "-o", module, "./internal/wlcs/module")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the module: %w\n%s", err, text)
	}
	suite, err := find(suiteGlob, "wlcs")
	if err != nil {
		return err
	}
	s := &runner{suite: suite, dir: dir, filter: *filter, shards: *shards}
	failed := false
	for range *rounds {
		o, err := s.run(module)
		if err != nil {
			return err
		}
		if *keep != "" {
			if err := os.WriteFile(*keep, o.text, 0o644); err != nil {
				return err
			}
		}
		wrong := compare(o, expected, *filter == "*")
		for _, w := range wrong {
			fmt.Fprintln(out, w)
		}
		failed = failed || len(wrong) > 0
		fmt.Fprintf(out, "wlcs: %v, in %v\n", o.tally(), o.took.Round(100*time.Millisecond))
		if *peer {
			if err := s.compareMir(o, out); err != nil {
				return err
			}
		}
	}
	if failed {
		return fmt.Errorf("the outcome is not what internal/wlcs/expected.txt says")
	}
	return nil
}

// compareMir runs the same cases over Mir.
func (s *runner) compareMir(ours *outcome, out io.Writer) error {
	mir, err := find(mirGlob, "mir-wlcs-integration")
	if err != nil {
		return err
	}
	o, err := s.run(mir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "mir:  %v, in %v\n", o.tally(), o.took.Round(100*time.Millisecond))
	fmt.Fprintf(out, "ratio of the times: %.2f\n", ours.took.Seconds()/o.took.Seconds())
	return nil
}

// find returns the one file that a Debian package has under a pattern.
func find(pattern, pkg string) (string, error) {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fmt.Errorf("there is no %s: apt-get install %s", pattern, pkg)
	}
	return found[0], nil
}
