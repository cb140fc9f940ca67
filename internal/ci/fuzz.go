package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// ranOut reports whether a fuzz target has "failed" by nothing but the end of
// its time. Up to Go 1.26 the coordinator sometimes takes its own deadline for
// an error (golang/go#75804); a real failure names an input or says more.
func ranOut(output string) bool {
	_, fail, ok := strings.Cut(output, "--- FAIL: ")
	if !ok || strings.Contains(output, "Failing input") {
		return false
	}
	lines := strings.Split(fail, "\n")
	return len(lines) > 2 && strings.TrimSpace(lines[1]) == "context deadline exceeded" && lines[2] == "FAIL"
}

// fuzz runs every fuzz target of the tree for a moment.
func fuzz(c *ci) error {
	list, err := exec.Command("git", "grep", "-E", `^func Fuzz[A-Za-z0-9_]+`, "--", "*_test.go").Output()
	if err != nil {
		return fmt.Errorf("find fuzz targets: %w", err)
	}
	if len(list) == 0 {
		return errors.New("there are no fuzz targets")
	}
	var errs []error
	for line := range strings.Lines(string(list)) {
		file, rest, _ := strings.Cut(line, ":func ")
		name, _, _ := strings.Cut(rest, "(")
		dir := "./" + file[:strings.LastIndexByte(file, '/')]
		err := c.command(false, nil, "go", "test", dir, "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", c.fuzztime)
		if err != nil && !ranOut(err.Error()) {
			errs = append(errs, err)
			continue
		}
		if err != nil {
			c.passed++
		}
		fmt.Printf("   ok   %s %s\n", dir, name)
	}
	return errors.Join(errs...)
}
