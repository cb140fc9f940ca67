package control

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Guard locks the session. Its methods are called on the session's loop
// goroutine.
type Guard interface {
	// Lock locks; done when no screen shows anything of the session any more, or
	// with the reason why it can't be locked.
	Lock(done func(error)) (cancel func())
	Locked() LockState
}

// LockState says whether the session is locked, and whether by its own lock
// screen.
type LockState struct {
	Locked bool `json:"locked"`
	Own    bool `json:"own,omitempty"`
}

// lockDeadline is longer than PAM's helper takes to say that it is there.
const lockDeadline = 20 * time.Second

var guardCommands = []*Command{
	{
		Name: "lock", Help: "lock the session until the person's password is typed", Deadline: lockDeadline,
		start: func(s Session, _ Values, done func(any, error)) func() {
			return s.Guard().Lock(func(err error) { done(nil, err) })
		},
	},
	{
		Name: "lock status", Reads: true, Help: "say whether the session is locked", print: printLock,
		run: func(s Session, _ Values) (any, error) { return s.Guard().Locked(), nil },
	},
}

func printLock(w io.Writer, result json.RawMessage) error {
	var st LockState
	if err := json.Unmarshal(result, &st); err != nil {
		return err
	}
	words := "not locked"
	switch {
	case st.Own:
		words = "locked"
	case st.Locked:
		words = "locked by a program"
	}
	_, err := fmt.Fprintln(w, words)
	return err
}
