// Package picker lets the person choose a file for an app of the desktop, with or
// without a session that hands files over.
//
//	picker.Ask(w, picker.Self("Text Editor"), rayapps.Pick{}, folder, func(c picker.Chosen, err error) { … })
package picker

import (
	"errors"
	"os"
	"os/exec"
	"strings"

	"rayos/rayapps"
	"rayos/rayapps/lang"
)

// Chosen is a file that the person has chosen: a path or, where the app can't see
// any, the file itself, which is the app's from then on, and its name. Without
// either none was chosen.
type Chosen struct {
	Path string
	File *os.File
	Name string
}

// Program asks for a file by a program and returns its path, "" for none. It is
// called on a goroutine of its own.
type Program func(p rayapps.Pick, folder string) (string, error)

// Self is the program that the app is part of, if that is rayos-apps. Title names
// the app, in English.
func Self(title string) Program {
	return func(p rayapps.Pick, folder string) (string, error) {
		args := []string{"pick", "--for", lang.T(title)}
		if p.Save {
			args = append(args, "--save="+p.Name)
		}
		if folder != "" {
			args = append(args, folder)
		}
		program, err := os.Executable()
		if err != nil {
			return "", err
		}
		out, err := exec.Command(program, args...).Output()
		return strings.TrimSuffix(string(out), "\n"), err
	}
}

// Ask lets the person choose a file: by the session, where that hands files to the
// app, else by a program, which may be nil. Done is called on the window's
// goroutine.
func Ask(w *rayapps.Window, by Program, p rayapps.Pick, folder string, done func(Chosen, error)) {
	w.PickFile(p, func(f *os.File, name string, err error) {
		switch {
		case errors.Is(err, rayapps.ErrCancelled):
			done(Chosen{}, nil)
		case err != nil && by != nil: // there is no session, or the app has no need of it
			go func() {
				path, err := by(p, folder)
				w.Post(func() { done(Chosen{Path: path}, err) })
			}()
		default:
			done(Chosen{File: f, Name: name}, err)
		}
	})
}
