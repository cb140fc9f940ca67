// Package launcher is the panel in which a person finds things and says what to
// do: applications, windows, machines, settings, files, sums, and commands of the
// session. A Model decides what stands in it, a Panel describes it as a view of
// package ui; the session shows the view and carries out what was chosen.
//
//	m := launcher.Model{History: history, Lines: lines, Now: time.Now}
//	p := &launcher.Panel{Model: &m, Do: session.do, Close: session.hide}
//	root := ui.New(ui.Options{View: p.View})
//	m.Open(world)
//	p.Focus(root)
//
// # Proposals
//
// Whoever has an answer to a line is a Proposer. Those that answer at once, the
// grammar, the calculator and what is found by name, are asked by the model at
// each keystroke. Slow ones, files for example, are asked by the session on
// another goroutine (Gather); what they propose goes to Model.Late.
//
// A line behind a colon is a command of the session's table; what it prints
// stands in place of the rows.
//
// # Invariants
//
//   - What loses something for good is asked for first, by a Card that is made of
//     the arguments of what will run. Cancel is what Enter means there.
//   - A row never moves under the cursor: what comes late stands below all that
//     is there, and once a person has moved to a row, the rows down to it stay as
//     long as they are among those that fit.
//   - What runs has been seen: a row's title, its chips and its ghost text say
//     what Enter does.
//   - Names come from programs, guests and files. They are one line, of bounded
//     length, without what can't be seen or turns the order of text around.
//   - What a line types into a machine never reaches the file of the history.
//
// Everything belongs to one goroutine but Gather.
package launcher
