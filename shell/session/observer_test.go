package session

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/procstat"
	"rayos/shell/control"
	"rayos/shell/syslog"
)

func TestProcessesAreThoseThatConnected(t *testing.T) {
	d := newDesk(t)
	before := len(d.ctl.Observer().Processes().Clients)
	d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(1e9)
	p := d.ctl.Observer().Processes()
	if before != 0 || len(p.Clients) != 1 || p.Clients[0].PID != int32(os.Getpid()) || p.Clients[0].Surfaces == 0 {
		t.Errorf("%+v", p.Clients)
	}
	if len(p.Outputs) != 1 || p.Outputs[0].Frames == 0 || p.Outputs[0].Refresh <= 0 {
		t.Errorf("%+v", p.Outputs)
	}
	if p.Session.PID != os.Getpid() || p.Tasks == nil || p.Session.Uptime <= 0 || p.Session.Uptime > time.Hour {
		t.Errorf("%+v", p)
	}
}

func TestOnlyClientsCanBeEnded(t *testing.T) {
	d := newDesk(t)
	d.connect() // of this very process
	for _, pid := range []int32{1, int32(os.Getpid()), int32(os.Getppid())} {
		for what, err := range map[string]error{
			"end": d.ctl.Observer().End(pid, true), "nice": d.ctl.Observer().Nice(pid, 19),
		} {
			if e, ok := err.(*control.Error); !ok || e.Code != control.CodeBadArgs {
				t.Errorf("%s %d: %v", what, pid, err)
			}
		}
	}
	if err := d.ctl.Observer().Cancel(4711); err == nil {
		t.Error("a task that isn't there was cancelled")
	}
}

// TestANumberIsNoProcess: another process may have the number of one that has
// ended.
func TestANumberIsNoProcess(t *testing.T) {
	pid := os.Getppid() // an emulator makes up what is said of the process itself
	st, err := procstat.Read(pid)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := hold(int32(pid), st.Start)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Close(fd); err != nil {
		t.Error(err)
	}
	if fd, err := hold(int32(pid), st.Start+1); err == nil || fd >= 0 {
		t.Errorf("a process that began at another time: %d, %v", fd, err)
	}
}

// TestAllThreadsGiveWay uses this program again, which has several.
func TestAllThreadsGiveWay(t *testing.T) {
	const wait = "RAYOS_TEST_WAIT"
	if os.Getenv(wait) != "" {
		fmt.Println("waits")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test goes
		return
	}
	if os.Getenv("RAYOS_EMULATED") != "" {
		t.Skip("an emulated processor: this program can't be run as it is")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestAllThreadsGiveWay$")
	cmd.Env = append(os.Environ(), wait+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Error(err)
		}
	}()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "waits\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if err := giveWay(cmd.Process.Pid, 19); err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", cmd.Process.Pid))
	if err != nil || len(list) < 2 {
		t.Fatalf("%d threads: %v", len(list), err)
	}
	for _, path := range list {
		line, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if st, err := procstat.Parse(line); err != nil || st.Nice != 19 {
			t.Errorf("%s: %d, %v", path, st.Nice, err)
		}
	}
}

func TestTheLogIsFollowed(t *testing.T) {
	lines := syslog.New(slog.DiscardHandler)
	d := newDeskWith(t, Options{Log: slog.New(lines), Lines: lines})
	d.pass(100 * time.Millisecond) // the first frame is told of
	last := uint64(0)
	if list, _ := lines.After(0); len(list) > 0 {
		last = list[len(list)-1].Seq
	}
	got := make(chan []syslog.Entry, 1)
	d.ctl.Observer().Log(last, true, func(l []syslog.Entry) { got <- l })
	d.session.log.Warn("something", "n", 1)
	for len(got) == 0 {
		d.pass(1e6)
	}
	if l := <-got; len(l) != 1 || l[0].Text != "something n=1" || l[0].Subsystem != syslog.UI {
		t.Errorf("%+v", l)
	}
	d.ctl.Observer().Log(0, false, func(l []syslog.Entry) { got <- l })
	if l := <-got; len(l) == 0 {
		t.Error("the log is empty")
	}
}
