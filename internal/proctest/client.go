package proctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"rayos/shell/control"
)

// Client is a program that runs in a session.
type Client struct {
	PID    int
	Name   string
	t      testing.TB
	cmd    *exec.Cmd
	out    *output
	exited chan struct{}
	status error
}

// Launch starts a program in the session, or skips the test where it is
// missing. It ends with the test.
func (s *Session) Launch(name string, args ...string) *Client {
	s.T.Helper()
	return s.LaunchFor(s.T, name, args...)
}

// LaunchFor is Launch for a test that shares the session.
func (s *Session) LaunchFor(t testing.TB, name string, args ...string) *Client {
	t.Helper()
	return s.LaunchWith(t, nil, name, args...)
}

// LaunchWith is LaunchFor with more environment.
func (s *Session) LaunchWith(t testing.TB, env []string, name string, args ...string) *Client {
	t.Helper()
	Need(t, name)
	c := &Client{Name: name, t: t, out: &output{}, exited: make(chan struct{})}
	c.cmd = exec.Command(name, args...)
	c.cmd.Env = append(s.Env(), env...)
	c.cmd.Dir = s.Dir
	c.cmd.Stdout, c.cmd.Stderr = c.out, c.out
	c.cmd.WaitDelay = time.Second // its children may keep the pipe
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.PID = c.cmd.Process.Pid
	go func() {
		c.status = c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(func() {
		c.Kill()
		if t.Failed() && c.out.String() != "" {
			t.Logf("%s wrote:\n%s", name, c.out)
		}
	})
	return c
}

// Signal sends a signal to the program.
func (c *Client) Signal(sig syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		c.t.Fatalf("signal %s: %v", c.Name, err)
	}
}

// Kill ends the program and its children with SIGKILL, also if they are stopped.
func (c *Client) Kill() {
	c.t.Helper()
	if err := syscall.Kill(-c.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		c.t.Fatalf("kill %s: %v", c.Name, err)
	}
	<-c.exited
}

// Running reports whether the program has not ended.
func (c *Client) Running() bool {
	select {
	case <-c.exited:
		return false
	default:
		return true
	}
}

// Wait waits until the program ends and returns its output, which must not
// have been a failure.
func (c *Client) Wait() string {
	c.t.Helper()
	select {
	case <-c.exited:
	case <-time.After(Patience):
		c.t.Fatalf("%s did not end within %v", c.Name, Patience)
	}
	if c.status != nil && !errors.Is(c.status, exec.ErrWaitDelay) {
		c.t.Fatalf("%s: %v\n%s", c.Name, c.status, c.out)
	}
	return c.out.String()
}

// Output is what the program has written so far.
func (c *Client) Output() string { return c.out.String() }

// Said waits until the program has written a text.
func (c *Client) Said(s *Session, text string) {
	c.t.Helper()
	s.Until(c.Name+" says "+text, func() bool {
		if strings.Contains(c.out.String(), text) {
			return true
		}
		if !c.Running() && !strings.Contains(c.out.String(), text) {
			c.t.Fatalf("%s ended without saying %q: %v\n%s", c.Name, text, c.status, c.out)
		}
		return false
	})
}

// Ends waits until the program has ended well, and all of its children with it.
func (c *Client) Ends(s *Session) {
	c.t.Helper()
	c.Wait()
	c.Ended(s)
}

// Ended is Ends for a program that need not say that all went well.
func (c *Client) Ended(s *Session) {
	c.t.Helper()
	select {
	case <-c.exited:
	case <-time.After(Patience):
		c.t.Fatalf("%s did not end within %v", c.Name, Patience)
	}
	s.Until("no child of "+c.Name+" is left", func() bool {
		return errors.Is(syscall.Kill(-c.PID, 0), syscall.ESRCH)
	})
}

// Close asks the window to close, as its button does, and waits until the
// program has ended well.
func (c *Client) Close(s *Session, window uint32) {
	c.t.Helper()
	s.Call("close", Args{"window": window})
	c.Ends(s)
}

// Run runs a program in the session to its end and returns what it printed.
func (s *Session) Run(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	Need(t, name)
	out, err := s.Attempt(name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Rayctl runs rayctl in the session and returns what it printed.
func (s *Session) Rayctl(args ...string) []byte {
	s.T.Helper()
	return s.Run(s.T, Binary("rayctl"), args...)
}

// Attempt is Run for a program that may fail.
func (s *Session) Attempt(name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = s.Env()
	var complaints output
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%v: %w\n%s%s", cmd.Args, err, out, &complaints)
	}
	return out, err
}

// Window waits until a program has a window on the screen.
func (s *Session) Window(c *Client) control.Window {
	c.t.Helper()
	var found *control.Window
	s.Until("a window of "+c.Name, func() bool {
		if !c.Running() {
			c.t.Fatalf("%s ended without a window: %v\n%s", c.Name, c.status, c.out)
		}
		for _, w := range s.Windows() {
			if w.PID == int32(c.PID) && w.FrameSeq > 0 {
				found = &w
			}
		}
		return found != nil
	})
	return *found
}
