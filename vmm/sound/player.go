package sound

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"rayos/internal/pulse"
)

// What is played: frames of two samples of 16 bits, signed, little-endian.
const (
	Rate     = 48000 // frames a second
	Channels = 2
	Frame    = 2 * Channels // bytes
	second   = Rate * Frame // bytes
)

// MaxDelay is how much sound is under way at most: a part at the server, the rest
// here.
const (
	MaxDelay   = 100 * time.Millisecond
	atServer   = 60 * time.Millisecond
	here       = MaxDelay - atServer
	beginAfter = 40 * time.Millisecond // of sound, at the beginning and after a gap
	atOnce     = 10 * time.Millisecond // of sound, that the server asks for
)

// rest is how long nothing is heard until the stream goes, and how long a stream
// that the server has ended stays away.
const rest = 2 * time.Second

// again is how long a server is left alone that couldn't be used, unless its
// socket is made anew.
const again = 5 * time.Second

func bytesOf(d time.Duration) int { return int(d*Rate/time.Second) * Frame }

// States of a player.
const (
	NoServer = "no_server" // sound is dropped
	Idle     = "idle"      // nothing is heard
	Playing  = "playing"
)

// Status is what a player does.
type Status struct {
	State   string        `json:"state"`
	Detail  string        `json:"detail,omitempty"` // why there is no server
	Muted   bool          `json:"muted"`
	Played  time.Duration `json:"played_ns"`  // sound that the server has got
	Dropped time.Duration `json:"dropped_ns"` // sound that came too fast for it
	Streams uint64        `json:"streams"`    // that were made
}

// Options say where a Player plays, and as whom.
type Options struct {
	Path string // of the server's socket; "" is none
	// ID and Name are what the person's mixer knows the machine by: one is stable,
	// by which servers remember its volume, the other is shown.
	ID, Name string
	Muted    bool
	Log      *slog.Logger
}

// Player plays sound.
type Player struct {
	o       Options
	changed chan struct{} // something is to be done: see serve
	retry   chan struct{} // there is sound, and no server
	closing chan struct{}
	closed  chan struct{}

	credit atomic.Int64 // bytes that the server wants
	killed atomic.Bool  // the server has ended the stream

	mu      sync.Mutex
	waiting buffer
	on      bool // there is a server
	muted   bool
	quiet   int       // bytes of silence since something was heard
	heard   time.Time // when that was
	tried   time.Time // when the server was connected last, or wasn't
	status  Status
}

// NewPlayer begins to play. The caller closes it.
func NewPlayer(o Options) *Player {
	p := &Player{
		o: o, changed: make(chan struct{}, 1), retry: make(chan struct{}, 1), closing: make(chan struct{}), closed: make(chan struct{}),
		waiting: buffer{data: make([]byte, bytesOf(here))}, muted: o.Muted, quiet: bytesOf(rest),
		status: Status{State: NoServer, Detail: pulse.ErrNone.Error()},
	}
	go p.run()
	return p
}

// Close ends the player. What waits isn't played.
func (p *Player) Close() {
	close(p.closing)
	<-p.closed
}

// Write plays whole frames, which it copies.
func (p *Player) Write(frames []byte) {
	if p.add(frames[:len(frames)/Frame*Frame]) {
		poke(p.changed)
	}
}

// add reports whether there is something to send.
func (p *Player) add(frames []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.muted || len(frames) == 0 {
		return false
	}
	audible := !silent(frames)
	if !p.on {
		if audible && time.Since(p.tried) > again {
			poke(p.retry)
		}
		return false
	}
	switch {
	case audible:
		p.quiet, p.heard = 0, time.Now()
	case p.quiet >= bytesOf(rest):
		return false
	default:
		p.quiet += len(frames)
	}
	p.status.Dropped += timeOf(p.waiting.put(frames))
	return true
}

// silent reports whether all samples are zero.
func silent(b []byte) bool {
	var any byte
	for _, v := range b {
		any |= v
	}
	return any == 0
}

func timeOf(bytes int) time.Duration { return time.Duration(bytes) * time.Second / second }

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it will be looked at anyway
	}
}

// Mute drops sound until it is taken back.
func (p *Player) Mute(on bool) {
	p.mu.Lock()
	p.muted = on
	if on {
		p.silence()
	}
	p.mu.Unlock()
	poke(p.changed)
}

// silence forgets what waits, and that something was heard. The lock is held.
func (p *Player) silence() {
	p.waiting.clear()
	p.quiet, p.heard = bytesOf(rest), time.Time{}
}

// Status says what the player does.
func (p *Player) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.status
	s.Muted = p.muted
	return s
}

// run keeps a connection until the player is closed.
func (p *Player) run() {
	defer close(p.closed)
	if p.o.Path == "" {
		p.without(errors.New("no sound server: the environment names none on this machine"))
		<-p.closing
		return
	}
	// Before the first try, so that none comes unseen.
	var made <-chan struct{}
	watch, err := pulse.NewWatch(p.o.Path)
	if err != nil {
		p.o.Log.Warn("a sound server is looked for when there is sound", "err", err)
	} else {
		made = watch.C
		defer watch.Close()
	}
	for {
		conn, err := pulse.Connect(p.o.Path, p.properties(), p.told)
		if err == nil {
			err = p.serve(conn)
		}
		p.without(err)
		select {
		case _, ok := <-made:
			if !ok {
				made = nil
			}
		case <-p.retry:
		case <-p.closing:
			return
		}
	}
}

// properties say who we are. Servers keep a volume for each id.
func (p *Player) properties() []string {
	return []string{"application.name", p.o.Name, "application.id", p.o.ID, "application.icon_name", "computer"}
}

// without notes why there is no server.
func (p *Player) without(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	detail := fmt.Sprintf("%s: %v", p.o.Path, err)
	if p.o.Path == "" {
		detail = err.Error()
	}
	if p.on || p.status.Detail != detail {
		p.o.Log.Info("sound", "state", NoServer, "detail", detail)
	}
	p.on, p.tried = false, time.Now()
	p.status.State, p.status.Detail = NoServer, detail
	p.silence()
}

// told hears what the server says unasked.
func (p *Player) told(command uint32, r *pulse.Reader) {
	switch command {
	case pulse.Request:
		r.U32() // the one stream
		if n := r.U32(); !r.Bad {
			p.credit.Add(int64(n))
			poke(p.changed)
		}
	case pulse.StreamKilled:
		p.killed.Store(true)
		poke(p.changed)
	}
}

// serve plays by a server until it ends, or the player is closed.
func (p *Player) serve(conn *pulse.Conn) error {
	defer func() { <-conn.Done() }() // told no more
	defer conn.Close()
	p.o.Log.Info("sound", "state", Idle, "server", p.o.Path)
	p.mu.Lock()
	p.on = true
	p.status.State, p.status.Detail = Idle, ""
	p.mu.Unlock()
	s := stream{player: p, conn: conn, packet: make([]byte, pulse.Head+bytesOf(MaxDelay)), timer: time.NewTimer(0)}
	<-s.timer.C
	defer s.timer.Stop()
	for {
		if err := s.turn(); err != nil {
			return err
		}
		select {
		case <-p.changed:
		case <-s.timer.C:
			s.timed = false
		case <-conn.Done():
			return conn.Err()
		case <-p.closing:
			return nil
		}
	}
}
