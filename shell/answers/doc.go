// Package answers answers questions about the session from what is so now: the
// time, how long it has run, memory, windows, machines, devices. It asks nobody
// outside and knows no sentence of its own: every figure comes from Facts.
//
//	model.Local = answers.New(answers.Facts{Now: time.Now, Windows: session.windows})
//	// "uptime?" is answered with "Uptime: 2 h 5 min"
//
// An answer is a launcher.Proposal; what has more to say is a Reply, with what
// it speaks of as sources. Answers come at once, on the goroutine that asks:
// Facts must not wait.
package answers
