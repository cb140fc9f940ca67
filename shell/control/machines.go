package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Machines is what commands on virtual machines act on. Its methods are called
// on the session's loop goroutine, and done there too, when the effect is
// there.
type Machines interface {
	// VMs lists the machines; the error says why there can be none.
	VMs() ([]VM, error)
	// VM describes one as it is now: by its id, or by its kind if that names
	// one.
	VM(name string, done func(VM, error))
	// VMPolicy tells what applies to a machine.
	VMPolicy(name string) (any, error)
	// VMDo does something with a machine.
	VMDo(name string, op VMOp, arg string, done func(detail string, err error))
	// VMBuild makes a machine's image and registers it. note is told of each
	// step.
	VMBuild(image string, note func(string), done func(detail string, err error))
}

// VMOp is something to do with a machine.
type VMOp string

// Operations.
const (
	VMStart    VMOp = "start"
	VMShow     VMOp = "show"
	VMHide     VMOp = "hide"
	VMSuspend  VMOp = "suspend"
	VMResume   VMOp = "resume"
	VMShutdown VMOp = "shutdown"
	VMKill     VMOp = "kill"
	VMType     VMOp = "type"   // text
	VMKey      VMOp = "key"    // like ctrl+l
	VMLaunch   VMOp = "launch" // application
)

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
}

// VMFrames count a machine's pictures.
type VMFrames struct {
	Received uint64 `json:"received"`
	Shown    uint64 `json:"shown"`
	Dropped  uint64 `json:"dropped"`
}

// Detail is the result of commands that say how they have been done.
type Detail struct {
	Detail string `json:"detail"`
}

var vmArg = Arg{Name: "machine", Kind: KindString, Required: true, Help: "its id, or linux or windows"}

// Deadlines of operations on machines.
const (
	vmStatusDeadline = 10 * time.Second
	vmDeadline       = 3 * time.Minute
	vmBuildDeadline  = 30 * time.Minute
)

var machineCommands = []*Command{
	{
		Name: "vm list", Help: "list the virtual machines", print: printVMs,
		run: func(s Session, _ Values) (any, error) { return s.Machines().VMs() },
	},
	{
		Name: "vm status", Help: "say all about a virtual machine", Args: []Arg{vmArg}, print: printVM,
		Deadline: vmStatusDeadline,
		start: func(s Session, v Values, done func(any, error)) func() {
			s.Machines().VM(get[string](v, "machine"), func(vm VM, err error) { done(vm, err) })
			return nil
		},
	},
	{
		Name: "vm policy", Help: "say what policy leaves a virtual machine", Args: []Arg{vmArg}, print: printIndented,
		run: func(s Session, v Values) (any, error) { return s.Machines().VMPolicy(get[string](v, "machine")) },
	},
	vmCommand(VMStart, "start a virtual machine, or resume it; its window stays hidden", vmDeadline),
	vmCommand(VMShow, "show a virtual machine's window, starting it if need be", vmDeadline),
	vmCommand(VMHide, "take a virtual machine's window off the desktop; it lives on", vmDeadline),
	vmCommand(VMSuspend, "write a virtual machine to disk", vmDeadline),
	vmCommand(VMResume, "bring a virtual machine back from disk", vmDeadline),
	vmCommand(VMShutdown, "shut a virtual machine down in order", vmDeadline),
	vmCommand(VMKill, "end a virtual machine at once, whatever it does", vmDeadline),
	vmCommand(VMType, "type text into a virtual machine that is shown", vmDeadline, Arg{Name: "text", Kind: KindString, Required: true, Help: "UTF-8 text"}),
	vmCommand(VMKey, "press keys in a virtual machine that is shown", vmDeadline, Arg{Name: "keys", Kind: KindString, Required: true, Help: "like enter or ctrl+l"}),
	vmCommand(VMLaunch, "start an application in a virtual machine", vmDeadline, Arg{Name: "app", Kind: KindString, Required: true, Help: "its name"}),
	{
		Name: "vm build", Help: "make a virtual machine", Deadline: vmBuildDeadline, print: printDetail,
		Args: []Arg{{Name: "image", Kind: KindChoice, Choices: []string{"linux-desktop", "linux-micro"}, Required: true, Help: "what it boots"}},
		work: func(s Session, v Values, note func(string), done func(any, error)) func() {
			s.Machines().VMBuild(get[string](v, "image"), note, func(detail string, err error) { done(Detail{detail}, err) })
			return nil
		},
	},
}

func vmCommand(op VMOp, help string, within time.Duration, more ...Arg) *Command {
	c := &Command{Name: "vm " + string(op), Help: help, Args: append([]Arg{vmArg}, more...), Deadline: within, print: printDetail}
	c.start = func(s Session, v Values, done func(any, error)) func() {
		arg := ""
		if len(more) > 0 {
			arg = get[string](v, more[0].Name)
		}
		s.Machines().VMDo(get[string](v, "machine"), op, arg, func(detail string, err error) { done(Detail{detail}, err) })
		return nil
	}
	return c
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
	_, err := fmt.Fprintln(w, clean(d.Detail))
	return err
}

// printIndented writes JSON for people.
func printIndented(w io.Writer, result json.RawMessage) error {
	var v any
	if err := json.Unmarshal(result, &v); err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
