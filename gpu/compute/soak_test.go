//go:build cgo && linux

package compute

import (
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rayos/gpu/compute/bvh"
	"rayos/internal/vulkantest"
)

// soakMemory is what an engine may hold of its device with the tasks of a soak:
// some MiB, twice, because one that is lost is freed beside its successor.
const soakMemory = 64 << 20

// TestSoak sends random batches from several goroutines, and has the device hang
// or be lost now and then. Each result is compared with the CPU's; nothing may be
// lost, done twice or left behind. `make soak-compute` does it for ten minutes.
func TestSoak(t *testing.T) {
	atLeast := 2 * time.Second
	if testing.Short() {
		atLeast = 0
	}
	if s := os.Getenv("RAYOS_COMPUTE_SOAK"); s != "" {
		var err error
		if atLeast, err = time.ParseDuration(s); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("ray queries", func(t *testing.T) {
		vulkantest.UseRays(t)
		soak(t, atLeast, true)
	})
	t.Run("kernels", func(t *testing.T) { soak(t, atLeast, false) })
}

func soak(t *testing.T, atLeast time.Duration, rt bool) {
	const users, rounds = 4, 40 // at least
	abandoned.Wait()
	memory, goroutines, files := held.Load(), runtime.NumGoroutine(), openFiles(t)
	var skipped atomic.Int64 // of time, so that a device is found again at once
	var mu sync.Mutex
	faults := rand.New(rand.NewPCG(1, 2))
	injected := map[Fault]uint64{}
	e := startGPU(t, Config{
		RT: rt, MaxQueue: 3, Log: func(string, ...any) {},
		now: func() time.Time { return time.Now().Add(time.Duration(skipped.Load())) },
		Fault: func(n uint64) Fault {
			mu.Lock()
			defer mu.Unlock()
			f := NoFault
			switch faults.IntN(400) {
			case 0, 1:
				f = LoseNow
			case 2, 3:
				f = LoseLate
			case 4: // a second each
				if injected[HangOnce] < n/3000+1 {
					f = HangOnce
				}
			}
			if f != NoFault {
				injected[f]++
			}
			return f
		},
	})
	if rt && e.Stats().RT != RayQuery {
		t.Fatalf("RT %s; want it present", e.Stats().RT)
	}
	var done, full, most atomic.Int64
	end := time.Now().Add(atLeast)
	var group sync.WaitGroup
	for u := range users {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(u), 3))
			tree := traceTask(t, nil, nil).Tree
			for n := 0; n < rounds || time.Now().Before(end); n++ {
				task := soakTask(t, r, &tree)
				priority := []Priority{Dream, Low, Normal, High, Immediate}[r.IntN(5)]
				for {
					err := e.Do(task, priority)
					if err == nil {
						break
					}
					if err != ErrFull {
						t.Errorf("a task was refused: %v", err)
						return
					}
					full.Add(1)
					runtime.Gosched()
				}
				done.Add(1)
				wantReference(t, task)
				if t.Failed() {
					return
				}
				if e.Stats().Reason != "" {
					skipped.Add(int64(lastRetry))
				}
				if now := held.Load() - memory; now > most.Load() {
					most.Store(now)
				}
			}
		})
	}
	group.Wait()
	e.Close()
	abandoned.Wait()
	s := e.Stats()
	if int64(s.Done) != done.Load() || s.Queued != s.Done || s.OnCPU+s.OnGPU != s.Done || s.Depth != 0 || int64(s.Dropped) != full.Load() {
		t.Errorf("%d tasks: %d taken, %d done (%d on the CPU, %d on the GPU), %d waiting, %d of %d refused", done.Load(), s.Queued, s.Done, s.OnCPU, s.OnGPU, s.Depth, s.Dropped, full.Load())
	}
	// A device that is lost is lost once, with the task that was under way and those
	// that had let it pass.
	if lost, asked := s.Lost+s.Timeouts, injected[LoseNow]+injected[LoseLate]+injected[HangOnce]; lost > asked || s.Replayed < lost || s.Replayed > levels*lost || asked > 0 && lost == 0 {
		t.Errorf("%d faults were asked for: %d devices lost, %d tasks replayed", asked, lost, s.Replayed)
	}
	if rt != (s.Queried > 0) || rt != (s.Scenes > 0) {
		t.Errorf("%d tasks by ray queries with %d scenes", s.Queried, s.Scenes)
	}
	if most.Load() > soakMemory {
		t.Errorf("%d MiB of device memory at once; want at most %d", most.Load()>>20, soakMemory>>20)
	}
	if after := held.Load(); after != memory {
		t.Errorf("%d bytes of device memory before, %d after", memory, after)
	}
	// Goroutines that have told of their end are about to end.
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > goroutines; runtime.Gosched() {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Errorf("%d goroutines before, %d after:\n%s", goroutines, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
			break
		}
	}
	if after := openFiles(t); after > files+4 { // of the driver's library, opened once
		t.Errorf("%d open files before, %d after", files, after)
	}
	t.Logf("%d tasks, %d on the device, %d by ray queries (%d scenes, %d refits); %d devices lost, %d hung, %d tasks replayed; at most %d KiB of device memory",
		s.Done, s.OnGPU, s.Queried, s.Scenes, s.Refits, s.Lost, s.Timeouts, s.Replayed, most.Load()>>10)
}

// soakTask is a task of any kind; tree is one that its user keeps and moves.
func soakTask(t *testing.T, r *rand.Rand, tree **bvh.Tree) Task {
	if r.IntN(3) == 0 {
		all, _ := tasks(t, r.Uint64())
		return all[r.IntN(len(all))]
	}
	count := (*tree).Len()
	switch r.IntN(4) {
	case 0:
		count = 1 << r.IntN(12)
		fallthrough
	case 1:
		boxes, _ := places(r, count, 0, 1, 0)
		if count != (*tree).Len() {
			*tree = traceTask(t, boxes, nil).Tree
		} else if err := (*tree).Refit(boxes); err != nil {
			t.Error(err)
		}
	}
	_, rays := places(r, 0, 1+r.IntN(2000), 1, 0)
	return &TraceTask{Tree: *tree, Rays: rays, Hits: make([]bvh.Hit, len(rays))}
}

// wantReference computes a task again, on this goroutine, and compares.
func wantReference(t *testing.T, task Task) {
	t.Helper()
	got := slices.Clone(bytesOf(t, resultsOf(task)))
	p, err := task.program()
	if err != nil {
		t.Error(err)
		return
	}
	p.cpu(0, p.items)
	if p.finish != nil {
		p.finish()
	}
	if !slices.Equal(got, bytesOf(t, resultsOf(task))) {
		t.Errorf("%T of %d items is not what the CPU computes", task, p.items)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
