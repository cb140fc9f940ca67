// Package envelope is what goes from a line to an effect: who said it, what it
// is taken to mean and how surely, what has become of it, and how soon it is due.
//
// An envelope is a value. It isn't changed but followed by another with the
// next status, so that a log of envelopes is a replay of what happened:
//
//	e := envelope.Envelope{ID: 7, Source: envelope.Text, Line: line, Intent: best.Intent, Confidence: best.P}
//	switch e.Disposition(destructive) {
//	case envelope.Execute: …
//	case envelope.Ask: …      // "did you mean …?", or a confirmation
//	case envelope.Chat: …     // search, a language model, an answer
//	}
//	e, err = e.Next(envelope.Planning)
//
// The package decides nothing about policy: what an intent may touch, and
// whether it is destructive, its caller knows.
package envelope
