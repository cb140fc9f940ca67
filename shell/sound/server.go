package sound

import (
	"errors"
	"fmt"
	"sync"

	"rayos/internal/pulse"
)

const (
	// defaultSink is what servers call the output that the person has chosen.
	defaultSink = "@DEFAULT_SINK@"
	// defaultSource is the same of the input.
	defaultSource = "@DEFAULT_SOURCE@"
	// subscribed is what events are wished about: outputs, inputs, and the server,
	// which has the default ones.
	subscribed = 0x01 | 0x02 | 0x80
	maxOps     = 16 // changes that wait
)

// Most is the loudest that Change makes: what is beyond 1 is amplified.
const Most = 1.5

// ErrBusy says that the server is too slow for what is asked of it.
var ErrBusy = errors.New("the sound server is busy")

// State is what the default output and input are set to.
type State struct {
	Level float64 // of the loudest channel, 0 to 1, more if it is amplified
	Muted bool

	Input      bool // there is a microphone
	InputMuted bool
}

// Change is what shall become of the default output, or of the input. The zero
// value changes nothing.
type Change struct {
	Set    *float64 // the level
	By     float64  // added to the level, which ends at 1 on its way up
	Toggle bool     // muted, or no longer
	Mute   *bool

	ToggleInput bool // the input is muted, or no longer
	MuteInput   *bool
}

// ErrNoInput says that there is no microphone.
var ErrNoInput = errors.New("there is no microphone")

// Server is a connection to a sound server. Its methods may be called on any
// goroutine; none waits.
type Server struct {
	conn    *pulse.Conn
	changed func(State)
	ops     chan op
	dirty   chan struct{}

	mu sync.Mutex
	// resting is set when nobody carries out changes any more.
	resting bool
}

type op struct {
	change Change
	done   func(State, error)
}

// Connect speaks to the server at a socket; it takes as long as the server does.
// changed is called on any goroutine with the state now and whenever it is another.
// ended, which may be nil, is called when the connection is no more.
func Connect(path string, changed func(State), ended func(error)) (*Server, error) {
	s := &Server{changed: changed, ops: make(chan op, maxOps), dirty: make(chan struct{}, 1)}
	var err error
	if s.conn, err = pulse.Connect(path, []string{"application.name", "RayOS"}, s.told); err != nil {
		return nil, err
	}
	st, err := s.begin()
	if err != nil {
		return nil, errors.Join(err, s.conn.Close())
	}
	changed(st)
	go s.work(st, ended)
	return s, nil
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
		return pulse.ErrNone
	}
	select {
	case s.ops <- o:
		return nil
	default:
		return ErrBusy
	}
}

// begin says what we want to hear.
func (s *Server) begin() (State, error) {
	if _, err := s.conn.Ask(pulse.Subscribe, func(w *pulse.Writer) { w.U32(subscribed) }); err != nil {
		return State{}, fmt.Errorf("sound server: %w", err)
	}
	return s.state()
}

// state asks for all that is known.
func (s *Server) state() (State, error) {
	k, err := s.sink()
	if err != nil {
		return State{}, err
	}
	st := k.state()
	m := s.source()
	st.Input, st.InputMuted = m.there, m.there && m.muted
	return st, nil
}

// told hears what the server says unasked: that something has changed.
func (s *Server) told(command uint32, _ *pulse.Reader) {
	if command != pulse.SubscribeEvent {
		return
	}
	select {
	case s.dirty <- struct{}{}:
	default: // it will be looked at anyway
	}
}

// work carries out changes and follows those of others until the connection
// ends.
func (s *Server) work(last State, ended func(error)) {
	for {
		select {
		case <-s.conn.Done():
			s.drain()
			if ended != nil {
				ended(s.conn.Err())
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
			if st, err := s.state(); err == nil && st != last {
				last = st
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
			o.done(State{}, pulse.ErrNone)
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
		if _, err := s.conn.Ask(pulse.SetSinkVolume, func(w *pulse.Writer) {
			w.U32(pulse.Invalid)
			w.Str(defaultSink)
			w.Volumes(k.volumes)
		}); err != nil {
			return State{}, err
		}
	}
	if muted := c.muted(k.muted); muted != k.muted {
		if _, err := s.conn.Ask(pulse.SetSinkMute, func(w *pulse.Writer) {
			w.U32(pulse.Invalid)
			w.Str(defaultSink)
			w.Bool(muted)
		}); err != nil {
			return State{}, err
		}
		k.muted = muted
	}
	if err := s.carryInput(c); err != nil {
		return State{}, err
	}
	return s.state()
}

// carryInput carries out what of a change is about the input.
func (s *Server) carryInput(c Change) error {
	if !c.ToggleInput && c.MuteInput == nil {
		return nil
	}
	m := s.source()
	if !m.there {
		return ErrNoInput
	}
	muted := !m.muted
	if c.MuteInput != nil {
		muted = *c.MuteInput
	}
	_, err := s.conn.Ask(pulse.SetSourceMute, func(w *pulse.Writer) {
		w.U32(pulse.Invalid)
		w.Str(defaultSource)
		w.Bool(muted)
	})
	return err
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
	return State{Level: float64(loudest) / pulse.Norm, Muted: k.muted}
}

// scale makes the loudest channel a level; the others keep their part of it.
func (k *sink) scale(to float64) {
	loudest := k.state().Level * pulse.Norm
	for i, v := range k.volumes {
		part := 1.0
		if loudest > 0 {
			part = float64(v) / loudest
		}
		k.volumes[i] = uint32(to*pulse.Norm*part + 0.5)
	}
}

func (s *Server) sink() (sink, error) {
	b, err := s.conn.Ask(pulse.GetSinkInfo, func(w *pulse.Writer) {
		w.U32(pulse.Invalid)
		w.Str(defaultSink)
	})
	if err != nil {
		return sink{}, err
	}
	return parseSink(b)
}

// source asks for the default input. A server that has none refuses; one that
// doesn't answer at all is noticed by the next question.
func (s *Server) source() source {
	b, err := s.conn.Ask(pulse.GetSourceInfo, func(w *pulse.Writer) {
		w.U32(pulse.Invalid)
		w.Str(defaultSource)
	})
	if err != nil {
		return source{}
	}
	m, err := parseSource(b)
	if err != nil {
		return source{}
	}
	return m
}
