package launcher

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rayos/shell/control/grammar"
)

// This file says for people what package grammar says for programs.

// Progress is how far a line is.
type Progress uint8

// Progress.
const (
	Starting Progress = iota
	OK
	Failed
)

func (p Progress) String() string { return [...]string{"…", "ok", "err"}[p] }

// Asked is a line that was run, or something else that was chosen and failed.
type Asked struct {
	ID       uint64
	Line     string
	Progress Progress
	Op       string        // of the acknowledgement, "" if there is none
	Detail   string        // of the acknowledgement
	Why      string        // of a failure, for people
	Doing    string        // what a long command is busy with
	Took     time.Duration // until the answer
	Out      []string      // lines that a command behind a colon has answered
}

// maxOut bounds the lines of an answer that are shown.
const maxOut = 14

// output is an answer as it is shown.
func output(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		if len(list) == maxOut {
			return append(list[:maxOut-1], "… rayctl prints all of it")
		}
		list = append(list, strings.TrimRight(oneLine(strings.TrimRight(line, "\r\n")), " "))
	}
	return list
}

// deeds are what commands do to a machine.
var deeds = map[grammar.Verb]string{
	grammar.Show: "Show %s", grammar.Hide: "Hide %s", grammar.Start: "Start %s, hidden", grammar.Resume: "Resume %s, hidden",
	grammar.Suspend: "Suspend %s", grammar.Shutdown: "Shut down %s", grammar.Kill: "End %s at once", grammar.Type: "Type into %s",
	grammar.Press: "Press keys in %s", grammar.Pointer: "Move the pointer in %s", grammar.Click: "Click in %s",
	grammar.Launch: "Start an application in %s", grammar.Console: "Say a line on the console of %s", grammar.Build: "Build %s", grammar.Add: "Add %s",
}

// Deed says what a command does, to a machine of the name who; "" if that has
// no better words than the command's own.
func Deed(c *grammar.Command, who string) string {
	switch c.Verb {
	case grammar.Run:
		return "Run " + c.App
	case grammar.Processes:
		return "Show what is running"
	case grammar.SystemLog:
		return "Show the system log"
	}
	form, ok := deeds[c.Verb]
	if !ok {
		return ""
	}
	return fmt.Sprintf(form, who)
}

// Wrong says what keeps a line from running.
func Wrong(r *grammar.Result) string {
	switch r.Outcome {
	case grammar.Ambiguous:
		return "It can mean several things: choose one."
	case grammar.Refused:
		return Sentence(r.Why)
	case grammar.Shell:
		return "There is no such command. Type a colon alone for those that there are."
	}
	if r.Why != "" {
		return Sentence(r.Why)
	}
	return "That is no command. Try: show linux desktop"
}

// reasons are the details of failures in words, with the next step.
var reasons = map[grammar.Detail]string{
	grammar.Debounced:        "It was asked for a moment ago.",
	grammar.LaunchInProgress: "It is on its way already.",
	grammar.LaunchFailed:     "It didn't start. Try again, or look at its log.",
	grammar.NotRunning:       "The machine isn't running. Show it first.",
	grammar.NoMachine:        "There is no such machine. Make one: rayctl vm build linux-micro",
	grammar.MissingDisk:      "No disk with Windows is set up. See docs/GUESTS.md.",
	grammar.SendFailed:       "The machine didn't take it.",
	grammar.UnknownApp:       "There is no application of that name in the machine.",
	grammar.Superseded:       "A later command took its place.",
	grammar.QueueFull:        "Too much is waiting for that machine.",
	grammar.Timeout:          "Nothing has come of it in time.",
	grammar.NotAvailable:     "This session has no such thing.",
	grammar.Cancelled:        "It was given up.",
}

// reason says in words why a command has failed.
func reason(detail string) string {
	if text, ok := reasons[grammar.Detail(detail)]; ok {
		return text
	}
	if why, ok := strings.CutPrefix(detail, string(grammar.Failed)+":"); ok {
		return Sentence(why)
	}
	if rule, ok := strings.CutPrefix(detail, string(grammar.Denied)+":"); ok {
		return "Policy forbids it: " + rule + "."
	}
	return Sentence(strings.ReplaceAll(detail, "_", " "))
}

// Sentence gives what a program says a beginning and an end.
func Sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return "It failed."
	}
	_, n := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(s[:n]) + s[n:]
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}
