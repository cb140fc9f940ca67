package control

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Limits of what clients can hold.
const (
	maxClients  = 32
	maxInFlight = 16 // requests of one client
	maxNotes    = 16 // lines of progress that one client has not read
	writeLimit  = 5 * time.Second
)

// Poster runs functions on the session's goroutine, in order.
// *loop.Loop is one.
type Poster interface{ Post(fn func()) }

// Server serves the control socket of one session.
type Server struct {
	path    string
	ln      *net.UnixListener
	loop    Poster
	session Session

	// writeLimit is how long a client may take to read an answer.
	writeLimit time.Duration

	mu     sync.Mutex
	closed bool
	conns  map[*conn]struct{}
	wg     sync.WaitGroup
	done   chan struct{}
}

// Listen makes the socket at path and serves it until Close. A socket that a
// dead session has left there is replaced; a living one is an error.
func Listen(path string, loop Poster, s Session) (*Server, error) {
	if err := removeStale(path); err != nil {
		return nil, err
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), ln.Close())
	}
	srv := &Server{
		path: path, ln: ln, loop: loop, session: s, writeLimit: writeLimit,
		conns: map[*conn]struct{}{}, done: make(chan struct{}),
	}
	srv.wg.Go(srv.accept)
	return srv, nil
}

// removeStale removes a socket that nobody listens on.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("control socket: %w", err)
	case info.Mode()&os.ModeSocket == 0:
		return fmt.Errorf("control socket: %s exists and is not a socket; move it away", path)
	}
	if alive(path) {
		return fmt.Errorf("control socket: another session listens on %s; end it or choose another socket name", path)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("control socket: %w", err)
	}
	return nil
}

// alive reports whether anybody listens on a socket.
func alive(path string) bool {
	c, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return !errors.Is(err, unix.ECONNREFUSED) && !errors.Is(err, os.ErrNotExist)
	}
	_ = c.Close() // nothing was said on it
	return true
}

// Path returns where the socket is.
func (srv *Server) Path() string { return srv.path }

// Close stops serving, removes the socket and waits until answers that are
// ready have been read, for at most a second. It is called on the loop
// goroutine or when the loop has stopped.
func (srv *Server) Close() error {
	srv.mu.Lock()
	if srv.closed {
		srv.mu.Unlock()
		return nil
	}
	srv.closed = true
	conns := make([]*conn, 0, len(srv.conns))
	for c := range srv.conns {
		conns = append(conns, c)
	}
	srv.mu.Unlock()
	close(srv.done)
	err := srv.ln.Close() // removes the socket file too
	for _, c := range conns {
		c.shutdown()
	}
	srv.wg.Wait()
	return err
}

func (srv *Server) accept() {
	for {
		nc, err := srv.ln.AcceptUnix()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			log.Printf("control: accept: %v", err)
			select { // out of descriptors: give some time to come back
			case <-srv.done:
				return
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		if err := sameUser(nc); err != nil {
			log.Printf("control: %v", errors.Join(err, nc.Close()))
			continue
		}
		srv.serve(nc)
	}
}

// sameUser checks the peer's credentials.
func sameUser(nc *net.UnixConn) error {
	raw, err := nc.SyscallConn()
	if err != nil {
		return err
	}
	var cred *unix.Ucred
	var credErr error
	if err := raw.Control(func(fd uintptr) {
		cred, credErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	}); err != nil {
		return err
	}
	if credErr != nil {
		return fmt.Errorf("peer credentials: %w", credErr)
	}
	if int(cred.Uid) != os.Getuid() {
		return fmt.Errorf("refused pid %d of user %d", cred.Pid, cred.Uid)
	}
	return nil
}

func (srv *Server) serve(nc *net.UnixConn) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &conn{
		srv: srv, nc: nc, out: make(chan answer, maxInFlight+maxNotes+1), slots: make(chan struct{}, maxInFlight),
		ctx: ctx, cancel: cancel, calls: map[*call]struct{}{},
	}
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.closed || len(srv.conns) >= maxClients {
		cancel()
		if err := nc.Close(); err != nil {
			log.Printf("control: %v", err)
		}
		return
	}
	srv.conns[c] = struct{}{}
	srv.wg.Go(c.write)
	srv.wg.Go(c.read)
}

func (srv *Server) forget(c *conn) {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	delete(srv.conns, c)
}

// SocketPath returns the control socket of the session that shows display (a
// Wayland socket name or path), in the runtime directory dir.
func SocketPath(dir, display string) string {
	return filepath.Join(dir, "rayos-"+filepath.Base(display)+".sock")
}
