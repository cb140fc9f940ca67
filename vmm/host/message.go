package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"rayos/geom"
	"rayos/vmm"
	"rayos/vmm/agent"
	"rayos/vmm/sound"
)

// MaxLine is the longest line on vm.sock, in bytes.
const MaxLine = 64 << 10

// Ops of requests.
const (
	OpStatus   = "status"
	OpAttach   = "attach" // with a connected Wayland socket
	OpDetach   = "detach"
	OpStart    = "start"
	OpSuspend  = "suspend"
	OpResume   = "resume"
	OpShutdown = "shutdown" // deadline_ms
	OpKill     = "kill"
	OpForget   = "forget"  // put a saved state aside
	OpType     = "type"    // text
	OpKey      = "key"     // spec
	OpPointer  = "pointer" // x, y
	OpClick    = "click"   // button
	OpLaunch   = "launch"  // app
	OpConsole  = "console" // text: a line for the guest's serial console
	OpApps     = "apps"
	OpClock    = "clock"
	OpPaste    = "clipboard" // text for the guest's clipboard
	OpMute     = "mute"      // nothing of the machine is heard, until unmute
	OpUnmute   = "unmute"
)

// Request is a line from the supervisor.
type Request struct {
	ID         uint64   `json:"id"`
	Op         string   `json:"op"`
	DeadlineMS int      `json:"deadline_ms,omitempty"`
	Text       string   `json:"text,omitempty"`
	Spec       string   `json:"spec,omitempty"`
	Button     string   `json:"button,omitempty"`
	App        string   `json:"app,omitempty"`
	X          *float64 `json:"x,omitempty"`
	Y          *float64 `json:"y,omitempty"`
}

// Answer is the line that answers a request.
type Answer struct {
	ID     uint64          `json:"id"`
	OK     bool            `json:"ok"`
	Error  string          `json:"error,omitempty"` // a code, see the Err constants
	Detail string          `json:"detail,omitempty"`
	Status *Status         `json:"status,omitempty"` // of status
	Saved  *vmm.SavedState `json:"saved,omitempty"`  // of suspend
	Apps   []agent.App     `json:"apps,omitempty"`   // of apps
}

// Codes of errors.
const (
	ErrBadRequest = "bad_request"
	ErrUnknownOp  = "unknown_op"
	ErrState      = "wrong_state"     // the machine's state doesn't allow it
	ErrLaunch     = "launch_failed"   // QEMU doesn't start
	ErrLocked     = "already_running" // somebody else's QEMU has the machine
	ErrBlocked    = "blocked"         // it can't be suspended; detail says why
	ErrNoSaved    = "no_saved_state"
	ErrNoAgent    = "no_agent"
	ErrNoDisplay  = "no_display"
	ErrUntypable  = "untypable" // neither keys nor the agent can type it
	ErrGuest      = "guest_refused"
	ErrFailed     = "failed"
	ErrCancelled  = "cancelled"
)

// Event is a line that nobody asked for.
type Event struct {
	Event    string    `json:"event"`
	State    vmm.State `json:"state,omitempty"`
	Stage    string    `json:"stage,omitempty"`
	What     string    `json:"what,omitempty"`
	OK       bool      `json:"ok,omitempty"` // of a stage
	Detail   string    `json:"detail,omitempty"`
	Blockers []string  `json:"blockers,omitempty"`
}

// Kinds of events.
const (
	EventState    = "state"    // state, detail
	EventStage    = "stage"    // of a shutdown: stage, ok, detail
	EventReady    = "ready"    // what: agent, disk, wayland, first-scanout, guest-agent
	EventBlockers = "blockers" // what stands in the way of suspend; may be empty
	EventConsumed = "consumed" // a saved state was used; detail is its tag
	EventRefused  = "refused"  // a saved state was put aside; detail says why
	EventShown    = "shown"    // the window has got its first picture; detail is WxH
	EventHidden   = "hidden"   // the window isn't seen any more
	EventDetached = "detached" // the compositor has gone
	EventConsole  = "console"  // the guest has printed a marker: detail. It is its word and no more
	EventExited   = "exited"   // a launched application has ended: what, detail
)

// ReadyGuestAgent is ready when qemu-guest-agent has answered a ping, which is
// how a guest without our agent says that it is up.
const ReadyGuestAgent = "guest-agent"

// Stages of a shutdown.
const (
	StageAgent    = "agent"
	StageACPI     = "acpi"
	StageDeadline = "deadline"
	StageQuit     = "quit"
	StageKill     = "kill"
	StageOff      = "off"
)

// Status is all there is to know of a machine that runs, or not.
type Status struct {
	ID         vmm.ID          `json:"id"`
	State      vmm.State       `json:"state"`
	Detail     string          `json:"detail,omitempty"`
	Host       int             `json:"host_pid"`
	Process    *vmm.Process    `json:"process,omitempty"`
	Generation uint64          `json:"disk_generation"`
	Saved      *vmm.SavedState `json:"saved_state,omitempty"`
	Restarts   int             `json:"restarts"`
	Ready      []string        `json:"ready,omitempty"`
	Blockers   []string        `json:"blockers,omitempty"`
	Size       geom.Size       `json:"size"` // of the guest's screen, in pixels
	Attached   bool            `json:"attached"`
	Visible    bool            `json:"visible"`
	Frames     FrameStats      `json:"frames"`
	Means      *Means          `json:"means,omitempty"` // of the process
	Sound      *sound.Status   `json:"sound,omitempty"` // nil if policy gives it none
}

// decodeRequest reads a line. It never believes more than the types say.
func decodeRequest(line []byte) (Request, error) {
	var r Request
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, err
	}
	if d.More() {
		return r, errors.New("more than one value in a line")
	}
	switch {
	case r.Op == "" || len(r.Op) > 32:
		return r, errors.New("no op")
	case r.DeadlineMS < 0 || r.DeadlineMS > 3600_000:
		return r, fmt.Errorf("deadline_ms %d: want 0 to 3600000", r.DeadlineMS)
	}
	for _, v := range []*float64{r.X, r.Y} {
		if v != nil && !(*v >= 0 && *v <= 1) {
			return r, fmt.Errorf("coordinate %v: want 0 to 1", *v)
		}
	}
	return r, nil
}
