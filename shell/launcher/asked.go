package launcher

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rayos/rayapps/lang"
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

// maxOut bounds the lines of an answer that are shown, outCols their characters: a
// longer one goes on below.
const (
	maxOut  = 14
	outCols = 86
)

// output is an answer as it is shown.
func output(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		line = strings.TrimRight(oneLine(strings.TrimRight(line, "\r\n")), " ")
		for more := true; more; {
			if len(list) == maxOut {
				return append(list[:maxOut-1], lang.T("… rayctl prints all of it"))
			}
			var part string
			part, line, more = wrapped(line)
			list = append(list, part)
		}
	}
	return list
}

// wrapped cuts off what a line of an answer has room for, at a space if there is
// one, and reports whether more is left.
func wrapped(line string) (part, rest string, more bool) {
	n, space := 0, 0
	for i, r := range line {
		if n++; n > outCols {
			if space == 0 {
				space = i
			}
			return line[:space], strings.TrimLeft(line[space:], " "), true
		}
		if r == ' ' {
			space = i
		}
	}
	return line, "", false
}

// deeds are what commands do to a machine.
var deeds = map[grammar.Verb]string{
	grammar.Show: lang.M("Show {machine}"), grammar.Hide: lang.M("Hide {machine}"), grammar.Start: lang.M("Start {machine}, hidden"), grammar.Resume: lang.M("Resume {machine}, hidden"),
	grammar.Suspend: lang.M("Suspend {machine}"), grammar.Shutdown: lang.M("Shut down {machine}"), grammar.Kill: lang.M("End {machine} at once"), grammar.Type: lang.M("Type into {machine}"),
	grammar.Press: lang.M("Press keys in {machine}"), grammar.Pointer: lang.M("Move the pointer in {machine}"), grammar.Click: lang.M("Click in {machine}"),
	grammar.Launch: lang.M("Start an application in {machine}"), grammar.Console: lang.M("Say a line on the console of {machine}"), grammar.Build: lang.M("Build {machine}"), grammar.Add: lang.M("Add {machine}"),
}

// Deed says what a command does, to a machine of the name who; "" if that has
// no better words than the command's own.
func Deed(c *grammar.Command, who string) string {
	switch c.Verb {
	case grammar.Run:
		return lang.F("Run {app}", "app", clean(c.App))
	case grammar.Processes:
		return lang.T("Show what is running")
	case grammar.SystemLog:
		return lang.T("Show the system log")
	}
	form, ok := deeds[c.Verb]
	if !ok {
		return ""
	}
	return capital(lang.F(form, "machine", who))
}

// capital begins a title with a capital letter, in whatever isolates the first
// word of it.
func capital(s string) string {
	rest := strings.TrimPrefix(s, "\u2068")
	r, n := utf8.DecodeRuneInString(rest)
	return s[:len(s)-len(rest)] + string(unicode.ToUpper(r)) + rest[n:]
}

// Wrong says what keeps a line from running.
func Wrong(r *grammar.Result) string {
	switch r.Outcome {
	case grammar.Ambiguous:
		return lang.T("It can mean several things: choose one.")
	case grammar.Refused:
		return Sentence(lang.T(r.Why))
	case grammar.Shell:
		return lang.T("There is no such command. Type a colon alone for those that there are.")
	}
	if r.Why != "" {
		return Sentence(lang.T(r.Why))
	}
	return lang.F("That is no command. Try: {line}", "line", "show linux desktop")
}

// reasons are the details of failures in words, with the next step.
var reasons = map[grammar.Detail]string{
	grammar.Debounced:        lang.M("It was asked for a moment ago."),
	grammar.LaunchInProgress: lang.M("It is on its way already."),
	grammar.LaunchFailed:     lang.M("It didn't start. Try again, or look at its log."),
	grammar.NotRunning:       lang.M("The machine isn't running. Show it first."),
	grammar.NoMachine:        lang.M("There is no such machine. Make one: rayctl vm build linux-micro"),
	grammar.MissingDisk:      lang.M("No disk with Windows is set up. See docs/GUESTS.md."),
	grammar.SendFailed:       lang.M("The machine didn't take it."),
	grammar.UnknownApp:       lang.M("There is no application of that name in the machine."),
	grammar.Superseded:       lang.M("A later command took its place."),
	grammar.QueueFull:        lang.M("Too much is waiting for that machine."),
	grammar.Timeout:          lang.M("Nothing has come of it in time."),
	grammar.NotAvailable:     lang.M("This session has no such thing."),
	grammar.Cancelled:        lang.M("It was given up."),
}

// Refusals of package grammar, for the catalogs.
var _ = [...]string{lang.M("the line is no text"), lang.M("the line has control characters")}

// Reason says in words why a command has failed, by the detail of its
// acknowledgement.
func Reason(detail string) string {
	if text, ok := reasons[grammar.Detail(detail)]; ok {
		return lang.T(text)
	}
	if why, ok := strings.CutPrefix(detail, string(grammar.Failed)+":"); ok {
		return Sentence(lang.T(why))
	}
	if rule, ok := strings.CutPrefix(detail, string(grammar.Denied)+":"); ok {
		return lang.F("Policy forbids it: {rule}.", "rule", rule)
	}
	return Sentence(strings.ReplaceAll(detail, "_", " "))
}

// Sentence gives what a program says a beginning and an end.
func Sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return lang.T("It failed.")
	}
	_, n := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(s[:n]) + s[n:]
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "!") && !strings.HasSuffix(s, "?") && !strings.HasSuffix(s, "؟") {
		s += "."
	}
	return s
}
