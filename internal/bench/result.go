package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Note says why a cell is empty.
type Note struct {
	Probe      string `json:"probe"`
	Compositor string `json:"compositor"`
	Text       string `json:"text"`
	Failed     bool   `json:"failed"` // false: it cannot take part; true: it went wrong
}

func newNote(probe, compositor string, err error) Note {
	var unfit *UnfitError
	if errors.As(err, &unfit) {
		return Note{probe, compositor, unfit.Reason, false}
	}
	return Note{probe, compositor, err.Error(), true}
}

// Line is a measured row. A value is NaN where a compositor has none.
type Line struct {
	Row    Row
	Values map[string]float64 // medians by compositor
	Spread map[string]float64 // ± as a part of the median
}

// Own is RayOS's figure.
func (l *Line) Own() float64 { return l.of(RayOS) }

func (l *Line) of(name string) float64 {
	if v, ok := l.Values[name]; ok {
		return v
	}
	return math.NaN()
}

// Best is the smallest figure of a peer, NaN without peers.
func (l *Line) Best() float64 {
	best := math.NaN()
	for name, v := range l.Values {
		if name != RayOS && !math.IsNaN(v) && !(v >= best) {
			best = v
		}
	}
	return best
}

// Ratio is RayOS's figure divided by the best peer's. It is NaN when either is
// missing or both are 0, and infinite when only the peer's is 0.
func (l *Line) Ratio() float64 { return l.Own() / l.Best() }

// Result is a finished run.
type Result struct {
	Names    []string // in the order of the columns
	Versions map[string]string
	Lines    []Line
	Notes    []Note
}

func newResult(cs []Compositor) *Result {
	r := &Result{Versions: map[string]string{}}
	for _, c := range cs {
		r.Names = append(r.Names, c.Name)
		r.Versions[c.Name] = c.Version
	}
	return r
}

func (r *Result) add(row Row, got samples) {
	l := Line{Row: row, Values: map[string]float64{}, Spread: map[string]float64{}}
	for name, s := range got[row.Key] {
		if len(s) > 0 {
			l.Values[name], l.Spread[name] = Median(s), Spread(s)
		}
	}
	r.Lines = append(r.Lines, l)
}

// derive adds how much more a small damage costs on a large window.
func (r *Result) derive() {
	big, small := r.line("damage.4k"), r.line("damage.1080p")
	if big == nil || small == nil {
		return
	}
	l := Line{
		Row:    Row{Key: "damage.ratio", Name: "16x16 damage, 4K divided by 1080p", Unit: "x", Bar: limitBar(1.1)},
		Values: map[string]float64{},
	}
	for _, name := range r.Names {
		if v := big.of(name) / small.of(name); !math.IsNaN(v) {
			l.Values[name] = v
		}
	}
	at := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Row.Key == "damage.4k" })
	r.Lines = slices.Insert(r.Lines, at+1, l)
}

func (r *Result) line(key string) *Line {
	for i := range r.Lines {
		if r.Lines[i].Row.Key == key {
			return &r.Lines[i]
		}
	}
	return nil
}

// Failed is an error that lists what went wrong with RayOS itself, or nil.
func (r *Result) Failed() error {
	var errs []error
	for _, n := range r.Notes {
		if n.Failed && n.Compositor == RayOS {
			errs = append(errs, fmt.Errorf("%s: %s", n.Probe, n.Text))
		}
	}
	return errors.Join(errs...)
}

// MarshalJSON writes {versions, rows, notes}; figures that do not exist are
// null.
func (r *Result) MarshalJSON() ([]byte, error) {
	type row struct {
		Row    string             `json:"row"`
		Name   string             `json:"name"`
		Unit   string             `json:"unit"`
		Rayos  *float64           `json:"rayos"`
		Peers  map[string]float64 `json:"peers"`
		Ratio  *float64           `json:"ratio"`
		Bar    string             `json:"bar,omitempty"`
		Met    *bool              `json:"met"`
		Spread map[string]float64 `json:"spread,omitempty"`
	}
	out := struct {
		Versions map[string]string `json:"versions"`
		Rows     []row             `json:"rows"`
		Notes    []Note            `json:"notes"`
	}{Versions: r.Versions, Rows: []row{}, Notes: r.Notes}
	if out.Notes == nil {
		out.Notes = []Note{}
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		j := row{
			Row: l.Row.Key, Name: l.Row.Name, Unit: l.Row.Unit,
			Rayos: finite(l.Own()), Ratio: finite(l.Ratio()),
			Peers: map[string]float64{}, Bar: l.Row.Bar.String(), Spread: l.Spread,
		}
		for name, v := range l.Values {
			if name != RayOS {
				j.Peers[name] = v
			}
		}
		if met, known := l.Row.Bar.Met(l.Own(), l.Ratio()); known {
			j.Met = &met
		}
		out.Rows = append(out.Rows, j)
	}
	return json.Marshal(out)
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
