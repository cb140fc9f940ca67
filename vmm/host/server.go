package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Limits of vm.sock.
const (
	maxClients = 16
	maxAsked   = 64  // requests of one client under way
	maxUnread  = 512 // lines that a client may leave unread
)

// server serves vm.sock.
type server struct {
	host     *Host
	listener *net.UnixListener

	mu      sync.Mutex
	clients map[*peer]bool
	had     bool // a client, ever
	idle    func()
	closed  bool
	serving sync.WaitGroup
}

// peer is a client of vm.sock.
type peer struct {
	server *server
	in     *lines
	out    chan []byte
	ctx    context.Context // ends with the connection
	gone   context.CancelFunc
	asked  chan struct{} // has a place for each request under way
	inputs chan *Request
}

func listen(h *Host) (*server, error) {
	path := h.dir.Socket("vm")
	// The lock is ours, so a socket that is there has nobody behind it.
	if err := removeIfThere(path); err != nil {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &server{host: h, listener: l, clients: map[*peer]bool{}}, nil
}

func (s *server) serve() {
	for {
		conn, err := s.listener.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Out of descriptors, say. Those who wait are served when there are
			// some again.
			s.host.log.Warn("vm.sock", "err", err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if err := sameUser(conn); err != nil {
			s.host.log.Warn("vm.sock: refused", "err", err)
			conn.Close()
			continue
		}
		s.add(conn)
	}
}

func (s *server) add(conn *net.UnixConn) {
	p := &peer{
		server: s, in: newLines(conn), out: make(chan []byte, maxUnread),
		asked: make(chan struct{}, maxAsked), inputs: make(chan *Request, maxAsked),
	}
	p.ctx, p.gone = context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.clients) >= maxClients {
		p.gone()
		conn.Close()
		return
	}
	s.clients[p], s.had = true, true
	s.serving.Add(3)
	go p.write()
	go p.read()
	go p.press()
}

// broadcast tells everybody.
func (s *server) broadcast(ev Event) {
	line, err := json.Marshal(ev)
	if err != nil {
		s.host.log.Error("vm.sock", "err", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.clients {
		p.send(line)
	}
}

// close ends all connections and waits for those who serve them.
func (s *server) close() {
	s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for p := range s.clients {
		p.gone()
	}
	s.mu.Unlock()
	s.serving.Wait()
}

// send queues a line. Who doesn't read is let go: it can come again and ask.
func (p *peer) send(line []byte) {
	select {
	case p.out <- line:
	default:
		p.gone()
	}
}

// farewell is how long a peer has for the last lines.
const farewell = time.Second

func (p *peer) write() {
	defer p.server.serving.Done()
	defer p.in.conn.Close() // ends read
	for {
		select {
		case line := <-p.out:
			if err := writeLine(p.in.conn, line, nil); err != nil {
				p.gone()
				return
			}
		case <-p.ctx.Done():
			p.in.conn.SetWriteDeadline(time.Now().Add(farewell))
			for len(p.out) > 0 {
				if writeLine(p.in.conn, <-p.out, nil) != nil {
					return
				}
			}
			return
		}
	}
}

func (p *peer) read() {
	defer p.server.serving.Done()
	stop := context.AfterFunc(p.ctx, func() {
		p.in.conn.SetReadDeadline(time.Unix(1, 0))
		p.in.conn.SetWriteDeadline(time.Now().Add(farewell)) // one that is under way
	})
	defer stop()
	for {
		line, err := p.in.next()
		if err == nil {
			err = p.request(line)
		}
		if err != nil {
			if err != io.EOF && p.ctx.Err() == nil {
				p.server.host.log.Warn("vm.sock", "err", err)
			}
			break
		}
	}
	p.gone()
	close(p.inputs)
	p.in.close()
	s := p.server
	s.mu.Lock()
	delete(s.clients, p)
	idle := s.idle
	if len(s.clients) > 0 || s.closed {
		idle = nil
	}
	s.mu.Unlock()
	if idle != nil {
		idle()
	}
}

// busy reports whether there is a client, or has never been one.
func (s *server) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.clients) > 0 || !s.had
}

// request begins what a line asks for. Its error ends the connection.
func (p *peer) request(line []byte) error {
	r, err := decodeRequest(line)
	if err != nil {
		a := refuse(ErrBadRequest, "%.200s", err.Error())
		a.ID = r.ID
		p.answer(a)
		return nil
	}
	select {
	case p.asked <- struct{}{}:
	default:
		return fmt.Errorf("more than %d requests at once", maxAsked)
	}
	h := p.server.host
	finish := func(a Answer) {
		a.ID = r.ID
		p.answer(a)
		<-p.asked
	}
	life := func(run func(ctx context.Context) Answer) {
		h.jobs.put(func() { finish(h.operation(run)) })
	}
	switch r.Op {
	case OpStatus:
		s := h.Status()
		finish(Answer{OK: true, Status: &s})
	case OpAttach:
		f, err := p.in.file()
		if err != nil {
			finish(refuse(ErrBadRequest, "%v", err))
			return nil
		}
		go func() { finish(h.presenter.attach(f)) }()
	case OpDetach:
		go func() { finish(h.presenter.detach()) }()
	case OpStart:
		life(h.start)
	case OpSuspend:
		life(h.suspend)
	case OpResume:
		life(h.resume)
	case OpForget:
		life(func(context.Context) Answer { return h.forget() })
	case OpShutdown:
		life(func(ctx context.Context) Answer {
			return h.shutdown(ctx, time.Duration(r.DeadlineMS)*time.Millisecond)
		})
	case OpKill:
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), answerTime)
			defer cancel()
			finish(h.kill(ctx))
		}()
	case OpType, OpKey, OpPointer, OpClick, OpConsole:
		p.inputs <- &r // there is room: asked has as many places
	case OpLaunch, OpApps, OpClock, OpPaste, OpMute, OpUnmute:
		go func() { finish(h.do(p.ctx, &r)) }()
	default:
		finish(refuse(ErrUnknownOp, "%.40q", r.Op))
	}
	return nil
}

// press presses what the peer asks for, one after the other.
func (p *peer) press() {
	defer p.server.serving.Done()
	for r := range p.inputs {
		a := p.server.host.do(p.ctx, r)
		a.ID = r.ID
		p.answer(a)
		<-p.asked
	}
}

func (p *peer) answer(a Answer) {
	line, err := json.Marshal(a)
	if err == nil && len(line) >= MaxLine {
		err = errLong
	}
	if err != nil {
		no := refuse(ErrFailed, "the answer can't be sent: %v", err)
		no.ID = a.ID
		if line, err = json.Marshal(no); err != nil {
			panic("host: an answer that is no JSON: " + err.Error()) // it is strings and numbers
		}
	}
	p.send(line)
}
