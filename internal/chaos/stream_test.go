package chaos

import (
	"flag"
	"runtime"
	"strings"
	"testing"
	"time"
)

var (
	seedFlag = flag.Uint64("seed", 0, "play the stream of this `seed` alone")
	forFlag  = flag.Duration("for", 0, "play new streams for this `time`")
)

const (
	steps  = 500
	normal = 12 // streams of an ordinary run
)

// outcome is what a stream came to.
type outcome struct {
	faults   []string
	notes    []string
	slowest  time.Duration
	requests int
	errors   int
}

// try plays a stream in a new world.
func try(s stream) outcome {
	w, err := newWorld()
	if err != nil {
		return outcome{faults: []string{err.Error()}}
	}
	w.settle()
	w.settle()
	before := w.state()
	w.play(s)
	if len(w.faults) == 0 {
		w.settle()
	}
	after := w.state()
	for i := 0; i < 100 && after != before; i++ {
		runtime.GC() // files of keymaps go with them
		after = w.state()
	}
	if len(w.faults) == 0 && after != before {
		w.fail("not everything is as before:\n%+v, now\n%+v", before, after)
	}
	o := outcome{w.faults, w.notes, w.slowest, w.requests, w.refusals}
	w.guarded("the end", w.close)
	if len(o.faults) == 0 {
		o.faults = w.faults
	}
	return o
}

// smaller leaves out of a failing stream what it fails without.
func smaller(s stream, limit time.Duration) stream {
	began := time.Now()
	for part := (len(s.steps) + 1) / 2; part >= 1; part /= 2 {
		for at := 0; at < len(s.steps); {
			if time.Since(began) > limit {
				return s
			}
			less := stream{s.seed, append(append([]int{}, s.steps[:at]...), s.steps[min(at+part, len(s.steps)):]...)}
			if o := try(less); len(o.faults) > 0 {
				s = less
			} else {
				at += part
			}
		}
	}
	return s
}

func play(t *testing.T, seed uint64) outcome {
	s := newStream(seed, steps)
	o := try(s)
	if len(o.faults) == 0 {
		return o
	}
	limit := 20 * time.Second
	if *seedFlag != 0 {
		limit = 3 * time.Minute
	}
	small := smaller(s, limit)
	last := try(small)
	if len(last.faults) == 0 { // it fails by chance
		last = o
	}
	t.Errorf("seed %d, %d of %d steps: %s\nthe last requests:\n  %s\nplay it again with: go test ./internal/chaos -run TestStreams -seed %d",
		seed, len(small.steps), steps, strings.Join(last.faults, "\n"), strings.Join(last.notes[max(0, len(last.notes)-keptNotes):], "\n  "), seed)
	return o
}

// TestStreams: see the package comment.
func TestStreams(t *testing.T) {
	if *seedFlag != 0 {
		o := play(t, *seedFlag)
		t.Logf("%d requests, %d errors, slowest turn %v", o.requests, o.errors, o.slowest)
		return
	}
	began := time.Now()
	var total outcome
	n := uint64(0)
	for ; *forFlag > 0 && time.Since(began) < *forFlag || *forFlag == 0 && n < normal; n++ {
		seed := 1 + n
		if *forFlag > 0 { // every night others
			seed = uint64(began.UnixNano())>>10<<10 + n
		}
		o := play(t, seed)
		total.requests += o.requests
		total.errors += o.errors
		total.slowest = max(total.slowest, o.slowest)
		if t.Failed() {
			break
		}
	}
	t.Logf("%d streams, %d requests, %d clients sent away, slowest turn %v", n, total.requests, total.errors, total.slowest)
}

// TestMemoryReturns plays streams in one session: what it keeps of each would
// add up.
func TestMemoryReturns(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // what finalizers held
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	// Caches of shadows, fonts and titles and the globals that are gone are
	// bounded: half of the time is theirs to fill, and what is missing then.
	const warm, room = 6, 6 << 20
	var first, last uint64
	began := time.Now()
	n, from := uint64(0), uint64(0)
	for ; n < 2*warm || time.Since(began) < *forFlag; n++ {
		w.play(newStream(900+n, 150))
		w.settle()
		if len(w.faults) > 0 {
			t.Fatalf("stream %d: %s", n, strings.Join(w.faults, "\n"))
		}
		w.notes = nil
		if first == 0 && n >= warm && time.Since(began) >= *forFlag/2 {
			first, from = heap(), n
		}
	}
	if last = heap(); last > first+room {
		t.Errorf("the heap has grown from %d to %d KiB over %d streams", first>>10, last>>10, n-from)
	}
	t.Logf("heap %d KiB after %d streams, then %d KiB after %d", first>>10, from, last>>10, n)
	w.close()
	if len(w.faults) > 0 {
		t.Error(strings.Join(w.faults, "\n"))
	}
}
