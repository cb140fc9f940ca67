package apps

import "slices"

// Terminal is a program that shows a terminal with another program in it.
type Terminal struct {
	Program string   // file; "" is none
	Before  []string // arguments that stand before the command
}

// terminals by preference. The first is the one that a person can configure
// (proposed Default Terminal Execution Specification).
var terminals = []Terminal{
	{"xdg-terminal-exec", nil},
	{"foot", nil},
	{"footclient", nil},
	{"alacritty", []string{"-e"}},
	{"kitty", nil},
	{"ghostty", []string{"-e"}},
	{"wezterm", []string{"start", "--"}},
	{"ptyxis", []string{"--"}},
	{"kgx", []string{"--"}},
	{"gnome-terminal", []string{"--"}},
	{"konsole", []string{"-e"}},
	{"xfce4-terminal", []string{"-x"}},
	{"x-terminal-emulator", []string{"-e"}},
	{"xterm", []string{"-e"}},
}

// FindTerminal returns the terminal that is to be used, the zero value if none
// is installed in path.
func FindTerminal(path []string) Terminal {
	p := programs{path: path}
	for _, t := range terminals {
		if file := p.find(t.Program); file != "" {
			return Terminal{Program: file, Before: t.Before}
		}
	}
	return Terminal{}
}

// Wrap returns the command that runs argv in the terminal.
func (t Terminal) Wrap(argv []string) []string {
	return slices.Concat([]string{t.Program}, t.Before, argv)
}
