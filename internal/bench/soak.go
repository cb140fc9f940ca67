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

// SoakSample is one look at a compositor in a long run, when only the reference
// window is open.
type SoakSample struct {
	At         time.Duration // the compositor's time
	Steps      int           // script steps done so far
	Memory     Memory
	Files      int // open descriptors
	Goroutines int // of RayOS; 0 for others
	FrameCPU   time.Duration
}

// SoakResult is what a long run shows: whether anything creeps. The changes
// compare the last quarter of the run with the first, as a part of the first.
type SoakResult struct {
	Samples    []SoakSample
	PSS        float64
	Files      float64
	Goroutines float64
	// FrameCPU is the change of what a full-damage frame of the reference
	// window costs. Of each quarter the lower quartile counts, since a busy
	// machine only ever adds.
	FrameCPU float64
	// Growth is the slope of the proportional memory in KiB per 1000 steps,
	// the first quarter left out.
	Growth float64
	more   float64 // goroutines
}

const (
	soakSamples = 40
	soakWindows = 12
	soakFrames  = 100
	// soakQuiet frames of rest come before a sample: RayOS gives memory back
	// two seconds after the last window was closed.
	soakQuiet = 150
	soakBar   = 0.05
	// SoakRate is how much faster RayOS's clock runs than the world's.
	SoakRate = 20
	// soakCPU is the length from which the frame cost is judged: shorter runs
	// measure their neighbours.
	soakCPU = 30 * time.Minute
)

// Soak opens, resizes, redraws and closes windows by a fixed script, and on
// RayOS adds and removes outputs, for the given time of the compositor's clock.
// It looks at what the process holds and what a frame costs on the way.
func Soak(ctx context.Context, l *Launcher, c *Compositor, length time.Duration, progress io.Writer) (*SoakResult, error) {
	setup := Setup{NoScanout: true, Rate: 1}
	if c.Name == RayOS {
		setup.Rate = SoakRate
	}
	s, err := l.Start(c, setup)
	if err != nil {
		return nil, err
	}
	// The script is the same in every run.
	k := &soakScript{session: s, rand: rand.New(rand.NewPCG(1, 2)), length: length, progress: progress}
	if c.Name == RayOS {
		k.control, err = s.dialControl()
	}
	var res SoakResult
	if err == nil {
		o := rawclient.WindowOptions{Title: "reference", Width: 256, Height: 256, Buffers: 4, Format: rawclient.XRGB8888, Color: paintColor}
		err = s.withWindow(o, func(_ *rawclient.Conn, reference *rawclient.Window) error {
			k.reference = reference
			err := k.run(ctx, &res)
			return errors.Join(err, k.end(), k.control.close())
		})
	}
	if err = errors.Join(err, s.Alive(), s.Stop()); err != nil {
		return nil, err
	}
	res.judge()
	return &res, nil
}

// lateGoroutines are those that begin once, when they are needed first: the queue
// of tasks has some from the fifth minute on in which nobody is there. So many more
// are no leak.
const lateGoroutines = 4

// judge compares the quarters.
func (r *SoakResult) judge() {
	quarter := max(1, len(r.Samples)/4)
	change := func(q float64, of func(*SoakSample) float64) float64 {
		var all []float64
		for i := range r.Samples {
			all = append(all, of(&r.Samples[i]))
		}
		first, last := Quantile(all[:quarter], q), Quantile(all[len(all)-quarter:], q)
		if first == 0 {
			return 0
		}
		return last/first - 1
	}
	r.PSS = change(0.5, func(s *SoakSample) float64 { return float64(s.Memory.PSS) })
	r.Files = change(0.5, func(s *SoakSample) float64 { return float64(s.Files) })
	goroutines := func(s *SoakSample) float64 { return float64(s.Goroutines) }
	r.Goroutines = change(0.5, goroutines)
	r.more = r.Goroutines * goroutines(&r.Samples[0])
	r.FrameCPU = change(0.25, func(s *SoakSample) float64 { return s.FrameCPU.Seconds() })
	var steps, pss []float64
	for _, s := range r.Samples[quarter:] {
		steps = append(steps, float64(s.Steps))
		pss = append(pss, float64(s.Memory.PSS))
	}
	r.Growth = Slope(steps, pss) * 1000
}

// Creeps is an error that names what has grown by more than the bar, or nil.
func (r *SoakResult) Creeps() error {
	var errs []error
	for _, c := range []struct {
		name   string
		change float64
		judged bool
	}{
		{"PSS", r.PSS, true},
		{"descriptors", r.Files, true},
		{"goroutines", r.Goroutines, r.more > lateGoroutines},
		{"CPU per frame", r.FrameCPU, r.last().At >= soakCPU},
	} {
		if c.judged && c.change > soakBar {
			errs = append(errs, fmt.Errorf("%s: %+.1f%% from the first quarter to the last, the bar is +%.0f%%", c.name, c.change*100, soakBar*100))
		}
	}
	return errors.Join(errs...)
}

func (r *SoakResult) last() *SoakSample { return &r.Samples[len(r.Samples)-1] }

// Write prints the figures.
func (r *SoakResult) Write(w io.Writer) error {
	last := r.last()
	_, err := fmt.Fprintf(w, "after %v and %d steps, last quarter against first: PSS %+.1f%%, descriptors %+.1f%%, goroutines %+.1f%%, CPU per frame %+.1f%% (bar +%.0f%%); PSS %.1f MiB, growth %+.0f KiB per 1000 steps\n",
		last.At.Round(time.Second), last.Steps, r.PSS*100, r.Files*100, r.Goroutines*100, r.FrameCPU*100, soakBar*100, float64(last.Memory.PSS)/1024, r.Growth)
	return err
}

// soakClient is one scripted client with one window.
type soakClient struct {
	conn   *rawclient.Conn
	window *rawclient.Window
}

func (c soakClient) close() error { return errors.Join(c.conn.Close(), c.window.Release()) }

type soakScript struct {
	session   *Session
	control   *control // of RayOS, else nil
	rand      *rand.Rand
	length    time.Duration
	progress  io.Writer
	reference *rawclient.Window
	clients   []soakClient
	outputs   []string // that were added
	steps     int
}

// run plays the script, with samples at equal distances.
func (k *soakScript) run(ctx context.Context, res *SoakResult) error {
	begin := time.Now()
	rate := time.Duration(k.session.Setup.Rate)
	for i := range soakSamples {
		for until := k.length * time.Duration(i+1) / soakSamples; rate*time.Since(begin) < until; k.steps++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := k.step(); err != nil {
				return fmt.Errorf("step %d: %w", k.steps, err)
			}
		}
		s, err := k.sample()
		if err != nil {
			return err
		}
		s.At = rate * time.Since(begin)
		res.Samples = append(res.Samples, s)
		fmt.Fprintf(k.progress, "%8v  %7d steps  PSS %6.1f MiB  %3d descriptors  %3d goroutines  %6.0f us/frame\n",
			s.At.Round(time.Second), s.Steps, float64(s.Memory.PSS)/1024, s.Files, s.Goroutines, float64(s.FrameCPU.Nanoseconds())/1e3)
	}
	return nil
}

// sample measures while nobody else draws.
func (k *soakScript) sample() (SoakSample, error) {
	s := SoakSample{Steps: k.steps}
	if err := k.end(); err != nil {
		return s, err
	}
	if err := frames(k.reference, soakQuiet, rawclient.FullDamage); err != nil {
		return s, err
	}
	cpu, err := k.session.spent(func() error { return frames(k.reference, soakFrames, rawclient.FullDamage) })
	if err != nil {
		return s, err
	}
	s.FrameCPU = cpu / soakFrames
	if s.Memory, err = k.session.Memory(); err != nil {
		return s, err
	}
	if s.Files, err = k.session.Files(); err != nil || k.control == nil {
		return s, err
	}
	var stats struct {
		Goroutines int `json:"goroutines"`
	}
	err = k.control.call("stats", nil, &stats)
	s.Goroutines = stats.Goroutines
	return s, err
}

// step opens, resizes, redraws or closes one window, or plugs an output.
func (k *soakScript) step() error {
	r := k.rand
	if k.control != nil && r.IntN(100) == 0 {
		return k.plug()
	}
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

// plug adds an output beside the first, or takes one away again.
func (k *soakScript) plug() error {
	if n := len(k.outputs); n == 2 || n > 0 && k.rand.IntN(2) == 0 {
		return k.unplug(k.rand.IntN(n))
	}
	var made struct {
		Name string `json:"name"`
	}
	err := k.control.call("output add", map[string]any{
		"size": fmt.Sprintf("%dx%d", 640+k.rand.IntN(1280), 480+k.rand.IntN(600)), "scale": 1 + float64(k.rand.IntN(5))/4,
	}, &made)
	k.outputs = append(k.outputs, made.Name)
	return err
}

func (k *soakScript) unplug(i int) error {
	name := k.outputs[i]
	k.outputs = append(k.outputs[:i], k.outputs[i+1:]...)
	return k.control.call("output remove", map[string]any{"name": name}, nil)
}

// end closes all windows and unplugs what was added.
func (k *soakScript) end() error {
	var err error
	for _, c := range k.clients {
		err = errors.Join(err, c.close())
	}
	k.clients = k.clients[:0]
	for len(k.outputs) > 0 {
		err = errors.Join(err, k.unplug(0))
	}
	return err
}
