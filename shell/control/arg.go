package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rayos/geom"
)

// Kind is the type of an argument. Every kind has a text form, which the
// socket takes as a JSON string; numbers and booleans may be JSON ones too.
type Kind uint8

// Kinds, and the Go type of their values.
const (
	KindString   Kind = iota // string
	KindInt                  // int32
	KindFloat                // float64
	KindBool                 // bool
	KindDuration             // time.Duration: "1.5s", or seconds
	KindWindow               // string: id, app-id, title, or "focused"
	KindOutput               // string: name
	KindSize                 // geom.Size: WxH
	KindPoint                // geom.FPoint: X,Y
	KindChord                // Chord: ctrl+shift+t
	KindChoice               // string: one of Arg.Choices
	KindFile                 // string: a path of the caller, never sent
	KindPath                 // string: an absolute path; rayctl takes relative ones
)

// Arg is an argument of a command.
type Arg struct {
	Name     string
	Kind     Kind
	Help     string
	Required bool
	Flag     bool     // written as --name, the others by position
	Rest     bool     // takes all words that are left, the last by position
	Choices  []string // of KindChoice
	Max      int32    // of KindInt, 0 for no limit; such a number is not negative
	Default  string   // what the session takes when it is absent, for people
}

// Values are the arguments of a call by name; an absent one has no entry.
type Values map[string]any

func get[T any](v Values, name string) T {
	t, _ := v[name].(T)
	return t
}

// Parse reads the text form of an argument.
func (a *Arg) Parse(s string) (any, error) {
	if len(s) > maxRequest || !utf8.ValidString(s) {
		return nil, a.bad(s, "text")
	}
	switch a.Kind {
	case KindInt:
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return nil, a.bad(s, "a whole number")
		}
		if a.Max > 0 && (n < 0 || n > int64(a.Max)) {
			return nil, a.bad(s, "a number from 0 to "+strconv.Itoa(int(a.Max)))
		}
		return int32(n), nil
	case KindFloat:
		n, err := parseFloat(s)
		if err != nil {
			return nil, a.bad(s, "a number")
		}
		return n, nil
	case KindBool:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return nil, a.bad(s, "true or false")
		}
		return b, nil
	case KindDuration:
		return a.duration(s)
	case KindSize:
		var z geom.Size
		w, h, ok := strings.Cut(s, "x")
		if !ok || !positive(w, &z.W) || !positive(h, &z.H) {
			return nil, a.bad(s, "a size like 800x600")
		}
		return z, nil
	case KindPoint:
		xs, ys, ok := strings.Cut(s, ",")
		x, err1 := parseFloat(xs)
		y, err2 := parseFloat(ys)
		if !ok || err1 != nil || err2 != nil {
			return nil, a.bad(s, "a position like 100,50")
		}
		return geom.FPoint{X: x, Y: y}, nil
	case KindChord:
		c, err := ParseChord(s)
		if err != nil {
			return nil, err
		}
		return c, nil
	case KindChoice:
		if !slices.Contains(a.Choices, s) {
			return nil, a.bad(s, "one of "+strings.Join(a.Choices, ", "))
		}
	case KindPath:
		if !strings.HasPrefix(s, "/") {
			return nil, a.bad(s, "an absolute path")
		}
	case KindWindow, KindOutput, KindFile:
		if s == "" {
			return nil, a.bad(s, "a name")
		}
	}
	return s, nil
}

// Format returns a value in the form that Parse reads.
func (a *Arg) Format(x any) string {
	switch x := x.(type) {
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case geom.FPoint:
		return strconv.FormatFloat(x.X, 'g', -1, 64) + "," + strconv.FormatFloat(x.Y, 'g', -1, 64)
	}
	return fmt.Sprint(x)
}

func (a *Arg) bad(s, want string) *Error {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return Errorf(CodeBadArgs, "%s is %q; want %s", a.Name, s, want)
}

// maxDuration bounds how long a call may be under way.
const maxDuration = 24 * time.Hour

func (a *Arg) duration(s string) (any, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		sec, ferr := parseFloat(s)
		if ferr != nil || math.Abs(sec) > maxDuration.Seconds() {
			return nil, a.bad(s, "a time like 1.5s")
		}
		d = time.Duration(sec * float64(time.Second))
	}
	if d <= 0 || d > maxDuration {
		return nil, a.bad(s, "a time up to 24h")
	}
	return d, nil
}

// parseFloat takes finite numbers of a size that a screen can have.
func parseFloat(s string) (float64, error) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > 1e6 {
		return 0, strconv.ErrRange
	}
	return n, nil
}

func positive(s string, to *int32) bool {
	n, err := strconv.ParseInt(s, 10, 32)
	*to = int32(n)
	return err == nil && n > 0 && n <= 1<<16
}

// parseJSON reads an argument as it comes over the socket.
func (a *Arg) parseJSON(raw json.RawMessage) (any, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil, a.bad("", "a value")
	}
	if raw[0] == '"' {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, a.bad(string(raw), "text")
		}
		return a.Parse(s)
	}
	switch a.Kind {
	case KindInt, KindFloat, KindBool, KindDuration, KindWindow:
		if raw[0] != '{' && raw[0] != '[' {
			return a.Parse(string(raw))
		}
	}
	return nil, a.bad(string(raw), "text")
}
