package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rayos/shell/control/grammar"
)

// executor holds every command until it is told how it ends.
type executor struct {
	mu    sync.Mutex
	begun []string
	now   map[string]int // under way, by machine
	most  int            // under way at once for one machine
	deaf  bool           // contexts don't end anything
	free  bool           // every command waits for its guest alone
	ends  map[string]chan error
}

// tick is the least that the bubble's clock goes on by.
var tick = time.Nanosecond

func newExecutor() *executor {
	return &executor{now: map[string]int{}, ends: map[string]chan error{}}
}

func (x *executor) Do(ctx context.Context, c *Task) (string, error) {
	x.mu.Lock()
	name := string(c.Verb) + " " + c.VM
	x.begun = append(x.begun, name)
	if c.Verb != grammar.Hide {
		x.now[c.VM]++
	}
	x.most = max(x.most, x.now[c.VM])
	end, deaf := x.end(name), x.deaf
	if x.free {
		c.Free()
		x.now[c.VM]--
		defer func() {
			x.mu.Lock()
			x.now[c.VM]++
			x.mu.Unlock()
		}()
	}
	x.mu.Unlock()
	defer func() {
		x.mu.Lock()
		if c.Verb != grammar.Hide {
			x.now[c.VM]--
		}
		x.mu.Unlock()
	}()
	if deaf {
		return "late", <-end
	}
	select {
	case err := <-end:
		return "", err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (x *executor) end(name string) chan error {
	if x.ends[name] == nil {
		x.ends[name] = make(chan error, 64)
	}
	return x.ends[name]
}

// finish ends a command, also one that comes later.
func (x *executor) finish(name string, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.end(name) <- err
}

// bench is a runner on a virtual clock.
type bench struct {
	t    *testing.T
	x    *executor
	log  *Log
	r    *Runner
	mu   sync.Mutex
	acks []string
}

func onBench(t *testing.T, denied func(grammar.Command) string, fn func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, x: newExecutor(), log: NewLog(LogOptions{})}
		b.r = New(Options{Executor: b.x, Log: b.log, Denied: denied})
		fn(b)
		b.r.Close()
		b.log.Close()
		if b.x.most > 1 {
			t.Errorf("%d actions were under way for one machine", b.x.most)
		}
	})
}

func (b *bench) submit(v grammar.Verb, vm string) {
	c := grammar.Command{Verb: v, Kind: grammar.Linux, VM: vm, Text: "text", App: "image"}
	b.r.Submit("prompt", c, func(a grammar.Ack) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.acks = append(b.acks, strings.TrimPrefix(a.At(), "@ack "))
	})
	synctest.Wait()
}

// expect compares the acknowledgements since the last time.
func (b *bench) expect(want ...string) {
	b.t.Helper()
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if got := strings.Join(b.acks, ", "); got != strings.Join(want, ", ") {
		b.t.Errorf("acknowledged %q; want %q", got, strings.Join(want, ", "))
	}
	b.acks = nil
}

const (
	shown     = "SHOW_LINUX_DESKTOP ok presented"
	debounced = "SHOW_LINUX_DESKTOP err debounced"
	hidden    = "HIDE_LINUX_DESKTOP ok hidden"
	ousted    = "SHOW_LINUX_DESKTOP err superseded"
)

func TestAckComesAfterTheEffect(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		b.submit(grammar.Show, "a")
		time.Sleep(time.Minute)
		b.expect()
		b.x.finish("show a", nil)
		b.expect(shown)
	})
}

// TestAcknowledgedIsOver starts a machine again as soon as the last start is
// acknowledged.
func TestAcknowledgedIsOver(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		start := grammar.Command{Verb: grammar.Start, Kind: grammar.Linux, VM: "a"}
		b.r.Submit("rayctl", start, func(grammar.Ack) {
			b.r.Submit("rayctl", start, func(a grammar.Ack) { b.acks = append(b.acks, a.String()) })
		})
		b.x.finish("start a", errors.New("no"))
		synctest.Wait()
		b.expect() // the second is under way
		b.x.finish("start a", errors.New("no"))
		b.expect("RAYOS_HOST_ACK:START_LINUX_DESKTOP:err:failed:no")
	})
}

func TestShowIsDebounced(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		b.x.finish("show a", nil)
		b.submit(grammar.Show, "a")
		b.expect(shown)
		time.Sleep(Debounce - 1)
		b.submit(grammar.Show, "a")
		b.expect(debounced)
		b.x.finish("show b", nil)
		b.submit(grammar.Show, "b")
		b.expect(shown)
		time.Sleep(tick)
		b.submit(grammar.Show, "a")
		time.Sleep(Debounce)
		b.submit(grammar.Show, "a")
		b.expect("SHOW_LINUX_DESKTOP err launch_in_progress")
		b.x.finish("show a", errors.New("no disk"))
		b.expect("SHOW_LINUX_DESKTOP err failed:no_disk")
		b.x.finish("show a", nil)
		b.submit(grammar.Show, "a")
		b.expect(shown)
		b.x.finish("hide a", nil)
		b.submit(grammar.Hide, "a")
		b.x.finish("show a", nil)
		b.submit(grammar.Show, "a")
		b.expect(hidden, shown)
	})
}

func TestTwentyShowsAreOne(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				b.r.Submit("rayctl", grammar.Command{Verb: grammar.Show, Kind: grammar.Linux, VM: "a"}, func(grammar.Ack) {})
			})
		}
		wg.Wait()
		synctest.Wait()
		if got := strings.Join(b.x.begun, ", "); got != "show a" {
			t.Errorf("carried out %q; want one show", got)
		}
	})
}

func TestHideOvertakesShow(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		b.submit(grammar.Show, "a")
		b.x.finish("hide a", nil)
		b.submit(grammar.Hide, "a")
		b.expect(ousted, hidden)

		b.submit(grammar.Start, "a")
		b.submit(grammar.Show, "a")
		b.x.finish("hide a", nil)
		b.submit(grammar.Hide, "a")
		b.x.finish("show a", nil)
		b.submit(grammar.Show, "a")
		b.expect(ousted, hidden)
		b.x.finish("start a", nil)
		b.expect("START_LINUX_DESKTOP ok running", shown)
		b.submit(grammar.Show, "a")
		b.expect(debounced)
	})
}

func TestWaitingForTheGuestHoldsUpNobody(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		b.x.free = true
		b.submit(grammar.Start, "a")
		b.x.finish("show a", nil)
		b.submit(grammar.Show, "a")
		b.expect(shown)
		b.submit(grammar.Start, "a")
		b.expect("START_LINUX_DESKTOP err launch_in_progress")
		b.x.finish("kill a", nil)
		b.submit(grammar.Kill, "a")
		b.expect("START_LINUX_DESKTOP err superseded", "LINUX_KILL ok stopped")
	})
}

func TestKillOvertakesAll(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		for range QueueLength - 1 {
			b.submit(grammar.Press, "a")
		}
		b.submit(grammar.Suspend, "a")
		b.x.finish("kill a", nil)
		b.submit(grammar.Kill, "a")
		b.mu.Lock()
		n := strings.Count(strings.Join(b.acks, ","), "err superseded")
		last := b.acks[len(b.acks)-1]
		b.acks = nil
		b.mu.Unlock()
		if n != QueueLength || last != "LINUX_KILL ok stopped" {
			t.Errorf("%d commands gave way, then %q; want %d and the kill", n, last, QueueLength)
		}
	})
}

func TestNotesComeBeforeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := NewLog(LogOptions{})
		defer log.Close()
		var told []string
		late := make(chan *Task, 1)
		r := New(Options{Log: log, Executor: does(func(t *Task) (string, error) {
			t.Note("fetching")
			late <- t
			return "two minutes", nil
		})})
		r.SubmitNoted("rayctl", grammar.Command{Verb: grammar.Build, Kind: grammar.Linux, App: "image"},
			func(text string) { told = append(told, text) },
			func(a grammar.Ack) { told = append(told, a.String(), a.Why) })
		synctest.Wait()
		r.Close()
		(<-late).Note("nobody listens")
		if got := strings.Join(told, "|"); got != "fetching|RAYOS_HOST_ACK:BUILD_LINUX:ok:two minutes|" {
			t.Errorf("told %q", got)
		}
	})
}

// does is an executor that does one thing.
type does func(*Task) (string, error)

func (fn does) Do(_ context.Context, t *Task) (string, error) { return fn(t) }

func TestWhatCommandsCarryIsChecked(t *testing.T) {
	tests := []struct {
		c    grammar.Command
		want string
	}{
		{grammar.Command{Verb: grammar.Type}, "LINUX_SENDTEXT err empty"},
		{grammar.Command{Verb: grammar.Type, Text: "a\x1b"}, "LINUX_SENDTEXT err invalid_ascii_or_length"},
		{grammar.Command{Verb: grammar.Type, Text: strings.Repeat("x", grammar.MaxText+1)}, "LINUX_SENDTEXT err invalid_ascii_or_length"},
		{grammar.Command{Verb: grammar.Pointer, X: 1.1}, "LINUX_MOUSE_ABS err invalid_coords"},
		{grammar.Command{Verb: grammar.Click, Button: "4"}, "LINUX_CLICK err unknown_button"},
		{grammar.Command{Verb: grammar.Launch, App: "a b"}, "LINUX_LAUNCH_APP err invalid_ascii_or_length"},
		{grammar.Command{Verb: grammar.Build}, "BUILD_LINUX err invalid_ascii_or_length"},
		{grammar.Command{Verb: grammar.Add, Kind: grammar.Windows, Path: "disk"}, "ADD_WINDOWS err invalid_ascii_or_length"},
	}
	onBench(t, nil, func(b *bench) {
		for _, tt := range tests {
			if tt.c.Kind == "" {
				tt.c.Kind = grammar.Linux
			}
			b.r.Submit("rayctl", tt.c, func(a grammar.Ack) {
				if a.At() != "@ack "+tt.want || a.Why == "" {
					t.Errorf("%+v: %s, why %q; want %s", tt.c, a.At(), a.Why, tt.want)
				}
			})
		}
		if len(b.x.begun) != 0 {
			t.Errorf("carried out %q", b.x.begun)
		}
	})
}

func TestMachinesDoNotWaitForEachOther(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		b.submit(grammar.Suspend, "a")
		b.x.finish("show b", nil)
		b.submit(grammar.Show, "b")
		b.expect(shown)
		b.submit(grammar.Press, "a")
		b.submit(grammar.Type, "a")
		b.x.finish("press a", nil)
		b.x.finish("type a", nil)
		b.expect()
		b.x.finish("suspend a", nil)
		b.expect("SUSPEND_LINUX_DESKTOP ok suspended", "LINUX_SENDKEY ok sent", "LINUX_SENDTEXT ok sent")
	})
}

func TestQueueIsBounded(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		for range QueueLength {
			b.submit(grammar.Press, "a")
		}
		b.expect()
		b.submit(grammar.Press, "a")
		b.expect("LINUX_SENDKEY err queue_full")
	})
}

func TestDeadlines(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		b.x.deaf = true
		b.submit(grammar.Press, "a")
		b.submit(grammar.Press, "a") // waits, and its time runs too
		time.Sleep(quickWithin - 1)
		b.expect()
		time.Sleep(tick)
		b.expect("LINUX_SENDKEY err timeout", "LINUX_SENDKEY err timeout")
		// The machine is busy until the executor returns.
		b.x.finish("suspend a", nil)
		b.submit(grammar.Suspend, "a")
		b.expect()
		b.x.finish("press a", nil)
		b.expect("SUSPEND_LINUX_DESKTOP ok suspended")
		if got := strings.Join(b.x.begun, ", "); got != "press a, suspend a" {
			t.Errorf("carried out %q; want nothing whose time is over", got)
		}
	})
}

func TestErrorsHaveWords(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{&Error{Detail: grammar.NotRunning, Err: errors.New("it sleeps")}, "desktop_not_running"},
		{fmt.Errorf("type: %w", &Error{Detail: grammar.SendFailed}), "send_failed"},
		{&Error{Detail: grammar.Denied, Err: errors.New("linux.devices.input")}, "denied:linux.devices.input"},
		{&Error{Detail: grammar.Failed}, "failed:unknown"},
		{errors.New("disk: no such file\n"), "failed:disk:_no_such_file_"},
		{context.DeadlineExceeded, "failed:context_deadline_exceeded"}, // of the executor's own
	}
	onBench(t, nil, func(b *bench) {
		for _, tt := range tests {
			b.x.finish("type a", tt.err)
			b.submit(grammar.Type, "a")
			b.expect("LINUX_SENDTEXT err " + tt.want)
		}
		b.r.Submit("prompt", grammar.Command{Verb: grammar.Launch, Kind: grammar.Windows}, func(a grammar.Ack) {
			if a.OK || a.Detail != "not_available" {
				t.Errorf("what no machine can: %+v", a)
			}
		})
	})
}

func TestPolicyIsAskedFirst(t *testing.T) {
	denied := func(c grammar.Command) string {
		if c.Verb == grammar.Type {
			return "linux.devices.input"
		}
		return ""
	}
	onBench(t, denied, func(b *bench) {
		b.submit(grammar.Type, "a")
		b.expect("LINUX_SENDTEXT err denied:linux.devices.input")
		b.x.finish("press a", nil)
		b.submit(grammar.Press, "a")
		b.expect("LINUX_SENDKEY ok sent")
		if len(b.x.begun) != 1 {
			t.Errorf("carried out %q", b.x.begun)
		}
	})
}

func TestCloseCancels(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		b.submit(grammar.Show, "a")
		b.submit(grammar.Press, "a")
		b.r.Close()
		b.submit(grammar.Hide, "a")
		synctest.Wait()
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.acks) != 3 {
			t.Errorf("acknowledged %q; want all", b.acks)
		}
		for _, a := range b.acks {
			if !strings.HasSuffix(a, " err cancelled") {
				t.Errorf("acknowledged %q; want it cancelled", a)
			}
		}
	})
}

func TestLogSaysWhatHappened(t *testing.T) {
	onBench(t, nil, func(b *bench) {
		var markers []string
		b.log.o.Marker = func(line string) { markers = append(markers, line) }
		b.x.finish("type a", nil)
		b.submit(grammar.Type, "a")
		if err := b.log.Marker("RAYOS_LINUX_VM_READY"); err != nil {
			t.Error(err)
		}
		if err := b.log.Marker("RAYOS_HOST_ACK:X:ok:y"); err == nil {
			t.Error("an acknowledgement went out as a marker")
		}
		b.r.Tell(grammar.Ack{Op: "WINDOWS_READY", OK: true, Detail: "guest_agent_ping"})
		list, _ := b.log.After(0)
		var got []string
		for i := range list {
			got = append(got, fmt.Sprint(list[i].Seq, " ", list[i].From, " ", list[i].Sort, " ", list[i].Line))
		}
		want := []string{
			"1 prompt event RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:<4 bytes> (a)",
			"2 prompt ack RAYOS_HOST_ACK:LINUX_SENDTEXT:ok:sent",
			"3 session marker RAYOS_LINUX_VM_READY",
			"4 session ack RAYOS_HOST_ACK:WINDOWS_READY:ok:guest_agent_ping",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") || len(markers) != 1 {
			t.Errorf("the log has\n%s\nand markers %q; want\n%s", strings.Join(got, "\n"), markers, strings.Join(want, "\n"))
		}
	})
}

func TestLogIsBoundedAndFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLog(LogOptions{})
		defer l.Close()
		got := make(chan []Entry)
		go func() {
			list, err := l.Wait(t.Context(), 0)
			if err != nil {
				t.Error(err)
			}
			got <- list
		}()
		synctest.Wait()
		l.Add("x", Acked, "first\n")
		if list := <-got; len(list) != 1 || list[0].Line != "first_" || list[0].Seq != 1 {
			t.Errorf("Wait = %+v", list)
		}
		for range LogLength + 5 {
			l.Add("x", Acked, "more")
		}
		list, _ := l.After(0)
		if len(list) != LogLength || list[0].Seq != 7 || list[LogLength-1].Seq != LogLength+6 {
			t.Errorf("After(0) = %d lines from %d", len(list), list[0].Seq)
		}
		if list, _ := l.After(LogLength + 4); len(list) != 2 || list[0].Seq != LogLength+5 {
			t.Errorf("After = %+v", list)
		}
		if list, _ := l.After(1 << 40); len(list) != 0 {
			t.Errorf("After the end = %+v", list)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := l.Wait(ctx, LogLength+6); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait = %v", err)
		}
	})
}

func TestLogFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "control.log")
	if err := os.WriteFile(name, []byte(strings.Repeat("x", maxFile)), 0o600); err != nil {
		t.Fatal(err)
	}
	l := NewLog(LogOptions{File: name, Failed: func(err error) { t.Error(err) }})
	l.Add("prompt", Acked, "RAYOS_HOST_ACK:X:ok:y")
	l.Close() // writes what is left
	if b, err := os.ReadFile(name + ".1"); err != nil || !strings.HasSuffix(string(b), " prompt RAYOS_HOST_ACK:X:ok:y\n") {
		t.Errorf("the old file: %v, %.30q", err, b)
	}
	if info, err := os.Stat(name); err != nil || info.Size() != 0 || info.Mode() != 0o600 {
		t.Errorf("the new file: %v, %v", info, err)
	}

	failed := make(chan error, 1)
	l = NewLog(LogOptions{File: filepath.Join(t.TempDir(), "none", "x"), Failed: func(err error) { failed <- err }})
	if err := <-failed; !strings.Contains(err.Error(), "folder") {
		t.Errorf("a file that can't be made: %v", err)
	}
	l.Close()
}

func TestQueue(t *testing.T) {
	begun := make(chan bool, 2)
	r := New(Options{Log: NewLog(LogOptions{}), Executor: whole(func(ctx context.Context) (string, error) {
		begun <- true
		<-ctx.Done()
		return "", context.Cause(ctx)
	})})
	defer r.Close()
	acks := make(chan string, 2)
	ack := func(a grammar.Ack) { acks <- a.Detail }
	r.Submit("prompt", grammar.Command{Verb: grammar.Suspend, Kind: grammar.Linux}, ack)
	<-begun
	r.Submit("rayctl", grammar.Command{Verb: grammar.Resume, Kind: grammar.Linux}, ack)
	q := r.Queue()
	if len(q) != 2 || !q[0].Running || q[1].Running || q[0].From != "prompt" || q[0].Machine != "linux" || q[1].ID != q[0].ID+1 {
		t.Fatalf("the queue is %+v", q)
	}
	for i, id := range []uint64{q[1].ID, q[0].ID} {
		if !r.Cancel(id) {
			t.Errorf("task %d can't be cancelled", id)
		}
		if got := <-acks; got != string(grammar.Cancelled) {
			t.Errorf("task %d: %s", id, got)
		}
		if got := len(r.Queue()); got != 1-i {
			t.Errorf("%d are left", got)
		}
		if r.Cancel(id) {
			t.Errorf("task %d is cancelled twice", id)
		}
	}
}

// whole is an executor that is one function.
type whole func(context.Context) (string, error)

func (f whole) Do(ctx context.Context, _ *Task) (string, error) { return f(ctx) }
