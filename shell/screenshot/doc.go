// Package screenshot is the tool with which a person takes a picture of a region,
// a window or an output: a view of the toolkit over the dimmed screen, and where
// pictures are kept.
//
//	sheet := screenshot.New(actions)
//	sheet.Resize(size of the output)
//	sheet.Open(screenshot.Region, false)
//	sheet.Show(windows)
//	root := ui.New(ui.Options{View: sheet.View})
//
// The root is as large as the output, whose pixels it knows nothing of: whoever
// shows it takes the picture that Actions.Take asks for. A Sheet is used by the
// goroutine of its root.
package screenshot
