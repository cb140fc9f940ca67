package bench

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"rayos/geom"
	"rayos/internal/bench/rawclient"
	"rayos/rayapps/rfb"
)

type spent = time.Duration

func soon() time.Time { return time.Now().Add(4 * rawclient.Timeout) }

// capture is what a VNC server has sent: messages with 32-bit pixels as ours.
type capture struct {
	key   string
	lossy bool
	tape  []byte
	rects []geom.Rect // of each update, an empty one behind them
}

// pixels is how many were sent.
func (k *capture) pixels() (n int64) {
	for _, r := range k.rects {
		n += int64(r.W()) * int64(r.H())
	}
	return n
}

// fills is a tape of the same updates in which each rectangle is of one colour.
func (k *capture) fills() (tape []byte) {
	be := binary.BigEndian
	for i, from := 0, 0; i < len(k.rects); i++ {
		if !k.rects[i].Empty() {
			continue
		}
		tape = append(tape, 0, 0)
		tape = be.AppendUint16(tape, uint16(i-from))
		for _, r := range k.rects[from:i] {
			for _, v := range []int32{r.X0, r.Y0, r.W(), r.H()} {
				tape = be.AppendUint16(tape, uint16(v))
			}
			tape = be.AppendUint32(tape, uint32(rfb.Tight))
			tape = append(tape, 0x80, byte(i), byte(i>>8), 0x40)
		}
		from = i + 1
	}
	return tape
}

// taped is a connection that keeps what comes, once it has begun, and leaves out
// of what the client can do all that isn't pixels.
type taped struct {
	net.Conn
	on   bool
	tape []byte
}

func (t *taped) begin() { t.on = true }

func (t *taped) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	if t.on {
		t.tape = append(t.tape, p[:n]...)
	}
	return n, err
}

func (t *taped) Write(p []byte) (int, error) {
	const format = 20 // bytes of SetPixelFormat, behind which SetEncodings stands
	if len(p) < format+4 || p[0] != 0 || p[format] != 2 {
		return t.Conn.Write(p)
	}
	q := bytes.Clone(p[:format+2])
	var list []byte
	for rest := p[format+4:]; len(rest) > 0; rest = rest[4:] {
		e := rfb.Encoding(binary.BigEndian.Uint32(rest))
		if e >= 0 && e < 1<<16 || e == rfb.PseudoLastRect || e >= rfb.PseudoQuality0 && e < rfb.PseudoQuality0+10 {
			list = append(list, rest[:4]...)
		}
	}
	q = binary.BigEndian.AppendUint16(q, uint16(len(list)/4))
	_, err := t.Conn.Write(append(q, list...))
	return len(p), err
}

// player is a VNC server that sends what was recorded.
type player struct {
	conn   net.Conn
	asked  chan struct{} // the client wants a picture
	fenced chan struct{}
	ended  chan error
}

// begin shakes hands and waits until the client wants a picture.
func (p *player) begin() error {
	if err := p.conn.SetDeadline(soon()); err != nil {
		return err
	}
	hello := []byte("RFB 003.008\n")
	var in [16]byte
	for _, s := range []struct {
		out []byte
		in  int
	}{{hello, 12}, {[]byte{1, 1}, 1}, {[]byte{0, 0, 0, 0}, 1}} {
		if _, err := p.conn.Write(s.out); err != nil {
			return err
		}
		if _, err := io.ReadFull(p.conn, in[:s.in]); err != nil {
			return err
		}
	}
	be := binary.BigEndian
	init := be.AppendUint16(be.AppendUint16(nil, uint16(sceneSize.W)), uint16(sceneSize.H))
	init = append(init, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 1, 'r')
	if _, err := p.conn.Write(init); err != nil {
		return err
	}
	p.asked, p.fenced, p.ended = make(chan struct{}, 1), make(chan struct{}, 1), make(chan error, 1)
	go func() { p.ended <- p.listen() }()
	return p.await(p.asked)
}

func (p *player) await(what chan struct{}) error {
	select {
	case <-what:
		return nil
	case err := <-p.ended:
		select {
		case <-what: // before it went
			return nil
		default:
			return fmt.Errorf("the client has gone: %w", err)
		}
	case <-time.After(time.Until(soon())):
		return errors.New("the client is silent")
	}
}

// play sends a tape and returns when the client is through.
func (p *player) play(tape []byte) error {
	if err := p.conn.SetDeadline(soon()); err != nil {
		return err
	}
	if _, err := p.conn.Write(append(bytes.Clone(tape), 248, 0, 0, 0, 0x80, 0, 0, 1, 0)); err != nil {
		return err
	}
	return p.await(p.fenced)
}

// listen reads what the client says.
func (p *player) listen() error {
	tell := func(c chan struct{}) {
		select {
		case c <- struct{}{}:
		default: // it was told
		}
	}
	be := binary.BigEndian
	var b [20]byte
	for {
		if _, err := io.ReadFull(p.conn, b[:1]); err != nil {
			return err
		}
		size, ok := map[byte]int{0: 20, 2: 4, 3: 10, 4: 8, 5: 6, 6: 8, 150: 10, 248: 9, 251: 8, 255: 12}[b[0]]
		if !ok {
			return fmt.Errorf("message %d", b[0])
		}
		if _, err := io.ReadFull(p.conn, b[1:size]); err != nil {
			return err
		}
		more := int64(0)
		switch b[0] {
		case 2:
			more = 4 * int64(be.Uint16(b[2:]))
		case 3:
			tell(p.asked)
		case 6:
			if more = int64(int32(be.Uint32(b[4:]))); more < 0 {
				more = -more
			}
		case 248:
			more = int64(b[8])
		case 251:
			more = 16 * int64(b[6])
		}
		if _, err := io.CopyN(io.Discard, p.conn, more); err != nil {
			return err
		}
		if b[0] == 248 {
			tell(p.fenced)
		}
	}
}

// through is how long our client takes, with so many workers, for a tape that is in
// memory.
func (k *capture) through(workers int) (time.Duration, error) {
	ours, theirs := net.Pipe()
	p := &player{conn: theirs}
	begun := make(chan error, 1)
	go func() { begun <- p.begin() }()
	conn := &memory{Conn: ours, tape: k.tape}
	c, err := rfb.Connect(context.Background(), conn, rfb.Options{Workers: workers})
	if err != nil {
		return 0, err
	}
	conn.on = true
	start := time.Now()
	err = c.Run(rfb.Handler{Resize: func(d rfb.Desktop) rfb.Framebuffer { return rfb.NewFramebuffer(d.Size) }})
	took := time.Since(start)
	if !errors.Is(err, io.EOF) {
		return 0, err
	}
	return took, errors.Join(<-begun, theirs.Close())
}

// memory is a connection that reads a tape once it is on.
type memory struct {
	net.Conn
	on   bool
	tape []byte
}

func (m *memory) Read(p []byte) (int, error) {
	if !m.on {
		return m.Conn.Read(p)
	}
	if len(m.tape) == 0 {
		return 0, io.EOF
	}
	n := copy(p, m.tape)
	m.tape = m.tape[n:]
	return n, nil
}
