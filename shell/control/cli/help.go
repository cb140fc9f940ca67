package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"rayos/shell/control"
)

// own are the commands that need no session.
var own = []struct{ name, help string }{
	{"help [COMMAND]", "explain rayctl, or one command"},
	{"completion bash|zsh|fish", "print a completion script for a shell"},
	{"man", "print the manual page (rayctl man | man -l -)"},
}

const intro = `rayctl talks to a running RayOS session.

usage: rayctl [--json] [--socket PATH] COMMAND [ARGUMENTS]
`

func help(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, intro, "\n")
	for _, c := range control.Commands() {
		use := c.Usage()
		if len(use) > 44 {
			use = shortUsage(c)
		}
		fmt.Fprintf(t, "  %s\t%s\n", use, c.Help)
	}
	for _, c := range own {
		fmt.Fprintf(t, "  %s\t%s\n", c.name, c.help)
	}
	for _, c := range appOwn {
		fmt.Fprintf(t, "  %s %s\t%s\n", c.name, c.args, c.help)
	}
	for _, c := range intentOwn {
		fmt.Fprintf(t, "  %s %s\t%s\n", c.name, c.args, c.help)
	}
	fmt.Fprintln(t, "\nWINDOW is an id, an app-id, a title, or focused. rayctl help COMMAND says more.")
	return t.Flush()
}

// shortUsage leaves out flags and choices.
func shortUsage(c *control.Command) string {
	parts := []string{c.Name}
	flags := false
	for _, a := range c.Args {
		if a.Flag {
			flags = true
			continue
		}
		parts = append(parts, a.Usage())
	}
	if flags {
		parts = append(parts, "[--…]")
	}
	return strings.Join(parts, " ")
}

func helpOn(w io.Writer, c *control.Command) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "rayctl %s\n%s.\n", c.Usage(), c.Help)
	if len(c.Args) > 0 {
		fmt.Fprintln(t)
	}
	for i := range c.Args {
		a := &c.Args[i]
		fmt.Fprintf(t, "  %s\t%s\n", strings.Trim(a.Usage(), "[]"), describe(a))
	}
	return t.Flush()
}

// describe returns an argument's help with its choices and default.
func describe(a *control.Arg) string {
	s := a.Help
	if len(a.Choices) > 0 {
		s += ": " + strings.Join(a.Choices, ", ")
	}
	if a.Default != "" {
		s += " (default: " + a.Default + ")"
	}
	return s
}
