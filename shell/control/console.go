package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
)

// Console is where lines are entered, and where it is written down what came
// of them. Its methods are called on the session's loop goroutine, and done
// there too.
type Console interface {
	// Prompt understands a line, as package grammar has it, and carries it
	// out. done is told what came of it: a line that is no command, or can mean
	// several, has an Outcome that says so and no acknowledgement.
	Prompt(from, line string, done func(grammar.Result, grammar.Ack))
	// Do carries out a command on the machine of a name: an id, or a kind that
	// names one. The command has no kind yet. note is told what it is busy with,
	// before done. An error says that the name is nobody's; anything else is in
	// the acknowledgement.
	Do(from, machine string, c grammar.Command, note func(string), done func(grammar.Ack, error))
	// Events returns the lines of the control log behind a sequence number, at
	// once or, if there are none and wait is set, when there are.
	Events(after uint64, wait bool, done func([]runner.Entry)) (cancel func())
}

// Deadlines of the console's commands.
const (
	promptDeadline = 4 * time.Minute // longer than that of any command that a line asks for
	eventsDeadline = 10 * time.Minute
)

var consoleCommands = []*Command{
	{
		Name: "prompt", Help: lang.M("carry out a line as if it were entered at the prompt"), Deadline: promptDeadline, print: printAck,
		Args: []Arg{{Name: "line", Kind: KindString, Required: true, Rest: true, Help: "like: show linux desktop"}},
		start: func(s Session, v Values, done func(any, error)) func() {
			return prompt(s, get[string](v, "line"), done)
		},
	},
	phrase("show", "linux desktop, windows desktop, or the id of a machine"),
	phrase("hide", "linux desktop, windows desktop, or the id of a machine"),
	phrase("start", "linux hidden, windows hidden: without showing it"),
	phrase("resume", "linux, windows, or the id of a machine"),
	phrase("suspend", "linux, windows, or the id of a machine"),
	phrase("shutdown", "linux, windows, or the id of a machine"),
	phrase("linux", "type, press, mouse, click or launch, and what"),
	phrase("win", "type, press, mouse or click, and what"),
	{
		Name: "events", Reads: true, Help: lang.M("show what was asked of the session, what came of it, and markers"), Deadline: eventsDeadline, print: printEvents,
		Args: []Arg{
			{Name: "after", Kind: KindInt, Flag: true, Max: 1<<31 - 1, Default: "0", Help: "only what came behind the line of this number"},
			{Name: "follow", Kind: KindBool, Flag: true, Help: "wait for more"},
		},
		start: func(s Session, v Values, done func(any, error)) func() {
			return s.Console().Events(uint64(get[int32](v, "after")), get[bool](v, "follow"), func(list []runner.Entry) { done(append([]runner.Entry{}, list...), nil) })
		},
	},
}

// phrase is the command for prompt lines that begin with a word.
func phrase(word, rest string) *Command {
	return &Command{
		Name: word, Help: "carry out a prompt line that begins with " + word, Deadline: promptDeadline, print: printAck,
		Args: []Arg{{Name: "rest", Kind: KindString, Required: true, Rest: true, Help: rest}},
		start: func(s Session, v Values, done func(any, error)) func() {
			return prompt(s, word+" "+get[string](v, "rest"), done)
		},
	}
}

func prompt(s Session, line string, done func(any, error)) func() {
	s.Console().Prompt("rayctl", line, func(r grammar.Result, a grammar.Ack) {
		switch r.Outcome {
		case grammar.Matched:
			result, err := acked(a)
			if err != nil {
				err.Message = a.String()
				if a.Why != "" {
					err.Message += " (" + a.Why + ")"
				}
				done(nil, err)
				return
			}
			done(result, nil)
		case grammar.Ambiguous:
			lines := make([]string, len(r.Choices))
			for i := range r.Choices {
				lines[i] = r.Choices[i].Line()
			}
			done(nil, Errorf(CodeBadArgs, "which? Say one of: %s", strings.Join(lines, "; ")))
		case grammar.Refused:
			done(nil, Errorf(CodeBadArgs, "%s", r.Why))
		case grammar.Shell:
			done(nil, Errorf(CodeUnknown, "this session has no shell behind the colon"))
		default:
			why := "no such command; docs/CONTROL.md lists them"
			if r.Why != "" {
				why = "no command: " + r.Why
			}
			done(nil, Errorf(CodeUnknown, "%s", why))
		}
	})
	return nil
}

func printAck(w io.Writer, result json.RawMessage) error {
	var d Detail
	if err := json.Unmarshal(result, &d); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, clean(d.Ack))
	return err
}

func printEvents(w io.Writer, result json.RawMessage) error {
	var list []runner.Entry
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	for i := range list {
		if _, err := fmt.Fprintln(w, clean(list[i].String())); err != nil {
			return err
		}
	}
	return nil
}
