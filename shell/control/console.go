package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

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
	// Events returns the lines of the control log behind a sequence number, at
	// once or, if there are none and wait is set, when there are.
	Events(after uint64, wait bool, done func([]runner.Entry)) (cancel func())
}

// Deadlines of the console's commands.
const (
	promptDeadline = 4 * time.Minute // longer than any command's own
	eventsDeadline = 10 * time.Minute
)

var consoleCommands = []*Command{
	{
		Name: "prompt", Help: "carry out a line as if it were entered at the prompt", Deadline: promptDeadline, print: printDetail,
		Args:  []Arg{{Name: "line", Kind: KindString, Required: true, Rest: true, Help: "like: show linux desktop"}},
		start: prompt,
	},
	{
		Name: "events", Help: "show what was asked of the session, what came of it, and markers", Deadline: eventsDeadline, print: printEvents,
		Args: []Arg{
			{Name: "after", Kind: KindInt, Flag: true, Max: 1<<31 - 1, Default: "0", Help: "only what came behind the line of this number"},
			{Name: "follow", Kind: KindBool, Flag: true, Help: "wait for more"},
		},
		start: func(s Session, v Values, done func(any, error)) func() {
			return s.Console().Events(uint64(get[int32](v, "after")), get[bool](v, "follow"), func(list []runner.Entry) { done(append([]runner.Entry{}, list...), nil) })
		},
	},
}

func prompt(s Session, v Values, done func(any, error)) func() {
	s.Console().Prompt("rayctl", get[string](v, "line"), func(r grammar.Result, a grammar.Ack) {
		switch r.Outcome {
		case grammar.Matched:
			if !a.OK {
				done(nil, Errorf(CodeFailed, "%s", a))
				return
			}
			done(Detail{a.String()}, nil)
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
