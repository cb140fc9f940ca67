package grammar

import (
	"slices"
	"strings"
)

// Op is a row of the table of operations, as events and acknowledgements name
// them.
type Op struct {
	Name    string
	Verb    Verb // "" for what is told and can't be asked for
	Kind    Kind
	Payload Payload
	Max     int      // bytes of payload
	OK      []Detail // what a success may say; patterns end in a colon or stand in <>
	Err     []Detail // what a failure may say besides common
	Help    string
}

// Payload is the form of an event's payload.
type Payload string

// Payloads.
const (
	NoPayload    Payload = ""
	TextPayload  Payload = "text"
	KeysPayload  Payload = "keys"
	PointPayload Payload = "x:y"
	ClickPayload Payload = "left|right|middle"
	AppPayload   Payload = "app"
	RunPayload   Payload = "app[:args]"
	NotePayload  Payload = "PRESENTED|HIDDEN"
	PathPayload  Payload = "path"
)

// Detail is the last field of an acknowledgement.
type Detail string

// Details of successes.
const (
	Presented        Detail = "presented"         // its picture is on the screen
	AlreadyPresented Detail = "already_presented" // it was there before
	Hidden           Detail = "hidden"            // its window is off the screen
	AlreadyHidden    Detail = "already_hidden"
	Starting         Detail = "starting" // on its way, since before
	Running          Detail = "running"  // the guest answers
	Suspended        Detail = "suspended"
	Stopped          Detail = "stopped"
	Muted            Detail = "muted"
	Heard            Detail = "heard"
	Sent             Detail = "sent"
	Launched         Detail = "launched"
	Asked            Detail = "asked" // the person decides first
	InitialFrame     Detail = "initial_frame"
	GuestAgentPing   Detail = "guest_agent_ping"
)

// Details of failures.
const (
	Debounced        Detail = "debounced"          // the same was asked for a moment ago
	LaunchInProgress Detail = "launch_in_progress" // the same is under way
	LaunchFailed     Detail = "launch_failed"
	NotRunning       Detail = "desktop_not_running"
	NoMachine        Detail = "no_machine"
	MissingDisk      Detail = "missing_WINDOWS_DISK_env"
	BadDisk          Detail = "bad_disk"      // no disk that a machine can have
	AlreadyThere     Detail = "already_there" // a machine of that id
	BuildInProgress  Detail = "build_in_progress"
	Empty            Detail = "empty"
	InvalidText      Detail = "invalid_ascii_or_length"
	InvalidKeys      Detail = "invalid_key_spec"
	InvalidPoint     Detail = "invalid_coords"
	UnknownButton    Detail = "unknown_button"
	UnknownApp       Detail = "unknown_app"
	SendFailed       Detail = "send_failed"
	Superseded       Detail = "superseded"    // a later command took its place
	QueueFull        Detail = "queue_full"    // too many wait for the machine
	Timeout          Detail = "timeout"       // no effect within the deadline
	NotAvailable     Detail = "not_available" // this session has no such thing
	Cancelled        Detail = "cancelled"     // the session ends, or nobody waits any more
	Failed           Detail = "failed"        // with the reason behind a colon
	Denied           Detail = "denied"        // with the rule of policy behind a colon
)

// common are the failures that every operation knows.
var common = []Detail{NoMachine, NotAvailable, QueueFull, Superseded, Cancelled, Timeout, Denied + ":<rule>", Failed + ":<reason>"}

var (
	showErr  = []Detail{Debounced, LaunchInProgress, LaunchFailed}
	startErr = []Detail{LaunchInProgress, LaunchFailed}
	inputErr = []Detail{NotRunning, Empty, InvalidText, SendFailed}
)

// ops is the table. What a person can't ask for comes last.
var ops = []*Op{
	{Name: "SHOW_LINUX_DESKTOP", Verb: Show, Kind: Linux, OK: []Detail{Presented, AlreadyPresented}, Err: showErr, Help: "put the window on the desktop, starting the machine if need be"},
	{Name: "HIDE_LINUX_DESKTOP", Verb: Hide, Kind: Linux, OK: []Detail{Hidden, AlreadyHidden}, Err: []Detail{NotRunning}, Help: "take the window off; the machine lives on"},
	{Name: "START_LINUX_DESKTOP", Verb: Start, Kind: Linux, OK: []Detail{Running}, Err: startErr, Help: "boot the machine, hidden; or resume it"},
	{Name: "RESUME_LINUX_DESKTOP", Verb: Resume, Kind: Linux, OK: []Detail{Running}, Err: startErr, Help: "bring the machine back from disk, hidden"},
	{Name: "SUSPEND_LINUX_DESKTOP", Verb: Suspend, Kind: Linux, OK: []Detail{Suspended}, Err: []Detail{NotRunning}, Help: "write the machine to disk"},
	{Name: "LINUX_SHUTDOWN", Verb: Shutdown, Kind: Linux, OK: []Detail{Stopped}, Err: []Detail{NotRunning}, Help: "end the machine in order"},
	{Name: "LINUX_KILL", Verb: Kill, Kind: Linux, OK: []Detail{Stopped}, Err: []Detail{NotRunning}, Help: "end the machine at once, whatever it does"},
	{Name: "LINUX_MUTE", Verb: Mute, Kind: Linux, OK: []Detail{Muted}, Err: []Detail{NotRunning}, Help: "don't let the machine be heard, now and when it starts again"},
	{Name: "LINUX_UNMUTE", Verb: Unmute, Kind: Linux, OK: []Detail{Heard}, Err: []Detail{NotRunning}, Help: "let it be heard again"},
	{Name: "LINUX_SENDTEXT", Verb: Type, Kind: Linux, Payload: TextPayload, Max: MaxText, OK: []Detail{Sent}, Err: inputErr, Help: "type the text, then Enter"},
	{Name: "LINUX_SENDKEY", Verb: Press, Kind: Linux, Payload: KeysPayload, Max: MaxKeys, OK: []Detail{Sent}, Err: append(slices.Clone(inputErr), InvalidKeys), Help: "press keys together"},
	{Name: "LINUX_MOUSE_ABS", Verb: Pointer, Kind: Linux, Payload: PointPayload, Max: 48, OK: []Detail{"<x>:<y>"}, Err: append(slices.Clone(inputErr), InvalidPoint), Help: "move the pointer: 0 to 1 from the left and the top"},
	{Name: "LINUX_CLICK", Verb: Click, Kind: Linux, Payload: ClickPayload, Max: 6, OK: []Detail{"<button>"}, Err: append(slices.Clone(inputErr), UnknownButton), Help: "click a button"},
	{Name: "LINUX_LAUNCH_APP", Verb: Launch, Kind: Linux, Payload: AppPayload, Max: MaxApp, OK: []Detail{Launched}, Err: append(slices.Clone(inputErr), UnknownApp), Help: "start an application inside"},
	{Name: "LINUX_CONSOLE", Verb: Console, Kind: Linux, Payload: TextPayload, Max: MaxConsole, OK: []Detail{Sent}, Err: inputErr, Help: "say a line on the serial console, where `rayos-agent` listens"},
	{Name: "BUILD_LINUX", Verb: Build, Kind: Linux, Payload: AppPayload, Max: MaxApp, OK: []Detail{"<id>"}, Err: []Detail{InvalidText, Empty, BuildInProgress}, Help: "make the machine of an image, or give it a newer one"},

	{Name: "SHOW_WINDOWS_DESKTOP", Verb: Show, Kind: Windows, OK: []Detail{Presented, AlreadyPresented}, Err: append(slices.Clone(showErr), MissingDisk), Help: "put the window on the desktop, starting the machine if need be"},
	{Name: "HIDE_WINDOWS_DESKTOP", Verb: Hide, Kind: Windows, OK: []Detail{Hidden, AlreadyHidden}, Err: []Detail{NotRunning}, Help: "take the window off; the machine lives on"},
	{Name: "START_WINDOWS_DESKTOP", Verb: Start, Kind: Windows, OK: []Detail{Running}, Err: append(slices.Clone(startErr), MissingDisk), Help: "boot the machine, hidden; or resume it"},
	{Name: "RESUME_WINDOWS_DESKTOP", Verb: Resume, Kind: Windows, OK: []Detail{Running}, Err: startErr, Help: "bring the machine back from disk, hidden"},
	{Name: "SUSPEND_WINDOWS_DESKTOP", Verb: Suspend, Kind: Windows, OK: []Detail{Suspended}, Err: []Detail{NotRunning}, Help: "write the machine to disk"},
	{Name: "WINDOWS_SHUTDOWN", Verb: Shutdown, Kind: Windows, OK: []Detail{Stopped}, Err: []Detail{NotRunning}, Help: "end the machine in order"},
	{Name: "WINDOWS_KILL", Verb: Kill, Kind: Windows, OK: []Detail{Stopped}, Err: []Detail{NotRunning}, Help: "end the machine at once, whatever it does"},
	{Name: "WINDOWS_MUTE", Verb: Mute, Kind: Windows, OK: []Detail{Muted}, Err: []Detail{NotRunning}, Help: "don't let the machine be heard, now and when it starts again"},
	{Name: "WINDOWS_UNMUTE", Verb: Unmute, Kind: Windows, OK: []Detail{Heard}, Err: []Detail{NotRunning}, Help: "let it be heard again"},
	{Name: "WINDOWS_SENDTEXT", Verb: Type, Kind: Windows, Payload: TextPayload, Max: MaxText, OK: []Detail{Sent}, Err: inputErr, Help: "type the text, then Enter"},
	{Name: "WINDOWS_SENDKEY", Verb: Press, Kind: Windows, Payload: KeysPayload, Max: MaxKeys, OK: []Detail{Sent}, Err: append(slices.Clone(inputErr), InvalidKeys), Help: "press keys together"},
	{Name: "WINDOWS_MOUSE_ABS", Verb: Pointer, Kind: Windows, Payload: PointPayload, Max: 48, OK: []Detail{"<x>:<y>"}, Err: append(slices.Clone(inputErr), InvalidPoint), Help: "move the pointer: 0 to 1 from the left and the top"},
	{Name: "WINDOWS_CLICK", Verb: Click, Kind: Windows, Payload: ClickPayload, Max: 6, OK: []Detail{"<button>"}, Err: append(slices.Clone(inputErr), UnknownButton), Help: "click a button"},
	{Name: "ADD_WINDOWS", Verb: Add, Kind: Windows, Payload: PathPayload, Max: MaxPath, OK: []Detail{"<id>"}, Err: []Detail{InvalidText, Empty, MissingDisk, BadDisk, AlreadyThere}, Help: "take in a machine with a disk that you have"},

	{Name: "RUN_RAYAPP", Verb: Run, Payload: RunPayload, Max: MaxRunApp + 1 + MaxText, OK: []Detail{Launched, Presented, Asked}, Err: []Detail{UnknownApp, LaunchFailed}, Help: "run an application of the session, or an installed one"},
	{Name: "SHOW_PROCESS_EXPLORER", Verb: Processes, OK: []Detail{Presented}, Help: "show the process explorer"},
	{Name: "SHOW_SYSTEM_LOG", Verb: SystemLog, OK: []Detail{Presented}, Help: "show the system log"},

	{Name: "LINUX_PRESENTATION", Kind: Linux, Payload: NotePayload, Max: 9, Help: "told: the window came or went"},
	{Name: "WINDOWS_PRESENTATION", Kind: Windows, Payload: NotePayload, Max: 9, Help: "told: the window came or went"},
	{Name: "LINUX_DESKTOP", Kind: Linux, OK: []Detail{Starting}, Help: "told: the machine is on its way"},
	{Name: "LINUX_DESKTOP_HIDDEN_READY", Kind: Linux, OK: []Detail{Hidden}, Err: []Detail{Timeout}, Help: "told: the machine runs and nobody sees it"},
	{Name: "WINDOWS_DESKTOP", Kind: Windows, OK: []Detail{Starting}, Help: "told: the machine is on its way"},
	{Name: "WINDOWS_DESKTOP_HIDDEN_READY", Kind: Windows, OK: []Detail{Hidden}, Err: []Detail{Timeout}, Help: "told: the machine runs and nobody sees it"},
	{Name: "FIRST_FRAME_PRESENTED", Kind: Linux, OK: []Detail{InitialFrame}, Help: "told: the first picture has been composited"},
	{Name: "WINDOWS_PREFLIGHT", Kind: Windows, Err: []Detail{MissingDisk, "missing_qemu", "missing_ovmf_code", "missing_ovmf_vars", "missing_swtpm", "vtpm_off", "too_few_cpus", "too_little_memory"}, Help: "told: a part that the machine can't be started without"},
	{Name: "WINDOWS_READY", Kind: Windows, OK: []Detail{GuestAgentPing}, Help: "told: the guest answers"},
}

// Ops returns the table.
func Ops() []*Op { return ops }

// OpNamed returns an operation, nil if there is none of that name.
func OpNamed(name string) *Op {
	for _, op := range ops {
		if op.Name == name {
			return op
		}
	}
	return nil
}

// Knows reports whether the operation may end so: whether detail is in its
// vocabulary.
func (op *Op) Knows(ok bool, detail string) bool {
	if ok {
		return slices.ContainsFunc(op.OK, func(d Detail) bool { return d.covers(detail) })
	}
	covers := func(d Detail) bool { return d.covers(detail) }
	return slices.ContainsFunc(op.Err, covers) || slices.ContainsFunc(common, covers)
}

// covers reports whether a detail is d, or has its form.
func (d Detail) covers(detail string) bool {
	before, _, form := strings.Cut(string(d), "<")
	if !form {
		return detail == string(d)
	}
	return strings.HasPrefix(detail, before) && len(detail) > len(before)
}
