package qemu

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Limits of what a guest agent may say.
const (
	maxGuestAnswer = 64 << 10 // of one line
	maxGuestStale  = 16 << 20 // of what is skipped in search of one answer
)

// delimiter never occurs in JSON. To the agent it means: forget what you have
// read of a line; before an answer it means: what came before is older.
const delimiter = 0xff

// GuestAgent is a connection to qemu-guest-agent in the guest
// (docs/interop/qemu-ga-ref). One command is under way at a time. The guest
// may start its agent at any time, or never: a command without an answer fails
// at its context's deadline, and the next one finds the place again where
// answers begin (guest-sync-delimited).
type GuestAgent struct {
	conn net.Conn
	in   *bufio.Reader

	mu     sync.Mutex // held for the length of a command
	synced bool       // the next answer is of the next command
	last   int64      // of the numbers that tell synchronisations apart
}

// GuestError is the agent's refusal of a command.
type GuestError struct {
	Command string
	Class   string
	Detail  string
}

func (e *GuestError) Error() string { return fmt.Sprintf("guest agent: %s: %s", e.Command, e.Detail) }

// GuestOS is what the guest says it is. All of it may be empty.
type GuestOS struct {
	ID      string `json:"id"`          // "mswindows", "debian"
	Name    string `json:"pretty-name"` // "Windows 11 Pro"
	Version string `json:"version"`
	Kernel  string `json:"kernel-release"`
}

// DialGuestAgent connects to the socket of the agent's port. It succeeds
// whether or not there is an agent.
func DialGuestAgent(ctx context.Context, path string) (*GuestAgent, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("guest agent: %w", err)
	}
	return NewGuestAgent(conn), nil
}

// NewGuestAgent speaks with an agent over conn, which it closes.
func NewGuestAgent(conn net.Conn) *GuestAgent {
	// A number of an earlier connection must not be taken for ours.
	return &GuestAgent{conn: conn, in: bufio.NewReaderSize(conn, maxGuestAnswer), last: time.Now().UnixMicro()}
}

// Close ends the connection, and a command that waits.
func (a *GuestAgent) Close() error { return a.conn.Close() }

// Ping returns when the agent has answered.
func (a *GuestAgent) Ping(ctx context.Context) error {
	return a.execute(ctx, "guest-ping", nil, nil)
}

// OS asks what the guest runs.
func (a *GuestAgent) OS(ctx context.Context) (GuestOS, error) {
	var os GuestOS
	err := a.execute(ctx, "guest-get-osinfo", nil, &os)
	return os, err
}

// SetTime sets the guest's clock.
func (a *GuestAgent) SetTime(ctx context.Context, t time.Time) error {
	return a.execute(ctx, "guest-set-time", map[string]int64{"time": t.UnixNano()}, nil)
}

// Shutdown asks the guest to power down, and returns when the agent has begun
// to. An agent that agrees says nothing, so a synchronisation is sent behind
// it: its answer, or the end of the connection, means that nothing was wrong.
func (a *GuestAgent) Shutdown(ctx context.Context) error {
	const command = "guest-shutdown"
	return a.turn(ctx, command, func() error {
		if err := a.send(command, map[string]string{"mode": "powerdown"}); err != nil {
			return err
		}
		id, err := a.sendSync()
		for err == nil {
			var r guestAnswer
			if r, err = a.receive(); err != nil {
				break
			}
			if r.Error != nil && !r.delimited {
				return r.refusal(command)
			}
			if r.answers(id) {
				return nil
			}
		}
		if ctx.Err() != nil || errors.Is(err, errGuestFlood) {
			return err
		}
		return nil // the guest took the port away
	})
}

// guestAnswer is a line of the agent.
type guestAnswer struct {
	Return json.RawMessage
	Error  *struct{ Class, Desc string }

	delimited bool
}

func (r *guestAnswer) refusal(command string) error {
	return &GuestError{Command: command, Class: r.Error.Class, Detail: fmt.Sprintf("%.200q", r.Error.Desc)}
}

// answers reports whether r answers the synchronisation of a number.
func (r *guestAnswer) answers(id int64) bool {
	var got int64
	return r.delimited && json.Unmarshal(r.Return, &got) == nil && got == id
}

var errGuestFlood = fmt.Errorf("no answer in %d bytes", maxGuestStale)

func (a *GuestAgent) execute(ctx context.Context, command string, args, result any) error {
	return a.turn(ctx, command, func() error {
		if err := a.send(command, args); err != nil {
			return err
		}
		r, err := a.receive()
		switch {
		case err != nil:
			return err
		case r.Error != nil:
			return r.refusal(command)
		case r.Return == nil:
			return errors.New("an answer without a result")
		case result == nil:
			return nil
		}
		return json.Unmarshal(r.Return, result)
	})
}

// turn runs a command when it is its turn and the agent listens.
func (a *GuestAgent) turn(ctx context.Context, command string, run func() error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("guest agent: %s: %w", command, err)
	}
	if err := a.conn.SetDeadline(time.Time{}); err != nil {
		return fmt.Errorf("guest agent: %s: %w", command, err)
	}
	expired := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(expired)
		_ = a.conn.SetDeadline(time.Unix(1, 0)) // fails only when it is closed
	})
	var err error
	if !a.synced {
		err = a.sync()
	}
	if err == nil {
		err = run()
	}
	if !stop() {
		<-expired // so that it doesn't reach into the next turn
	}
	var refused *GuestError
	if err == nil || errors.As(err, &refused) {
		a.synced = true
		return err
	}
	a.synced = false
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return fmt.Errorf("guest agent: %s: %w", command, err)
}

// sync finds the place where the answers of this connection begin.
func (a *GuestAgent) sync() error {
	id, err := a.sendSync()
	if err != nil {
		return err
	}
	for read := 0; read < maxGuestStale; {
		line, err := a.line()
		if err != nil {
			return err
		}
		read += len(line) + 1
		// What an older session left is no concern of ours, be it JSON or not.
		if r, err := parseGuest(line); err == nil && r.answers(id) {
			return nil
		}
	}
	return errGuestFlood
}

func (a *GuestAgent) sendSync() (id int64, err error) {
	a.last++
	if _, err := a.conn.Write([]byte{delimiter}); err != nil {
		return 0, err
	}
	return a.last, a.send("guest-sync-delimited", map[string]int64{"id": a.last})
}

func (a *GuestAgent) send(command string, args any) error {
	line, err := json.Marshal(struct {
		Execute   string `json:"execute"`
		Arguments any    `json:"arguments,omitempty"`
	}{command, args})
	if err != nil {
		return err
	}
	_, err = a.conn.Write(append(line, '\n'))
	return err
}

func (a *GuestAgent) receive() (guestAnswer, error) {
	line, err := a.line()
	if err != nil {
		return guestAnswer{}, err
	}
	return parseGuest(line)
}

// line reads a line, or as much of it as an answer may be long. It is borrowed
// until the next.
func (a *GuestAgent) line() ([]byte, error) {
	line, err := a.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil // no answer is so long; the rest is none either
	}
	return line, err
}

// parseGuest reads a line: what stands behind its last delimiter.
func parseGuest(line []byte) (guestAnswer, error) {
	var r guestAnswer
	if i := bytes.LastIndexByte(line, delimiter); i >= 0 {
		line, r.delimited = line[i+1:], true
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return guestAnswer{}, fmt.Errorf("a line that is no answer: %w", err)
	}
	return r, nil
}
