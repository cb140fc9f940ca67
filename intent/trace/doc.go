// Package trace is the log of what came of lines at the prompt: for each line
// that was understood and chosen, what it was taken for and how surely, the plan,
// and every step up to the last acknowledgement.
//
//	log, report, err := trace.Open(dir)
//	said := trace.Tell(line, &plan, scene, model, hash, trace.Redactor{Keep: data.Words()})
//	log.Add(trace.Record{ID: e.ID, At: now, Status: e.Status.String(), Said: said})
//
// # What is left out
//
// A Redactor leaves of a line the words that templates of intents are written
// with, numbers, and the names of applications and machines. Everything else is
// the person's or somebody else's: what is typed or looked for, what is quoted,
// paths, hosts, names of files, titles of windows. A mark of the same kind stands in its place, so
// that the line can be understood again. Where it can't, because what was left
// out had decided, the record says so.
//
// # The file
//
// Records are JSON in frames of package journal, in a folder of one process: a
// torn end is cut and kept beside it, a damaged record is skipped and counted.
// The file is the person's alone (0600) and has at most MaxFile bytes: then the
// older half goes.
//
// # Replay
//
// A record has all that its plan was made of, and the hash of the model. Replay
// makes the plan again and says where it is another.
package trace
