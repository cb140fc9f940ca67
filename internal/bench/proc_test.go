package bench

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// schedstat is the CPU time of all threads as /proc tells it.
func schedstat(t *testing.T, p Process) time.Duration {
	t.Helper()
	var sum time.Duration
	err := p.eachThread(func(tid int) error {
		text, err := os.ReadFile("/proc/" + strconv.Itoa(p.PID) + "/task/" + strconv.Itoa(tid) + "/schedstat")
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.Fields(text)[0]), 10, 64)
		sum += time.Duration(n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestCPUAgreesWithSchedstat(t *testing.T) {
	p := Process{os.Getpid()}
	start, err := p.CPU()
	if err != nil {
		t.Fatal(err)
	}
	for cpu := start; cpu < start+30*time.Millisecond; {
		if cpu, err = p.CPU(); err != nil {
			t.Fatal(err)
		}
	}
	before := schedstat(t, p)
	got, err := p.CPU()
	if err != nil {
		t.Fatal(err)
	}
	// schedstat of a running thread is as old as its last tick.
	if d := got - before; d < 0 || d > 100*time.Millisecond {
		t.Errorf("CPU() = %v, schedstat %v; want them within a few ticks", got, before)
	}
}

func TestWakeupsCountSleeps(t *testing.T) {
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	p := Process{child.Process.Pid}
	asleep := func() bool {
		status, err := os.ReadFile("/proc/" + strconv.Itoa(p.PID) + "/status")
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(status, []byte("State:\tS"))
	}
	echo := func() {
		for !asleep() {
			runtime.Gosched()
		}
		var b [1]byte
		if _, err := in.Write(b[:]); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(b[:]); err != nil {
			t.Fatal(err)
		}
	}
	echo()
	before, err := p.Wakeups()
	if err != nil {
		t.Fatal(err)
	}
	const echoes = 50
	for range echoes {
		echo()
	}
	after, err := p.Wakeups()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(in.Close(), child.Wait()); err != nil {
		t.Fatal(err)
	}
	// The first echo's sleep may be counted on either side, the last's not yet.
	if n := after - before; n < echoes-1 || n > echoes+1 {
		t.Errorf("%d wakeups for %d echoes", n, echoes)
	}
}

func TestParseMemory(t *testing.T) {
	got, err := parseMemory([]byte("00400000-7fff rollup\nRss:   34816 kB\nPss:                 27000 kB\nPss_Dirty: 5 kB\nPrivate_Dirty:   21000 kB\n"))
	if want := (Memory{RSS: 34816, PSS: 27000, PrivateDirty: 21000}); err != nil || got != want {
		t.Errorf("parseMemory = %+v, %v; want %+v", got, err, want)
	}
	if _, err := parseMemory([]byte("Rss: 1 kB\n")); err == nil {
		t.Error("parseMemory took a text without Pss")
	}
}

func TestMemoryOfThisProcess(t *testing.T) {
	m, err := Process{os.Getpid()}.Memory()
	if err != nil {
		t.Fatal(err)
	}
	if m.RSS < m.PSS || m.PSS <= 0 || m.PrivateDirty <= 0 {
		t.Errorf("Memory = %+v; want RSS ≥ PSS > 0 and dirty pages", m)
	}
}

func TestCPUOfNobody(t *testing.T) {
	if _, err := (Process{1 << 22}).CPU(); err == nil {
		t.Error("CPU of a process that cannot exist gave no error")
	}
}
