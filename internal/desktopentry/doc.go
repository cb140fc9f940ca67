// Package desktopentry reads .desktop files: what an application is called, how
// it is started and what else it can do (Desktop Entry Specification 1.5).
//
// Files come from packages, from people and from programs, so nothing in them
// is believed: a file is limited in size, a command line is split by the
// specification's own rules and never seen by a shell, and a value that makes
// no sense is as if it weren't there.
//
//	e, err := desktopentry.Parse(text, desktopentry.Locales(os.Getenv("LANG")))
//	for _, args := range e.Exec.Commands("/home/ada/a.txt") {
//		exec.Command(args[0], args[1:]...)
//	}
package desktopentry
