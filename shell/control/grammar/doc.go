// Package grammar is every line of text that asks the session for something or
// tells what came of it: what a person enters at the prompt, events of the
// host, acknowledgements and markers. It is tables and pure functions; package
// runner carries commands out.
//
// # The prompt
//
// [Parse] reads a line by one table ([Phrases]). Case doesn't matter. A row
// fits a whole line or not at all: words are never found inside others. Of
// several rows that fit, the one with more words of its own counts, so
// "show windows desktop" can't mean another desktop. Rows that say as much and
// mean different things make the line ambiguous, and so does a kind of which
// there are several machines.
//
// Everyday words begin sentences too, and what is no command goes to whoever
// talks with the person. So the rows that name no machine take little:
//
//   - type and send take one word, or a text between double quotes. For more
//     the machine is named: linux type echo hello.
//   - press and key take one key specification: "press enter" is a command,
//     "press conference" is not.
//   - move and mouse take two numbers from 0 to 1, click a button.
//   - run takes the exact name of an application of the session: "run cargo
//     build" is talk where there is no application cargo.
//   - With a Windows machine on the desktop they are ambiguous.
//
// "send X to linux" presses X if that is one word which names keys, and types
// it otherwise. One pair of double quotes around a whole text is taken off.
//
// # What can't be forged
//
// Lines that begin with @ or RAYOS_ are the session's: Parse refuses them.
// [ParseEvent] reads nothing but a [HostLine], which only [FromHost] makes.
// Acknowledgements and markers are made here alone, of printable ASCII, so that
// no name of a guest's can end a line or look like a field.
//
// # Example
//
//	switch r := grammar.Parse("show linux desktop", env); r.Outcome {
//	case grammar.Matched:
//		runner.Submit(r.Command, …)
//	case grammar.Ambiguous:
//		for _, c := range r.Choices {
//			fmt.Println("did you mean:", c.Line())
//		}
//	}
package grammar
