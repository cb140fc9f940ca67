package sound

import (
	"bytes"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rayos/internal/pulse"
)

const within = 30 * time.Second

// server is a sound server that takes what it asks for.
type server struct {
	t    *testing.T
	path string

	mu      sync.Mutex
	more    sync.Cond
	conn    net.Conn
	got     []byte // sound
	made    int    // streams
	ended   int
	props   []byte
	wants   uint32 // bytes, of a stream at its beginning
	refuses bool   // to make streams
	greeted int
}

func newServer(t *testing.T) *server {
	s := &server{t: t, path: filepath.Join(t.TempDir(), "native"), wants: uint32(bytesOf(atServer))}
	s.more.L = &s.mu
	return s
}

// listen begins, and returns how it ends.
func (s *server) listen() (end func()) {
	s.t.Helper()
	l, err := net.Listen("unix", s.path)
	if err != nil {
		s.t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		l.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.conn != nil {
			s.conn.Close()
		}
	})
	s.t.Cleanup(end)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conn = conn
			s.mu.Unlock()
			for s.packet(conn) == nil {
			}
			conn.Close()
		}
	}()
	return end
}

// packet takes one packet.
func (s *server) packet(conn net.Conn) error {
	var head [pulse.Head]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return err
	}
	b := make([]byte, binary.BigEndian.Uint32(head[:]))
	if _, err := io.ReadFull(conn, b); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.more.Broadcast()
	if channel := binary.BigEndian.Uint32(head[4:]); channel != pulse.Invalid {
		if int(channel) != s.made {
			s.t.Errorf("sound for stream %d; there is %d", channel, s.made)
		}
		s.got = append(s.got, b...)
		return nil
	}
	r := pulse.Reader{B: b}
	command, tag := r.U32(), r.U32()
	w := pulse.NewWriter(pulse.Reply, tag)
	switch command {
	case pulse.Auth:
		w.U32(pulse.Version)
	case pulse.SetClientName:
		s.greeted++
		s.props = b
	case pulse.CreatePlaybackStream:
		if s.refuses {
			w = pulse.NewWriter(pulse.Error, tag)
			w.U32(5)
			break
		}
		s.made++
		w.U32(uint32(s.made))
		w.U32(9)
		w.U32(s.wants)
	case pulse.DeletePlaybackStream:
		s.ended++
	}
	_, err := conn.Write(w.Packet())
	return err
}

// say says something unasked.
func (s *server) say(command uint32, numbers ...uint32) {
	s.t.Helper()
	w := pulse.NewWriter(command, pulse.Invalid)
	for _, n := range numbers {
		w.U32(n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.conn.Write(w.Packet()); err != nil {
		s.t.Error(err)
	}
}

// until waits for the server to have met a condition.
func (s *server) until(what string, is func() bool) {
	s.t.Helper()
	late := false
	timer := time.AfterFunc(within, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		late = true
		s.more.Broadcast()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !is() {
		if late {
			s.t.Fatalf("%s: not so; %d bytes, %d streams, %d ended", what, len(s.got), s.made, s.ended)
		}
		s.more.Wait()
	}
}

func newPlayer(t *testing.T, path string) *Player {
	p := NewPlayer(Options{Path: path, ID: "rayos-vm.test", Name: "A machine", Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	t.Cleanup(p.Close)
	return p
}

// becomes waits for a state of a player.
func becomes(t *testing.T, p *Player, state string) Status {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(within)
	for {
		if s := p.Status(); s.State == state {
			return s
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%+v; want %s", p.Status(), state)
		}
	}
}

// tone is so much of something that is heard, no two frames of it alike.
func tone(d time.Duration) []byte {
	b := make([]byte, bytesOf(d))
	for i := 0; i < len(b); i += Frame {
		binary.LittleEndian.PutUint32(b[i:], uint32(i/Frame+1))
	}
	return b
}

func TestPlays(t *testing.T) {
	s := newServer(t)
	s.listen()
	p := newPlayer(t, s.path)
	becomes(t, p, Idle)
	if !bytes.Contains(s.props, []byte("rayos-vm.test\x00")) || !bytes.Contains(s.props, []byte("A machine\x00")) {
		t.Errorf("the mixer knows %q", s.props)
	}
	first := tone(30 * time.Millisecond)
	p.Write(first)
	s.until("it plays", func() bool { return bytes.Equal(s.got, first) })
	becomes(t, p, Playing)
	// What the server hasn't asked for waits, the newest of it.
	p.Write(tone(30 * time.Millisecond))
	s.until("it plays on", func() bool { return len(s.got) == bytesOf(atServer) })
	long := tone(70 * time.Millisecond)
	for i := 0; i < len(long); i += bytesOf(10 * time.Millisecond) {
		p.Write(long[i:][:bytesOf(10*time.Millisecond)])
	}
	if st := p.Status(); st.Dropped != 30*time.Millisecond || st.Played != atServer || st.Streams != 1 {
		t.Errorf("%+v; want 30 ms dropped, %v played", st, atServer)
	}
	s.say(pulse.Request, 1, uint32(bytesOf(time.Second)))
	s.until("the newest comes", func() bool { return bytes.Equal(s.got[bytesOf(atServer):], long[bytesOf(30*time.Millisecond):]) })
}

// TestRest: a stream goes when nothing is heard, and comes back with sound.
func TestRest(t *testing.T) {
	s := newServer(t)
	s.listen()
	p := newPlayer(t, s.path)
	becomes(t, p, Idle)
	p.Write(make([]byte, bytesOf(20*time.Millisecond)))
	p.Write(tone(10 * time.Millisecond))
	s.until("it plays", func() bool { return len(s.got) == bytesOf(10*time.Millisecond) })
	p.Write(make([]byte, bytesOf(10*time.Millisecond))) // silence between sounds is one
	s.until("it plays silence", func() bool { return len(s.got) == bytesOf(20*time.Millisecond) })
	s.until("the stream goes", func() bool { return s.ended == 1 })
	becomes(t, p, Idle)
	p.Write(make([]byte, bytesOf(10*time.Millisecond)))
	p.Write(tone(10 * time.Millisecond))
	s.until("it plays again", func() bool { return len(s.got) >= bytesOf(30*time.Millisecond) && s.made == 2 })
	p.Mute(true)
	s.until("a muted one has none", func() bool { return s.ended == 2 })
	p.Write(tone(10 * time.Millisecond))
	if st := becomes(t, p, Idle); !st.Muted || st.Streams != 2 {
		t.Errorf("%+v; want it muted, two streams", st)
	}
	p.Mute(false)
	p.Write(tone(10 * time.Millisecond))
	s.until("it isn't muted any more", func() bool { return s.made == 3 && len(s.got) >= bytesOf(40*time.Millisecond) })
}

// TestServerComesAndGoes: nobody asks for it again and again.
func TestServerComesAndGoes(t *testing.T) {
	s := newServer(t)
	p := newPlayer(t, s.path)
	if st := p.Status(); st.State != NoServer || st.Detail == "" {
		t.Errorf("%+v; want no server, and why", st)
	}
	p.Write(tone(time.Second)) // is dropped
	end := s.listen()
	becomes(t, p, Idle)
	p.Write(tone(10 * time.Millisecond))
	s.until("it plays", func() bool { return len(s.got) == bytesOf(10*time.Millisecond) })
	end()
	becomes(t, p, NoServer)
	s.listen()
	becomes(t, p, Idle)
	s.mu.Lock()
	s.made = 0
	s.mu.Unlock()
	p.Write(tone(10 * time.Millisecond))
	s.until("it plays by the next", func() bool { return len(s.got) == bytesOf(20*time.Millisecond) })
}

// TestServersThatFail: a stream that is refused or taken away is not asked for at
// once, and what is nonsense ends the connection and nothing else.
func TestServersThatFail(t *testing.T) {
	s := newServer(t)
	s.refuses = true
	s.listen()
	p := newPlayer(t, s.path)
	becomes(t, p, Idle)
	p.Write(tone(10 * time.Millisecond))
	p.Write(tone(10 * time.Millisecond))
	s.say(pulse.Request, 1, 1<<30)
	s.say(pulse.StreamKilled, 1)
	s.say(99)
	s.mu.Lock()
	s.refuses = false
	s.mu.Unlock()
	for begin := time.Now(); p.Status().Streams == 0; {
		p.Write(tone(10 * time.Millisecond))
		if time.Since(begin) > within {
			t.Fatal("no stream is made")
		}
	}
	s.say(pulse.StreamKilled, 1)
	becomes(t, p, Idle)
	s.mu.Lock()
	if _, err := s.conn.Write(bytes.Repeat([]byte{0xee}, 64)); err != nil {
		t.Error(err)
	}
	s.mu.Unlock()
	st := becomes(t, p, NoServer)
	t.Log(st.Detail)
	if err := os.Rename(s.path, s.path+".moved"); err != nil { // something is made in its folder
		t.Fatal(err)
	}
	if err := os.Rename(s.path+".moved", s.path); err != nil {
		t.Fatal(err)
	}
	becomes(t, p, Idle)
}

// TestWriteIsFree counts what it allocates, with a server and without, and that
// silence wakes nobody.
func TestWriteIsFree(t *testing.T) {
	s := newServer(t)
	p := newPlayer(t, s.path)
	sound, silence := tone(10*time.Millisecond), make([]byte, bytesOf(10*time.Millisecond))
	free := func(what string, b []byte) {
		t.Helper()
		if n := testing.AllocsPerRun(100, func() { p.add(b) }); n != 0 {
			t.Errorf("%s: %v allocations", what, n)
		}
	}
	free("no server", sound)
	s.listen()
	becomes(t, p, Idle)
	if p.add(silence) {
		t.Error("silence is something to send")
	}
	free("silence", silence)
	free("sound", sound)
}

func TestNoAddress(t *testing.T) {
	p := newPlayer(t, "")
	p.Write(tone(10 * time.Millisecond))
	if st := becomes(t, p, NoServer); st.Detail == "" {
		t.Errorf("%+v; want why", st)
	}
}

func TestBuffer(t *testing.T) {
	b := buffer{data: make([]byte, 8)}
	out := make([]byte, 16)
	for _, c := range []struct {
		put  string
		lost int
		take int
		want string
	}{
		{"abcd", 0, 2, "ab"},
		{"efgh", 0, 0, ""},
		{"ijkl", 2, 3, "efg"}, // c and d are lost
		{"0123456789", 7, 16, "23456789"},
		{"", 0, 4, ""},
		{"xyz", 0, 3, "xyz"},
	} {
		lost := b.put([]byte(c.put))
		got := string(out[:b.take(out[:c.take])])
		if lost != c.lost || got != c.want {
			t.Errorf("put %q, take %d: lost %d, got %q; want %d, %q", c.put, c.take, lost, got, c.lost, c.want)
		}
	}
}
