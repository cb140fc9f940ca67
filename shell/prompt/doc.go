// Package prompt is the panel in which a person tells the session what to do:
// a line, what the session understood of it, how it could go on, and what came
// of the lines before. It is values and pixels; the session gives it keys,
// shows its picture and carries lines out.
//
// A [Model] takes keys and says what is to be done about them. It asks package
// grammar what a line means, so nothing is shown as understood that would not
// run:
//
//	var m prompt.Model
//	m.Open(env)
//	switch m.Press(prompt.Press{Key: prompt.Enter}) {
//	case prompt.Run:
//		line, id := m.Submit()
//		run(line, func(r grammar.Result, a grammar.Ack) { m.Answer(id, r, a, took) })
//	case prompt.Close:
//		…
//	}
//
// A [Canvas] draws what [Model.View] says, and only the bands of it that look
// different from before:
//
//	damage := canvas.Draw(m.View(room), pixels, scale, scheme)
//
// # Invariants
//
//   - A line is valid UTF-8 without characters that can't be seen or that
//     change direction; the caret is never inside of one, or between a letter
//     and its marks.
//   - What a line types into a machine never reaches the file of the history.
//   - Nothing moves by itself: the caret doesn't blink, so an open prompt that
//     nobody uses costs nothing.
//
// Everything belongs to one goroutine but the function that [History.Save]
// returns.
package prompt
