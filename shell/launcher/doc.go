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
// each keystroke, and so is Model.Local. Slow ones, files for example, each have
// an Asker, which asks on another goroutine, ends that with the next keystroke,
// and brings what they propose to Model.Late.
//
// A Reply is an answer in words with its sources. It may grow: a proposer says
// the same key again with more of it.
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
//   - A slow proposer may repeat what strangers wrote. What it says is bounded
//     (see admit), and what its rows do is said in the launcher's words.
//   - Esc gives up one thing at a time: a card, the list of actions, an answer
//     that grows, the answer, the line that runs; then the panel goes.
//   - Names come from programs, guests and files. They are one line, of bounded
//     length, without what can't be seen or turns the order of text around.
//   - What a line types into a machine never reaches the file of the history.
//
// Everything belongs to one goroutine, but for what an Asker does between.
package launcher
