package nested

import (
	"errors"
	"fmt"
	"slices"

	"rayos/gpu/display"
	"rayos/internal/loop"
	"rayos/surfaces/protocol/client"
)

// Options say what to open and where.
type Options struct {
	Title   string         // of the windows, "RayOS" if empty
	AppID   string         // "rayos" if empty
	Outputs []display.Spec // one window each; one of display.DefaultSpec if empty
	// Socket is the host's, as in client.Connect; empty means the one of the
	// environment.
	Socket string
	// Conn is a connection to use instead of Socket. The display owns it from
	// then on, also if New fails.
	Conn *client.Display
	// KeepHostShortcuts leaves Alt-Tab and the like to the host.
	KeepHostShortcuts bool
}

// Display is a set of windows on a Wayland host. It belongs to the loop
// goroutine.
type Display struct {
	loop    *loop.Loop
	handler display.Handler // nil until Start
	conn    *client.Display
	source  *loop.Source
	waiting bool // for the socket to take more
	host    host
	seat    *seat
	outputs []*Output
	inside  bool // the client is dispatching
	dead    bool // the host went away
	closed  bool
}

// New connects to the host and opens the windows. Nothing is announced before
// Start.
func New(l *loop.Loop, opts Options) (*Display, error) {
	conn := opts.Conn
	if conn == nil {
		var err error
		if conn, err = client.Connect(opts.Socket); err != nil {
			return nil, fmt.Errorf("nested display: %w", err)
		}
	}
	d := &Display{loop: l, conn: conn}
	d.host.inhibit = !opts.KeepHostShortcuts
	if err := d.open(opts); err != nil {
		return nil, errors.Join(fmt.Errorf("nested display: %w", err), d.Close())
	}
	return d, nil
}

func (d *Display) open(opts Options) error {
	if err := d.host.bind(d); err != nil {
		return err
	}
	if opts.Title == "" {
		opts.Title = "RayOS"
	}
	if opts.AppID == "" {
		opts.AppID = "rayos"
	}
	if len(opts.Outputs) == 0 {
		opts.Outputs = []display.Spec{display.DefaultSpec}
	}
	for i, s := range opts.Outputs {
		if s.Name == "" {
			s.Name = fmt.Sprintf("WL-%d", i+1)
		}
		title := opts.Title
		if len(opts.Outputs) > 1 {
			title += " " + s.Name
		}
		d.outputs = append(d.outputs, newOutput(d, s, title, opts.AppID))
	}
	// The host configures a window before it may have pixels.
	for !d.allConfigured() {
		if err := d.conn.Dispatch(); err != nil {
			return err
		}
	}
	for _, o := range d.outputs {
		o.reconfigure()
	}
	return d.conn.Flush()
}

func (d *Display) allConfigured() bool {
	for _, o := range d.outputs {
		if !o.configured {
			return false
		}
	}
	return true
}

// Name returns "nested".
func (d *Display) Name() string { return "nested" }

// Start announces the outputs and begins to read events.
func (d *Display) Start(h display.Handler) error {
	if d.handler != nil {
		return errors.New("nested display: started already")
	}
	var err error
	if d.source, err = d.loop.Add(d.conn.FD(), loop.Readable, d); err != nil {
		return fmt.Errorf("nested display: %w", err)
	}
	d.handler = h
	for _, o := range slices.Clone(d.outputs) {
		h.OutputAdded(o)
	}
	d.flush()
	return nil
}

// Ready reads and handles what the host sent.
func (d *Display) Ready(loop.Events) {
	d.inside = true
	err := d.conn.Read()
	if _, e := d.conn.DispatchPending(); err == nil {
		err = e
	}
	d.inside = false
	if d.closed {
		d.conn.Close()
		return
	}
	if err != nil {
		d.hostGone(err)
		return
	}
	for i := 0; i < len(d.outputs); i++ {
		if d.outputs[i].reconfigure(); d.closed {
			return
		}
	}
	d.flush()
}

// flush sends the requests made so far, as far as the socket takes them.
func (d *Display) flush() {
	if d.dead || d.closed || d.source == nil {
		return
	}
	err := d.conn.Flush()
	if pending := d.conn.Pending(); err == nil && pending != d.waiting {
		d.waiting = pending
		ev := loop.Readable
		if pending {
			ev |= loop.Writable
		}
		err = d.source.SetEvents(ev)
	}
	if err != nil {
		// Told at the end of the turn: this may be inside of Commit.
		d.loop.Idle(func() { d.hostGone(err) })
	}
}

func (d *Display) hostGone(err error) {
	if d.dead || d.closed {
		return
	}
	d.dead = true
	err = errors.Join(fmt.Errorf("the Wayland host went away: %w", err), d.source.Remove())
	d.source = nil
	d.handler.Closed(err)
}

// closeWindow is called when the person closed a window: its output goes, or
// the display if it was the last.
func (d *Display) closeWindow(o *Output) {
	if len(d.outputs) == 1 {
		d.handler.Closed(nil)
		return
	}
	d.outputs = slices.DeleteFunc(d.outputs, func(p *Output) bool { return p == o })
	d.remove(o)
}

func (d *Display) remove(o *Output) {
	o.removed = true
	if d.seat != nil {
		d.seat.forget(o)
	}
	if d.handler != nil {
		d.handler.OutputRemoved(o)
	}
	o.destroy()
}

// Close removes all outputs and leaves the host.
func (d *Display) Close() error {
	if d.closed {
		return nil
	}
	for len(d.outputs) > 0 {
		o := d.outputs[0]
		d.outputs = d.outputs[1:]
		d.remove(o)
	}
	var err error
	if d.source != nil {
		d.flush() // so that the windows go before the connection
		err = d.source.Remove()
		d.source = nil
	}
	d.closed = true
	if !d.inside {
		d.conn.Close()
	}
	return err
}
