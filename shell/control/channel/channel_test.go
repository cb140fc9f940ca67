package channel

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
)

// pair returns two connected sockets.
func pair(t testing.TB) (ours *os.File, theirs net.Conn) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	other := os.NewFile(uintptr(fds[1]), "host")
	theirs, err = net.FileConn(other)
	if err := errors.Join(err, other.Close()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = theirs.Close() }) // or the test has
	return os.NewFile(uintptr(fds[0]), "session"), theirs
}

// desk carries commands out at once, or keeps them.
type desk struct {
	log  *runner.Log
	hold bool

	mu   sync.Mutex
	did  []grammar.Command
	held []func()
}

func (d *desk) submit(c grammar.Command, done func(grammar.Ack)) {
	a := grammar.Ack{Op: c.Op().Name, OK: true, Detail: string(c.Op().OK[0])}
	end := func() {
		d.log.Add(From, runner.Acked, a.String())
		done(a)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did = append(d.did, c)
	if d.hold {
		d.held = append(d.held, end)
		return
	}
	end()
}

func newDesk(t testing.TB) *desk {
	d := &desk{log: runner.NewLog(runner.LogOptions{})}
	t.Cleanup(d.log.Close)
	return d
}

func TestEventsAreAcknowledgedInOrder(t *testing.T) {
	d := newDesk(t)
	ours, theirs := pair(t)
	c, err := Open(ours, Options{Submit: d.submit, Log: d.log})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in := bufio.NewReader(theirs)
	expect := func(want ...string) {
		t.Helper()
		for _, w := range want {
			got, err := in.ReadString('\n')
			if err != nil || got != w+"\n" {
				t.Fatalf("the host was told %q, %v; want %q", got, err, w)
			}
		}
	}
	for _, tt := range []struct {
		say  string
		want []string
	}{
		{"[  12.3] RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP\r", []string{"RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented"}},
		{"RAYOS_HOST_EVENT:LINUX_SENDTEXT:echo @ack X ok y", []string{"RAYOS_HOST_ACK:LINUX_SENDTEXT:ok:sent"}},
		{"a log's line\n@ack SHOW_LINUX_DESKTOP ok presented\nRAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented\n\nRAYOS_HOST_EVENT_V0:HIDE_LINUX_DESKTOP", []string{"RAYOS_HOST_ACK:HIDE_LINUX_DESKTOP:ok:hidden"}},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDKEY:nonsense", []string{"RAYOS_HOST_ACK:LINUX_SENDKEY:err:invalid_key_spec"}},
		{"RAYOS_HOST_EVENT_V0:LINUX_MOUSE_ABS:2:0", []string{"RAYOS_HOST_ACK:LINUX_MOUSE_ABS:err:invalid_coords"}},
		{"RAYOS_HOST_EVENT_V0:NO_SUCH:x", []string{"RAYOS_HOST_ACK:NO_SUCH:err:not_available"}},
		{"RAYOS_HOST_EVENT_V0:\x1b[2J:x", []string{"RAYOS_HOST_ACK:EVENT:err:not_available"}},
		{"RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:PRESENTED", []string{"RAYOS_HOST_ACK:LINUX_PRESENTATION:err:not_available"}},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:" + strings.Repeat("x", 2*MaxLine), []string{"RAYOS_HOST_ACK:EVENT:err:invalid_ascii_or_length"}},
	} {
		if _, err := fmt.Fprintln(theirs, tt.say); err != nil {
			t.Fatal(err)
		}
		expect(tt.want...)
	}
	// What others ask for, and what happens, is told in the log's order.
	d.log.Add("prompt", runner.Asked, "RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP")
	d.log.Add("prompt", runner.Acked, "RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:err:failed:no disk")
	if err := d.log.Marker("RAYOS_LINUX_VM_READY"); err != nil {
		t.Fatal(err)
	}
	d.log.Add("session", runner.Told, "RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:HIDDEN")
	expect("@ack SHOW_LINUX_DESKTOP err failed:no_disk", "RAYOS_LINUX_VM_READY", "RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:HIDDEN")
	var did []string
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.did {
		did = append(did, string(d.did[i].Verb))
	}
	if got := strings.Join(did, " "); got != "show type hide" {
		t.Errorf("carried out %q", got)
	}
}

func TestEventsUnderWayAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.hold = true
		ours, theirs := net.Pipe()
		c := Serve(ours, Options{Submit: d.submit, Log: d.log})
		sent := make(chan int, 1)
		go func() {
			n := 0
			for ; n < 4*InFlight; n++ {
				if _, err := fmt.Fprintln(theirs, "RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:x"); err != nil {
					break
				}
			}
			sent <- n
		}()
		synctest.Wait()
		d.mu.Lock()
		if len(d.did) != InFlight {
			t.Errorf("%d events are under way; want %d", len(d.did), InFlight)
		}
		d.mu.Unlock()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		<-sent
		for _, end := range d.held { // late ones find nobody
			end()
		}
	})
}

func TestAHostThatDoesNotReadIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		ours, theirs := net.Pipe()
		defer theirs.Close()
		ended := make(chan error, 1)
		c := Serve(ours, Options{Submit: d.submit, Log: d.log, Ended: func(err error) { ended <- err }})
		d.log.Add("session", runner.Marked, "RAYOS_READY")
		start := time.Now()
		if err := <-ended; !errors.Is(err, errSlow) || time.Since(start) < WriteWithin {
			t.Errorf("ended after %v: %v", time.Since(start), err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestTheHostsEndEndsIt(t *testing.T) {
	d := newDesk(t)
	ours, theirs := pair(t)
	ended := make(chan error, 1)
	c, err := Open(ours, Options{Submit: d.submit, Log: d.log, Ended: func(err error) { ended <- err }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprint(theirs, "RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP"); err != nil { // no line end
		t.Fatal(err)
	}
	if err := theirs.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if len(d.did) != 1 {
		t.Errorf("carried out %d events; want the last too", len(d.did))
	}
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(f, Options{}); err == nil {
		t.Error("a file is a channel")
	}
}

// FuzzChannel says anything and looks whether the session stays sane: what it
// carries out is right, and what it says are lines of its own forms.
func FuzzChannel(f *testing.F) {
	for _, op := range grammar.Ops() {
		f.Add([]byte("x " + grammar.EventTag + op.Name + "\r\nRAYOS_HOST_EVENT:" + op.Name + ":left\n"))
	}
	f.Add([]byte(strings.Repeat("RAYOS_HOST_EVENT_V0:", 200) + "\n"))
	f.Fuzz(func(t *testing.T, said []byte) {
		d := newDesk(t)
		c := &Channel{o: Options{Submit: d.submit, Log: d.log}, slots: make(chan struct{}, InFlight), ctx: t.Context()}
		if err := c.read(bytes.NewReader(said)); err != nil {
			t.Fatal(err)
		}
		for i := range d.did {
			if err := d.did[i].Check(); err != nil {
				t.Errorf("%q was carried out: %v", said, err)
			}
		}
		list, _ := d.log.After(0)
		if most := bytes.Count(said, []byte("\n")) + 1; len(list) > most || len(list) < len(d.did) && len(list) < runner.LogLength {
			t.Errorf("%d acknowledgements for %d lines and %d events", len(list), most, len(d.did))
		}
		for i := range list {
			if a, err := grammar.ParseAck(told(&list[i])); err != nil {
				t.Errorf("the host is told %q: %+v, %v", told(&list[i]), a, err)
			}
		}
	})
}
