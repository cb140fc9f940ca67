package bench

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"
)

// machineSocket is a connection with the process that runs a machine: a line of
// JSON for each request, answer and event.
type machineSocket struct {
	conn net.Conn
	r    *bufio.Reader
	next uint64
}

// machineEvent is a line that nobody asked for.
type machineEvent struct {
	Event  string `json:"event"`
	State  string `json:"state"`
	What   string `json:"what"`
	Detail string `json:"detail"`
}

// machineFrames count a machine's pictures since its process has begun.
type machineFrames struct {
	Received uint64  `json:"received"`
	Shown    uint64  `json:"shown"`
	Dropped  uint64  `json:"dropped"`
	Drawn    uint64  `json:"drawn_bytes"`
	Copied   uint64  `json:"copied_bytes"`
	Followed float64 `json:"followed_ms"` // the last change of size, from asking the guest to its picture
}

// machineState is what it says of itself.
type machineState struct {
	State  string `json:"state"`
	Size   struct{ W, H int32 }
	Frames machineFrames `json:"frames"`
}

func dialMachine(path string) (*machineSocket, error) {
	conn, err := connectAs(nobody, func(path string) (net.Conn, error) { return net.Dial("unix", path) }, path)
	if err != nil {
		return nil, fmt.Errorf("machine's socket: %w", err)
	}
	return &machineSocket{conn: conn, r: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// call asks for something and skips the events before the answer.
func (m *machineSocket) call(op string, args map[string]any) (machineState, error) {
	m.next++
	request := map[string]any{"id": m.next, "op": op}
	for k, v := range args {
		request[k] = v
	}
	line, err := json.Marshal(request)
	if err != nil {
		return machineState{}, err
	}
	if err := m.conn.SetDeadline(time.Now().Add(bootLimit)); err != nil {
		return machineState{}, err
	}
	if _, err := m.conn.Write(append(line, '\n')); err != nil {
		return machineState{}, fmt.Errorf("machine %s: %w", op, err)
	}
	for {
		line, err := m.r.ReadBytes('\n')
		if err != nil {
			return machineState{}, fmt.Errorf("machine %s: %w", op, err)
		}
		var a struct {
			ID     uint64       `json:"id"`
			OK     bool         `json:"ok"`
			Error  string       `json:"error"`
			Detail string       `json:"detail"`
			Status machineState `json:"status"`
		}
		if err := json.Unmarshal(line, &a); err != nil {
			return machineState{}, fmt.Errorf("machine %s: %w", op, err)
		}
		switch {
		case a.ID != m.next:
		case !a.OK:
			return machineState{}, fmt.Errorf("machine %s: %s: %s", op, a.Error, a.Detail)
		default:
			return a.Status, nil
		}
	}
}

func (m *machineSocket) state() (machineState, error) { return m.call("status", nil) }

// typed types a line into the guest.
func (m *machineSocket) typed(line string) error {
	_, err := m.call("type", map[string]any{"text": line + "\n"})
	return err
}

// await reads until an event is as is says.
func (m *machineSocket) await(within time.Duration, is func(*machineEvent) bool) error {
	if err := m.conn.SetDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	for {
		line, err := m.r.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("wait for the machine: %w", err)
		}
		var e machineEvent
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("event of the machine: %w", err)
		}
		if is(&e) {
			return nil
		}
		if e.Event == "state" && (e.State == "failed" || e.State == "stopped") {
			return errors.New("the machine has ended: " + string(line))
		}
	}
}
