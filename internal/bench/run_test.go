package bench

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
)

func TestRoundsTakeTurnsAndTurnAround(t *testing.T) {
	var order []string
	r := Runner{Compositors: []Compositor{{Name: "a"}, {Name: "b"}, {Name: "c"}}, Effort: Effort{Rounds: 2}, Progress: io.Discard}
	got, notes, err := r.probe(context.Background(), Probe{Start: func(_ *Launcher, c *Compositor, _ Effort) (Values, error) {
		order = append(order, c.Name)
		return Values{"x": float64(len(order))}, nil
	}})
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	if want := []string{"a", "b", "c", "c", "b", "a"}; !slices.Equal(order, want) {
		t.Errorf("order = %v; want %v", order, want)
	}
	if want := []float64{1, 6}; !slices.Equal(got["x"]["a"], want) {
		t.Errorf("samples of a = %v; want %v", got["x"]["a"], want)
	}
}

func TestAFailureEmptiesOnlyItsOwnCell(t *testing.T) {
	runs := map[string]int{}
	r := Runner{Compositors: []Compositor{{Name: "a"}, {Name: "b"}}, Effort: Effort{Rounds: 3}, Progress: io.Discard}
	got, notes, err := r.probe(context.Background(), Probe{Name: "p", Start: func(_ *Launcher, c *Compositor, _ Effort) (Values, error) {
		runs[c.Name]++
		if c.Name == "a" {
			return nil, errors.New("boom")
		}
		return Values{"x": 1}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if runs["a"] != 1 || runs["b"] != 3 || len(got["x"]["a"]) != 0 || len(got["x"]["b"]) != 3 {
		t.Errorf("runs %v, samples %v; want a given up after one, b measured thrice", runs, got)
	}
	if want := (Note{"p", "a", "boom", true}); len(notes) != 1 || notes[0] != want {
		t.Errorf("notes = %v; want %v", notes, want)
	}
}

func TestCancelStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := Runner{Compositors: []Compositor{{Name: "a"}}, Effort: Effort{Rounds: 1}, Progress: io.Discard}
	if _, err := r.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v; want canceled", err)
	}
}

func TestRowKeysAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Probes() {
		if (p.Run == nil) == (p.Start == nil) {
			t.Errorf("probe %s: want exactly one of Run and Start", p.Name)
		}
		for _, row := range p.Rows {
			if seen[row.Key] {
				t.Errorf("row %s twice", row.Key)
			}
			seen[row.Key] = true
		}
	}
}
