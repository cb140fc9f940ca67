// Package runner carries commands out, whoever asked for them, and keeps the
// control log: what was asked, what came of it, and the markers in between.
//
// # Invariants
//
//   - One action is under way for a machine; others wait, in order, at most
//     [QueueLength] of them. Machines don't wait for each other. An action that
//     has done its part and waits for the guest alone lets the next one begin
//     ([Task.Free]).
//   - Every command that is submitted gets one acknowledgement: after its
//     effect, or when its deadline passes. The next action of the machine
//     begins when the executor has returned, so that a late effect can't meet
//     it.
//   - A second show of a machine within [Debounce] of the first is refused,
//     unless it was hidden meanwhile or the first has failed; while the first
//     is under way it always is.
//   - A hide waits for nobody: it is about the desktop and not the machine.
//   - A hide, a shutdown and a kill take the place of a show that waits or is
//     under way; a kill, of everything.
//   - What a person types is not in the log; how much it was is.
//
// # Goroutines
//
// All methods may be called from any goroutine and never wait for an effect.
// An action runs on a goroutine of its own; acknowledgements come from there,
// from a timer, or from Submit itself.
//
// # Example
//
//	log := runner.NewLog(runner.LogOptions{File: path})
//	defer log.Close()
//	r := runner.New(runner.Options{Executor: session, Log: log})
//	defer r.Close()
//	r.Submit("prompt", command, func(a grammar.Ack) { fmt.Println(a.At()) })
package runner
