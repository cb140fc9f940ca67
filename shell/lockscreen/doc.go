// Package lockscreen is what a locked session shows: the time, whose session it
// is, and a field for the password.
//
//	screen := lockscreen.New(actions)
//	screen.Show(lockscreen.State{Name: "Ada", Now: now})
//	root := ui.New(ui.Options{View: screen.View(size), ...})
//
// A [Screen] is the view of one state on any number of outputs: what is typed on
// one is there on all of them. It doesn't know what a right password is, nor
// what locking means; who shows it decides.
//
// # Secrets
//
// The password lies in one array that is overwritten when it is taken, deleted or
// [Screen.Forget] is called; it is never a string while it is hidden. A password
// that the person has shown has been drawn as text, and what draws text keeps
// pieces of it. Screen readers hear how many characters there are, and none of
// them.
//
// All of it belongs to one goroutine, that of the roots.
package lockscreen
