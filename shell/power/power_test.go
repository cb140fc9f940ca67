package power

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// supply writes files of a supply: "name=content" each.
func supply(t *testing.T, class, name, files string) {
	t.Helper()
	dir := filepath.Join(class, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range strings.Fields(files) {
		k, v, _ := strings.Cut(f, "=")
		if err := os.WriteFile(filepath.Join(dir, k), []byte(v+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name     string
		supplies map[string]string
		want     State
	}{
		{"nothing", nil, State{}},
		{"mains alone", map[string]string{"AC": "type=Mains online=1"}, State{}},
		{"a mouse", map[string]string{"hid": "type=Battery scope=Device capacity=40"}, State{}},
		{"an empty bay", map[string]string{"BAT1": "type=Battery present=0 capacity=0"}, State{}},
		{"nonsense", map[string]string{"BAT0": "type=Battery capacity=many"}, State{}},
		{
			"getting emptier",
			map[string]string{"BAT0": "type=Battery status=Discharging capacity=50 energy_now=25000000 energy_full=50000000 power_now=10000000"},
			State{There: true, Percent: 50, Left: 150 * time.Minute},
		},
		{
			"a current below zero",
			map[string]string{"BAT0": "type=Battery status=Discharging capacity=50 charge_now=2000000 charge_full=4000000 current_now=-1000000"},
			State{There: true, Percent: 50, Left: 2 * time.Hour},
		},
		{
			"charging",
			map[string]string{"BAT0": "type=Battery status=Charging capacity=80 energy_now=40000000 energy_full=50000000 power_now=20000000"},
			State{There: true, Percent: 80, Charging: true, Plugged: true, Left: 30 * time.Minute},
		},
		{"full", map[string]string{"BAT0": "type=Battery status=Full capacity=104"}, State{There: true, Percent: 100, Plugged: true}},
		{
			"two",
			map[string]string{"BAT0": "type=Battery status=Discharging capacity=20", "BAT1": "type=Battery status=Full capacity=100"},
			State{There: true, Percent: 60},
		},
	} {
		class := t.TempDir()
		for name, files := range c.supplies {
			supply(t, class, name, files)
		}
		if got := Read(class); got != c.want {
			t.Errorf("%s: %+v; want %+v", c.name, got, c.want)
		}
	}
}

// pair returns what a watcher reads and what the kernel would write.
func pair(t *testing.T) (*os.File, *os.File) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fds[0]), "events"), os.NewFile(uintptr(fds[1]), "kernel")
}

func TestABatteryThatComesAndGoes(t *testing.T) {
	class := t.TempDir()
	events, kernel := pair(t)
	defer kernel.Close()
	got := make(chan State, 8)
	w := watch(class, events, func(s State) { got <- s })
	next := func() State {
		select {
		case s := <-got:
			return s
		case <-time.After(30 * time.Second):
			t.Fatal("nothing is told")
		}
		return State{}
	}
	send := func(s string) {
		if _, err := kernel.WriteString(s); err != nil {
			t.Fatal(err)
		}
	}
	if s := next(); s.There {
		t.Fatalf("%+v", s)
	}
	supply(t, class, "BAT0", "type=Battery status=Discharging capacity=7")
	send("add@/devices/x\x00SUBSYSTEM=usb\x00")
	send("add@/devices/BAT0\x00ACTION=add\x00SUBSYSTEM=power_supply\x00")
	if s := next(); s != (State{There: true, Percent: 7}) {
		t.Fatalf("%+v", s)
	}
	if err := os.RemoveAll(filepath.Join(class, "BAT0")); err != nil {
		t.Fatal(err)
	}
	send("remove@/devices/BAT0\x00SUBSYSTEM=power_supply\x00")
	if s := next(); s.There {
		t.Fatalf("%+v", s)
	}
	if err := w.Close(); err != nil || len(got) != 0 {
		t.Errorf("%v, and %d more states", err, len(got))
	}
}

func FuzzFile(f *testing.F) {
	f.Add("50", "1", []byte("a@b\x00SUBSYSTEM=power_supply\x00"))
	f.Add("-9223372036854775808", "99999999999999999999", []byte{0})
	f.Fuzz(func(t *testing.T, now, rate string, event []byte) {
		isSupply(event)
		a := sum{n: 1, discharging: true}
		a.now, _ = parseNumber(now)
		a.rate, _ = parseNumber(rate)
		if s := a.state(); a.now < 0 || a.rate < 0 || s.Left < 0 || s.Left > maxLeft {
			t.Errorf("%q, %q: %+v", now, rate, s)
		}
	})
}
