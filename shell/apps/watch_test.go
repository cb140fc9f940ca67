package apps

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// watching runs Watch and returns a function that waits for an index with these
// applications.
func watching(t *testing.T, dirs ...string) (until func(step string, want ...string), stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	posted, done := make(chan *Index, 100), make(chan error, 1)
	go func() { done <- Watch(ctx, Config{Dirs: dirs}, func(x *Index) { posted <- x }) }()
	until = func(step string, want ...string) {
		t.Helper()
		var last []string
		deadline := time.After(30 * time.Second)
		for {
			select {
			case x := <-posted:
				if last = all(x); slices.Equal(last, want) {
					return
				}
			case <-deadline:
				t.Fatalf("%s: %q; want %q", step, last, want)
			}
		}
	}
	stop = func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(30 * time.Second):
			t.Fatal("Watch doesn't end")
			return nil
		}
	}
	t.Cleanup(cancel)
	return until, stop
}

func TestWatch(t *testing.T) {
	top := t.TempDir()
	mine, theirs := filepath.Join(top, "home/share/applications"), filepath.Join(top, "usr")
	put(t, filepath.Join(theirs, "a.desktop"), app("A"))
	until, stop := watching(t, mine, theirs)
	until("at first", "a.desktop=A")
	put(t, filepath.Join(theirs, "b.desktop"), app("B"))
	until("a new file", "a.desktop=A", "b.desktop=B")
	put(t, filepath.Join(theirs, "b.desktop"), app("Bee"))
	until("written anew", "a.desktop=A", "b.desktop=Bee")
	put(t, filepath.Join(theirs, "kde/c.desktop"), app("C"))
	until("in a new folder", "a.desktop=A", "b.desktop=Bee", "kde-c.desktop=C")
	put(t, filepath.Join(theirs, "kde/d.desktop"), app("D"))
	until("in a folder that came", "a.desktop=A", "b.desktop=Bee", "kde-c.desktop=C", "kde-d.desktop=D")
	if err := os.RemoveAll(filepath.Join(theirs, "kde")); err != nil {
		t.Fatal(err)
	}
	until("a folder goes", "a.desktop=A", "b.desktop=Bee")
	put(t, filepath.Join(mine, "a.desktop"), app("Mine"))
	until("a folder of mine comes", "a.desktop=Mine", "b.desktop=Bee")
	if err := os.Rename(filepath.Join(mine, "a.desktop"), filepath.Join(mine, "z.desktop")); err != nil {
		t.Fatal(err)
	}
	until("another name", "a.desktop=A", "b.desktop=Bee", "z.desktop=Mine")
	if err := stop(); err != nil {
		t.Errorf("Watch = %v; want nil", err)
	}
}

func TestWatchEndsAtOnce(t *testing.T) {
	_, stop := watching(t)
	if err := stop(); err != nil {
		t.Errorf("Watch = %v; want nil", err)
	}
}

func TestWhatMatters(t *testing.T) {
	w := watcher{watched: map[int32]map[string]bool{1: nil, 2: {"applications": true}}}
	event := func(wd byte, mask uint32, name string) []byte {
		e := []byte{wd, 0, 0, 0, byte(mask), byte(mask >> 8), byte(mask >> 16), byte(mask >> 24), 0, 0, 0, 0, 16, 0, 0, 0}
		if name == "" {
			e[12] = 0
			return e
		}
		return append(e, append([]byte(name), make([]byte, 16-len(name))...)...)
	}
	for _, c := range []struct {
		what  string
		bytes []byte
		want  bool
	}{
		{"a desktop file", event(1, 0x8, "a.desktop"), true},
		{"another file", event(1, 0x8, "mime.cache"), false},
		{"a folder in it", event(1, 0x40000100, "kde"), true},
		{"the folder itself", event(1, 0x400, ""), true},
		{"a watch that ended", event(1, 0x8000, ""), false},
		{"the folder that is waited for", event(2, 0x40000100, "applications"), true},
		{"a sibling of it", event(2, 0x40000100, "fonts"), false},
		{"the second event", append(event(2, 0x100, "x"), event(1, 0x8, "a.desktop")...), true},
		{"an old watch", event(3, 0x8, "a.desktop"), false},
		{"events that were lost", event(0xff, 0x4000, ""), true},
		{"nothing", nil, false},
	} {
		if got := w.matters(c.bytes); got != c.want {
			t.Errorf("%s: %t; want %t", c.what, got, c.want)
		}
	}
}
