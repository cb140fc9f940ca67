package control

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"rayos/rayapps/lang"
)

// Conductor is the session's queue of what it does beside what the person waits
// for. Its methods are called on the session's loop goroutine; done is called
// there, later.
type Conductor interface {
	Snapshot(done func(ConductorSnapshot, error))
	// Submit takes a task in; wait says to wait for room.
	Submit(t TaskSpec, wait bool, done func(id uint64, err error)) (cancel func())
	Cancel(id uint64, done func(error))
	// Tail returns the last n tasks that ended, then those that haven't.
	Tail(n int, done func([]Task, error))
	// Run lets tasks begin, or not.
	Run(on bool, done func(error))
	Dreams(do DreamAction, done func(Dreams, error))
}

// TaskSpec is a task to do.
type TaskSpec struct {
	Kind, Args, Level, Key string
	After                  uint64 // 0 for none
}

// Task is a task of the conductor.
type Task struct {
	ID      uint64        `json:"id"`
	Kind    string        `json:"kind"`
	Key     string        `json:"key,omitempty"` // of an effect that happens once
	Level   string        `json:"level"`         // dream, low, normal, high, critical
	State   string        `json:"state"`
	Attempt int           `json:"attempt,omitempty"`
	Age     time.Duration `json:"age_ns"` // up to its end
	Reason  string        `json:"reason,omitempty"`
	Lasts   bool          `json:"lasts,omitempty"` // it outlives the session
}

// ConductorSnapshot is the conductor at one moment. Line is all of it that
// programs have always read, in one line of names and values.
type ConductorSnapshot struct {
	Line    string        `json:"line"`
	Queued  int           `json:"queued"`
	Waiting int           `json:"waiting"`
	Active  int           `json:"active"`
	Workers int           `json:"workers"`
	Batch   int           `json:"batch"`
	Entropy float64       `json:"entropy"`
	P50     time.Duration `json:"p50_ns"` // from submit to end
	P99     time.Duration `json:"p99_ns"`
	Journal int64         `json:"journal_bytes"`
	Kinds   []string      `json:"kinds"`
}

// DreamAction is what to do with dreams.
type DreamAction string

// Dream actions.
const (
	DreamShow DreamAction = "show"
	DreamRun  DreamAction = "run"
	DreamOn   DreamAction = "on"
	DreamOff  DreamAction = "off"
)

// Dreams is what was tried while nobody was there.
type Dreams struct {
	State   string       `json:"state"` // awake, drowsy, dreaming, off
	Jobs    []string     `json:"jobs"`
	History []DreamEntry `json:"history"`
}

// DreamEntry is a step of a try.
type DreamEntry struct {
	At     time.Time `json:"at"`
	Job    string    `json:"job"`
	Step   string    `json:"step"`
	Seed   uint64    `json:"seed"`
	Before float64   `json:"before,omitempty"`
	After  float64   `json:"after,omitempty"`
	Why    string    `json:"why,omitempty"`
}

const (
	conductorDeadline = 10 * time.Second
	enqueueDeadline   = 10 * time.Minute
)

var taskLevels = []string{"dream", "low", "normal", "high", "critical"}

var submitArgs = []Arg{
	{Name: "kind", Kind: KindString, Required: true, Help: "what sort of task, as conductor kinds lists them"},
	{Name: "args", Kind: KindString, Rest: true, Help: "what it is about, as the kind wants it"},
	{Name: "level", Kind: KindChoice, Flag: true, Choices: taskLevels, Default: "normal", Help: "how urgent it is"},
	{Name: "key", Kind: KindString, Flag: true, Help: "name of its effect, which then happens once"},
	{Name: "after", Kind: KindInt, Flag: true, Max: 1<<31 - 1, Help: "the task that has to be done before"},
}

var taskArg = Arg{Name: "task", Kind: KindInt, Required: true, Max: 1<<31 - 1, Help: "its number, as conductor tail has it"}

var conductorCommands = []*Command{
	{
		Name: "conductor snapshot", Reads: true, Help: lang.M("show the queue of tasks in one line"), Deadline: conductorDeadline, print: printSnapshot,
		start: func(s Session, _ Values, done func(any, error)) func() {
			s.Conductor().Snapshot(func(v ConductorSnapshot, err error) { done(v, err) })
			return nil
		},
	},
	{
		Name: "conductor submit", Help: lang.M("have a task done beside everything else"), Deadline: conductorDeadline, print: printTaskID,
		Args: submitArgs, start: submitTask(false),
	},
	{
		Name: "conductor enqueue", Help: lang.M("as conductor submit, and wait while the queue is full"), Deadline: enqueueDeadline, print: printTaskID,
		Args: submitArgs, start: submitTask(true),
	},
	{
		Name: "conductor cancel", Help: lang.M("give a task up that hasn't ended"), Args: []Arg{taskArg}, Deadline: conductorDeadline,
		start: func(s Session, v Values, done func(any, error)) func() {
			s.Conductor().Cancel(uint64(get[int32](v, "task")), func(err error) { done(nil, err) })
			return nil
		},
	},
	{
		Name: "conductor tail", Reads: true, Help: lang.M("list the tasks that ended last, and those that haven't"), Deadline: conductorDeadline, print: printTasks,
		Args: []Arg{{Name: "n", Kind: KindInt, Max: 1024, Default: "20", Help: "that ended, at most"}},
		start: func(s Session, v Values, done func(any, error)) func() {
			n := 20
			if v["n"] != nil {
				n = int(get[int32](v, "n"))
			}
			s.Conductor().Tail(n, func(list []Task, err error) { done(append([]Task{}, list...), err) })
			return nil
		},
	},
	{
		Name: "conductor kinds", Reads: true, Help: lang.M("list what sorts of tasks there are"), Deadline: conductorDeadline, print: printKinds,
		start: func(s Session, _ Values, done func(any, error)) func() {
			s.Conductor().Snapshot(func(v ConductorSnapshot, err error) { done(append([]string{}, v.Kinds...), err) })
			return nil
		},
	},
	{Name: "conductor start", Help: lang.M("let tasks begin again"), Deadline: conductorDeadline, start: runTasks(true)},
	{Name: "conductor stop", Help: lang.M("let no task begin until conductor start; those that run go on"), Deadline: conductorDeadline, start: runTasks(false)},
	{
		Name: "conductor dream", Help: lang.M("show what was tried while nobody was there, try it now, or switch that on or off"), Deadline: conductorDeadline, print: printDreams,
		Args: []Arg{{Name: "action", Kind: KindChoice, Choices: []string{string(DreamShow), string(DreamRun), string(DreamOn), string(DreamOff)}, Default: string(DreamShow), Help: "run tries each thing once; off also ends what is under way"}},
		start: func(s Session, v Values, done func(any, error)) func() {
			do := DreamAction(get[string](v, "action"))
			if do == "" {
				do = DreamShow
			}
			s.Conductor().Dreams(do, func(d Dreams, err error) { done(d, err) })
			return nil
		},
	},
}

func submitTask(wait bool) func(Session, Values, func(any, error)) func() {
	return func(s Session, v Values, done func(any, error)) func() {
		t := TaskSpec{
			Kind: get[string](v, "kind"), Args: get[string](v, "args"), Level: get[string](v, "level"), Key: get[string](v, "key"),
			After: uint64(get[int32](v, "after")),
		}
		if t.Level == "" {
			t.Level = "normal"
		}
		return s.Conductor().Submit(t, wait, func(id uint64, err error) { done(TaskID{id}, err) })
	}
}

// TaskID is the result of commands that take a task in.
type TaskID struct {
	ID uint64 `json:"id"`
}

func runTasks(on bool) func(Session, Values, func(any, error)) func() {
	return func(s Session, _ Values, done func(any, error)) func() {
		s.Conductor().Run(on, func(err error) { done(nil, err) })
		return nil
	}
}

func printSnapshot(w io.Writer, result json.RawMessage) error {
	var v ConductorSnapshot
	if err := json.Unmarshal(result, &v); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, clean(v.Line))
	return err
}

func printTaskID(w io.Writer, result json.RawMessage) error {
	var v TaskID
	if err := json.Unmarshal(result, &v); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "task %d\n", v.ID)
	return err
}

func printKinds(w io.Writer, result json.RawMessage) error {
	var list []string
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	for _, k := range list {
		if _, err := fmt.Fprintln(w, clean(k)); err != nil {
			return err
		}
	}
	return nil
}

func printTasks(w io.Writer, result json.RawMessage) error {
	var list []Task
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	for i := range list {
		t := &list[i]
		line := fmt.Sprintf("%6d  %-20s %-9s %-9s %v", t.ID, clean(t.Kind), clean(t.Level), clean(t.State), t.Age.Round(time.Microsecond))
		if t.Attempt > 1 {
			line += fmt.Sprintf(", attempt %d", t.Attempt)
		}
		if t.Key != "" {
			line += ", " + clean(t.Key)
		}
		if t.Reason != "" {
			line += ": " + clean(t.Reason)
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

func printDreams(w io.Writer, result json.RawMessage) error {
	var d Dreams
	if err := json.Unmarshal(result, &d); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s; %d jobs\n", clean(d.State), len(d.Jobs)); err != nil {
		return err
	}
	for i := range d.History {
		e := &d.History[i]
		line := fmt.Sprintf("%s  %-20s %-12s", e.At.Format("2006-01-02 15:04"), clean(e.Job), clean(e.Step))
		if e.After > 0 {
			line += fmt.Sprintf(" %.4g -> %.4g", e.Before, e.After)
		}
		if e.Why != "" {
			line += ": " + clean(e.Why)
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}
