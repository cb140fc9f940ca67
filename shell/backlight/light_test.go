package backlight

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

const within = 30 * time.Second

// device makes a folder as the kernel has it.
func device(t *testing.T, class, name, kind, level, most string) string {
	t.Helper()
	dir := filepath.Join(class, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{"type": kind + "\n", "brightness": level + "\n", "max_brightness": most + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	class := t.TempDir()
	if dir, _ := find(class); dir != "" {
		t.Errorf("found %s where there is none", dir)
	}
	device(t, class, "broken", "firmware", "1", "many")
	device(t, class, "dark", "firmware", "1", "0")
	device(t, class, "odd", "magic", "1", "9")
	if dir, _ := find(class); dir != "" {
		t.Errorf("found %s, which is none", dir)
	}
	device(t, class, "intel", "raw", "10", "100")
	best := device(t, class, "acpi", "firmware", "3", "15")
	device(t, class, "vendor", "platform", "3", "15")
	if dir, most := find(class); dir != best || most != 15 {
		t.Errorf("found %s, %d; want %s, 15", dir, most, best)
	}
}

// login is what logind does, on a bus of the test.
type login struct {
	dir  string
	fail atomic.Bool
}

// SetBrightness writes what the kernel would be told.
func (l *login) SetBrightness(subsystem, name string, level uint32) *dbus.Error {
	if l.fail.Load() || subsystem != "backlight" || name != filepath.Base(l.dir) {
		return dbus.MakeFailedError(errors.New("refused"))
	}
	if err := os.WriteFile(filepath.Join(l.dir, "brightness"), []byte(strconv.Itoa(int(level))), 0o600); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

func TestLight(t *testing.T) {
	class, address := t.TempDir(), bustest.New(t)
	if _, err := Open(class, address); !errors.Is(err, ErrNone) {
		t.Errorf("no screen: %v; want ErrNone", err)
	}
	dir := device(t, class, "panel", "raw", "50", "100")
	if _, err := Open(class, "unix:path=/none"); !errors.Is(err, ErrNone) {
		t.Errorf("no bus: %v; want ErrNone", err)
	}
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	sys := &login{dir: dir}
	if err := conn.Export(sys, loginPath, sessionName); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(loginName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	l, err := Open(class, address)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	change := func(c Change) (float64, error) {
		t.Helper()
		type result struct {
			level float64
			err   error
		}
		got := make(chan result, 1)
		l.Change(c, func(level float64, err error) { got <- result{level, err} })
		select {
		case r := <-got:
			return r.level, r.err
		case <-time.After(within):
			t.Fatal("no answer")
			return 0, nil
		}
	}
	set := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		name   string
		change Change
		want   float64
	}{
		{"nothing", Change{}, 0.5},
		{"up", Change{By: 0.05}, 0.55},
		{"down", Change{By: -0.3}, 0.25},
		{"not to nothing", Change{By: -0.9}, 0.01},
		{"a small step", Change{By: 0.001}, 0.02},
		{"to the end", Change{By: 3}, 1},
		{"set", Change{Set: set(0.4)}, 0.4},
		{"set to nothing", Change{Set: set(-1)}, 0},
		{"a small step down", Change{By: -0.001}, 0.01},
	} {
		if got, err := change(c.change); err != nil || got != c.want {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	sys.fail.Store(true)
	if _, err := change(Change{By: 0.1}); err == nil {
		t.Error("a refusal is no error")
	}
	device(t, class, "panel", "raw", "x", "100")
	if _, err := change(Change{By: 0.1}); err == nil {
		t.Error("a level that is none is no error")
	}
}
