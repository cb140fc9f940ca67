package bench

import (
	"errors"
	"fmt"
	"math"

	"rayos/internal/bench/rawclient"
)

// Row is one line of the table. Less is better in every row.
type Row struct {
	Key  string // stable name, used in bench.json
	Name string // what a reader sees
	Unit string // ms, us, KiB, 1/s, …
	Bar  Bar    // what RayOS aims at
}

// Bar is a bound on RayOS's figure: by the best peer of the same run or
// absolute. The zero value is no bar.
type Bar struct {
	kind  barKind
	bound float64
}

type barKind uint8

const (
	noBar barKind = iota
	ratioKind
	limitKind
)

// ratioBar wants at most r times the best peer.
func ratioBar(r float64) Bar { return Bar{ratioKind, r} }

// limitBar wants at most v in the row's unit.
func limitBar(v float64) Bar { return Bar{limitKind, v} }

// Met reports whether own is within the bar; known is false when there is no
// bar or nothing to compare with.
func (b Bar) Met(own, ratio float64) (met, known bool) {
	switch {
	case b.kind == limitKind && !math.IsNaN(own):
		return own <= b.bound, true
	case b.kind == ratioKind && !math.IsNaN(ratio):
		return ratio <= b.bound, true
	}
	return false, false
}

func (b Bar) String() string {
	switch b.kind {
	case ratioKind:
		return fmt.Sprintf("≤%.1fx", b.bound)
	case limitKind:
		return "≤" + figure(b.bound)
	}
	return ""
}

// Values are one run's figures by row key.
type Values map[string]float64

// Probe measures some rows on one compositor.
type Probe struct {
	Name   string
	Rows   []Row
	Setup  Setup
	Rounds int // 0 takes the plan's
	// Peers are the names of those that take part beside RayOS; nil is all
	// compositors.
	Peers []string
	// Run measures s. It may leave out rows that do not apply.
	Run func(s *Session, e Effort) (Values, error)
	// Start measures launching instead of a running session.
	Start func(l *Launcher, c *Compositor, e Effort) (Values, error)
}

// Effort scales the measurements.
type Effort struct {
	Rounds      int // A B C turns of each probe
	Starts      int // launches per round
	Syncs       int // round trips, alone
	BusyMillis  int // length of the round trips beside drawing clients
	Commits     int // commits of a flood
	Frames      int // frames per compose row
	Latencies   int // commits followed to their pixels
	IdleSeconds int // length of an idle window
	Cycles      int // windows opened and closed
}

// The three plans.
var (
	Quick = Effort{Rounds: 1, Starts: 3, Syncs: 5000, BusyMillis: 400, Commits: 5000, Frames: 12, Latencies: 15, IdleSeconds: 1, Cycles: 100}
	Full  = Effort{Rounds: 3, Starts: 7, Syncs: 20000, BusyMillis: 1500, Commits: 30000, Frames: 60, Latencies: 60, IdleSeconds: 4, Cycles: 1000}
	Long  = Effort{Rounds: 5, Starts: 15, Syncs: 50000, BusyMillis: 5000, Commits: 100000, Frames: 150, Latencies: 200, IdleSeconds: 10, Cycles: 10000}
)

// Probes are all measurements in the order of the table.
func Probes() []Probe {
	probes := []Probe{startProbe(), syncProbe(), busySyncProbe()}
	for _, clients := range []int{1, 10, 50} {
		probes = append(probes, floodProbe(clients))
	}
	probes = append(probes, composeProbes()...)
	probes = append(probes, latencyProbe(), panelProbe(), appProbe(), xwaylandProbe(), captureProbe(), idleProbe(), footprintProbe(), leakProbe())
	return append(append(probes, shellProbes()...), guestProbe(), remoteProbe(), decodeProbe(), computeProbe(), conductorProbe(), volumeProbe())
}

// withClient runs fn with a connection of its own.
func (s *Session) withClient(fn func(c *rawclient.Conn) error) error {
	c, err := s.Dial()
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	return errors.Join(fn(c), c.Close())
}

// withWindow runs fn with one window on a connection of its own.
func (s *Session) withWindow(o rawclient.WindowOptions, fn func(c *rawclient.Conn, w *rawclient.Window) error) error {
	return s.withClient(func(c *rawclient.Conn) error {
		w, err := c.NewWindow(o)
		if err != nil {
			return err
		}
		return errors.Join(fn(c, w), w.Release())
	})
}
