package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// Runner measures compositors against each other.
type Runner struct {
	Launcher    *Launcher
	Compositors []Compositor
	Effort      Effort
	Only        []string  // prefixes of probe names; empty for all
	Progress    io.Writer // one line per probe
}

// Run measures all probes. An error of one compositor in one probe leaves its
// cell empty and is told in the result's Notes; an end of ctx stops between
// measurements.
func (r *Runner) Run(ctx context.Context) (*Result, error) {
	// Collections happen between measurements only.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	res := newResult(r.Compositors)
	probes := Probes()
	for _, o := range r.Only {
		if !slices.ContainsFunc(probes, func(p Probe) bool { return strings.HasPrefix(p.Name, o) }) {
			return nil, fmt.Errorf("no probe starts with %q", o)
		}
	}
	for _, p := range probes {
		if !r.wants(p.Name) {
			continue
		}
		samples, notes, err := r.probe(ctx, p)
		if err != nil {
			return nil, err
		}
		res.Notes = append(res.Notes, notes...)
		for _, row := range p.Rows {
			res.add(row, samples)
		}
	}
	res.derive()
	return res, nil
}

// takes reports whether a competitor takes part.
func (p *Probe) takes(c *Compositor) bool {
	return c.Name == RayOS || p.Peers == nil && !c.viewer || slices.Contains(p.Peers, c.Name)
}

func (r *Runner) wants(name string) bool {
	return len(r.Only) == 0 || slices.ContainsFunc(r.Only, func(o string) bool { return strings.HasPrefix(name, o) })
}

// samples are the values of all rounds by row key and compositor.
type samples map[string]map[string][]float64

func (r *Runner) probe(ctx context.Context, p Probe) (samples, []Note, error) {
	rounds := r.Effort.Rounds
	if p.Rounds > 0 {
		rounds = min(rounds, p.Rounds)
	}
	got := samples{}
	var notes []Note
	out := map[string]bool{} // compositors that are out of this probe
	for round := range rounds {
		for i := range r.Compositors {
			// Backwards every other round: nobody always runs after the same.
			c := &r.Compositors[i]
			if round%2 == 1 {
				c = &r.Compositors[len(r.Compositors)-1-i]
			}
			if out[c.Name] || !p.takes(c) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			fmt.Fprintf(r.Progress, "%s: round %d of %d, %s\n", p.Name, round+1, rounds, c.Name)
			runtime.GC()
			v, err := r.measure(p, c)
			if err != nil {
				out[c.Name] = true
				notes = append(notes, newNote(p.Name, c.Name, err))
				continue
			}
			for key, value := range v {
				if got[key] == nil {
					got[key] = map[string][]float64{}
				}
				if !math.IsNaN(value) {
					got[key][c.Name] = append(got[key][c.Name], value)
				}
			}
		}
	}
	return got, notes, nil
}

func (r *Runner) measure(p Probe, c *Compositor) (Values, error) {
	if p.Start != nil {
		return p.Start(r.Launcher, c, r.Effort)
	}
	s, err := r.Launcher.Start(c, p.Setup)
	if err != nil {
		return nil, err
	}
	v, err := p.Run(s, r.Effort)
	return v, errors.Join(err, s.Alive(), s.Stop())
}
