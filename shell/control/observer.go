package control

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/control/runner"
	"rayos/shell/syslog"
)

// Observer tells of the session's insides. Its methods are called on the
// session's loop goroutine.
type Observer interface {
	// Log returns the lines of the session's log behind a sequence number, at
	// once or, if there are none and wait is set, when there are.
	Log(after uint64, wait bool, done func([]syslog.Entry)) (cancel func())
	Processes() Processes
	// End asks the program of a client to end; kill doesn't ask.
	End(pid int32, kill bool) error
	// Nice has the program of a client give way to others: 0 to 19. Only the
	// system's administrator can take that back.
	Nice(pid int32, nice int) error
	// Cancel gives a command up that is under way or waits.
	Cancel(task uint64) error
}

// Processes is what runs in a session.
type Processes struct {
	Session Stats            `json:"session"`
	Clients []ClientProcess  `json:"clients"` // those that came first in front
	Outputs []OutputFrames   `json:"outputs"`
	Tasks   []runner.Waiting `json:"tasks"`
	// Work is the conductor's tasks that haven't ended.
	Work []Task `json:"work,omitempty"`
}

// ClientProcess is a program that is connected.
type ClientProcess struct {
	PID         int32  `json:"pid"`
	Name        string `json:"name"`
	Trust       string `json:"trust"`
	Connections int    `json:"connections"`
	Surfaces    int    `json:"surfaces"`
	// Bytes of its pictures that the session keeps copies of.
	Bytes int64 `json:"bytes"`
	// Connected is how long it has been there.
	Connected time.Duration `json:"connected_ns"`
}

// OutputFrames is how an output has drawn since it is there.
type OutputFrames struct {
	Name   string `json:"name"`
	Frames uint64 `json:"frames"`
	// Spent is the time that drawing them took, on the loop's goroutine.
	Spent time.Duration `json:"spent_ns"`
	// Refresh is the time from one frame of the screen to the next.
	Refresh time.Duration `json:"refresh_ns"`
}

var pidArg = Arg{Name: "pid", Kind: KindInt, Required: true, Max: 1 << 30, Help: "as processes tells it"}

var observerCommands = []*Command{
	{
		Name: "log", Reads: true, Help: lang.M("show the session's log"), Deadline: eventsDeadline, print: printLog,
		Args: []Arg{
			{Name: "after", Kind: KindInt, Flag: true, Max: 1<<31 - 1, Default: "0", Help: "only what came behind the line of this number"},
			{Name: "follow", Kind: KindBool, Flag: true, Help: "wait for more"},
		},
		start: func(s Session, v Values, done func(any, error)) func() {
			return s.Observer().Log(uint64(get[int32](v, "after")), get[bool](v, "follow"), func(list []syslog.Entry) { done(append([]syslog.Entry{}, list...), nil) })
		},
	},
	{
		Name: "processes", Reads: true, Help: lang.M("list the programs that are connected, frames and commands under way"), print: printProcesses,
		run: func(s Session, _ Values) (any, error) { return s.Observer().Processes(), nil },
	},
	{
		Name: "process end", Help: lang.M("ask a program to end"),
		Args: []Arg{pidArg, {Name: "kill", Kind: KindBool, Flag: true, Help: "end it at once, whatever it does"}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Observer().End(get[int32](v, "pid"), get[bool](v, "kill"))
		},
	},
	{
		Name: "process nice", Help: lang.M("have a program give way to others"),
		Args: []Arg{pidArg, {Name: "nice", Kind: KindInt, Required: true, Max: 19, Help: "0 as all others, 19 after all others"}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Observer().Nice(get[int32](v, "pid"), int(get[int32](v, "nice")))
		},
	},
	{
		Name: "cancel", Help: lang.M("give up a command that is under way or waits"),
		Args: []Arg{{Name: "task", Kind: KindInt, Required: true, Max: 1<<31 - 1, Help: "as processes tells it"}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Observer().Cancel(uint64(get[int32](v, "task")))
		},
	},
}

func printLog(w io.Writer, result json.RawMessage) error {
	var list []syslog.Entry
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		if _, err := fmt.Fprintf(w, "%d %s %-5s %-9s %s\n", e.Seq, e.At.Format("15:04:05.000"), e.Level, clean(e.Subsystem), clean(e.Text)); err != nil {
			return err
		}
	}
	return nil
}

func printProcesses(w io.Writer, result json.RawMessage) error {
	var p Processes
	if err := json.Unmarshal(result, &p); err != nil {
		return err
	}
	for i := range p.Clients {
		c := &p.Clients[i]
		if _, err := fmt.Fprintf(w, "%7d  %-24s %-10s %d surfaces, %d KiB\n", c.PID, clean(c.Name), clean(c.Trust), c.Surfaces, c.Bytes/1024); err != nil {
			return err
		}
	}
	for _, o := range p.Outputs {
		mean := time.Duration(0)
		if o.Frames > 0 {
			mean = o.Spent / time.Duration(o.Frames)
		}
		if _, err := fmt.Fprintf(w, "%s: %d frames, %v each\n", clean(o.Name), o.Frames, mean.Round(time.Microsecond)); err != nil {
			return err
		}
	}
	for _, t := range p.Tasks {
		state := "waits"
		if t.Running {
			state = "runs"
		}
		if _, err := fmt.Fprintf(w, "task %d: %s, for %s, %s\n", t.ID, clean(t.What), clean(t.From), state); err != nil {
			return err
		}
	}
	for i := range p.Work {
		t := &p.Work[i]
		if _, err := fmt.Fprintf(w, "conductor task %d: %s, %s, %s\n", t.ID, clean(t.Kind), clean(t.Level), clean(t.State)); err != nil {
			return err
		}
	}
	return nil
}
