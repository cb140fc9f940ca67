package channel

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
)

// Limits.
const (
	MaxLine     = grammar.MaxLine
	InFlight    = 16
	WriteWithin = 30 * time.Second
)

// From is what the control log calls the host.
const From = "host"

// unnamed is the operation of acknowledgements to lines that name none.
const unnamed = "EVENT"

// Options are what a Channel works with.
type Options struct {
	// Submit has a command carried out. done is called once, from any
	// goroutine. The acknowledgement is in the log by then.
	Submit func(c grammar.Command, done func(grammar.Ack))
	Log    *runner.Log
	// Ended is told why the channel has ended, nil when the host has closed it.
	// It is not called for Close.
	Ended func(error)
}

// Channel is a host's connection.
type Channel struct {
	o      Options
	conn   net.Conn
	ctx    context.Context
	cancel context.CancelFunc
	slots  chan struct{} // one is held by each event under way
	wg     sync.WaitGroup
}

// Open serves the socket that f is. It owns f.
func Open(f *os.File, o Options) (*Channel, error) {
	conn, err := net.FileConn(f)
	err = errors.Join(err, f.Close())
	if err != nil {
		return nil, fmt.Errorf("the host's channel: want a connected stream socket: %w", err)
	}
	return Serve(conn, o), nil
}

// Serve serves a connection until it ends, or Close.
func Serve(conn net.Conn, o Options) *Channel {
	c := &Channel{o: o, conn: conn, slots: make(chan struct{}, InFlight)}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	last := o.Log.Now()
	c.wg.Go(func() { c.end(c.read(conn)) })
	c.wg.Go(func() { c.end(c.write(last)) })
	return c
}

// Close ends the channel. Commands that are under way go on.
func (c *Channel) Close() error {
	c.cancel()
	err := c.conn.Close()
	c.wg.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil // the host was first
	}
	return err
}

// end ends the channel for a reason, the first time.
func (c *Channel) end(err error) {
	if c.ctx.Err() != nil {
		return
	}
	c.cancel()
	err = errors.Join(err, c.conn.Close())
	if c.o.Ended != nil {
		c.o.Ended(err)
	}
}

// read takes lines until the host has closed its end.
func (c *Channel) read(from io.Reader) error {
	r := bufio.NewReaderSize(from, MaxLine)
	for {
		line, err := r.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		switch {
		case long:
			c.refuse(unnamed, grammar.InvalidText)
		case err == nil || len(line) > 0 && errors.Is(err, io.EOF):
			if !c.line(string(line)) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// line carries out a line; false ends the channel.
func (c *Channel) line(text string) bool {
	e, err := grammar.ParseEvent(grammar.FromHost(text))
	var cmd grammar.Command
	if err == nil {
		cmd, err = e.Command()
	}
	var refused *grammar.EventError
	switch {
	case errors.As(err, &refused):
		c.refuse(refused.Op, refused.Detail)
		return true
	case err != nil: // there is none in the line
		return true
	}
	select {
	case c.slots <- struct{}{}:
	case <-c.ctx.Done():
		return false
	}
	c.o.Submit(cmd, func(grammar.Ack) { <-c.slots })
	return true
}

// refuse acknowledges what is not even a command.
func (c *Channel) refuse(op string, detail grammar.Detail) {
	a := grammar.Ack{Op: op, Detail: string(detail)}
	if back, err := grammar.ParseAck(a.String()); err != nil || back.Op != op {
		a.Op = unnamed // a name that isn't one is not said again
	}
	c.o.Log.Add(From, runner.Acked, a.String())
}

var errSlow = errors.New("the host doesn't read what it is told")

// write tells what the log has from behind a line on.
func (c *Channel) write(seq uint64) error {
	for {
		list, err := c.o.Log.Wait(c.ctx, seq)
		if err != nil {
			return nil // the channel has ended
		}
		if list[0].Seq != seq+1 {
			return errSlow
		}
		var out []byte
		for i := range list {
			if line := told(&list[i]); line != "" {
				out = append(append(out, line...), '\n')
			}
		}
		seq = list[len(list)-1].Seq
		if err := c.conn.SetWriteDeadline(time.Now().Add(WriteWithin)); err != nil {
			return err
		}
		if _, err := c.conn.Write(out); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return errSlow
			}
			return err
		}
	}
}

// told is what a line of the log is for the host, "" for nothing.
func told(e *runner.Entry) string {
	switch e.Sort {
	case runner.Marked, runner.Told:
		return e.Line
	case runner.Acked:
		if e.From == From {
			return e.Line
		}
		if a, err := grammar.ParseAck(e.Line); err == nil {
			return a.At()
		}
	}
	return ""
}
