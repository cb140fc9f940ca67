package proctest

import (
	"debug/elf"
	"os"
	"path/filepath"
	"testing"
)

// TestStaticBuild: without cgo a session is one file that needs no other, and
// still shows a terminal.
func TestStaticBuild(t *testing.T) {
	dir := t.TempDir()
	if err := Build(dir, append(os.Environ(), "CGO_ENABLED=0")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"rayos-session", "rayctl"} {
		f, err := elf.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range f.Progs {
			if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
				t.Errorf("%s has a %v segment", name, p.Type)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	Need(t, "foot")
	s := StartWith(t, Options{Binary: filepath.Join(dir, "rayos-session"), Args: []string{"--headless"}})
	shell(s)
}
