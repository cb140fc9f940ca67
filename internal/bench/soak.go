package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"rayos/internal/bench/rawclient"
)

// SoakSample is one look at a compositor in a long run.
type SoakSample struct {
	At       time.Duration
	Steps    int // script steps done so far
	Memory   Memory
	FrameCPU time.Duration // per full-damage frame of the reference window
}

// SoakResult is what a long run shows: whether anything creeps.
type SoakResult struct {
	Samples []SoakSample
	// Growth is the slope of the resident memory in KiB per 1000 steps, the
	// first fifth of the run left out.
	Growth float64
	// Drift is the frame cost of the last third of the run divided by that of
	// the first third, minus 1. Of each third the lower quartile counts, since
	// a busy machine only ever adds.
	Drift float64
}

const (
	soakSamples  = 30
	soakWindows  = 12
	soakFrames   = 20
	soakDriftBar = 0.05
)

// Soak opens, resizes, redraws and closes windows by a fixed script for the
// given time, and looks at memory and frame cost on the way.
func Soak(ctx context.Context, l *Launcher, c *Compositor, length time.Duration, progress io.Writer) (*SoakResult, error) {
	s, err := l.Start(c, Setup{NoScanout: true})
	if err != nil {
		return nil, err
	}
	var res SoakResult
	o := rawclient.WindowOptions{Title: "reference", Width: 256, Height: 256, Buffers: 4, Format: rawclient.XRGB8888, Color: paintColor}
	err = s.withWindow(o, func(_ *rawclient.Conn, reference *rawclient.Window) error {
		// The script is the same in every run.
		script := &soakScript{session: s, rand: rand.New(rand.NewPCG(1, 2))}
		err := script.sample(ctx, &res, reference, length, progress)
		return errors.Join(err, script.end())
	})
	if err = errors.Join(err, s.Alive(), s.Stop()); err != nil {
		return nil, err
	}
	res.judge()
	return &res, nil
}

func (r *SoakResult) judge() {
	var steps, rss []float64
	for _, s := range r.Samples[len(r.Samples)/5:] {
		steps = append(steps, float64(s.Steps))
		rss = append(rss, float64(s.Memory.RSS))
	}
	r.Growth = Slope(steps, rss) * 1000
	var cost []float64
	for _, s := range r.Samples {
		cost = append(cost, s.FrameCPU.Seconds())
	}
	third := max(1, len(cost)/3)
	r.Drift = Quantile(cost[len(cost)-third:], 0.25)/Quantile(cost[:third], 0.25) - 1
}

// Write prints the verdict.
func (r *SoakResult) Write(w io.Writer) error {
	last := r.Samples[len(r.Samples)-1]
	_, err := fmt.Fprintf(w, "after %v and %d steps: RSS %.1f MiB, growth %+.0f KiB per 1000 steps, frame cost drift %+.1f%% (bar ±%.0f%%)\n",
		last.At.Round(time.Second), last.Steps, float64(last.Memory.RSS)/1024, r.Growth, r.Drift*100, soakDriftBar*100)
	return err
}

// soakClient is one scripted client with one window.
type soakClient struct {
	conn   *rawclient.Conn
	window *rawclient.Window
}

func (c soakClient) close() error { return errors.Join(c.conn.Close(), c.window.Release()) }

type soakScript struct {
	session *Session
	rand    *rand.Rand
	clients []soakClient
	steps   int
}

func (k *soakScript) sample(ctx context.Context, res *SoakResult, reference *rawclient.Window, length time.Duration, progress io.Writer) error {
	begin := time.Now()
	for i := range soakSamples {
		for until := length * time.Duration(i+1) / soakSamples; time.Since(begin) < until; k.steps++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := k.step(); err != nil {
				return fmt.Errorf("step %d: %w", k.steps, err)
			}
		}
		// Nobody else draws while the reference window is measured.
		if err := k.end(); err != nil {
			return err
		}
		if err := frames(reference, soakFrames/4, rawclient.FullDamage); err != nil {
			return err
		}
		cpu, err := k.session.spent(func() error { return frames(reference, soakFrames, rawclient.FullDamage) })
		if err != nil {
			return err
		}
		m, err := k.session.Memory()
		if err != nil {
			return err
		}
		sample := SoakSample{At: time.Since(begin), Steps: k.steps, Memory: m, FrameCPU: cpu / soakFrames}
		res.Samples = append(res.Samples, sample)
		fmt.Fprintf(progress, "%8v  %7d steps  RSS %6.1f MiB  private dirty %6.1f MiB  %6.0f us/frame\n",
			sample.At.Round(time.Second), sample.Steps, float64(m.RSS)/1024, float64(m.PrivateDirty)/1024, float64(sample.FrameCPU.Nanoseconds())/1e3)
	}
	return nil
}

// step opens, resizes, redraws or closes one window.
func (k *soakScript) step() error {
	r := k.rand
	if len(k.clients) == 0 || len(k.clients) < soakWindows && r.IntN(3) == 0 {
		return k.open()
	}
	at := r.IntN(len(k.clients))
	w := k.clients[at].window
	switch r.IntN(4) {
	case 0:
		return w.Resize(16+r.Int32N(800), 16+r.Int32N(600), rawclient.ARGB8888, 0x80204060)
	case 1:
		c := k.clients[at]
		k.clients[at] = k.clients[len(k.clients)-1]
		k.clients = k.clients[:len(k.clients)-1]
		if r.IntN(2) == 0 {
			return errors.Join(w.Destroy(), c.conn.Sync(), c.close())
		}
		return c.close()
	default:
		return frames(w, 1+r.IntN(3), rawclient.FullDamage)
	}
}

func (k *soakScript) open() error {
	c, err := k.session.Dial()
	if err != nil {
		return err
	}
	w, err := c.NewWindow(rawclient.WindowOptions{
		Title: "soak", Width: 16 + k.rand.Int32N(800), Height: 16 + k.rand.Int32N(600),
		Buffers: 2, Format: rawclient.ARGB8888, Color: 0xc0602040,
	})
	if err != nil {
		return errors.Join(err, c.Close())
	}
	k.clients = append(k.clients, soakClient{c, w})
	return nil
}

// end closes all windows.
func (k *soakScript) end() error {
	var err error
	for _, c := range k.clients {
		err = errors.Join(err, c.close())
	}
	k.clients = k.clients[:0]
	return err
}
