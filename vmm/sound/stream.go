package sound

import (
	"errors"
	"time"

	"rayos/internal/pulse"
)

// stream is what a server plays of ours, while there is something. It belongs to
// the player's goroutine.
type stream struct {
	player  *Player
	conn    *pulse.Conn
	there   bool
	channel uint32
	packet  []byte    // what is sent next
	away    time.Time // until when no other is made
	warned  bool
	timer   *time.Timer
	timed   bool // it runs
}

// turn does what there is to do: make the stream, send, or end it. Its error ends
// the connection.
func (s *stream) turn() error {
	p := s.player
	if p.killed.Swap(false) && s.there {
		s.there, s.away = false, time.Now().Add(rest)
	}
	p.mu.Lock()
	left := rest - time.Since(p.heard)
	if left <= 0 {
		p.waiting.clear()
	}
	p.mu.Unlock()
	var err error
	switch {
	case left <= 0 && s.there:
		err = s.end()
	case left > 0 && !s.there && time.Now().After(s.away):
		err = s.begin()
	}
	if err == nil && s.there {
		err = s.send()
	}
	if left > 0 && !s.timed {
		s.timer.Reset(left)
		s.timed = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status.State = Idle
	if s.there {
		p.status.State = Playing
	}
	return err
}

// begin makes the stream. What waits meanwhile is bounded.
func (s *stream) begin() error {
	s.player.credit.Store(0)
	body, err := s.conn.Ask(pulse.CreatePlaybackStream, func(w *pulse.Writer) {
		w.Spec(pulse.S16LE, Channels, Rate)
		w.Map(pulse.FrontLeft, pulse.FrontRight)
		w.U32(pulse.Invalid) // of the sinks the one that the person has chosen
		w.None()
		w.U32(uint32(bytesOf(MaxDelay)))
		w.Bool(false) // plays at once
		w.U32(uint32(bytesOf(atServer)))
		w.U32(uint32(bytesOf(beginAfter)))
		w.U32(uint32(bytesOf(atOnce)))
		w.U32(0) // in step with no other stream
		w.Volumes([]uint32{pulse.Norm, pulse.Norm})
		for range 7 { // channels, rate, format, sink: all may be as the server wants
			w.Bool(false)
		}
		w.Bool(false) // not muted
		w.Bool(true)  // the delay is of server and sound card together
		w.Properties("media.name", "sound")
		w.Bool(false) // the volume is the one that the person has set for us,
		w.Bool(false) // and as to requests before there is room
		w.Bool(false) // likewise whether it is muted
		w.Bool(false) // the sound card doesn't sleep meanwhile
		w.Bool(false) // nor is that the stream's end, if it does
	})
	if err != nil {
		if s.conn.Err() == nil { // it won't have us now: no card, say
			if !s.warned {
				s.player.o.Log.Warn("sound", "err", err)
			}
			s.warned, s.away = true, time.Now().Add(rest)
			return nil
		}
		return err
	}
	r := pulse.Reader{B: body}
	s.channel = r.U32()
	r.U32() // index
	wanted := r.U32()
	if r.Bad {
		return errors.New("the sound server's stream has no number")
	}
	// Requests may have come before we heard of the answer.
	s.player.credit.Add(int64(wanted))
	s.there = true
	s.player.mu.Lock()
	s.player.status.Streams++
	s.player.mu.Unlock()
	return nil
}

// end takes the stream away.
func (s *stream) end() error {
	s.there = false
	_, err := s.conn.Ask(pulse.DeletePlaybackStream, func(w *pulse.Writer) { w.U32(s.channel) })
	if s.conn.Err() == nil {
		return nil // it has ended the stream itself meanwhile
	}
	return err
}

// send gives the server what it wants of what waits.
func (s *stream) send() error {
	p := s.player
	for {
		room := s.packet[pulse.Head:]
		if n := p.credit.Load() / Frame * Frame; n < int64(len(room)) {
			room = room[:max(n, 0)]
		}
		p.mu.Lock()
		n := p.waiting.take(room)
		p.status.Played += timeOf(n)
		p.mu.Unlock()
		if n == 0 {
			return nil
		}
		p.credit.Add(-int64(n))
		if err := s.conn.Play(s.channel, s.packet[:pulse.Head+n]); err != nil {
			return err
		}
	}
}
