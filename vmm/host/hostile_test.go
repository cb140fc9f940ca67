package host

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/vmm"
)

// newHostile is a machine with a screen whose QEMU behaves as the word says.
func newHostile(t *testing.T, behaviour string) *bench {
	t.Helper()
	b := newBench(t, behaviour)
	b.leave()
	b.opts.Machine.GPU, b.opts.Machine.Input = true, true
	b.run()
	return b
}

// sees waits until the machine's screen is of a size.
func (b *bench) sees(w, h int32) {
	b.t.Helper()
	for start := time.Now(); b.status().Size != (geom.Size{W: w, H: h}); {
		if time.Since(start) > patience {
			b.t.Fatalf("the screen is %+v; want %dx%d", b.status(), w, h)
		}
	}
}

// bounded checks that what a guest can make large isn't, and that the Host does
// what it is asked.
func (b *bench) bounded() {
	b.t.Helper()
	b.on(func(h *Host) {
		h.jobs.mu.Lock()
		waiting := len(h.jobs.list)
		h.jobs.mu.Unlock()
		h.mu.Lock()
		ready := len(h.ready)
		h.mu.Unlock()
		s := h.screen
		s.mu.Lock()
		defer s.mu.Unlock()
		if waiting > 64 || ready > maxReady || len(s.pictures) > maxPictures || len(s.mapped) > maxMapped || len(s.former) > 0 || s.fresh.Len() > maxBands {
			b.t.Errorf("%d jobs, %d things ready, %d pictures, %d mapped, %d former, %d rectangles of damage",
				waiting, ready, len(s.pictures), len(s.mapped), len(s.former), s.fresh.Len())
		}
	})
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestHostileDisplay has displays tell nonsense, and one honest picture after
// it. The nonsense leaves no trace and the machine runs.
func TestHostileDisplay(t *testing.T) {
	for _, behaviour := range []string{"absurd", "sizes", "updates", "cursors", "files", "stalled", "half", "endless"} {
		t.Run(behaviour, func(t *testing.T) {
			before := openFiles(t)
			b := newHostile(t, behaviour)
			b.up()
			b.sees(honestW, honestH)
			if behaviour == "updates" { // its last word
				for start := time.Now(); b.host.screen.pointer().Size.W != 7; {
					if time.Since(start) > patience {
						t.Fatal("its updates don't end")
					}
					b.bounded()
				}
			}
			b.bounded()
			if n := openFiles(t) - before; n > 40 {
				t.Errorf("%d more descriptors are open", n)
			}
			if s := b.status(); s.State != vmm.Running {
				t.Errorf("state %+v", s)
			}
			if a := b.ask(Request{Op: OpKey, Spec: "enter"}); a.Detail != "1 keys" {
				t.Errorf("key: %+v", a)
			}
			b.ask(Request{Op: OpKill})
			if s := b.status(); s.State != vmm.Stopped || s.Process != nil {
				t.Errorf("after kill: %+v", s)
			}
		})
	}
}

// TestManySizesAreToldSeldom: each size that is told is work for the session.
func TestManySizesAreToldSeldom(t *testing.T) {
	b := newHostile(t, "sizes")
	begin := time.Now()
	b.ask(Request{Op: OpStart})
	told := 0
	for _, ev := range b.hear(func(e Event) bool {
		return e.What == "first-scanout" && e.Detail == (geom.Size{W: honestW, H: honestH}).String()
	}) {
		if ev.What == "first-scanout" {
			told++
		}
	}
	if most := int(time.Since(begin)/sizeEvery) + 2; told > most {
		t.Errorf("%d sizes were told in %v; at most %d", told, time.Since(begin), most)
	}
}

// TestLiarsAreLeft has displays and monitors break the protocol each time: the
// connections are made anew a few times, then it is said what is wrong.
func TestLiarsAreLeft(t *testing.T) {
	for _, behaviour := range []string{"noise", "large", "qmp-noise", "qmp-long", "qmp-deep"} {
		t.Run(behaviour, func(t *testing.T) {
			b := newHostile(t, behaviour)
			if a, err := b.call(Request{Op: OpStart}); err == nil {
				b.hear(func(e Event) bool { return e.Event == EventState && strings.HasPrefix(e.Detail, Stuck) })
				if s := b.status(); !s.State.Alive() || !strings.HasPrefix(s.Detail, Stuck) {
					t.Errorf("after %+v: %+v", a, s)
				}
			} else if s := b.status(); s.State != vmm.Stopped || s.Process != nil {
				t.Errorf("after %v: %+v", err, s)
			}
			b.bounded()
			b.ask(Request{Op: OpKill})
			b.behave("")
			b.up()
			if n := b.runs(); n != 2 {
				t.Errorf("%d QEMUs were started", n)
			}
		})
	}
}

// TestSilentDisplay never says who it is: the start fails in its time, and kill
// ends it before.
func TestSilentDisplay(t *testing.T) {
	b := newHostile(t, "no-auth")
	b.on(func(h *Host) { h.patience = 300 * time.Millisecond })
	b.refused(Request{Op: OpStart}, ErrLaunch)
	if s := b.status(); s.State != vmm.Stopped || s.Process != nil {
		t.Errorf("after a failed start: %+v", s)
	}
	b.on(func(h *Host) { h.patience = time.Hour })
	other := b.dial()
	defer other.Close()
	started := make(chan error, 1)
	go func() {
		_, err := b.call(Request{Op: OpStart})
		started <- err
	}()
	for start := time.Now(); b.runs() < 2; {
		if time.Since(start) > patience {
			t.Fatal("it isn't started")
		}
		b.status()
	}
	for killed := false; !killed; { // until there is one to kill
		b.ask(Request{Op: OpKill})
		select {
		case err := <-started:
			if killed = true; err == nil {
				t.Error("it was started")
			}
		default:
		}
	}
}

// TestDeafDisplay reads no input. What a person does is bounded and holds up
// nothing.
func TestDeafDisplay(t *testing.T) {
	b := newHostile(t, "deaf")
	b.up()
	b.sees(honestW, honestH)
	for range 20 {
		b.host.input.pointer(geom.FPoint{X: 1, Y: 1})
	}
	b.bounded()
	b.ask(Request{Op: OpKill})
}

// TestFloodOfMonitorEvents doesn't hide the answers.
func TestFloodOfMonitorEvents(t *testing.T) {
	b := newHostile(t, "qmp-events")
	b.up()
	b.bounded()
	b.ask(Request{Op: OpSuspend})
	if s := b.status(); s.State != vmm.Suspended {
		t.Errorf("state %+v", s)
	}
}

// TestAgentThatNeverStops is heard as often as it may be, and who hears it is
// not let go for being slow.
func TestAgentThatNeverStops(t *testing.T) {
	b := newBench(t, "agent-flood")
	b.leave()
	b.opts.Machine.Clipboard = vmm.ClipBoth
	b.run()
	begin := time.Now()
	b.ask(Request{Op: OpStart})
	const enough = paceBurst + 16
	heard, up := 0, false
	b.hear(func(e Event) bool {
		switch e.Event {
		case EventReady, EventExited:
			heard++
		case EventState:
			up = up || e.State == vmm.Running
		}
		return heard >= enough && up
	})
	// Those that are no event of the guest: the agent itself.
	if least := (enough - paceBurst - 4) * paceEvery; time.Since(begin) < least {
		t.Errorf("%d events in %v; want at least %v", heard, time.Since(begin), least)
	}
	b.bounded()
	if s := b.status(); s.State != vmm.Running {
		t.Errorf("state %+v", s)
	}
}

func TestPace(t *testing.T) {
	now := time.Unix(1000, 0)
	var p pace
	count := func(n int) (ok, first int) {
		for range n {
			o, f := p.take(now)
			if o {
				ok++
			}
			if f {
				first++
			}
		}
		return ok, first
	}
	for _, step := range []struct {
		wait      time.Duration
		ask       int
		ok, first int
	}{
		{0, 100, paceBurst, 1},
		{paceEvery - 1, 5, 0, 0},
		{1, 5, 1, 0},
		{3 * paceEvery, 5, 3, 0},
		{time.Hour, 100, paceBurst, 1},
		{time.Hour, 10, 10, 0},
		{-time.Hour, 100, paceBurst - 10, 1},
	} {
		now = now.Add(step.wait)
		if ok, first := count(step.ask); ok != step.ok || first != step.first {
			t.Errorf("after %v: %d of %d, told %d times; want %d, %d", step.wait, ok, step.ask, first, step.ok, step.first)
		}
	}
}

// TestDamageThatNobodyTakesIsBounded draws single pixels all over a picture that
// a compositor has taken.
func TestDamageThatNobodyTakesIsBounded(t *testing.T) {
	s := newScreen()
	defer s.close()
	p, data := frame(geom.Size{W: 256, H: 200}, 1)
	s.Scanout(p, data)
	var damage geom.Region
	for round := range 3 {
		pic := s.take(&damage)
		if pic == nil || !holds(pic, p, data) || damage.Len() > maxBands {
			t.Fatalf("round %d: %v, %d rectangles of damage", round, pic, damage.Len())
		}
		for i := range 2000 {
			x, y := 2*(i*7919%128), 2*(i*104729%100)
			set(p, data, x, y, byte(i+round))
			s.Update(geom.XYWH(int32(x), int32(y), 1, 1), p.Stride, data[y*p.Stride+4*x:])
			for _, other := range s.pictures {
				if s.fresh.Len() > maxBands || other.stale.Len() > maxBands {
					t.Fatalf("%d rectangles of damage, %d that another picture lacks", s.fresh.Len(), other.stale.Len())
				}
			}
		}
		s.released(pic)
	}
}

func TestWhatIsReadyIsBounded(t *testing.T) {
	b := newBench(t, "")
	b.on(func(h *Host) {
		for i := range 10 * maxReady {
			h.becomes(fmt.Sprintf("thing-%d", i), "")
		}
	})
	if n := len(b.status().Ready); n != maxReady {
		t.Errorf("%d things are ready", n)
	}
}
