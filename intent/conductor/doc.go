// Package conductor is the one queue of what the session does beside what a
// person waits for: a task is submitted, waits for its turn by its level,
// is run by a worker, and what came of it is kept. Tasks outlive the process if
// there is a journal.
//
// # Tasks
//
// A [Spec] names a [Kind], which was registered with the function that carries
// it out, and has bytes for it. Others wait for it ([Spec.After]); it may have a
// deadline and a key. Its way is
//
//	waiting → queued → running → done | failed | cancelled | expired | doubtful
//	   ↑                  │
//	   └──── back-off ────┘
//
// waiting is for the end of other tasks, for a kind that isn't registered yet
// after a restart, or for the next attempt.
//
// # Order
//
// There are five levels. A task of a higher level goes first, but a level is
// worth no more than [Options.Ageing] of waiting: of two queued tasks the one
// with the smaller
//
//	time when it became ready - level × Ageing
//
// goes first. So nothing starves: a task can be overtaken only by what becomes
// ready within 4 × Ageing behind it. Of the workers one is kept free of what
// has level Low and Dream, if there are two or more.
//
// A worker takes a few tasks at once ([Options.Batch]) into a queue of its own,
// and workers without work take half of what another one has not begun. Before
// each task a worker looks whether a more urgent one has come.
//
// # What lasts
//
// With [Options.Dir], tasks whose kind isn't Volatile are journaled (package
// journal). Submit returns when the task is on disk: from then on it isn't
// lost. Wait, and whoever waits for its end by After, sees the end when that is
// on disk: from then on it isn't run again. A task between the two may be run
// again after a crash, but not more than MaxCrashes times.
//
// An effect that must not happen twice has a key. The key of a task that is done
// goes into a ledger with its end, and a task with that key isn't run any more:
// Submit returns the id of the one that did it. A task with a key that a crash
// found running is in doubt: its kind's Happened says whether the effect is
// there; without that function it ends as doubtful and is never run again.
//
// # Entropy
//
// Entropy is how far the latest work is from instant:
//
//	min(1, mean of submit → end ÷ 16.666 ms)
//
// over the tasks above level Dream that ended in the last minute without being
// delayed by others or by back-off; 0 if there were none. 16.666 ms is a frame.
//
// # Goroutines
//
// All methods are safe for all goroutines. Handlers run on the workers'. A
// Conductor without due tasks has no timer and wakes nobody.
//
// # Example
//
//	c, err := conductor.Open(conductor.Options{Dir: dir})
//	err = c.Register(conductor.Kind{Name: "index", Run: func(ctx context.Context, t conductor.Task) error {
//		return index.Add(ctx, string(t.Args))
//	}})
//	id, err := c.Submit(conductor.Spec{Kind: "index", Args: []byte(path), Level: conductor.Low})
//	status, err := c.Wait(ctx, id)
package conductor
