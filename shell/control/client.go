package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// ErrNoSession is returned when there is no session to talk to.
var ErrNoSession = errors.New("no session is running; start one with: rayos-session --headless")

// ErrEnded is returned when the session ends the connection before it answers.
var ErrEnded = errors.New("the session has ended the connection")

// Client is a connection to a session. Calls of several goroutines go one
// after the other.
type Client struct {
	// Progress is told what a command is busy with, while Call waits. It may be
	// nil.
	Progress func(text string)

	mu   sync.Mutex
	nc   net.Conn
	r    *bufio.Reader
	last int64
}

// Dial connects to a control socket.
func Dial(path string) (*Client, error) {
	nc, err := net.Dial("unix", path)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrNoSession, err)
	}
	return &Client{nc: nc, r: bufio.NewReader(nc)}, nil
}

// Close ends the connection; effects under way are given up.
func (c *Client) Close() error { return c.nc.Close() }

// Call runs a command and decodes its result into result, if that is not
// nil. Values of args are in the forms that Arg.Parse or JSON have. A refusal
// is an *Error.
func (c *Client) Call(ctx context.Context, cmd string, args map[string]any, result any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	line, err := json.Marshal(struct {
		ID   int64          `json:"id"`
		Cmd  string         `json:"cmd"`
		Args map[string]any `json:"args,omitempty"`
	}{c.last, cmd, args})
	if err != nil {
		return fmt.Errorf("encode %s: %w", cmd, err)
	}
	if len(line) >= maxRequest {
		return Errorf(CodeBadArgs, "%s: the request is longer than %d bytes", cmd, maxRequest)
	}
	stop := c.watch(ctx)
	defer stop()
	if _, err := c.nc.Write(append(line, '\n')); err != nil {
		return c.broken(ctx, cmd, err)
	}
	for {
		reply, err := c.r.ReadBytes('\n')
		if err != nil {
			return c.broken(ctx, cmd, err)
		}
		var r Response
		if err := json.Unmarshal(reply, &r); err != nil {
			return fmt.Errorf("%s: bad answer: %w", cmd, err)
		}
		if r.ID != c.last && (r.ID != 0 || r.OK) {
			continue // of a call that was given up
		}
		if r.Progress != "" {
			if c.Progress != nil {
				c.Progress(r.Progress)
			}
			continue
		}
		if !r.OK {
			if r.Error == nil {
				return fmt.Errorf("%s: bad answer", cmd)
			}
			return r.Error
		}
		if result == nil || len(r.Result) == 0 {
			return nil
		}
		if err := json.Unmarshal(r.Result, result); err != nil {
			return fmt.Errorf("%s: bad result: %w", cmd, err)
		}
		return nil
	}
}

// watch makes I/O fail when ctx ends.
func (c *Client) watch(ctx context.Context) (stop func()) {
	end := context.AfterFunc(ctx, func() {
		// A connection that is closed already needs no deadline.
		_ = c.nc.SetDeadline(time.Unix(1, 0))
	})
	return func() { end() }
}

func (c *Client) broken(ctx context.Context, cmd string, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return Errorf(CodeTimeout, "%s: the session does not answer", cmd)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s: %w", cmd, ErrEnded)
	}
	return fmt.Errorf("%s: %w", cmd, err)
}

// WaitClosed waits until the session ends the connection, as after quit.
func (c *Client) WaitClosed(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	stop := c.watch(ctx)
	defer stop()
	if _, err := io.Copy(io.Discard, c.r); err != nil {
		return c.broken(ctx, "quit", err)
	}
	return nil
}

// FindSocket returns the control socket of the session that is meant:
// RAYOS_SOCKET, else that of WAYLAND_DISPLAY, else the only one there is in
// XDG_RUNTIME_DIR.
func FindSocket(getenv func(string) string) (string, error) {
	if path := getenv("RAYOS_SOCKET"); path != "" {
		return path, nil
	}
	dir := getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return "", fmt.Errorf("%w (XDG_RUNTIME_DIR and RAYOS_SOCKET are not set)", ErrNoSession)
	}
	if display := getenv("WAYLAND_DISPLAY"); display != "" {
		path := SocketPath(dir, display)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	all, err := filepath.Glob(filepath.Join(dir, "rayos-*.sock"))
	if err != nil {
		return "", fmt.Errorf("find session: %w", err)
	}
	var found []string
	for _, path := range all {
		if alive(path) {
			found = append(found, path)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("%w (none in %s)", ErrNoSession, dir)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%d sessions are running; choose one with RAYOS_SOCKET:\n  %s", len(found), strings.Join(found, "\n  "))
}
