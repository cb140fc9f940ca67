package vms

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rayos/shell/control"
	"rayos/vmm"
	"rayos/vmm/host"
)

// gate holds up what is posted to the loop, once it is shut.
type gate struct {
	shut atomic.Bool
	came chan struct{} // has a value for each post that is held up
	open chan struct{} // lets one through
}

// wait is called by everybody who posts.
func (g *gate) wait() {
	if g.shut.Load() {
		g.came <- struct{}{}
		<-g.open
	}
}

// TestAnOldConnectionLeavesTheNextAlone: whoever follows a connection that was
// let go sees its end when there is another one already, and forgets only its
// own.
func TestAnOldConnectionLeavesTheNextAlone(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Running)
	r := d.serve("linux-a", vmm.Running)
	d.start()
	d.view()
	m := d.machine("linux-a")
	if _, err := d.result(start(m)); err != nil { // nothing is under way any more
		t.Fatal(err)
	}
	old := m.connection()

	// Who follows the old one is in the middle of telling what it has heard.
	g := &gate{came: make(chan struct{}, 64), open: make(chan struct{})}
	t.Cleanup(func() {
		g.shut.Store(false)
		close(g.open)
	})
	d.gate.Store(g)
	g.shut.Store(true)
	r.tell(host.Event{Event: host.EventShown, Detail: "640x480"})
	<-g.came
	g.shut.Store(false)
	m.disconnect()
	if _, err := d.result(start(m)); err != nil {
		t.Fatal(err)
	}
	next := m.connection()
	if next == nil || next == old {
		t.Fatalf("the connection is %p; it was %p", next, old)
	}
	// It goes on, finds the end, and posts that: before, it has forgotten.
	g.shut.Store(true)
	g.open <- struct{}{}
	<-g.came
	if now := m.connection(); now != next {
		t.Errorf("the end of %p has made the connection %p; want %p", old, now, next)
	}
}

// TestStartWaitsForTheOneThatEnds starts a machine whose rayos-vm is about to
// end: it has the lock still, so that the next ends at once, and lets go of who
// connects to it.
func TestStartWaitsForTheOneThatEnds(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped)
	r := d.serve("linux-a", vmm.Stopped)
	runs := filepath.Join(d.root.Dir, "runs")
	const ends = 3 // of those that come until it has ended
	started := func() int {
		text, err := os.ReadFile(runs)
		if err != nil {
			return 0 // none yet
		}
		return strings.Count(string(text), "run")
	}
	r.leaves.Store(func() bool { return started() <= ends })
	d.sup.o.Binary = filepath.Join(d.root.Dir, "rayos-vm")
	// The last lives until the folder goes.
	script := fmt.Sprintf("#!/bin/sh\necho run >>%[1]s\n[ $(wc -l <%[1]s) -gt %[2]d ] || exit %[3]d\nwhile [ -e %[1]s ]; do sleep 0.1; done\n", runs, ends, host.StatusRunning)
	if err := os.WriteFile(d.sup.o.Binary, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	d.start()
	if _, err := d.result(start(d.machine("linux-a"))); err != nil {
		t.Error(err)
	}
	if n := started(); n != ends+1 {
		t.Errorf("rayos-vm was started %d times; want %d", n, ends+1)
	}
}

// TestKillHearsItsAnswer: a machine is off before kill is answered, and what has
// ended meanwhile lets nothing go that the answer comes by.
func TestKillHearsItsAnswer(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Running)
	r := d.serve("linux-a", vmm.Running)
	r.hangs = host.OpKill
	d.start()
	d.view()
	m := d.machine("linux-a")
	if _, err := d.result(start(m)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	d.Do(func() { m.Kill(func(_ string, err error) { ended <- err }) })
	<-r.hung
	d.Do(func() {
		m.state = vmm.Stopped
		m.retire()
		if m.connection() == nil {
			t.Error("the connection is let go that kill is answered by")
		}
	})
	r.end()
	if err := <-ended; err == nil {
		t.Error("who never answered has succeeded")
	}
	d.Do(func() {
		if m.kills != 0 {
			t.Errorf("%d kills are under way; want none", m.kills)
		}
	})
}

// TestTheEndOfASessionSavesWhatComesUp: a machine needs not have answered.
func TestTheEndOfASessionSavesWhatComesUp(t *testing.T) {
	for _, state := range []vmm.State{vmm.Starting, vmm.Resuming, vmm.Running, vmm.Stopping, vmm.Stopped} {
		d := newDesk(t)
		d.add("linux-a", state)
		r := d.serve("linux-a", state)
		d.start()
		d.view()
		m := d.machine("linux-a")
		status := func(done Done) { d.sup.VM("linux-a", func(v control.VM, err error) { done(v.State, err) }) }
		for got := ""; got != string(state) || m.connection() == nil; {
			var err error
			if got, err = d.result(status); err != nil {
				t.Fatal(err)
			}
		}
		d.close()
		r.mu.Lock()
		saved := slices.Contains(r.ops, host.OpSuspend)
		r.mu.Unlock()
		if want := state != vmm.Stopping && state != vmm.Stopped; saved != want {
			t.Errorf("%s: it was saved: %v; want %v", state, saved, want)
		}
	}
}
