package logind

import (
	"slices"
	"strings"
)

// contains reports whether a list like "shutdown:sleep" has a word.
func contains(list, word string) bool { return slices.Contains(strings.Split(list, ":"), word) }
