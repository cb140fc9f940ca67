package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"rayos/internal/bench/rawclient"
)

// control is RayOS's own command socket: a line of JSON for each request and
// answer. Peers have none.
type control struct {
	conn net.Conn
	r    *bufio.Reader
}

// dialControl connects, as the user that the session runs as.
func (s *Session) dialControl() (*control, error) {
	path := filepath.Join(filepath.Dir(s.Socket), "rayos-"+filepath.Base(s.Socket)+".sock")
	conn, err := connectAs(nobody, func(path string) (net.Conn, error) { return net.Dial("unix", path) }, path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	return &control{conn, bufio.NewReader(conn)}, nil
}

// call runs a command and decodes its result, if one is wanted.
func (c *control) call(cmd string, args map[string]any, result any) error {
	return c.callWithin(rawclient.Timeout, cmd, args, result)
}

// callWithin is call for commands that take their time.
func (c *control) callWithin(limit time.Duration, cmd string, args map[string]any, result any) error {
	if err := c.send(limit, cmd, args); err != nil {
		return err
	}
	return c.answer(cmd, args, result)
}

// send begins a command, which has as long until its answer.
func (c *control) send(limit time.Duration, cmd string, args map[string]any) error {
	request, err := json.Marshal(map[string]any{"id": 1, "cmd": cmd, "args": args})
	if err != nil {
		return fmt.Errorf("encode %s: %w", cmd, err)
	}
	if err := c.conn.SetDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	if _, err := c.conn.Write(append(request, '\n')); err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	return nil
}

// answer ends it. Notes of how far it has come are skipped.
func (c *control) answer(cmd string, args map[string]any, result any) error {
	var answer struct {
		OK       bool            `json:"ok"`
		Error    json.RawMessage `json:"error"`
		Result   json.RawMessage `json:"result"`
		Progress string          `json:"progress"`
	}
	for {
		line, err := c.r.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("%s: %w", cmd, err)
		}
		answer.Progress = ""
		if err := json.Unmarshal(line, &answer); err != nil {
			return fmt.Errorf("%s: %w", cmd, err)
		}
		if answer.Progress == "" {
			break
		}
	}
	if !answer.OK {
		return fmt.Errorf("%s %v: %s", cmd, args, answer.Error)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Result, result)
}

func (c *control) close() error {
	if c == nil {
		return nil
	}
	return c.conn.Close()
}
