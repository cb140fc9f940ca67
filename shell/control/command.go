package control

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Command is one row of the table.
type Command struct {
	Name string // one or more words: "focus", "input key"
	Help string // one line
	Args []Arg

	// Reads says that the command changes nothing and shows no picture or text
	// of windows.
	Reads bool

	// Deadline is how long the effect may take; a call with an argument
	// "timeout" takes that.
	Deadline time.Duration
	// Late says what is so when the deadline has passed; "" if that isn't known.
	Late string

	// Exactly one is set. All are called on the loop goroutine; start and work
	// may call done during the call or later, work also note, before that.
	run   func(s Session, v Values) (any, error)
	start func(s Session, v Values, done func(any, error)) (cancel func())
	work  func(s Session, v Values, note func(string), done func(any, error)) (cancel func())

	print func(w io.Writer, result json.RawMessage) error
}

// Later is a result that takes some work, such as encoding a picture, which
// is done by calling it, beside the loop.
type Later func() (any, error)

// Start carries the command out on the loop goroutine. done is called once
// there, in the call or later, with nil, a result that marshals to JSON, or a
// Later. cancel, which may be nil, says that nobody waits any more.
func (c *Command) Start(s Session, v Values, done func(result any, err error)) (cancel func()) {
	return c.StartNoted(s, v, func(string) {}, done)
}

// StartNoted is Start for somebody who wants to know what a long command is
// busy with: note is called on the loop goroutine, before done.
func (c *Command) StartNoted(s Session, v Values, note func(string), done func(result any, err error)) (cancel func()) {
	switch {
	case c.run != nil:
		done(c.run(s, v))
		return nil
	case c.start != nil:
		return c.start(s, v, done)
	}
	return c.work(s, v, note, done)
}

// Commands returns the table, sorted as people look for things.
func Commands() []*Command { return table }

// Lookup returns the command whose name is the longest beginning of words,
// and the words behind it; or nil.
func Lookup(words []string) (*Command, []string) {
	var best *Command
	n := 0
	for _, c := range table {
		name := strings.Fields(c.Name)
		if len(name) > n && len(name) <= len(words) && slices.Equal(name, words[:len(name)]) {
			best, n = c, len(name)
		}
	}
	return best, words[n:]
}

// Arg returns an argument by name, or nil.
func (c *Command) Arg(name string) *Arg {
	for i := range c.Args {
		if c.Args[i].Name == name {
			return &c.Args[i]
		}
	}
	return nil
}

// Positional returns the arguments given by position.
func (c *Command) Positional() []*Arg {
	var list []*Arg
	for i := range c.Args {
		if !c.Args[i].Flag {
			list = append(list, &c.Args[i])
		}
	}
	return list
}

// Usage returns the command with its arguments on one line.
func (c *Command) Usage() string {
	var b strings.Builder
	b.WriteString(c.Name)
	for i := range c.Args {
		b.WriteByte(' ')
		b.WriteString(c.Args[i].Usage())
	}
	return b.String()
}

var metaNames = [...]string{
	KindInt: "N", KindFloat: "N", KindDuration: "TIME", KindWindow: "WINDOW", KindOutput: "NAME",
	KindSize: "WxH", KindPoint: "X,Y", KindChord: "CHORD", KindFile: "FILE", KindPath: "FILE", KindString: "TEXT", KindChoice: "",
}

// Usage returns the argument as it is written.
func (a *Arg) Usage() string {
	s := strings.ToUpper(a.Name)
	switch {
	case a.Rest:
		s += "..."
	case a.Flag && a.Kind == KindBool:
		s = "--" + a.Name
	case a.Flag && a.Kind == KindChoice:
		s = "--" + a.Name + " " + strings.Join(a.Choices, "|")
	case a.Flag:
		s = "--" + a.Name + " " + metaNames[a.Kind]
	case a.Kind == KindSize:
		s = "WxH"
	}
	if !a.Required {
		s = "[" + s + "]"
	}
	return s
}

// ParseWords reads arguments as words of a command line: flags as --name,
// --name value or --name=value, the others by position. "--" ends the flags; a
// number may be negative.
func (c *Command) ParseWords(words []string) (Values, error) {
	v := Values{}
	pos := c.Positional()
	flags := true
	for i := 0; i < len(words); i++ {
		word := words[i]
		if flags && word == "--" {
			flags = false
			continue
		}
		if !flags || len(word) < 2 || word[0] != '-' || strings.IndexByte("0123456789.", word[1]) >= 0 {
			if len(pos) == 0 {
				return nil, Errorf(CodeBadArgs, "%s: %q is one argument too many", c.Name, word)
			}
			if pos[0].Rest {
				word, i = strings.Join(words[i:], " "), len(words)
			}
			if err := c.set(v, pos[0], word); err != nil {
				return nil, err
			}
			pos = pos[1:]
			continue
		}
		name, value, given := strings.Cut(strings.TrimPrefix(word, "--"), "=")
		a := c.Arg(name)
		if a == nil || !a.Flag || !strings.HasPrefix(word, "--") {
			return nil, Errorf(CodeBadArgs, "%s has no flag %s", c.Name, word)
		}
		switch {
		case given:
		case a.Kind == KindBool:
			value = "true"
		case i+1 == len(words):
			return nil, Errorf(CodeBadArgs, "%s: --%s needs a value", c.Name, name)
		default:
			i++
			value = words[i]
		}
		if err := c.set(v, a, value); err != nil {
			return nil, err
		}
	}
	return v, c.complete(v)
}

func (c *Command) set(v Values, a *Arg, value string) error {
	if _, twice := v[a.Name]; twice {
		return Errorf(CodeBadArgs, "%s: %s is given twice", c.Name, a.Name)
	}
	if a.Kind == KindPath {
		if rest, ok := strings.CutPrefix(value+"/", "~/"); ok { // at the prompt there is no shell
			home, err := os.UserHomeDir()
			if err != nil {
				return Errorf(CodeBadArgs, "%s: %v", c.Name, err)
			}
			value = filepath.Join(home, rest)
		}
		abs, err := filepath.Abs(value)
		if err != nil {
			return Errorf(CodeBadArgs, "%s: %v", c.Name, err)
		}
		value = abs
	}
	x, err := a.Parse(value)
	if err != nil {
		return err
	}
	v[a.Name] = x
	return nil
}

// complete reports whether every required argument is there.
func (c *Command) complete(v Values) error {
	for i := range c.Args {
		if a := &c.Args[i]; a.Required && v[a.Name] == nil {
			return Errorf(CodeBadArgs, "%s needs %s: %s", c.Name, strings.Trim(a.Usage(), "[]"), a.Help)
		}
	}
	return nil
}

// parseJSON reads the arguments of a request. Those of KindFile stay with
// the caller and are neither needed nor taken.
func (c *Command) parseJSON(args map[string]json.RawMessage) (Values, error) {
	v := Values{}
	for name, raw := range args {
		a := c.Arg(name)
		if a == nil || a.Kind == KindFile {
			return nil, Errorf(CodeBadArgs, "%s has no argument %q", c.Name, name)
		}
		if string(raw) == "null" {
			continue
		}
		x, err := a.parseJSON(raw)
		if err != nil {
			return nil, err
		}
		v[name] = x
	}
	for i := range c.Args {
		if a := &c.Args[i]; a.Required && a.Kind != KindFile && v[a.Name] == nil {
			return nil, Errorf(CodeBadArgs, "%s needs %s: %s", c.Name, a.Name, a.Help)
		}
	}
	return v, nil
}

// Encode returns values in the form that goes over the socket. Those of
// KindFile stay here.
func (c *Command) Encode(v Values) map[string]any {
	args := make(map[string]any, len(v))
	for name, x := range v {
		if a := c.Arg(name); a != nil && a.Kind != KindFile {
			args[name] = a.Format(x)
		}
	}
	return args
}

// Limit returns how long the effect of a call may take.
func (c *Command) Limit(v Values) time.Duration {
	if d := get[time.Duration](v, "timeout"); d > 0 {
		return d
	}
	return c.Deadline
}

// Timeout returns how long a caller should wait for the answer.
func (c *Command) Timeout(v Values) time.Duration { return c.Limit(v) + 5*time.Second }

// Print writes a result for people.
func (c *Command) Print(w io.Writer, result json.RawMessage) error {
	if c.print == nil || len(result) == 0 {
		return nil
	}
	return c.print(w, result)
}

// TooLate is the error of a call whose deadline has passed.
func (c *Command) TooLate(v Values) error {
	if c.Late != "" {
		return Errorf(CodeTimeout, "%s", c.Late)
	}
	return Errorf(CodeTimeout, "%s: not done after %v", c.Name, c.Limit(v))
}
