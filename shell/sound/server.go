package sound

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	version = 13
	// norm is the volume that the output was made for.
	norm = 0x10000
	// defaultSink is what servers call the output that the person has chosen.
	defaultSink = "@DEFAULT_SINK@"
	// subscribed is what events are wished about: outputs, and the server, which
	// has the default one.
	subscribed = 0x01 | 0x80
	cookieSize = 256
	// patience is how long a server may take to answer.
	patience = 5 * time.Second
	maxOps   = 16 // changes that wait
)

// Most is the loudest that Change makes: what is beyond 1 is amplified.
const Most = 1.5

var (
	// ErrNone says that there is no sound server.
	ErrNone = errors.New("there is no sound server")
	// ErrBusy says that it is too slow for what is asked of it.
	ErrBusy = errors.New("the sound server is busy")
)

// State is what the default output is set to.
type State struct {
	Level float64 // of the loudest channel, 0 to 1, more if it is amplified
	Muted bool
}

// Change is what shall become of the default output. The zero value changes
// nothing.
type Change struct {
	Set    *float64 // the level
	By     float64  // added to the level, which ends at 1 on its way up
	Toggle bool     // muted, or no longer
	Mute   *bool
}

// Address returns the path of the socket of the person's sound server, "" if the
// environment says nothing of one on this machine.
func Address() string {
	for _, s := range strings.Fields(os.Getenv("PULSE_SERVER")) {
		if path := strings.TrimPrefix(s, "unix:"); filepath.IsAbs(path) {
			return path
		}
	}
	if os.Getenv("PULSE_SERVER") != "" {
		return ""
	}
	if dir := os.Getenv("PULSE_RUNTIME_PATH"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "native")
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "pulse", "native")
	}
	return ""
}

// Server is a connection to a sound server. Its methods may be called on any
// goroutine; none waits.
type Server struct {
	conn    net.Conn
	changed func(State)
	ops     chan op
	dirty   chan struct{}
	done    chan struct{}

	mu    sync.Mutex
	tag   uint32
	waits map[uint32]chan answer
	err   error // why it has ended
	// resting is set when nobody carries out changes any more.
	resting bool
}

type op struct {
	change Change
	done   func(State, error)
}

type answer struct {
	body []byte
	err  error
}

// Connect speaks to the server at a socket; it takes as long as the server does.
// changed is called on any goroutine with the state now and whenever it is another.
// ended, which may be nil, is called when the connection is no more.
func Connect(path string, changed func(State), ended func(error)) (*Server, error) {
	if path == "" {
		return nil, ErrNone
	}
	conn, err := dial(path)
	if err != nil {
		return nil, err
	}
	s := &Server{
		conn: conn, changed: changed, ops: make(chan op, maxOps), dirty: make(chan struct{}, 1),
		done: make(chan struct{}), waits: map[uint32]chan answer{},
	}
	go s.read()
	st, err := s.greet()
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	changed(st)
	go s.work(st, ended)
	return s, nil
}

// dial connects to the socket. One that has just been made refuses until its
// server listens, of which nothing tells, so it is tried a few times.
func dial(path string) (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause *= 2 {
		conn, err := net.DialTimeout("unix", path, patience)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil, ErrNone
		case errors.Is(err, unix.ECONNREFUSED) && pause < time.Second:
			time.Sleep(pause)
		default:
			return conn, err
		}
	}
}

// Close ends the connection.
func (s *Server) Close() error { return s.conn.Close() }

// Change changes the default output. done, which may be nil, is called on any
// goroutine with the state that came of it.
func (s *Server) Change(c Change, done func(State, error)) {
	if done == nil {
		done = func(State, error) {}
	}
	if err := s.enqueue(op{c, done}); err != nil {
		done(State{}, err)
	}
}

func (s *Server) enqueue(o op) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resting {
		return ErrNone
	}
	select {
	case s.ops <- o:
		return nil
	default:
		return ErrBusy
	}
}

// greet says who we are and what we want to hear.
func (s *Server) greet() (State, error) {
	if _, err := s.ask(cmdAuth, func(w *writer) {
		w.u32(version)
		w.bytes(cookie())
	}); err != nil {
		return State{}, fmt.Errorf("sound server: %w", err)
	}
	if _, err := s.ask(cmdSetClientName, func(w *writer) { w.properties("application.name", "RayOS") }); err != nil {
		return State{}, fmt.Errorf("sound server: %w", err)
	}
	if _, err := s.ask(cmdSubscribe, func(w *writer) { w.u32(subscribed) }); err != nil {
		return State{}, fmt.Errorf("sound server: %w", err)
	}
	k, err := s.sink()
	return k.state(), err
}

// cookie proves to servers that want it that we are the same person.
func cookie() []byte {
	paths := []string{os.Getenv("PULSE_COOKIE")}
	if dir, err := os.UserConfigDir(); err == nil {
		paths = append(paths, filepath.Join(dir, "pulse", "cookie"))
	}
	for _, p := range paths {
		if b, err := os.ReadFile(p); err == nil && len(b) == cookieSize {
			return b
		}
	}
	return make([]byte, cookieSize) // a server on the same machine knows us by our user id
}

// work carries out changes and follows those of others until the connection
// ends.
func (s *Server) work(last State, ended func(error)) {
	for {
		select {
		case <-s.done:
			s.drain()
			if ended != nil {
				ended(s.why())
			}
			return
		case o := <-s.ops:
			st, err := s.carry(o.change)
			if err == nil && st != last {
				last = st
				s.changed(st)
			}
			o.done(st, err)
		case <-s.dirty:
			if k, err := s.sink(); err == nil && k.state() != last {
				last = k.state()
				s.changed(last)
			}
		}
	}
}

// drain answers what will not be done any more.
func (s *Server) drain() {
	s.mu.Lock()
	s.resting = true
	s.mu.Unlock()
	for {
		select {
		case o := <-s.ops:
			o.done(State{}, ErrNone)
		default:
			return
		}
	}
}

// carry carries out a change.
func (s *Server) carry(c Change) (State, error) {
	k, err := s.sink()
	if err != nil {
		return State{}, err
	}
	if to, ok := c.level(k.state().Level); ok {
		k.scale(to)
		if _, err := s.ask(cmdSetSinkVolume, func(w *writer) {
			w.u32(invalid)
			w.str(defaultSink)
			w.volumes(k.volumes)
		}); err != nil {
			return State{}, err
		}
	}
	if muted := c.muted(k.muted); muted != k.muted {
		if _, err := s.ask(cmdSetSinkMute, func(w *writer) {
			w.u32(invalid)
			w.str(defaultSink)
			w.bool(muted)
		}); err != nil {
			return State{}, err
		}
		k.muted = muted
	}
	return k.state(), nil
}

// level returns the level after a change, and whether it sets one.
func (c *Change) level(now float64) (float64, bool) {
	switch {
	case c.Set != nil:
		return min(max(*c.Set, 0), Most), true
	case c.By > 0:
		return max(min(now+c.By, 1), now), true // beyond 1 only by Set
	case c.By < 0:
		return max(now+c.By, 0), true
	}
	return now, false
}

// muted tells whether it is, after a change. Who makes it louder wants to hear it.
func (c *Change) muted(now bool) bool {
	switch {
	case c.Mute != nil:
		return *c.Mute
	case c.Toggle:
		return !now
	case c.By > 0:
		return false
	}
	return now
}

func (k *sink) state() State {
	loudest := uint32(0)
	for _, v := range k.volumes {
		loudest = max(loudest, v)
	}
	return State{float64(loudest) / norm, k.muted}
}

// scale makes the loudest channel a level; the others keep their part of it.
func (k *sink) scale(to float64) {
	loudest := k.state().Level * norm
	for i, v := range k.volumes {
		part := 1.0
		if loudest > 0 {
			part = float64(v) / loudest
		}
		k.volumes[i] = uint32(to*norm*part + 0.5)
	}
}

func (s *Server) sink() (sink, error) {
	b, err := s.ask(cmdGetSinkInfo, func(w *writer) {
		w.u32(invalid)
		w.str(defaultSink)
	})
	if err != nil {
		return sink{}, err
	}
	return parseSink(b)
}

// ask sends a command and waits for the answer.
func (s *Server) ask(command uint32, args func(*writer)) ([]byte, error) {
	got := make(chan answer, 1)
	s.mu.Lock()
	s.tag++
	tag := s.tag
	s.waits[tag] = got
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.waits, tag)
		s.mu.Unlock()
	}()
	w := newWriter(command, tag)
	args(w)
	if err := s.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := s.conn.Write(w.packet()); err != nil {
		return nil, err
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case a := <-got:
		return a.body, a.err
	case <-s.done:
		return nil, s.why()
	case <-late.C:
		_ = s.conn.Close() // it is stuck; read sees the end
		return nil, fmt.Errorf("the sound server doesn't answer within %v", patience)
	}
}

func (s *Server) why() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// read takes what the server sends until it ends.
func (s *Server) read() {
	var err error
	for err == nil {
		var p []byte
		if p, err = readPacket(s.conn); err == nil {
			err = s.take(p)
		}
	}
	_ = s.conn.Close() // after nonsense it is still open
	s.mu.Lock()
	s.err = err
	s.mu.Unlock()
	close(s.done)
}

// take takes a packet.
func (s *Server) take(p []byte) error {
	r := reader{b: p}
	command, tag := r.u32(), r.u32()
	if r.bad {
		return errPacket
	}
	switch command {
	case cmdReply, cmdError:
		a := answer{body: r.b}
		if command == cmdError {
			a = answer{err: fmt.Errorf("the sound server refuses: error %d", r.u32())}
		}
		s.mu.Lock()
		got := s.waits[tag]
		delete(s.waits, tag)
		s.mu.Unlock()
		if got != nil {
			got <- a
		}
	case cmdEvent:
		select {
		case s.dirty <- struct{}{}:
		default: // it will be looked at anyway
		}
	}
	return nil
}
