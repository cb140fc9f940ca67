package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"rayos/shell/control"
)

// Exit codes.
const (
	ExitOK        = 0
	ExitFailed    = 1 // the session could not do it
	ExitUsage     = 2 // the command line is wrong
	ExitNoSession = 3 // there is no session, or several to choose from
	ExitTimeout   = 4 // the effect did not come in time
)

// exits says what each code means, for the man page.
var exits = []string{
	"done",
	"the session could not do it: no such window or output, or it said why",
	"the command line is wrong",
	"no session is running, or several are and none is chosen",
	"the effect did not come in time",
}

// options are the flags of rayctl itself.
type options struct {
	json, help bool
	socket     string
}

// Run is rayctl. It returns the exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	opt, words, err := globals(args)
	if err == nil {
		err = run(opt, words, stdin, stdout)
	}
	if err == nil {
		return ExitOK
	}
	code := exitCode(err)
	if opt.json {
		b, jerr := json.Marshal(map[string]any{"error": asJSON(err)})
		if jerr == nil {
			fmt.Fprintln(stderr, string(b))
			return code
		}
	}
	fmt.Fprintln(stderr, "rayctl:", err)
	if code == ExitUsage {
		fmt.Fprintln(stderr, hint(words))
	}
	return code
}

func asJSON(err error) *control.Error {
	var e *control.Error
	if errors.As(err, &e) {
		return e
	}
	code := control.CodeFailed
	if errors.Is(err, control.ErrNoSession) {
		code = control.CodeNoSession
	}
	return &control.Error{Code: code, Message: err.Error()}
}

// sessionError is a failure to reach a session.
type sessionError struct{ error }

func (e sessionError) Unwrap() error { return e.error }

func exitCode(err error) int {
	var e *control.Error
	var se sessionError
	switch {
	case errors.As(err, &se):
		return ExitNoSession
	case !errors.As(err, &e):
		return ExitFailed
	}
	switch e.Code {
	case control.CodeBadArgs, control.CodeUnknown, control.CodeBadRequest:
		return ExitUsage
	case control.CodeTimeout:
		return ExitTimeout
	}
	return ExitFailed
}

func hint(words []string) string {
	if c, _ := control.Lookup(words); c != nil {
		return "usage: rayctl " + c.Usage()
	}
	return "try: rayctl help"
}

// globals takes rayctl's own flags, which may stand anywhere before "--".
func globals(args []string) (options, []string, error) {
	var opt options
	var words []string
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return opt, append(words, args[i:]...), nil
		case arg == "--json":
			opt.json = true
		case arg == "--help" || arg == "-h":
			opt.help = true
		case arg == "--socket":
			if i++; i == len(args) {
				return opt, words, control.Errorf(control.CodeBadArgs, "--socket needs a path")
			}
			opt.socket = args[i]
		case strings.HasPrefix(arg, "--socket="):
			opt.socket = strings.TrimPrefix(arg, "--socket=")
		default:
			words = append(words, arg)
		}
	}
	return opt, words, nil
}

func run(opt options, words []string, stdin io.Reader, stdout io.Writer) error {
	if len(words) == 0 {
		if opt.help {
			return help(stdout)
		}
		return control.Errorf(control.CodeBadArgs, "what shall it do?")
	}
	switch words[0] {
	case "help":
		if len(words) == 1 {
			return help(stdout)
		}
		words, opt.help = words[1:], true
	case "completion":
		return completion(stdout, words[1:])
	case "complete":
		return complete(opt, stdout, words[1:])
	case "man":
		return man(stdout)
	}
	if ok, err := appCommand(opt, words, stdin, stdout); ok {
		return err
	}
	if ok, err := intentCommand(opt, words, stdout); ok {
		return err
	}
	cmd, rest := control.Lookup(words)
	if cmd == nil {
		if group := inGroup(words[0]); group != "" {
			return control.Errorf(control.CodeUnknown, "%s what? There are %s", words[0], group)
		}
		return control.Errorf(control.CodeUnknown, "no command %q", words[0])
	}
	if opt.help {
		return helpOn(stdout, cmd)
	}
	v, err := cmd.ParseWords(rest)
	if err != nil {
		return err
	}
	if text, ok := v["text"].(string); ok && text == "-" {
		b, err := io.ReadAll(io.LimitReader(stdin, 1<<20))
		if err != nil {
			return fmt.Errorf("read standard input: %w", err)
		}
		v["text"] = string(b)
	}
	return call(opt, cmd, v, stdout)
}

// inGroup returns the commands that begin with a word, or "".
func inGroup(word string) string {
	var names []string
	for _, c := range control.Commands() {
		if strings.HasPrefix(c.Name, word+" ") {
			names = append(names, c.Name)
		}
	}
	for _, c := range intentOwn {
		if strings.HasPrefix(c.name, word+" ") {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ", ")
}

// dial connects to the session that is meant.
func dial(opt options) (*control.Client, error) {
	path := opt.socket
	if path == "" {
		found, err := control.FindSocket(os.Getenv)
		if err != nil {
			return nil, sessionError{err}
		}
		path = found
	}
	c, err := control.Dial(path)
	if err != nil {
		return nil, sessionError{err}
	}
	return c, nil
}

// call sends a command and prints its answer.
func call(opt options, cmd *control.Command, v control.Values, stdout io.Writer) (err error) {
	c, err := dial(opt)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	ctx, cancel := context.WithTimeout(context.Background(), cmd.Timeout(v))
	defer cancel()
	if cmd.Name == "screenshot" {
		return screenshot(ctx, opt, c, cmd, v, stdout)
	}
	if cmd.Name == "events" && v["follow"] == true {
		return follow(opt, c, cmd, v, stdout)
	}
	if !opt.json {
		c.Progress = func(text string) {
			_, werr := fmt.Fprintln(stdout, printable(text))
			err = errors.Join(err, werr)
		}
	}
	var result json.RawMessage
	if cerr := errors.Join(c.Call(ctx, cmd.Name, cmd.Encode(v), &result), err); cerr != nil {
		return cerr
	}
	if cmd.Name == "quit" {
		// Done when the session has gone.
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := c.WaitClosed(ctx); err != nil {
			return err
		}
	}
	return answer(opt, cmd, result, stdout)
}

func answer(opt options, cmd *control.Command, result json.RawMessage, stdout io.Writer) error {
	if !opt.json {
		return cmd.Print(stdout, result)
	}
	if len(result) == 0 {
		result = json.RawMessage("{}")
	}
	_, err := fmt.Fprintln(stdout, string(result))
	return err
}

// follow prints the control log until the session ends.
func follow(opt options, c *control.Client, cmd *control.Command, v control.Values, stdout io.Writer) error {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), cmd.Timeout(v))
		var result json.RawMessage
		err := c.Call(ctx, cmd.Name, cmd.Encode(v), &result)
		cancel()
		var e *control.Error
		switch {
		case errors.Is(err, control.ErrEnded):
			return nil
		case errors.As(err, &e) && e.Code == control.CodeTimeout && ctx.Err() == nil:
			continue // a quiet time
		case err != nil:
			return err
		}
		if err := answer(opt, cmd, result, stdout); err != nil {
			return err
		}
		var list []struct {
			Seq int32 `json:"seq"`
		}
		if err := json.Unmarshal(result, &list); err != nil {
			return fmt.Errorf("events: %w", err)
		}
		if n := len(list); n > 0 {
			v["after"] = list[n-1].Seq
		}
	}
}

// screenshot writes the picture to the file that the caller named.
func screenshot(ctx context.Context, opt options, c *control.Client, cmd *control.Command, v control.Values, stdout io.Writer) error {
	var pic control.Picture
	if err := c.Call(ctx, cmd.Name, cmd.Encode(v), &pic); err != nil {
		return err
	}
	file, _ := v["file"].(string)
	if file == "-" {
		_, err := stdout.Write(pic.PNG)
		return err
	}
	if err := os.WriteFile(file, pic.PNG, 0o644); err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	if opt.json {
		return json.NewEncoder(stdout).Encode(map[string]any{"file": file, "width": pic.Width, "height": pic.Height})
	}
	_, err := fmt.Fprintf(stdout, "%s %dx%d\n", file, pic.Width, pic.Height)
	return err
}
