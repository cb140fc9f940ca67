package qemu

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// maxReply is the longest line that a monitor may send. The longest honest
// ones are schemas and block graphs, below 1 MiB.
const maxReply = 4 << 20

// Monitor is a connection to QEMU's monitor (QEMU Machine Protocol,
// docs/interop/qmp-spec). A command that gets no answer fails at its
// context's deadline and disturbs no other.
type Monitor struct {
	// Version is QEMU's, as in its greeting: "7.2.22".
	Version string

	conn    *net.UnixConn
	onEvent func(MonitorEvent)
	done    chan struct{} // closed when the reader has ended

	write sync.Mutex // held while a command is written

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]chan reply
	err     error // why the connection ended
}

// MonitorEvent is something that QEMU tells unasked: "SHUTDOWN", "RESET",
// "STOP", "VSERPORT_CHANGE".
type MonitorEvent struct {
	Name string
	Data json.RawMessage
}

// CommandError is QEMU's refusal of a command.
type CommandError struct {
	Command string
	Class   string // "GenericError", "CommandNotFound", "DeviceNotFound"
	Detail  string
}

func (e *CommandError) Error() string { return fmt.Sprintf("qemu %s: %s", e.Command, e.Detail) }

// message is any line of the protocol.
type message struct {
	QMP *struct {
		Version struct {
			QEMU struct{ Major, Minor, Micro int }
		}
	}
	ID     *uint64
	Return json.RawMessage
	Error  *struct{ Class, Desc string }
	Event  string
	Data   json.RawMessage
}

type reply struct {
	result json.RawMessage
	err    *CommandError
}

// DialMonitor connects to the monitor socket at path and readies it for
// commands. onEvent may be nil.
func DialMonitor(ctx context.Context, path string, onEvent func(MonitorEvent)) (*Monitor, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("qemu monitor: %w", err)
	}
	m := &Monitor{conn: conn.(*net.UnixConn), onEvent: onEvent, done: make(chan struct{}), waiting: map[uint64]chan reply{}}
	in := bufio.NewReaderSize(conn, 64<<10)
	stop := context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })
	greeting, err := readMessage(in)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	switch {
	case err != nil:
	case greeting.QMP == nil:
		err = errors.New("no greeting; this is no QMP socket")
	default:
		v := greeting.QMP.Version.QEMU
		m.Version = fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Micro)
		go m.read(in)
		err = m.Execute(ctx, "qmp_capabilities", nil, nil)
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("qemu monitor %s: %w", path, err)
	}
	return m, nil
}

// Close ends the connection. QEMU runs on.
func (m *Monitor) Close() error {
	err := m.conn.Close()
	<-m.done
	return err
}

// Done is closed when the connection has ended, by whichever side.
func (m *Monitor) Done() <-chan struct{} { return m.done }

// Execute runs a command and decodes what it returns into result, unless that
// is nil.
func (m *Monitor) Execute(ctx context.Context, command string, args, result any) error {
	return m.execute(ctx, command, args, nil, result)
}

// SendFile gives QEMU a descriptor under a name (getfd). The caller keeps
// its own.
func (m *Monitor) SendFile(ctx context.Context, name string, f *os.File) error {
	return m.execute(ctx, "getfd", map[string]string{"fdname": name}, f, nil)
}

// AddFile gives QEMU a descriptor that it opens by the path that is returned
// (add-fd), as what f was opened for: reading, or writing. The caller keeps its
// own, and the set is gone when QEMU has closed what it opened and RemoveFile
// was called.
func (m *Monitor) AddFile(ctx context.Context, set int, f *os.File) (path string, err error) {
	return fmt.Sprintf("/dev/fdset/%d", set), m.execute(ctx, "add-fd", map[string]int{"fdset-id": set}, f, nil)
}

// RemoveFile takes a descriptor back.
func (m *Monitor) RemoveFile(ctx context.Context, set int) error {
	return m.execute(ctx, "remove-fd", map[string]int{"fdset-id": set}, nil, nil)
}

func (m *Monitor) execute(ctx context.Context, command string, args any, f *os.File, result any) error {
	m.mu.Lock()
	if m.err != nil {
		defer m.mu.Unlock()
		return m.err
	}
	m.next++
	id, answer := m.next, make(chan reply, 1)
	m.waiting[id] = answer
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		delete(m.waiting, id)
		m.mu.Unlock()
	}()

	line, err := json.Marshal(struct {
		Execute   string `json:"execute"`
		ID        uint64 `json:"id"`
		Arguments any    `json:"arguments,omitempty"`
	}{command, id, args})
	if err != nil {
		return fmt.Errorf("qemu %s: %w", command, err)
	}
	if err := m.send(ctx, append(line, '\n'), f); err != nil {
		return fmt.Errorf("qemu %s: %w", command, err)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("qemu %s: no answer: %w", command, ctx.Err())
	case <-m.done:
		select {
		case r := <-answer: // it came just before the end
			return r.decode(command, result)
		default:
			return fmt.Errorf("qemu %s: %w", command, m.err)
		}
	case r := <-answer:
		return r.decode(command, result)
	}
}

func (r *reply) decode(command string, result any) error {
	if r.err != nil {
		r.err.Command = command
		return r.err
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(r.result, result); err != nil {
		return fmt.Errorf("qemu %s: %w", command, err)
	}
	return nil
}

// send writes a line, with a descriptor beside its first byte.
func (m *Monitor) send(ctx context.Context, line []byte, f *os.File) error {
	m.write.Lock()
	defer m.write.Unlock()
	// A monitor that doesn't read must not hold its caller for ever.
	if deadline, ok := ctx.Deadline(); ok {
		m.conn.SetWriteDeadline(deadline)
	} else {
		m.conn.SetWriteDeadline(time.Time{})
	}
	if f == nil {
		_, err := m.conn.Write(line)
		return err
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var n int
	var sendErr error
	err = raw.Control(func(fd uintptr) {
		n, _, sendErr = m.conn.WriteMsgUnix(line, unix.UnixRights(int(fd)), nil)
	})
	if err := errors.Join(err, sendErr); err != nil {
		return err
	}
	if n < len(line) {
		_, err = m.conn.Write(line[n:])
	}
	return err
}

func (m *Monitor) read(in *bufio.Reader) {
	var err error
	for {
		var msg *message
		if msg, err = readMessage(in); err != nil {
			break
		}
		switch {
		case msg.Event != "":
			if m.onEvent != nil {
				m.onEvent(MonitorEvent{msg.Event, msg.Data})
			}
		case msg.ID != nil:
			r := reply{result: msg.Return}
			if msg.Error != nil {
				r.err = &CommandError{Class: msg.Error.Class, Detail: msg.Error.Desc}
			}
			m.mu.Lock()
			if answer := m.waiting[*msg.ID]; answer != nil {
				delete(m.waiting, *msg.ID)
				answer <- r
			}
			m.mu.Unlock()
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		err = errors.New("the monitor has closed")
	}
	m.mu.Lock()
	m.err = err
	m.mu.Unlock()
	m.conn.Close()
	close(m.done)
}

// readMessage reads one line, of at most maxReply bytes.
func readMessage(in *bufio.Reader) (*message, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxReply {
			return nil, fmt.Errorf("a line of more than %d bytes", maxReply)
		}
		if err == nil && line == nil {
			line = part
			break
		}
		line = append(line, part...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
	var msg message
	if err := json.Unmarshal(line, &msg); err != nil {
		return nil, fmt.Errorf("a line that is no QMP: %w", err)
	}
	return &msg, nil
}
