// Package dream tries, while the person is away, whether the session would do
// its work better with another setting of something, and keeps what is measured
// to be better.
//
// A [Job] measures a cost on a workload of its own that is the same each time,
// changes something, and can take that back. The changed and the unchanged are
// measured by turns, because a machine isn't as fast at one moment as at
// another. The change stays if the median of its costs is smaller by the margin.
// Else, and whenever anything goes wrong or the time is over, it is taken back.
//
//	Awake ──¾ of After──→ Drowsy ──After──→ Dreaming ──the person──→ Awake
//
// Somebody who knows calls [Dreamer.SetPresence]. Dreaming is one task of the
// conductor, of level Dream: each job once, in turn, until all are done or a
// budget is spent, and then nothing until the person has been there. It ends at
// once, its context does, when the person comes back or dreams are switched off,
// and doesn't begin while the conductor's entropy is above MaxEntropy.
//
// What Try changes doesn't outlive the process until Keep has been called, so a
// crash takes it back; a job for which that isn't so has Recover, which is called
// at the next start. Each step is in a journal, which says what was tried with
// which seed, the costs and what came of it. The seeds come from Options.Seed, the
// job's name and how often it was tried: the same dreams can be had again.
package dream
