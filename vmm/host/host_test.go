package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/vmm"
	"rayos/vmm/qemu"
)

const patience = time.Minute

// bench is a machine of a fake QEMU and whoever runs it.
type bench struct {
	t    *testing.T
	dir  string
	opts Options
	host *Host
	stop context.CancelFunc
	done chan error
	soon func(h *Host) // called before the Host runs, nil for nothing

	*Client
}

func newBench(t *testing.T, behaviour string) *bench {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "rayos-host-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	root, err := vmm.NewRoot(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	d := root.VM(vmm.Linux, "fake-001")
	b := &bench{t: t, dir: dir}
	b.opts = Options{Dir: d, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Machine: Machine{
		Version: fakeVersion, Name: "Fake", Keep: true, Clipboard: vmm.ClipOff,
		Config: qemu.Config{
			Binary: fakeQEMU(t, dir, behaviour), Major: 7, Accel: qemu.TCG, ID: "fake-001", Kind: vmm.Linux,
			UUID: uuid(root, "fake-001"), CPUs: 1, MemMiB: 16, RAM: d.State("ram"), Sockets: d.Socket, Kernel: "/dev/null",
		},
	}}
	b.run()
	t.Cleanup(b.end)
	return b
}

// behave changes what the next QEMU does.
func (b *bench) behave(behaviour string) { fakeQEMU(b.t, b.dir, behaviour) }

func (b *bench) run() {
	b.t.Helper()
	h, err := New(b.opts)
	if err != nil {
		b.t.Fatal(err)
	}
	h.restarts.unit = time.Millisecond
	if b.soon != nil {
		b.soon(h)
	}
	ctx, stop := context.WithCancel(context.Background())
	b.host, b.stop, b.done = h, stop, make(chan error, 1)
	go func() { b.done <- h.Run(ctx) }()
	b.Client = b.dial()
}

func (b *bench) dial() *Client {
	b.t.Helper()
	c, err := Dial(b.opts.Dir.Socket("vm"))
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// leave ends rayos-vm; QEMU lives.
func (b *bench) leave() {
	b.t.Helper()
	b.stop()
	if err := <-b.done; err != nil {
		b.t.Error(err)
	}
	b.Client.Close()
}

func (b *bench) end() {
	b.call(Request{Op: OpKill})
	b.leave()
}

func (b *bench) call(r Request) (Answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return b.Call(ctx, r, nil)
}

// ask asks for what must be granted.
func (b *bench) ask(r Request) Answer {
	b.t.Helper()
	a, err := b.call(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

// refused asks for what must not.
func (b *bench) refused(r Request, code string) string {
	b.t.Helper()
	a, err := b.call(r)
	var no *Error
	if !errors.As(err, &no) || no.Code != code {
		b.t.Fatalf("%s = %+v, %v; want %s", r.Op, a, err, code)
	}
	return no.Detail
}

func (b *bench) status() Status {
	b.t.Helper()
	return *b.ask(Request{Op: OpStatus}).Status
}

// hear takes events until one is as is says, and returns all.
func (b *bench) hear(is func(Event) bool) (all []Event) {
	b.t.Helper()
	late := time.After(patience)
	for {
		select {
		case ev, ok := <-b.Events():
			if !ok {
				b.t.Fatalf("the connection has ended; heard %+v", all)
			}
			if all = append(all, ev); is(ev) {
				return all
			}
		case <-late:
			b.t.Fatalf("not heard; but %+v", all)
		}
	}
}

func inState(s vmm.State) func(Event) bool {
	return func(e Event) bool { return e.Event == EventState && e.State == s }
}

// up starts the machine and waits until its agent answers.
func (b *bench) up() {
	b.t.Helper()
	b.ask(Request{Op: OpStart})
	b.hear(inState(vmm.Running))
}

// runs counts the QEMUs that were started.
func (b *bench) runs() int {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.dir, "runs"))
	if err != nil && !os.IsNotExist(err) {
		b.t.Fatal(err)
	}
	return strings.Count(string(data), "\n")
}

func TestManyStartsMakeOneMachine(t *testing.T) {
	b := newBench(t, "")
	var all sync.WaitGroup
	for range 10 {
		c := b.dial()
		defer c.Close()
		for range 2 {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				if _, err := c.Call(ctx, Request{Op: OpStart}, nil); err != nil {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			if h, err := New(b.opts); !errors.Is(err, ErrRunning) {
				t.Errorf("a second rayos-vm = %v, %v; want ErrRunning", h, err)
			}
		})
	}
	all.Wait()
	if n := b.runs(); n != 1 {
		t.Errorf("%d QEMUs were started", n)
	}
}

func TestQEMUHoldsItsLock(t *testing.T) {
	b := newBench(t, "")
	b.up()
	pid := b.status().Process.PID
	b.leave()
	// Nothing but the lock and a socket tell of it now.
	file := filepath.Join(b.opts.Dir.Run(), "machine.json")
	for _, spoil := range []func() error{
		func() error { return os.WriteFile(file, []byte("{"), 0o600) },
		func() error { return os.Remove(file) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		b.run()
		if s := b.status(); s.Process == nil || s.Process.PID != pid || !s.State.Alive() {
			t.Errorf("found %+v; want pid %d", s, pid)
		}
		b.ask(Request{Op: OpStart})
		b.leave()
	}
	socket := b.opts.Dir.Socket("qmp")
	if err := errors.Join(os.Remove(file), os.Rename(socket, socket+".away")); err != nil {
		t.Fatal(err)
	}
	b.run()
	b.refused(Request{Op: OpStart}, ErrLocked)
	b.leave()
	if err := os.Rename(socket+".away", socket); err != nil {
		t.Fatal(err)
	}
	b.run()
	if n := b.runs(); n != 1 {
		t.Errorf("%d QEMUs were started", n)
	}
}

func TestStartFails(t *testing.T) {
	for _, tc := range []struct{ behaviour, detail string }{
		{"bad-arguments", "no such device"},
		{"other-uuid", "another machine"},
		{"no-qmp", "no QMP"},
		{"silent", "timeout"},
	} {
		t.Run(tc.behaviour, func(t *testing.T) {
			b := newBench(t, tc.behaviour)
			if tc.behaviour == "silent" {
				b.leave()
				b.run()
				b.host.jobs.put(func() { b.host.patience = 300 * time.Millisecond })
			}
			if detail := b.refused(Request{Op: OpStart}, ErrLaunch); !strings.Contains(detail, tc.detail) {
				t.Errorf("detail %q; want %q", detail, tc.detail)
			}
			if s := b.status(); s.State != vmm.Stopped || s.Process != nil {
				t.Errorf("after a failed start: %+v", s)
			}
			b.behave("")
			b.up()
		})
	}
}

func TestCrashesAreRestartedFiveTimes(t *testing.T) {
	b := newBench(t, "")
	b.up()
	for i := range maxRestarts {
		b.crash()
		events := b.hear(inState(vmm.Running))
		if !slices.ContainsFunc(events, func(e Event) bool {
			return e.State == vmm.Stopped && strings.Contains(e.Detail, "assertion failed")
		}) {
			t.Fatalf("crash %d: %+v", i+1, events)
		}
	}
	b.crash()
	b.hear(inState(vmm.Failed))
	if s := b.status(); s.Restarts != maxRestarts+1 || s.Generation != maxRestarts+1 {
		t.Errorf("after %d crashes: %+v", maxRestarts+1, s)
	}
	if n := b.runs(); n != maxRestarts+1 {
		t.Errorf("%d QEMUs were started", n)
	}
	b.up() // a person may
}

func (b *bench) crash() {
	b.host.jobs.put(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = b.host.link.monitor.Execute(ctx, "query-balloon", nil, nil) // it dies of it
	})
}

func TestNoiseIsBounded(t *testing.T) {
	b := newBench(t, "noisy")
	b.up()
	files, err := filepath.Glob(b.opts.Dir.Logs("qemu.log*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if st, err := os.Stat(f); err != nil || st.Size() > logSize {
			t.Errorf("%s has %d bytes, %v", f, st.Size(), err)
		}
	}
}

func TestGarbageOfTheAgentIsNoAgent(t *testing.T) {
	b := newBench(t, "garbage")
	b.ask(Request{Op: OpStart})
	b.refused(Request{Op: OpApps}, ErrNoAgent)
	if s := b.status(); s.State != vmm.Starting {
		t.Errorf("state %s", s.State)
	}
}

func stages(events []Event) (s []string) {
	for _, e := range events {
		if e.Event == EventStage {
			word := e.Stage
			if !e.OK {
				word += " failed"
			}
			s = append(s, word)
		}
	}
	return s
}

func TestShutdownByStages(t *testing.T) {
	const long = 120_000
	for _, tc := range []struct {
		behaviour string
		deadline  int // ms
		want      []string
	}{
		{"", long, []string{"agent", "off"}},
		{"no-shutdown", long, []string{"agent failed", "acpi", "off"}},
		{"no-shutdown,no-acpi", 300, []string{"agent failed", "acpi", "deadline", "quit", "off"}},
		{"mute", long, []string{"agent failed", "acpi", "off"}},
	} {
		t.Run(tc.behaviour, func(t *testing.T) {
			b := newBench(t, tc.behaviour)
			if tc.behaviour == "mute" {
				b.ask(Request{Op: OpStart})
			} else {
				b.up()
			}
			b.ask(Request{Op: OpShutdown, DeadlineMS: tc.deadline})
			if got := stages(b.hear(inState(vmm.Stopped))); !slices.Equal(got, tc.want) {
				t.Errorf("stages %q; want %q", got, tc.want)
			}
			if _, err := os.Stat(b.opts.Machine.RAM); err == nil {
				t.Error("the guest's memory was left")
			}
		})
	}
}

func TestKillEndsAnOperation(t *testing.T) {
	b := newBench(t, "no-shutdown,no-acpi")
	b.up()
	other := b.dial()
	defer other.Close()
	shut := make(chan Answer, 1)
	go func() {
		a, _ := b.call(Request{Op: OpShutdown, DeadlineMS: 600_000})
		shut <- a
	}()
	b.hear(func(e Event) bool { return e.Stage == StageACPI })
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if a, err := other.Call(ctx, Request{Op: OpKill}, nil); err != nil {
		t.Errorf("kill = %+v, %v", a, err)
	}
	<-shut
	if s := b.status(); s.State != vmm.Stopped || s.Process != nil {
		t.Errorf("after kill: %+v", s)
	}
}

func TestWhatCannotBeSavedRunsOn(t *testing.T) {
	b := newBench(t, "full-disk")
	b.up()
	if detail := b.refused(Request{Op: OpSuspend}, ErrFailed); !strings.Contains(detail, "disk is full") {
		t.Errorf("detail %q", detail)
	}
	if s := b.status(); s.State != vmm.Running || s.Saved != nil {
		t.Errorf("after a failed suspend: %+v", s)
	}
}

// TestGuestsThatDontAnswerAreSavedToo: one that comes up, or has no agent, is as
// whole as another. One that can't be saved goes on coming up.
func TestGuestsThatDontAnswerAreSavedToo(t *testing.T) {
	b := newBench(t, "mute")
	b.ask(Request{Op: OpStart})
	if s := b.status(); s.State != vmm.Starting {
		t.Fatalf("a guest that never answers is %s", s.State)
	}
	b.ask(Request{Op: OpSuspend})
	if s := b.status(); s.State != vmm.Suspended || s.Saved == nil {
		t.Errorf("after suspend: %+v", s)
	}
	b.refused(Request{Op: OpSuspend}, ErrState)

	b = newBench(t, "mute,full-disk")
	b.ask(Request{Op: OpStart})
	b.refused(Request{Op: OpSuspend}, ErrFailed)
	if s := b.status(); s.State != vmm.Starting || s.Saved != nil {
		t.Errorf("after a suspend that has failed: %+v", s)
	}
	b.ask(Request{Op: OpKill})
}

func TestBlockersAreTold(t *testing.T) {
	b := newBench(t, "blocked")
	b.ask(Request{Op: OpStart})
	all := b.hear(func(e Event) bool { return e.Event == EventBlockers })
	if got := all[len(all)-1].Blockers; len(got) != 1 || got[0] != "a share is mounted" {
		t.Errorf("blockers %q", got)
	}
	b.refused(Request{Op: OpSuspend}, ErrBlocked)
	if s := b.status(); s.State != vmm.Running {
		t.Errorf("state %s", s.State)
	}
}

func (b *bench) suspended() {
	b.t.Helper()
	b.up()
	b.ask(Request{Op: OpSuspend})
	if s := b.status(); s.State != vmm.Suspended || s.Saved == nil || s.Process != nil {
		b.t.Fatalf("after suspend: %+v", s)
	}
}

func TestSavedStateIsUsedOnce(t *testing.T) {
	b := newBench(t, "")
	b.suspended()
	saved := b.status().Saved
	b.leave()
	b.run() // it is known again
	b.refused(Request{Op: OpStart}, ErrState)
	b.ask(Request{Op: OpResume})
	var order []string
	for _, e := range b.hear(inState(vmm.Running)) {
		order = append(order, e.Event+" "+string(e.State)+e.Detail)
	}
	if i := slices.Index(order, EventConsumed+" "+saved.Tag); i < 0 || i == len(order)-1 {
		t.Errorf("events %q; want the state consumed before it runs", order)
	}
	if s := b.status(); s.Saved != nil || s.Generation != 1 {
		t.Errorf("after resume: %+v", s)
	}
	if a := b.ask(Request{Op: OpResume}); a.Detail != "already running" {
		t.Errorf("a second resume: %q", a.Detail)
	}
}

func TestConsumedStateIsNotUsedAgain(t *testing.T) {
	b := newBench(t, "")
	b.suspended()
	b.behave("dies-at-cont")
	b.refused(Request{Op: OpResume}, ErrFailed)
	b.behave("")
	a := b.ask(Request{Op: OpResume})
	if !strings.Contains(a.Detail, "used before") {
		t.Errorf("resume of a consumed state: %q", a.Detail)
	}
	b.kept()
}

// kept checks that a refused state is still there.
func (b *bench) kept() {
	b.t.Helper()
	for _, name := range []string{"saved", "saved.json", "ram"} {
		files, err := filepath.Glob(b.opts.Dir.State(name + ".refused-*"))
		if err != nil || len(files) != 1 {
			b.t.Errorf("%s was not kept: %q, %v", name, files, err)
		}
	}
	if s := b.status(); !s.State.Alive() || s.Generation != 2 {
		b.t.Errorf("after a cold boot: %+v", s)
	}
}

func TestUnusableStateMeansColdBoot(t *testing.T) {
	for _, tc := range []struct {
		name, detail string
		spoil        func(b *bench)
	}{
		{"qemu refuses", "of another machine", func(b *bench) { b.behave("bad-state") }},
		{"other version", "is of QEMU", func(b *bench) { b.opts.Machine.Version = "10.0.2" }},
		{"other devices", "devices", func(b *bench) { b.opts.Machine.CPUs = 2 }},
		{"memory cut", "bytes", func(b *bench) { os.Truncate(b.opts.Machine.RAM, 1<<20) }},
		{"generation", "in use since", func(b *bench) {
			var s vmm.SavedState
			file := b.opts.Dir.State("saved.json")
			if err := readJSON(file, &s); err != nil {
				b.t.Fatal(err)
			}
			s.Generation--
			if err := writeJSON(file, s); err != nil {
				b.t.Fatal(err)
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t, "")
			b.suspended()
			b.leave()
			tc.spoil(b)
			b.run()
			a := b.ask(Request{Op: OpResume})
			if !strings.Contains(a.Detail, tc.detail) || !strings.Contains(a.Detail, "cold boot") {
				t.Errorf("answer %q; want %q", a.Detail, tc.detail)
			}
			b.kept()
		})
	}
}

func TestForgetPutsAside(t *testing.T) {
	b := newBench(t, "")
	b.suspended()
	b.ask(Request{Op: OpForget})
	b.up()
	b.kept()
}

func TestWhoDoesNotReadIsLetGo(t *testing.T) {
	b := newBench(t, "")
	deaf, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: b.opts.Dir.Socket("vm"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	b.ask(Request{Op: OpStatus}) // the deaf one has been taken on before
	deadline := time.Now().Add(patience)
	for n := 0; ; n++ {
		// Each is answered, and no answer is read.
		deaf.SetWriteDeadline(deadline)
		if _, err := fmt.Fprintf(deaf, "{\"id\":%d,\"op\":\"status\"}\n", n); err != nil {
			if time.Now().After(deadline) {
				t.Fatal("it is still there")
			}
			break
		}
	}
	b.up() // and disturbs nobody
}

func TestNonsenseOnTheSocket(t *testing.T) {
	b := newBench(t, "")
	for _, tc := range []struct {
		r    Request
		code string
	}{
		{Request{Op: "fly"}, ErrUnknownOp},
		{Request{Op: OpAttach}, ErrBadRequest},
		{Request{Op: OpType, Text: "x"}, ErrNoDisplay},
		{Request{Op: OpType, Text: "ü"}, ErrUntypable},
		{Request{Op: OpType}, ErrBadRequest},
		{Request{Op: OpKey, Spec: "ctrl+nothing"}, ErrBadRequest},
		{Request{Op: OpPointer}, ErrBadRequest},
		{Request{Op: OpClick, Button: "third"}, ErrBadRequest},
		{Request{Op: OpSuspend}, ErrState},
		{Request{Op: OpResume}, ErrNoSaved},
		{Request{Op: OpForget}, ErrNoSaved},
	} {
		b.refused(tc.r, tc.code)
	}
	f, err := os.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := b.Attach(ctx, f); err == nil {
		t.Error("a file that is no socket was taken for a compositor")
	}
	x, y := connected(t)
	go func() { // a compositor that says nothing of sense
		for {
			if _, err := y.Write([]byte("\xff\xff\xff\xff\x00\x00\x00\x00")); err != nil {
				return
			}
		}
	}()
	defer y.Close()
	s, err := x.File()
	if err != nil {
		t.Fatal(err)
	}
	x.Close()
	defer s.Close()
	if err := b.Attach(ctx, s); err == nil {
		t.Error("nonsense was taken for a compositor")
	}
	b.up()
	if s := b.status(); s.Attached {
		t.Errorf("attached: %+v", s)
	}
}

// TestBrokenConnectionsAreMadeAnew has a real QEMU without a guest, whose
// firmware draws on the screen.
func TestBrokenConnectionsAreMadeAnew(t *testing.T) {
	path, err := exec.LookPath("qemu-system-x86_64")
	if err != nil {
		t.Skip("qemu-system-x86_64 is not installed (package qemu-system-x86)")
	}
	const code, vars = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"
	if !exists(code) || !exists(vars) {
		t.Skip("OVMF is not installed (package ovmf)")
	}
	b := newBench(t, "")
	b.leave()
	m := &b.opts.Machine
	m.Binary, m.Kind, m.Kernel, m.GPU, m.Input, m.MemMiB = path, vmm.Windows, "", true, true, 256
	m.FirmwareCode, m.FirmwareVars, m.VarsTemplate = code, b.opts.Dir.File("ovmf_vars.fd"), vars
	b.run()
	b.ask(Request{Op: OpStart})
	b.hear(func(e Event) bool { return e.Event == EventReady && e.What == "first-scanout" })
	pid := b.status().Process.PID
	for _, cut := range []func(l *link){
		func(l *link) { l.display.Close() },
		func(l *link) { go l.monitor.Close() },
	} {
		made := make(chan bool, 1)
		b.host.jobs.put(func() { cut(b.host.link) })
		for again := false; !again; {
			b.host.jobs.put(func() {
				l := b.host.link
				made <- l.breaks > 0 && l.display != nil && l.display.Ended() == nil &&
					b.host.screen.statistics().Received >= 2 // the new connection has brought its picture
			})
			again = <-made
		}
		b.host.jobs.put(func() { b.host.link.breaks = 0 })
	}
	if a := b.ask(Request{Op: OpKey, Spec: "enter"}); a.Detail != "1 keys" {
		t.Errorf("key: %+v", a)
	}
	if s := b.status(); s.Process == nil || s.Process.PID != pid || s.Frames.Received < 2 {
		t.Errorf("after: %+v; want pid %d", s, pid)
	}
	b.ask(Request{Op: OpShutdown, DeadlineMS: 100})
}

// TestOutOfReach: a QEMU that lives and can't be spoken to is told as such, by who
// lost it and by who comes later, and starts again when it was killed.
func TestOutOfReach(t *testing.T) {
	b := newBench(t, "once")
	b.up()
	pid := b.status().Process.PID
	stuck := func(e Event) bool { return e.Event == EventState && strings.HasPrefix(e.Detail, Stuck+": ") }
	impatient := func(h *Host) { h.patience = 50 * time.Millisecond }
	b.on(impatient)
	b.on(func(h *Host) { go h.link.monitor.Close() })
	b.hear(stuck)
	is := func(when string, state vmm.State) {
		t.Helper()
		want := Stuck + ": QEMU doesn't answer; vm/linux/fake-001/logs/rayos-vm.log may say more"
		if s := b.status(); s.State != state || s.Detail != want || s.Process == nil || s.Process.PID != pid {
			t.Errorf("%s: %+v; want %s, %q, pid %d", when, s, state, want, pid)
		}
		if _, now, detail := b.host.presenter.description(); now != state || detail != want {
			t.Errorf("%s: its window says %s, %q", when, now, detail)
		}
	}
	is("lost", vmm.Running)

	b.leave()
	b.soon = impatient
	b.run()
	for begin := time.Now(); !strings.HasPrefix(b.status().Detail, Stuck); {
		if time.Since(begin) > patience {
			t.Fatalf("found again: %+v", b.status())
		}
	}
	is("found again", vmm.Starting)
	b.soon = nil
	b.on(func(h *Host) { h.patience = startWithin })

	b.ask(Request{Op: OpKill})
	if s := b.status(); s.State != vmm.Stopped || s.Detail != "killed" {
		t.Errorf("killed: %+v", s)
	}
	b.up()
	if s := b.status(); s.Process == nil || s.Process.PID == pid || strings.HasPrefix(s.Detail, Stuck) {
		t.Errorf("started again: %+v", s)
	}
}

// on runs fn on the Host's goroutine.
func (b *bench) on(fn func(h *Host)) {
	b.t.Helper()
	done := make(chan bool)
	b.host.jobs.put(func() {
		defer close(done)
		fn(b.host)
	})
	<-done
}

func TestInterruptedSuspendRunsOn(t *testing.T) {
	b := newBench(t, "")
	b.up()
	b.on(func(h *Host) {
		if err := h.link.monitor.Execute(h.base, "stop", nil, nil); err != nil {
			t.Error(err)
		}
	})
	b.leave() // as far as a suspend had come that was cut short
	b.run()
	for start := time.Now(); b.status().State != vmm.Running; {
		if time.Since(start) > patience {
			t.Fatalf("after an interrupted suspend: %+v", b.status())
		}
	}
	b.on(func(h *Host) {
		var s struct{ Status string }
		if err := h.link.monitor.Execute(h.base, "query-status", nil, &s); err != nil || s.Status != "running" {
			t.Errorf("the guest is %q, %v", s.Status, err)
		}
	})
}

func TestInterruptedResumeCanBeDoneAgain(t *testing.T) {
	b := newBench(t, "")
	b.suspended()
	b.on(func(h *Host) {
		if _, err := h.launch(h.base, true); err != nil {
			t.Error(err)
		}
	})
	b.leave() // before the state was marked as consumed
	b.run()
	for start := time.Now(); b.status().Process != nil || b.status().State != vmm.Suspended; {
		if time.Since(start) > patience {
			t.Fatalf("after an interrupted resume: %+v", b.status())
		}
	}
	if a := b.ask(Request{Op: OpResume}); strings.Contains(a.Detail, "refused") {
		t.Errorf("resume: %q", a.Detail)
	}
	b.hear(inState(vmm.Running))
}
