package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

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
		if err != nil {
			errs = append(errs, err)
			continue
		}
		fmt.Printf("   ok   %s %s\n", dir, name)
	}
	return errors.Join(errs...)
}
