// Package builtin is the apps that come with RayOS, in one program:
//
//	rayos-apps counter
package builtin

import (
	"fmt"
	"io"
	"os"

	"rayos/rayapps/browser"
	"rayos/rayapps/counter"
	"rayos/rayapps/editor"
	"rayos/rayapps/images"
	"rayos/rayapps/vnc"
	"rayos/shell/explorer"
	"rayos/shell/filepicker"
	"rayos/shell/iconload"
	"rayos/shell/logwindow"
	"rayos/shell/openwith"
	"rayos/shell/settingswindow"
	"rayos/shell/welcome"
)

// app is one of the program's apps.
type app struct {
	name, about string
	// run shows the app until it is closed. The arguments are those after its
	// name.
	run func(args []string) error
}

// apps is the table.
var apps = []app{
	{"explorer", "programs, machines, tasks and frames of the session", explorer.Run},
	{"log", "the session's log", logwindow.Run},
	{"settings", "displays, colours, keyboard, pointer, machines and privacy", settingswindow.Run},
	{"welcome", "five things to try", welcome.Run},
	{"vnc", "the desktop of another machine, by VNC", vnc.Run},
	{"editor", "text files, of any size", editor.Run},
	{"images", "pictures, and those beside them", func(args []string) error { return images.Run(args, iconload.Drawing) }},
	{"files", "folders, and what is in them", func(args []string) error { return browser.Run(args, openwith.New(os.Getenv)) }},
	{"pick", "a file for an app that can't see any", filepicker.Run},
	{"counter", "a number, and buttons that change it", counter.Run},
}

// Main runs the app that the first argument names. It returns 1 after an error
// of the app and 2 if there is no such app.
func Main(args []string, stderr io.Writer) int {
	if len(args) > 0 {
		for _, a := range apps {
			if a.name != args[0] {
				continue
			}
			if err := a.run(args[1:]); err != nil {
				fmt.Fprintf(stderr, "%s: %v\n", a.name, err)
				return 1
			}
			return 0
		}
		fmt.Fprintf(stderr, "there is no app %.60q\n", args[0])
	}
	fmt.Fprintln(stderr, "usage: rayos-apps <app> [argument...]")
	for _, a := range apps {
		fmt.Fprintf(stderr, "  %-12s %s\n", a.name, a.about)
	}
	return 2
}
