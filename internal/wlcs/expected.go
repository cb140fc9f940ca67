package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// parseExpected reads the cases that fail and why. A line that begins with a
// letter names a case; the indented lines above it, up to the case before,
// are the reason for it and for the cases that follow without one of their
// own. # begins a comment.
func parseExpected(text string) (map[string]string, error) {
	list := map[string]string{}
	reason, fresh := "", false
	n := 0
	for line := range strings.Lines(text) {
		n++
		word := strings.TrimSpace(line)
		switch {
		case word == "" || word[0] == '#':
		case line[0] == ' ' || line[0] == '\t':
			if !fresh {
				reason, fresh = "", true
			}
			reason = strings.TrimSpace(reason + " " + word)
		case reason == "":
			return nil, fmt.Errorf("expected.txt:%d: %s has no reason", n, word)
		case list[word] != "":
			return nil, fmt.Errorf("expected.txt:%d: %s is there twice", n, word)
		default:
			list[word], fresh = reason, false
		}
	}
	return list, nil
}

// compare says what is not as expected; all tells that every case was run.
func compare(o *outcome, expected map[string]string, all bool) []string {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(o.results)) {
		r, reason := o.results[name], expected[name]
		switch {
		case r == failed && reason == "":
			wrong = append(wrong, fmt.Sprintf("FAIL %s", name))
		case r != failed && reason != "":
			wrong = append(wrong, fmt.Sprintf("%s %v now: take it out of expected.txt (%s)", name, r, reason))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(expected)) {
		if _, ran := o.results[name]; all && !ran {
			wrong = append(wrong, fmt.Sprintf("there is no case %s: take it out of expected.txt", name))
		}
	}
	return wrong
}
