package main

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// timedOut begins the dump of a test binary that has run for too long.
const timedOut = "panic: test timed out"

var (
	goroutineLine = regexp.MustCompile(`^goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[(.*)\]:$`)
	frameArgs     = regexp.MustCompile(`\([^()]*\)$`)
)

// compact shortens the output of a test that hangs: goroutines that stand at
// the same place become one line each. Other output stays as it is.
func compact(out string) string {
	at := strings.Index(out, timedOut)
	if at < 0 {
		return out
	}
	head, dump, found := strings.Cut(out[at:], "\ngoroutine ")
	if !found {
		return out
	}
	var b strings.Builder
	b.WriteString(out[:at] + head + "\n")
	var order []string
	count := map[string]int{}
	for block := range strings.SplitSeq("goroutine "+dump, "\n\n") {
		where := stack(strings.Split(strings.TrimSpace(block), "\n"))
		if where == "" {
			continue
		}
		if count[where]++; count[where] == 1 {
			order = append(order, where)
		}
	}
	for _, where := range order {
		fmt.Fprintf(&b, "  %d× %s\n", count[where], where)
	}
	return b.String()
}

// ownFrames is how many frames of the project's own a line shows.
const ownFrames = 5

// stack says in a line where a goroutine stands: its state, the innermost
// function, and the project's own that lead there.
func stack(lines []string) string {
	m := goroutineLine.FindStringSubmatch(lines[0])
	if m == nil {
		return ""
	}
	var frames []string
	own := 0
	for i := 1; i+1 < len(lines) && own < ownFrames; i += 2 {
		name := frameArgs.ReplaceAllString(lines[i], "")
		mine := strings.Contains(name, "rayos/")
		if !mine && len(frames) > 0 {
			continue
		}
		if mine {
			own++
		}
		file, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
		frames = append(frames, strings.TrimPrefix(name, "created by ")+" "+path.Base(file))
	}
	return "[" + m[1] + "] " + strings.Join(frames, " < ")
}

// tail is the end of an output, at most so many lines.
func tail(out string, lines int) string {
	all := strings.SplitAfter(strings.TrimRight(out, "\n")+"\n", "\n")
	all = all[:len(all)-1]
	if len(all) <= lines {
		return strings.Join(all, "")
	}
	return fmt.Sprintf("… %d lines before these\n", len(all)-lines) + strings.Join(all[len(all)-lines:], "")
}
