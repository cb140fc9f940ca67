package dream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rayos/intent/conductor"
	"rayos/internal/atomicfile"
)

const (
	batchTasks = 20_000               // that a measurement runs
	batchLeast = 64                   // submissions that tell what the load is like
	burst      = 2 * time.Millisecond // what comes within it came together
	tuning     = "tuning.json"
)

// Batch is the job that finds how many tasks a worker of a conductor takes at
// once. It measures the time for a task on a conductor of its own with the
// submissions that the other one has had, in their bursts and levels; what the
// tasks did is left out, so that it is the queue's own time. A try doubles or
// halves the number. What is kept stands in a file in dir, see Restore.
func Batch(c *conductor.Conductor, dir string) Job {
	return Job{
		Name:    "conductor.batch",
		Measure: func(ctx context.Context) (float64, error) { return replay(ctx, c.Load(), c.Batch()) },
		Try: func(_ context.Context, seed uint64) (func() error, error) {
			old := c.Batch()
			next := 2 * old
			if seed&1 == 0 && old > 1 || next > conductor.MaxBatch {
				next = old / 2
			}
			c.SetBatch(next)
			return func() error { c.SetBatch(old); return nil }, nil
		},
		Keep: func() error {
			text, err := json.Marshal(tuned{Batch: c.Batch()})
			if err != nil || dir == "" {
				return err
			}
			return atomicfile.Write(filepath.Join(dir, tuning), text)
		},
	}
}

// tuned is what the file holds.
type tuned struct {
	Batch int `json:"batch"`
}

// Restore sets what Batch has kept in an earlier run.
func Restore(c *conductor.Conductor, dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, tuning))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var t tuned
	if err := json.Unmarshal(text, &t); err != nil || t.Batch < 1 || t.Batch > conductor.MaxBatch {
		return fmt.Errorf("%s holds no tuning (%w): remove it", filepath.Join(dir, tuning), errors.Join(err, errRange))
	}
	c.SetBatch(t.Batch)
	return nil
}

var errRange = fmt.Errorf("want batch from 1 to %d", conductor.MaxBatch)

// replay runs submissions again and returns the nanoseconds for a task.
func replay(ctx context.Context, load []conductor.Arrival, batch int) (float64, error) {
	if len(load) < batchLeast {
		return 0, ErrNothing
	}
	c, err := conductor.Open(conductor.Options{Batch: batch, Queue: conductor.MaxSubmit * batchLeast})
	if err != nil {
		return 0, err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if err := c.Register(conductor.Kind{Name: "noop", Run: func(context.Context, conductor.Task) error { return nil }}); err != nil {
		return 0, err
	}
	n := 0
	begin := time.Now()
	for n < batchTasks {
		for i := 0; i < len(load) && n < batchTasks; {
			var list []conductor.Spec
			at := load[i].At
			for ; i < len(load) && load[i].At-at < burst && len(list) < conductor.MaxSubmit/2; i++ {
				for level, count := range load[i].Levels {
					for range min(int(count), conductor.MaxSubmit/2-len(list)) {
						list = append(list, conductor.Spec{Kind: "noop", Level: conductor.Level(level)})
					}
				}
			}
			if _, err := c.SubmitWait(ctx, list); err != nil {
				return 0, err
			}
			if err := c.Quiet(ctx); err != nil {
				return 0, err
			}
			n += len(list)
		}
	}
	return float64(time.Since(begin)) / float64(n), nil
}
