package compute

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// pool computes programs on all CPUs. It has no goroutines between programs.
type pool struct {
	workers int
}

func newPool() *pool { return &pool{workers: runtime.GOMAXPROCS(0)} }

// parts is how many parts a worker gets of a program: enough that none waits
// long for another.
const parts = 8

// run computes items 0 to n-1. pause is called between parts, on the calling
// goroutine, and may take its time.
func (c *pool) run(p *program, n int, pause func()) {
	part := max(1, (n+c.workers*parts-1)/(c.workers*parts))
	// Below some microseconds of work a second goroutine costs more than it
	// saves.
	if c.workers == 1 || n < serial[p.kernel] {
		for at := 0; at < n; at += part {
			p.cpu(at, min(at+part, n))
			pause()
		}
		return
	}
	var next atomic.Int64
	take := func() bool {
		at := int(next.Add(int64(part))) - part
		if at >= n {
			return false
		}
		p.cpu(at, min(at+part, n))
		return true
	}
	var group sync.WaitGroup
	for range min(c.workers, (n+part-1)/part) - 1 {
		group.Go(func() {
			for take() {
			}
		})
	}
	for take() {
		pause()
	}
	group.Wait()
}

// serial is the number of items that one goroutine does alone.
var serial = [kernels]int{Trace: 128, Overlap: 128, Search: 2, Tiles: 4, Scale: 1024}
