package agent

import (
	"errors"
	"io"
	"sync"
)

// Server is the guest's end.
type Server struct {
	conn io.ReadWriter
	do   Handler

	mu  sync.Mutex
	out []byte
}

// Handler carries out what the host asks. It returns the answer's body, or a
// [Refusal]. It is called on a goroutine of its own for each question, so that
// a slow one stops no other.
type Handler func(op string, body *Message) (any, error)

// Refusal is a reason that the host may see.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// NewServer serves the host's questions from conn by do.
func NewServer(conn io.ReadWriter, do Handler) *Server { return &Server{conn: conn, do: do} }

// maxAsked bounds the questions that are under way.
const maxAsked = 16

// Serve reads until the stream ends.
func (s *Server) Serve() error {
	frames := NewFrameReader(s.conn)
	slots := make(chan struct{}, maxAsked)
	var running sync.WaitGroup
	defer running.Wait()
	for {
		payload, err := frames.Next()
		if err != nil {
			return err
		}
		m, err := Unmarshal(payload)
		if err != nil || m.ID == 0 || m.Op == "" {
			continue
		}
		m.Body = append([]byte(nil), m.Body...) // the payload is borrowed
		slots <- struct{}{}
		running.Add(1)
		go func() {
			defer func() {
				<-slots
				running.Done()
			}()
			body, err := s.do(m.Op, &m)
			// Nobody can be told when the answer can't be written: the read
			// ends as well then.
			_ = s.answer(m.ID, body, err)
		}()
	}
}

func (s *Server) answer(id uint64, body any, err error) error {
	if err == nil {
		payload, merr := Marshal(id, "", body)
		if merr == nil && len(payload) <= MaxPayload {
			return s.write(payload)
		}
		err = Refusal("answer_too_large")
	}
	var why Refusal
	if !errors.As(err, &why) {
		why = Refusal(clean(err.Error(), 128))
	}
	payload, merr := marshalRefusal(id, why)
	if merr != nil {
		return merr
	}
	return s.write(payload)
}

// Tell tells the host of an event.
func (s *Server) Tell(event string, body any) error {
	payload, err := Marshal(0, event, body)
	if err != nil {
		return err
	}
	return s.write(payload)
}

func (s *Server) write(payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := AppendFrame(s.out[:0], payload)
	if err != nil {
		return err
	}
	s.out = b
	_, err = s.conn.Write(b)
	return err
}
