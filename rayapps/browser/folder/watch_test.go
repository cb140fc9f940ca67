package folder

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	told := make(chan struct{}, 64)
	w, err := NewWatch(dir, func() { told <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "a")
	for _, do := range []func() error{
		func() error { return os.WriteFile(file, []byte("x"), 0o644) },
		func() error { return os.Rename(file, file+"b") },
		func() error { return os.Remove(file + "b") },
	} {
		for len(told) > 0 {
			<-told
		}
		if err := do(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-told:
		case <-time.After(time.Minute):
			t.Error("a change isn't told")
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := NewWatch(file, func() {}); err == nil {
		t.Error("a file is watched as a folder")
	}
}
