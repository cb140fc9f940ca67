package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
)

// Machines is what there is to know of virtual machines. Its methods are called
// on the session's loop goroutine, and done there too. What is done to machines
// goes through [Console].
type Machines interface {
	// VMs lists the machines; the error says why there can be none.
	VMs() ([]VM, error)
	// VM describes one as it is now: by its id, or by its kind if that names
	// one.
	VM(name string, done func(VM, error))
	// VMPolicy tells what applies to a machine. With dry it also tells how QEMU
	// would be started.
	VMPolicy(name string, dry bool, done func(VMPolicy, error))
}

// VMPolicy is what applies to a machine.
type VMPolicy struct {
	Effective any      `json:"effective"`      // what policy leaves of what the machine asks for
	Network   string   `json:"network_marker"` // what is told of its network when it starts
	Command   []string `json:"command,omitempty"`
	Missing   []string `json:"missing,omitempty"` // why there is no command
}

// VM describes a virtual machine.
type VM struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Kind     string   `json:"kind"` // linux or windows
	State    string   `json:"state"`
	Detail   string   `json:"detail,omitempty"`
	Shown    bool     `json:"shown"`
	Window   uint32   `json:"window,omitempty"`
	Width    int32    `json:"width,omitempty"` // of the screen, in pixels
	Height   int32    `json:"height,omitempty"`
	PID      int      `json:"pid,omitempty"` // of QEMU
	HostPID  int      `json:"host_pid,omitempty"`
	Restarts int      `json:"restarts,omitempty"`
	Ready    []string `json:"ready,omitempty"`
	Blockers []string `json:"blockers,omitempty"` // of suspend
	Frames   VMFrames `json:"frames"`
	// By what its QEMU runs, in words: the accelerator, how far it is confined
	// and what holds it to its share of the processors.
	Accel    string `json:"accel,omitempty"`
	Confined string `json:"confined,omitempty"`
	CPUCap   string `json:"cpu_cap,omitempty"`
	Sound    string `json:"sound,omitempty"` // how it is heard, in words
}

// states are those of machines for people.
var states = map[string]string{
	"absent": lang.M("not built"), "stopped": lang.M("off"), "starting": lang.M("starting"), "running": lang.M("running"),
	"suspending": lang.M("being suspended"), "suspended": lang.M("suspended"), "resuming": lang.M("resuming"), "stopping": lang.M("shutting down"),
	"failed": lang.M("failed"),
}

// StateInWords is a state of a machine in the person's language.
func StateInWords(state string) string { return lang.T(states[state]) }

// InWords says in the person's language how the machine is.
func (v *VM) InWords() string {
	if v.State == "running" && !v.Shown {
		return lang.T("running, hidden")
	}
	return StateInWords(v.State)
}

// VMFrames count a machine's pictures.
type VMFrames struct {
	Received uint64 `json:"received"`
	Shown    uint64 `json:"shown"`
	Dropped  uint64 `json:"dropped"`
}

// Detail is the result of commands that are acknowledged.
type Detail struct {
	Detail string `json:"detail"` // of the acknowledgement
	Why    string `json:"why,omitempty"`
	Ack    string `json:"ack,omitempty"` // the line
}

var vmArg = Arg{Name: "machine", Kind: KindString, Required: true, Help: "its id, or linux or windows"}

// vmStatusDeadline is for what is only looked at.
const vmStatusDeadline = 10 * time.Second

var machineCommands = []*Command{
	{
		Name: "vm list", Reads: true, Help: lang.M("list the virtual machines"), print: printVMs,
		run: func(s Session, _ Values) (any, error) { return s.Machines().VMs() },
	},
	{
		Name: "vm status", Reads: true, Help: lang.M("say all about a virtual machine"), Args: []Arg{vmArg}, print: printVM,
		Deadline: vmStatusDeadline,
		start: func(s Session, v Values, done func(any, error)) func() {
			s.Machines().VM(get[string](v, "machine"), func(vm VM, err error) { done(vm, err) })
			return nil
		},
	},
	{
		Name: "vm policy", Reads: true, Help: lang.M("say what policy leaves a virtual machine"), Deadline: vmStatusDeadline, print: printVMPolicy,
		Args: []Arg{vmArg, {Name: "dry-run", Kind: KindBool, Flag: true, Help: "say also how QEMU would be started"}},
		start: func(s Session, v Values, done func(any, error)) func() {
			s.Machines().VMPolicy(get[string](v, "machine"), get[bool](v, "dry-run"), func(p VMPolicy, err error) { done(p, err) })
			return nil
		},
	},
	vmCommand("start", lang.M("start a virtual machine, or resume it; its window stays hidden"), grammar.Start),
	vmCommand("show", lang.M("show a virtual machine's window, starting it if need be"), grammar.Show),
	vmCommand("hide", lang.M("take a virtual machine's window off the desktop; it lives on"), grammar.Hide),
	vmCommand("suspend", lang.M("write a virtual machine to disk"), grammar.Suspend),
	vmCommand("resume", lang.M("bring a virtual machine back from disk"), grammar.Resume),
	vmCommand("shutdown", lang.M("shut a virtual machine down in order"), grammar.Shutdown),
	vmCommand("kill", lang.M("end a virtual machine at once, whatever it does"), grammar.Kill),
	vmCommand("mute", lang.M("let a virtual machine not be heard, now and when it starts again"), grammar.Mute),
	vmCommand("unmute", lang.M("let a virtual machine be heard again"), grammar.Unmute),
	vmCommand("type", lang.M("type text and Enter into a virtual machine that is shown"), grammar.Type,
		Arg{Name: "text", Kind: KindString, Required: true, Rest: true, Help: "UTF-8 text"},
		Arg{Name: "no-enter", Kind: KindBool, Flag: true, Help: "without Enter behind it"}),
	vmCommand("key", lang.M("press keys in a virtual machine that is shown"), grammar.Press,
		Arg{Name: "keys", Kind: KindString, Required: true, Help: "like enter or ctrl+l"}),
	vmCommand("pointer", lang.M("move the pointer of a virtual machine that is shown"), grammar.Pointer,
		Arg{Name: "x", Kind: KindFloat, Required: true, Help: "0 to 1 from the left"}, Arg{Name: "y", Kind: KindFloat, Required: true, Help: "0 to 1 from the top"}),
	vmCommand("click", lang.M("click in a virtual machine that is shown"), grammar.Click,
		Arg{Name: "button", Kind: KindChoice, Required: true, Choices: []string{"left", "right", "middle"}, Help: "of the mouse"}),
	vmCommand("launch", lang.M("start an application in a virtual machine"), grammar.Launch,
		Arg{Name: "app", Kind: KindString, Required: true, Help: "its name"}),
	vmCommand("console", lang.M("say a line on a virtual machine's serial console"), grammar.Console,
		Arg{Name: "text", Kind: KindString, Required: true, Rest: true, Help: "like PING; answers are told as events"}),
	{
		Name: "vm build", Help: lang.M("make a virtual machine"), Deadline: answerWithin(grammar.Build), print: printDetail,
		Args: []Arg{{Name: "image", Kind: KindChoice, Choices: []string{"linux-desktop", "linux-micro"}, Required: true, Help: "what it boots"}},
		work: func(s Session, v Values, note func(string), done func(any, error)) func() {
			return do(s, "linux", grammar.Command{Verb: grammar.Build, App: get[string](v, "image")}, note, done)
		},
	},
	{
		Name: "vm add", Help: lang.M("take in a virtual machine with a disk that you have"), Deadline: answerWithin(grammar.Add), print: printDetail,
		Args: []Arg{
			{Name: "kind", Kind: KindChoice, Choices: []string{"windows"}, Required: true, Help: "what is on the disk"},
			{Name: "disk", Kind: KindPath, Flag: true, Required: true, Help: "the disk's file, raw or qcow2; it stays where it is"},
			{Name: "id", Kind: KindString, Flag: true, Default: "the one that policy names", Help: "the machine's for ever"},
		},
		work: func(s Session, v Values, note func(string), done func(any, error)) func() {
			c := grammar.Command{Verb: grammar.Add, VM: get[string](v, "id"), Path: get[string](v, "disk")}
			return do(s, get[string](v, "kind"), c, note, done)
		},
	},
}

// answerWithin is how long somebody waits for a command's answer: a little
// longer than it may take.
func answerWithin(v grammar.Verb) time.Duration { return runner.Deadline(v) + 10*time.Second }

func vmCommand(name, help string, verb grammar.Verb, more ...Arg) *Command {
	c := &Command{Name: "vm " + name, Help: help, Args: append([]Arg{vmArg}, more...), Deadline: answerWithin(verb), print: printDetail}
	c.work = func(s Session, v Values, note func(string), done func(any, error)) func() {
		cmd := grammar.Command{
			Verb: verb, Text: get[string](v, "text"), Bare: get[bool](v, "no-enter"), X: get[float64](v, "x"), Y: get[float64](v, "y"),
			Button: get[string](v, "button"), App: get[string](v, "app"),
		}
		if verb == grammar.Press {
			var err error
			if cmd.Keys, err = grammar.ParseKeys(get[string](v, "keys")); err != nil {
				done(nil, Errorf(CodeBadArgs, "%v", err))
				return nil
			}
		}
		return do(s, get[string](v, "machine"), cmd, note, done)
	}
	return c
}

// do has a command carried out. It is done also when nobody waits any more.
func do(s Session, machine string, c grammar.Command, note func(string), done func(any, error)) func() {
	s.Console().Do("rayctl", machine, c, note, func(a grammar.Ack, err error) {
		if err != nil {
			done(nil, err)
			return
		}
		d, refused := acked(a)
		if refused != nil {
			done(nil, refused)
			return
		}
		done(d, nil)
	})
	return nil
}

// acked is what an acknowledgement means to who has asked.
func acked(a grammar.Ack) (Detail, *Error) {
	if a.OK {
		return Detail{a.Detail, a.Why, a.String()}, nil
	}
	e := Errorf(CodeFailed, "%s", a.Detail)
	if a.Why != "" {
		e.Message += ": " + a.Why
	}
	switch grammar.Detail(a.Detail) {
	case grammar.Timeout:
		e.Code = CodeTimeout
	case grammar.NoMachine:
		e.Code = CodeNoMachine
	}
	return Detail{}, e
}

func printVMs(w io.Writer, result json.RawMessage) error {
	var list []VM
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no virtual machines; make one: rayctl vm build linux-desktop")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tNAME\tSTATE\tSHOWN\tSCREEN\tPID\tDETAIL")
	for i := range list {
		v := &list[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t%v\t%dx%d\t%d\t%s\n", clean(v.ID), shorten(v.Name, 32), clean(v.State), v.Shown, v.Width, v.Height, v.PID, shorten(v.Detail, 60))
	}
	return t.Flush()
}

func printVM(w io.Writer, result json.RawMessage) error {
	var v VM
	if err := json.Unmarshal(result, &v); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	state := clean(v.State)
	if v.Detail != "" {
		state += ": " + clean(v.Detail)
	}
	for _, row := range [][2]string{
		{"id", clean(v.ID)},
		{"name", clean(v.Name)},
		{"state", state},
		{"shown", fmt.Sprint(v.Shown)},
		{"screen", fmt.Sprintf("%dx%d", v.Width, v.Height)},
		{"QEMU", fmt.Sprint(v.PID)},
		{"rayos-vm", fmt.Sprint(v.HostPID)},
		{"restarts", fmt.Sprint(v.Restarts)},
		{"ready", clean(strings.Join(v.Ready, ", "))},
		{"can't be suspended for", clean(strings.Join(v.Blockers, "; "))},
		{"accelerator", clean(v.Accel)},
		{"confined", clean(v.Confined)},
		{"processors", clean(v.CPUCap)},
		{"sound", clean(v.Sound)},
		{"pictures", fmt.Sprintf("%d changes, %d shown, %d overtaken", v.Frames.Received, v.Frames.Shown, v.Frames.Dropped)},
	} {
		if row[1] != "" {
			fmt.Fprintf(t, "%s\t%s\n", row[0], row[1])
		}
	}
	return t.Flush()
}

func printDetail(w io.Writer, result json.RawMessage) error {
	var d Detail
	if err := json.Unmarshal(result, &d); err != nil || d.Detail == "" {
		return err
	}
	if d.Why != "" {
		d.Detail += ": " + d.Why
	}
	_, err := fmt.Fprintln(w, clean(d.Detail))
	return err
}

// printVMPolicy writes what applies as JSON, and a command line that a shell
// takes.
func printVMPolicy(w io.Writer, result json.RawMessage) error {
	var p VMPolicy
	if err := json.Unmarshal(result, &p); err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(p.Effective); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(clean(p.Network) + "\n")
	for _, m := range p.Missing {
		b.WriteString("missing: " + clean(m) + "\n")
	}
	for i, word := range p.Command {
		switch {
		case i == 0:
		case strings.HasPrefix(word, "-"):
			b.WriteString(" \\\n  ")
		default:
			b.WriteString(" ")
		}
		b.WriteString(shellWord(clean(word)))
	}
	if len(p.Command) > 0 {
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// shellWord quotes a word where a shell would read more into it.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=,:+@%", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
