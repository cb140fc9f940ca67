package session

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"

	"rayos/shell/control"
)

// agents are programs that speak the Model Context Protocol with the session.
// They connect to a socket of the person's own; each is served by a process,
// rayos-mcp, that gets the connection and speaks to the control socket.
type agents struct {
	s    *Session
	ln   *net.UnixListener // nil while there are none
	mu   sync.Mutex
	conn map[*net.UnixConn]*exec.Cmd
}

// mcpProgram serves agents. It lies beside the session.
const mcpProgram = "rayos-mcp"

// maxAgents is how many are served at once.
const maxAgents = 8

// set lets agents in, or not, as the setting privacy.agents says. Those that
// are connected go when it is off or another one.
func (a *agents) set(allow string) error {
	a.close()
	if a.s.opt.Runtime == "" || a.s.socket == "" || allow == "off" {
		return nil
	}
	path := filepath.Join(a.s.opt.Runtime, "rayos-"+a.s.socket+".mcp")
	// The control socket beside it is held by this session alone: what is left
	// under the name is nobody's.
	if st, err := os.Lstat(path); err == nil && st.Mode().Type() == os.ModeSocket {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("agents: %w", err)
		}
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return fmt.Errorf("agents: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(fmt.Errorf("agents: %w", err), ln.Close())
	}
	args := []string{"--socket", control.SocketPath(a.s.opt.Runtime, a.s.socket)}
	if allow == "act" {
		args = append(args, "--act")
	}
	a.mu.Lock()
	a.ln = ln
	a.mu.Unlock()
	go a.accept(ln, args)
	return nil
}

// accept serves who comes until the listener is closed.
func (a *agents) accept(ln *net.UnixListener, args []string) {
	for {
		c, err := ln.AcceptUnix()
		if err != nil {
			return
		}
		if err := a.serve(ln, c, args); err != nil {
			_ = c.Close() // whoever it is sees why in the log
			a.s.loop.Post(func() { a.s.log.Warn("agent", "err", err) })
		}
	}
}

// serve hands a connection to a process.
func (a *agents) serve(ln *net.UnixListener, c *net.UnixConn, args []string) error {
	if err := sameUser(c); err != nil {
		return err
	}
	f, err := c.File()
	if err != nil {
		return err
	}
	defer f.Close()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ln != ln {
		return net.ErrClosed
	}
	if len(a.conn) >= maxAgents {
		return fmt.Errorf("%d are served already", maxAgents)
	}
	cmd := exec.Command(mcpProgram, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = f, f, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	if a.conn == nil {
		a.conn = map[*net.UnixConn]*exec.Cmd{}
	}
	a.conn[c] = cmd
	go func() {
		_ = cmd.Wait() // it has said why itself
		_ = c.Close()  // nobody reads it any more
		a.mu.Lock()
		delete(a.conn, c)
		a.mu.Unlock()
	}()
	return nil
}

// sameUser refuses connections of others.
func sameUser(c *net.UnixConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var cred *unix.Ucred
	var credErr error
	if err := raw.Control(func(fd uintptr) { cred, credErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil {
		return err
	}
	if credErr != nil {
		return credErr
	}
	if int(cred.Uid) != os.Getuid() {
		return fmt.Errorf("user %d has no business here", cred.Uid)
	}
	return nil
}

// close lets nobody in any more and ends those that are served.
func (a *agents) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ln != nil {
		_ = a.ln.Close() // removes the socket, too
		a.ln = nil
	}
	for c, cmd := range a.conn {
		_ = c.CloseRead() // ends its input
		_ = cmd.Process.Signal(unix.SIGTERM)
	}
}
