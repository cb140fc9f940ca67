// Package settingswindow is the window with the person's settings: those of the
// table of package settings, the displays, and what policy allows machines.
//
// What the session keeps is asked of it and set by commands. Policy isn't: it
// stands in a file that no command writes, so no program that may give commands
// can allow machines more. The window, which the person uses, changes single
// rules of that file and leaves the rest of it as it was written.
package settingswindow
