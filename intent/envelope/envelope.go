package envelope

import (
	"fmt"
	"time"

	"rayos/intent/slots"
)

// Source is where a line comes from.
type Source uint8

// Sources.
const (
	Text   Source = iota // typed at the prompt
	Voice                // spoken
	Gaze                 // looked at
	App                  // said by a program
	System               // said by the session itself
)

func (s Source) String() string {
	return name(int(s), "TEXT", "VOICE", "GAZE", "APP", "SYSTEM")
}

// Status is what has become of a line.
type Status uint8

// Statuses. The last three are final.
const (
	Parsing    Status = iota // it is being understood
	Clarifying               // the person is asked
	Planning                 // what to do is being fixed
	Executing                // it is being done
	Completed                // its effect is there
	Failed                   // it couldn't be done; Note says why
	Cancelled                // somebody didn't want it any more
)

func (s Status) String() string {
	return name(int(s), "Parsing", "Clarifying", "Planning", "Executing", "Completed", "Failed", "Cancelled")
}

// Final says whether nothing follows a status.
func (s Status) Final() bool { return s >= Completed }

// next are the statuses that may follow. Nothing is executed that wasn't planned.
var next = [...][]Status{
	Parsing:    {Clarifying, Planning, Completed, Failed, Cancelled},
	Clarifying: {Parsing, Planning, Failed, Cancelled},
	Planning:   {Clarifying, Executing, Failed, Cancelled},
	Executing:  {Completed, Failed, Cancelled},
	Cancelled:  nil,
}

// Priority is how soon an answer is due.
type Priority uint8

// Priorities, the most urgent first.
const (
	Realtime    Priority = iota // within a frame
	Interactive                 // somebody waits with a finger on a key
	Normal
	Low
	Idle // whenever there is nothing else
)

func (p Priority) String() string {
	return name(int(p), "Realtime", "Interactive", "Normal", "Low", "Idle")
}

// Deadline is the time after which an answer is late.
func (p Priority) Deadline() time.Duration {
	return [...]time.Duration{16 * time.Millisecond, 100 * time.Millisecond, time.Second, 5 * time.Second, 30 * time.Second}[min(p, Idle)]
}

// refusing is the load above which nothing less urgent than Interactive begins.
const refusing = 0.95

// Share is which share of its usual limits work of this priority may use when
// the machine is loaded from 0 to 1; 0 means that it may not begin now.
func (p Priority) Share(load float64) float64 {
	share := [...]float64{1.5, 1.2, 1, 0.7, 0.3}[min(p, Idle)]
	switch {
	case load > refusing && p > Interactive:
		return 0
	case load > 0.8:
		return share * 0.5
	case load > 0.6:
		return share * 0.75
	}
	return share
}

// Confidences from which on something is done, or asked.
const (
	ExecuteFrom = 0.8
	AskFrom     = 0.5
)

// Disposition is what to do with an envelope.
type Disposition uint8

// Dispositions.
const (
	Chat    Disposition = iota // it isn't sure enough to be a command
	Ask                        // the person decides
	Execute                    // policy permitting
)

func (d Disposition) String() string { return name(int(d), "chat", "ask", "execute") }

// Envelope is what is known of a line.
type Envelope struct {
	ID         uint64 // unique within a session, ascending
	At         time.Time
	Source     Source
	Line       string
	Intent     string // as the grammar or the classifier calls it
	Slots      []slots.Slot
	Confidence float32 // 1 of an exact command, P of the classifier otherwise
	Status     Status
	Priority   Priority
	// Presence says that it may be done only while the person is there.
	Presence bool
	Note     string // what was decisive, or why it failed
}

// Disposition says what to do. What can't be undone is asked about however
// sure it is.
func (e Envelope) Disposition(destructive bool) Disposition {
	switch {
	case !(e.Confidence >= AskFrom) || e.Intent == "":
		return Chat
	case destructive || e.Confidence < ExecuteFrom:
		return Ask
	}
	return Execute
}

// Next returns the envelope with its next status; an error if that can't follow.
func (e Envelope) Next(s Status) (Envelope, error) {
	if int(e.Status) < len(next) {
		for _, may := range next[e.Status] {
			if may == s {
				e.Status = s
				return e, nil
			}
		}
	}
	return e, fmt.Errorf("intent %d: %v can't follow %v", e.ID, s, e.Status)
}

func name(i int, names ...string) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("unknown(%d)", i)
}
