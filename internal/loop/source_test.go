package loop

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

func TestRemovedSourceIsNotReadyInTheSameTurn(t *testing.T) {
	l := newVirt(t)
	ra, wa := pipe(t)
	rb, wb := pipe(t)
	rc, wc := pipe(t)
	var srcs [2]*Source
	calls := 0
	remove := func(other int) handlerFunc {
		return func(Events) {
			calls++
			if err := srcs[other].Remove(); err != nil {
				t.Error(err)
			}
			// The other one's number comes back with a new source behind it.
			fd := srcs[other].fd
			if err := unix.Dup3(rc, fd, unix.O_CLOEXEC); err != nil {
				t.Error(err)
			}
			if _, err := l.Add(fd, Readable, handlerFunc(func(Events) { calls += 10 })); err != nil {
				t.Error(err)
			}
		}
	}
	var err error
	if srcs[0], err = l.Add(ra, Readable, remove(1)); err != nil {
		t.Fatal(err)
	}
	if srcs[1], err = l.Add(rb, Readable, remove(0)); err != nil {
		t.Fatal(err)
	}
	send(t, wa)
	send(t, wb)
	dispatch(t, l, 0)
	if calls != 1 {
		t.Fatalf("first turn: calls = %d; want 1", calls)
	}
	send(t, wc)
	for _, s := range srcs { // silence the survivor, which was not read
		if s.loop != nil {
			if err := s.SetEvents(0); err != nil {
				t.Fatal(err)
			}
		}
	}
	dispatch(t, l, 0)
	if calls != 11 {
		t.Fatalf("second turn: calls = %d; want 11", calls)
	}
}

func TestSourceEvents(t *testing.T) {
	l := newVirt(t)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pair[0])
	var got Events
	src, err := l.Add(pair[0], Readable, handlerFunc(func(ev Events) { got |= ev }))
	if err != nil {
		t.Fatal(err)
	}
	step := func(what string, want Events) {
		t.Helper()
		got = 0
		dispatch(t, l, 0)
		if got != want {
			t.Errorf("%s: events %b; want %b", what, got, want)
		}
	}
	step("quiet", 0)
	send(t, pair[1])
	step("data", Readable)
	if err := src.SetEvents(Readable | Writable); err != nil {
		t.Fatal(err)
	}
	step("data and room", Readable|Writable)
	if err := src.SetEvents(0); err != nil {
		t.Fatal(err)
	}
	step("nothing asked", 0)
	unix.Close(pair[1])
	step("peer gone", Hangup)
	if err := src.Remove(); err != nil {
		t.Fatal(err)
	}
	step("removed", 0)
	if err := src.Remove(); !errors.Is(err, ErrRemoved) {
		t.Errorf("second Remove: %v; want ErrRemoved", err)
	}
	if err := src.SetEvents(Readable); !errors.Is(err, ErrRemoved) {
		t.Errorf("SetEvents after Remove: %v; want ErrRemoved", err)
	}
}

func TestAddOfAClosedDescriptorFails(t *testing.T) {
	l := newVirt(t)
	if _, err := l.Add(-1, Readable, handlerFunc(func(Events) {})); !errors.Is(err, unix.EBADF) {
		t.Errorf("Add(-1) = %v; want EBADF", err)
	}
}
