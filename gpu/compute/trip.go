package compute

import (
	"errors"
	"time"
)

// barer is a device that can submit what is loaded without an engine.
type barer interface {
	// bare prepares a command buffer of one plain dispatch of what is loaded.
	// The function it returns submits it and waits for its fence.
	bare(count, groups int) (func() error, error)
}

// RoundTrips measures, in turns, what a small task takes through the engine and
// what the same work takes when a recorded command buffer is submitted and its
// fence waited for, as often as rounds says. It is for benchmarks: the engine
// does nothing else meanwhile.
func (e *Engine) RoundTrips(rounds int) (engine, bare []time.Duration, err error) {
	task := sample(Trace, workers)
	p, err := task.program()
	if err != nil {
		return nil, nil, err
	}
	e.exec.Lock()
	d, ok := e.device.(barer)
	if !ok {
		e.exec.Unlock()
		return nil, nil, errors.New("compute: there is no device to measure")
	}
	err = e.device.load(p)
	var submit func() error
	if err == nil {
		submit, err = d.bare(workers, 1)
	}
	e.exec.Unlock()
	if err != nil {
		return nil, nil, err
	}
	for range rounds {
		start := time.Now()
		if err := e.Do(task, Immediate); err != nil {
			return nil, nil, err
		}
		engine = append(engine, time.Since(start))
		start = time.Now()
		if err := submit(); err != nil {
			return nil, nil, err
		}
		bare = append(bare, time.Since(start))
	}
	return engine, bare, nil
}
