package host

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestQEMUIsExaminedOnce has what is known of a program hold as long as the
// program is the same.
func TestQEMUIsExaminedOnce(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(fakeEnv, "")
	dir := t.TempDir()
	cache, binary := filepath.Join(dir, "qemu.json"), filepath.Join(dir, "qemu")
	if err := os.Link(self, binary); err != nil {
		t.Skip(err) // another file system
	}
	ask := func() engine {
		t.Helper()
		e, err := examined(context.Background(), binary, cache)
		if err != nil || e.Version != fakeVersion || e.Program != binary {
			t.Fatalf("examined = %+v, %v", e, err)
		}
		return e
	}
	first := ask()
	var x examination
	if err := readJSON(cache, &x); err != nil || x.Engine.Version != first.Version {
		t.Fatalf("kept %+v, %v", x, err)
	}
	x.Engine.Sandbox = !x.Engine.Sandbox // so that what is kept can be told
	if err := writeJSON(cache, x); err != nil {
		t.Fatal(err)
	}
	if ask().Sandbox == first.Sandbox {
		t.Error("it was asked again")
	}
	for name, spoil := range map[string]func() error{
		"another program": func() error { return os.Chmod(binary, 0o711) },
		"damaged":         func() error { return os.WriteFile(cache, []byte("{"), 0o600) },
		"no version":      func() error { return os.WriteFile(cache, []byte("{}"), 0o600) },
		"gone":            func() error { return os.Remove(cache) },
	} {
		if err := writeJSON(cache, x); err != nil {
			t.Fatal(err)
		}
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if ask().Sandbox != first.Sandbox {
			t.Errorf("%s: what was kept was believed", name)
		}
		if is, ok := identify(binary); !ok {
			t.Fatal("it is no binary")
		} else {
			x.File = is
		}
	}
}

func TestScriptsAreAskedEachTime(t *testing.T) {
	dir := t.TempDir()
	if is, ok := identify(fakeQEMU(t, dir, "")); ok {
		t.Errorf("a script is %+v", is)
	}
	if e, err := examined(context.Background(), filepath.Join(dir, "none"), filepath.Join(dir, "cache")); err == nil {
		t.Errorf("a program that isn't there: %+v", e)
	}
}
