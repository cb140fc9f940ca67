package control

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"rayos/rayapps/lang"
)

// Guard locks the session. Its methods are called on the session's loop
// goroutine.
type Guard interface {
	// Lock locks; done when no screen shows anything of the session any more, or
	// with the reason why it can't be locked.
	Lock(done func(error)) (cancel func())
	Locked() LockState

	// AskLeave shows the dialog in which the session or the machine is ended, or
	// takes it away.
	AskLeave(show bool) error
	// Leave does what ends the session or puts the machine to sleep. Unless it is
	// sure, it doesn't where something would be lost, and says what; done is
	// called just before the session ends, or the machine sleeps.
	Leave(what Leave, sure bool, done func(error)) (cancel func())
}

// Leave is a way to leave the session.
type Leave string

// Ways to leave.
const (
	LogOut   Leave = "logout"
	Sleep    Leave = "sleep"
	Restart  Leave = "restart"
	PowerOff Leave = "poweroff"
)

// LockState says whether the session is locked, and whether by its own lock
// screen.
type LockState struct {
	Locked bool `json:"locked"`
	Own    bool `json:"own,omitempty"`
}

// lockDeadline is longer than PAM's helper takes to say that it is there.
const lockDeadline = 20 * time.Second

// leaveDeadline is longer than programs get to close their windows, and logind to
// ask the person for a password.
const leaveDeadline = 2 * time.Minute

var sureArg = Arg{Name: "yes", Kind: KindBool, Flag: true, Help: "whatever is lost; without it, nothing is done where something would be"}

func leave(what Leave) func(Session, Values, func(any, error)) func() {
	return func(s Session, v Values, done func(any, error)) func() {
		return s.Guard().Leave(what, get[bool](v, "yes"), func(err error) { done(nil, err) })
	}
}

var guardCommands = []*Command{
	{
		Name: "lock", Help: lang.M("lock the session until the person's password is typed"), Deadline: lockDeadline,
		start: func(s Session, _ Values, done func(any, error)) func() {
			return s.Guard().Lock(func(err error) { done(nil, err) })
		},
	},
	{
		Name: "lock status", Reads: true, Help: lang.M("say whether the session is locked"), print: printLock,
		run: func(s Session, _ Values) (any, error) { return s.Guard().Locked(), nil },
	},
	{
		Name: "leave", Help: lang.M("show the dialog that locks, suspends, restarts, shuts down or logs out"),
		Args: []Arg{{Name: "hide", Kind: KindBool, Flag: true, Help: "take it away instead"}},
		run:  func(s Session, v Values) (any, error) { return nil, s.Guard().AskLeave(!get[bool](v, "hide")) },
	},
	{Name: "logout", Help: lang.M("ask programs to close, suspend machines and end the session"), Args: []Arg{sureArg}, Deadline: leaveDeadline, start: leave(LogOut)},
	{Name: "sleep", Help: lang.M("lock the session and suspend the computer"), Deadline: leaveDeadline, start: leave(Sleep)},
	{Name: "restart", Help: lang.M("end the session and restart the computer"), Args: []Arg{sureArg}, Deadline: leaveDeadline, start: leave(Restart)},
	{Name: "poweroff", Help: lang.M("end the session and shut the computer down"), Args: []Arg{sureArg}, Deadline: leaveDeadline, start: leave(PowerOff)},
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
