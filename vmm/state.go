package vmm

import "fmt"

// State is where in its life a machine is. Whether it is shown is no part of
// it: presentation never changes lifecycle.
type State string

// States.
const (
	Absent     State = "absent"     // known, but its disk is not built
	Stopped    State = "stopped"    // off
	Starting   State = "starting"   // process running, guest not ready
	Running    State = "running"    // guest ready
	Suspending State = "suspending" // being written to disk
	Suspended  State = "suspended"  // on disk
	Resuming   State = "resuming"   // being read from disk
	Stopping   State = "stopping"   // asked to shut down
	Failed     State = "failed"     // crashed too often; waits for a person
)

// States lists all states.
var States = []State{Absent, Stopped, Starting, Running, Suspending, Suspended, Resuming, Stopping, Failed}

// Valid reports whether s is one of States.
func (s State) Valid() bool { _, ok := transitions[s]; return ok }

// Alive reports whether a machine in this state has a process.
func (s State) Alive() bool {
	switch s {
	case Starting, Running, Suspending, Resuming, Stopping:
		return true
	}
	return false
}

// Suspendable reports whether a machine in this state has a guest that runs and
// can be written to disk. One that comes up is no less whole than one that has
// answered, and some never answer.
func (s State) Suspendable() bool { _, err := s.After(Suspend); return err == nil }

// Event is what happens to a machine.
type Event string

// Events: what a person or the supervisor asks, and what is seen.
const (
	Built    Event = "built"    // its disk is there
	Start    Event = "start"    // asked: cold boot
	Ready    Event = "ready"    // seen: the guest answers
	Suspend  Event = "suspend"  // asked
	Saved    Event = "saved"    // seen: state is on disk, process gone
	Unsaved  Event = "unsaved"  // seen: it can't be saved; the guest, which has answered, runs on
	Unheard  Event = "unheard"  // seen: it can't be saved; the guest, which has not answered, runs on
	Resume   Event = "resume"   // asked: from the saved state
	Refused  Event = "refused"  // seen: the saved state is unusable; cold boot
	Shutdown Event = "shutdown" // asked
	Exited   Event = "exited"   // seen: the process ended as asked or by the guest's own shutdown
	Crashed  Event = "crashed"  // seen: the process ended otherwise
	GaveUp   Event = "gave-up"  // decided: restarted too often
	Forget   Event = "forget"   // asked: drop the saved state, keep the disks
)

// transitions[state][event] is the state after.
var transitions = map[State]map[Event]State{
	Absent:     {Built: Stopped},
	Stopped:    {Built: Stopped, Start: Starting, Exited: Stopped},
	Starting:   {Ready: Running, Suspend: Suspending, Shutdown: Stopping, Exited: Stopped, Crashed: Stopped, GaveUp: Failed},
	Running:    {Ready: Running, Suspend: Suspending, Shutdown: Stopping, Exited: Stopped, Crashed: Stopped, GaveUp: Failed},
	Suspending: {Saved: Suspended, Unsaved: Running, Unheard: Starting, Exited: Stopped, Crashed: Stopped, GaveUp: Failed},
	Suspended:  {Resume: Resuming, Forget: Stopped},
	Resuming:   {Ready: Running, Suspend: Suspending, Refused: Starting, Shutdown: Stopping, Exited: Stopped, Crashed: Stopped, GaveUp: Failed},
	Stopping:   {Ready: Stopping, Exited: Stopped, Crashed: Stopped, GaveUp: Failed},
	Failed:     {Start: Starting, Built: Stopped, Forget: Stopped},
}

// After returns the state that follows s when e happens. An event that can't
// happen in s is an error and changes nothing.
func (s State) After(e Event) (State, error) {
	next, ok := transitions[s][e]
	if !ok {
		return s, fmt.Errorf("a machine that is %s can't %s", s, e)
	}
	return next, nil
}
