package rfbserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"rayos/rayapps/rfb"
)

// Server shows a screen to viewers.
type Server struct {
	screen *Screen
	o      Options

	mu       sync.Mutex
	viewers  int
	failures map[string]failure // of whom
}

// New returns a server of a screen.
func New(s *Screen, o Options) (*Server, error) {
	if o.Password != "" && (o.TLS == nil || len(o.TLS.Certificates) == 0) {
		return nil, errors.New("rfbserver: a password needs TLS with a certificate")
	}
	if o.Viewers == 0 {
		o.Viewers = maxViewers
	}
	return &Server{screen: s, o: o, failures: map[string]failure{}}, nil
}

// Serve shakes hands with a viewer and shows them the screen until they leave, ctx
// ends or something fails. The connection is the server's.
func (s *Server) Serve(ctx context.Context, conn net.Conn) error {
	v := &Viewer{srv: s, conn: conn, from: address(conn), wake: make(chan struct{}, 1), format: ours(), quality: -1, led: -1, told: map[rfb.Encoding]bool{}}
	stop := context.AfterFunc(ctx, func() { v.end(ctx.Err()) })
	defer stop()
	defer conn.Close()
	if !s.enter() {
		return errors.New("too many viewers")
	}
	defer s.leave()
	if err := conn.SetDeadline(time.Now().Add(shakeWithin)); err != nil {
		return err
	}
	if err := s.shake(ctx, v); err != nil {
		return fmt.Errorf("viewer %s: %w", v.from, err)
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	seat, err := s.o.Seat(v)
	if err != nil {
		return fmt.Errorf("viewer %s: %w", v.from, err)
	}
	v.seat = seat
	defer seat.Close()
	s.screen.add(v)
	defer s.screen.remove(v)
	s.o.Log.Info("a viewer has come", "from", v.from)
	var writer sync.WaitGroup
	writer.Go(v.run)
	v.poke()
	err = v.read(&input{src: bufio.NewReaderSize(v.conn, 512)})
	v.end(err)
	writer.Wait()
	v.mu.Lock()
	err = v.err
	v.mu.Unlock()
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	s.o.Log.Info("a viewer has left", "from", v.from, "err", err)
	return err
}

func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.viewers >= s.o.Viewers {
		return false
	}
	s.viewers++
	return true
}

func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.viewers--
}
