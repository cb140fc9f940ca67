package rayapps

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestWindowsKeepTheirOwnState: of two windows of an app neither writes over the
// other's state.
func TestWindowsKeepTheirOwnState(t *testing.T) {
	r := newRoom(t)
	first := r.show(Options{}, &probe{state: "one"})
	path := first.w.store.path
	state := func(slot string) string {
		t.Helper()
		data, err := os.ReadFile(path + slot)
		if err != nil {
			return err.Error()
		}
		return string(data)
	}
	second := r.show(Options{}, &probe{state: "two"})
	if want := path + ".2"; second.w.store.path != want {
		t.Fatalf("the second has %s, want %s", second.w.store.path, want)
	}
	// The second one is killed, more or less.
	second.do(func(w *Window) { w.loop.Stop() })
	if err := <-second.done; err != nil {
		t.Fatal(err)
	}
	if got := state(".2"); got != "two" {
		t.Errorf("state.2 has %q", got)
	}
	// It comes back to its own.
	second = r.show(Options{}, &probe{state: "new"})
	if got := second.probe.state; got != "two" {
		t.Errorf("the second one begins with %q", got)
	}
	// Closed for good, it leaves nothing.
	second.do(func(w *Window) { w.asked() })
	if err := <-second.done; err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".2"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("state.2: %v", err)
	}
	second = r.show(Options{}, &probe{state: "new"})
	if got := second.probe.state; got != "new" {
		t.Errorf("another begins with %q", got)
	}
	for _, s := range []*stand{first, second} {
		s.do(func(w *Window) { w.Close() })
		if err := <-s.done; err != nil {
			t.Fatal(err)
		}
	}
	if got := state(""); got != "one" {
		t.Errorf("state has %q", got)
	}
}

func TestStateNeedsAPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var s store
	if err := s.claim(filepath.Join(file, "app", "state")); err == nil || s.path != "" {
		t.Errorf("claim below a file: %v, %q", err, s.path)
	}
	if err := s.close(true); err != nil {
		t.Error(err)
	}
}

func TestTooManyWindowsToKeep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	all := make([]store, maxSlots+1)
	for i := range all {
		switch err := all[i].claim(path); {
		case i < maxSlots && err != nil:
			t.Fatal(err)
		case i == maxSlots && err == nil:
			t.Errorf("number %d has %s", i+1, all[i].path)
		}
	}
	if err := all[6].close(false); err != nil {
		t.Error(err)
	}
	var s store
	if err := s.claim(path); err != nil || s.path != path+".7" {
		t.Errorf("after the seventh has gone: %q, %v", s.path, err)
	}
	all[6] = s
	for i := range all {
		if err := all[i].close(false); err != nil {
			t.Error(err)
		}
	}
}
