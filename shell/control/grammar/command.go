package grammar

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is a family of virtual machines.
type Kind string

// Kinds.
const (
	None    Kind = "" // the session itself
	Linux   Kind = "linux"
	Windows Kind = "windows"
)

// Verb is what a command does.
type Verb string

// Verbs.
const (
	Show      Verb = "show"      // put a machine's window on the desktop, starting it if need be
	Hide      Verb = "hide"      // take the window off; the machine lives on
	Start     Verb = "start"     // boot a machine, hidden
	Resume    Verb = "resume"    // bring it back from disk, hidden
	Suspend   Verb = "suspend"   // write it to disk
	Shutdown  Verb = "shutdown"  // end it in order
	Type      Verb = "type"      // Text, then Enter
	Press     Verb = "press"     // Keys
	Pointer   Verb = "mouse"     // to X, Y
	Click     Verb = "click"     // Button
	Launch    Verb = "launch"    // App inside the machine
	Console   Verb = "console"   // say Text, a line, on the machine's serial console
	Run       Verb = "run"       // App of the session, with Text as its arguments
	Processes Verb = "processes" // show the process explorer
	SystemLog Verb = "log"       // show the system log
	Kill      Verb = "kill"      // end a machine at once, whatever it does
	Mute      Verb = "mute"      // a machine isn't heard
	Unmute    Verb = "unmute"    // it is again
	Build     Verb = "build"     // make or renew the machine of the image App
	Add       Verb = "add"       // take in a machine with the disk at Path
)

// Command is what a line asks for. Fields that its verb doesn't need are zero.
type Command struct {
	Verb   Verb
	Kind   Kind
	VM     string // a machine's id; "" when the line names its kind and Env doesn't know which it is
	Text   string // UTF-8
	Keys   Keys
	X, Y   float64 // of the screen, 0 to 1 from the left and the top
	Button string  // left, right, middle
	App    string
	Path   string // absolute, of the host
	Bare   bool   // of Type: without Enter behind the text
}

// Limits of what a command carries, in bytes.
const (
	MaxText    = 512
	MaxApp     = 64
	MaxConsole = 256
	MaxRunApp  = 16
	MaxPath    = 512
)

// Op returns the command's name in events and acknowledgements, nil if it has
// none.
func (c *Command) Op() *Op {
	for _, op := range ops {
		if op.Verb == c.Verb && op.Kind == c.Kind && op.Verb != "" {
			return op
		}
	}
	return nil
}

// Line returns a prompt line that asks for the command.
func (c *Command) Line() string {
	who := string(c.Kind)
	byID := c.VM != ""
	if byID {
		who = c.VM
	}
	switch c.Verb {
	case Show, Hide:
		if byID {
			return string(c.Verb) + " " + who
		}
		return string(c.Verb) + " " + who + " desktop"
	case Start:
		return "start " + who + " hidden"
	case Resume, Suspend, Shutdown, Kill, Mute, Unmute:
		return string(c.Verb) + " " + who
	case Type:
		return who + " type " + quote(c.Text)
	case Press:
		return who + " press " + c.Keys.String()
	case Pointer:
		return who + " mouse " + coordinate(c.X) + " " + coordinate(c.Y)
	case Click:
		return who + " click " + c.Button
	case Launch:
		return who + " launch " + c.App
	case Console:
		return who + " console " + quote(c.Text)
	case Run:
		return strings.TrimSpace("run " + c.App + " " + c.Text)
	case Processes:
		return "show processes"
	case SystemLog:
		return "show system log"
	}
	return ""
}

// quote puts text between quotes where its ends would be taken for something
// else.
func quote(s string) string {
	if strings.TrimSpace(s) != s || s == "" || s[0] == '"' && s[len(s)-1] == '"' {
		return `"` + s + `"`
	}
	return s
}

// unquote takes away quotes around a whole text.
func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// Check reports what is wrong with what a command carries. Commands that were
// read from a line are right already. The error is an *EventError.
func (c *Command) Check() error {
	op := c.Op()
	if op == nil {
		return &EventError{string(c.Verb), NotAvailable, fmt.Sprintf("a %s machine can't %s", c.Kind, c.Verb)}
	}
	bad := func(d Detail, format string, args ...any) error {
		return &EventError{op.Name, d, fmt.Sprintf(format, args...)}
	}
	switch {
	case c.Verb == Type && c.Text == "":
		return bad(Empty, "there is nothing to type")
	case c.Verb == Type && !typable(c.Text):
		return bad(InvalidText, "want at most %d bytes of text without control characters", MaxText)
	case c.Verb == Console && c.Text == "":
		return bad(Empty, "there is nothing to say")
	case c.Verb == Console && (len(c.Text) > MaxConsole || !printableASCII(c.Text)):
		return bad(InvalidText, "want a line of at most %d printable characters", MaxConsole)
	case c.Verb == Pointer && !(c.X >= 0 && c.X <= 1 && c.Y >= 0 && c.Y <= 1):
		return bad(InvalidPoint, "want numbers from 0 to 1")
	case c.Verb == Click && !isButton(c.Button):
		return bad(UnknownButton, "there is no button %.20q; they are left, right, middle", c.Button)
	case (c.Verb == Launch || c.Verb == Build) && (len(c.App) > MaxApp || !printableWord(c.App)):
		return bad(InvalidText, "%.70q is no name", c.App)
	case c.Verb == Add && (len(c.Path) > MaxPath || !strings.HasPrefix(c.Path, "/") || !printableASCII(c.Path)):
		return bad(InvalidText, "want an absolute path of at most %d printable characters", MaxPath)
	}
	return nil
}

// typable reports whether text can be typed: tabs and line ends are keys too.
func typable(s string) bool {
	if len(s) > MaxText || !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

func coordinate(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// parseCoordinate reads a number from 0 to 1, as "0.5", ".5", "0", "1" or
// "1.0".
func parseCoordinate(s string) (float64, error) {
	whole, frac, point := strings.Cut(s, ".")
	digits := strings.Trim(frac, "0123456789") == "" && len(s) <= 24
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil, !digits, point && frac == "" && whole == "", v > 1,
		whole != "0" && whole != "1" && !(whole == "" && point):
		return 0, fmt.Errorf("%.30q is no number from 0 to 1", s)
	}
	return v, nil
}

func isButton(s string) bool { return s == "left" || s == "right" || s == "middle" }

// printableWord reports whether s is ASCII without spaces.
func printableWord(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}
