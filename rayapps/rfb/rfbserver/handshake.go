package rfbserver

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"

	"rayos/rayapps/rfb"
)

// failure is a viewer's that didn't know the password.
type failure struct {
	times int
	until time.Time // nobody from there is listened to before
}

// Somebody who fails waits a second, then two, and so on.
const (
	firstWait   = time.Second
	longestWait = time.Minute
	maxFailures = 1024 // places that are remembered
)

// address says where a connection comes from, without the port.
func address(conn net.Conn) string {
	a, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return "this machine"
	}
	return a.IP.String()
}

// shake agrees on version and security, and says what there is to see.
func (s *Server) shake(ctx context.Context, v *Viewer) error {
	in := &input{src: v.conn}
	if _, err := v.conn.Write([]byte("RFB 003.008\n")); err != nil {
		return err
	}
	p, err := in.take(12)
	if err != nil {
		return err
	}
	var major, minor int
	if n, err := fmt.Sscanf(string(p), "RFB %03d.%03d\n", &major, &minor); n != 2 || err != nil || major != 3 || minor < 3 {
		return fmt.Errorf("version %q: want RFB 003.003 to 003.008", p)
	}
	minor = min(minor, 8)
	kind := rfb.VeNCrypt
	switch wait := s.waits(v.from); {
	case s.o.Password == "":
		if err := local(v.conn); err != nil {
			return s.refuse(v, minor, err.Error())
		}
		kind = rfb.None
	case wait > 0:
		return s.refuse(v, minor, "too many wrong passwords: try again later")
	case minor < 7:
		return s.refuse(v, minor, "version 3.3 knows no encryption")
	}
	if minor < 7 {
		if _, err := v.conn.Write([]byte{0, 0, 0, byte(kind)}); err != nil {
			return err
		}
	} else {
		if _, err := v.conn.Write([]byte{1, byte(kind)}); err != nil {
			return err
		}
		if p, err = in.take(1); err != nil {
			return err
		}
		if p[0] != byte(kind) {
			return fmt.Errorf("security type %d: it was not offered", p[0])
		}
	}
	if kind == rfb.VeNCrypt {
		if err := s.encrypt(ctx, v, in); err != nil {
			return err
		}
		if err := s.password(v, in, minor); err != nil {
			return err
		}
	} else if minor == 8 {
		if _, err := v.conn.Write([]byte{0, 0, 0, 0}); err != nil {
			return err
		}
	}
	if _, err := in.take(1); err != nil { // whether others may stay: they may
		return err
	}
	return s.initial(v)
}

// initial is ServerInit.
func (s *Server) initial(v *Viewer) error {
	be := binary.BigEndian
	size := s.screen.Size()
	v.mu.Lock()
	v.size = size
	v.mu.Unlock()
	p := be.AppendUint16(nil, uint16(size.W))
	p = be.AppendUint16(p, uint16(size.H))
	p = append(p, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0)
	p = be.AppendUint32(p, uint32(len(s.o.Name)))
	_, err := v.conn.Write(append(p, s.o.Name...))
	return err
}

// refuse tells a viewer why it isn't let in.
func (s *Server) refuse(v *Viewer, minor int, why string) error {
	p := []byte{0}
	if minor < 7 {
		p = make([]byte, 4)
	}
	p = binary.BigEndian.AppendUint32(p, uint32(len(why)))
	_, err := v.conn.Write(append(p, why...))
	return errors.Join(errors.New(why), err)
}

// encrypt is VeNCrypt 0.2 with X509Vnc, the one subtype that there is.
func (s *Server) encrypt(ctx context.Context, v *Viewer, in *input) error {
	if _, err := v.conn.Write([]byte{0, 2}); err != nil {
		return err
	}
	p, err := in.take(2)
	if err != nil {
		return err
	}
	if p[0] != 0 || p[1] != 2 {
		_, err := v.conn.Write([]byte{255})
		return errors.Join(fmt.Errorf("VeNCrypt %d.%d: want 0.2", p[0], p[1]), err)
	}
	offer := binary.BigEndian.AppendUint32([]byte{0, 1}, uint32(rfb.X509Vnc))
	if _, err := v.conn.Write(offer); err != nil {
		return err
	}
	if p, err = in.take(4); err != nil {
		return err
	}
	if kind := rfb.Security(binary.BigEndian.Uint32(p)); kind != rfb.X509Vnc {
		_, err := v.conn.Write([]byte{0})
		return errors.Join(fmt.Errorf("%v: it was not offered", kind), err)
	}
	if _, err := v.conn.Write([]byte{1}); err != nil {
		return err
	}
	t := tls.Server(v.conn, s.o.TLS)
	if err := t.HandshakeContext(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	v.conn = t
	v.mu.Unlock()
	in.src = t
	return nil
}

// password asks for it, within TLS.
func (s *Server) password(v *Viewer, in *input, minor int) error {
	challenge := make([]byte, 16)
	if _, err := rand.Read(challenge); err != nil {
		return err
	}
	if _, err := v.conn.Write(challenge); err != nil {
		return err
	}
	p, err := in.take(16)
	if err != nil {
		return err
	}
	want, err := rfb.VncAnswer(challenge, s.o.Password)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(p, want) == 1 {
		s.forgive(v.from)
		_, err := v.conn.Write([]byte{0, 0, 0, 0})
		return err
	}
	s.failed(v.from)
	const why = "the password is wrong"
	answer := []byte{0, 0, 0, 1}
	if minor == 8 {
		answer = binary.BigEndian.AppendUint32(answer, uint32(len(why)))
		answer = append(answer, why...)
	}
	_, err = v.conn.Write(answer)
	return errors.Join(errors.New(why), err)
}

// waits returns how long nobody from there is let in.
func (s *Server) waits(from string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Until(s.failures[from].until)
}

func (s *Server) failed(from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if len(s.failures) >= maxFailures {
		for who, f := range s.failures {
			if now.After(f.until.Add(longestWait)) {
				delete(s.failures, who)
			}
		}
		if len(s.failures) >= maxFailures {
			clear(s.failures) // of a crowd; all that it loses is the wait
		}
	}
	f := s.failures[from]
	f.until = now.Add(min(firstWait<<min(f.times, 16), longestWait))
	f.times++
	s.failures[from] = f
}

func (s *Server) forgive(from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failures, from)
}
