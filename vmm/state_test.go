package vmm

import (
	"slices"
	"testing"
)

func TestEveryStateEndsWell(t *testing.T) {
	// From every state a stopped machine can be reached, and only such states
	// have a process as can lose it.
	for _, s := range States {
		if !s.Valid() {
			t.Errorf("%s has no row", s)
		}
		if _, err := s.After(Crashed); (err == nil) != s.Alive() {
			t.Errorf("%s: alive %v, After(crashed): %v", s, s.Alive(), err)
		}
		seen := []State{s}
		for i := 0; i < len(seen); i++ {
			for _, next := range transitions[seen[i]] {
				if !slices.Contains(seen, next) {
					seen = append(seen, next)
				}
			}
		}
		if !slices.Contains(seen, Stopped) {
			t.Errorf("%s never stops", s)
		}
	}
	if State("flying").Valid() {
		t.Error("flying is no state")
	}
}

func TestSavedStateIsNeverStartedOver(t *testing.T) {
	// A cold boot of a suspended machine would let the disks leave its memory
	// behind: it has to be resumed, or forgotten first.
	if s, err := Suspended.After(Start); err == nil {
		t.Errorf("a suspended machine started: %s", s)
	}
	if s, err := Suspended.After(Forget); err != nil || s != Stopped {
		t.Errorf("forget: %s, %v", s, err)
	}
}
