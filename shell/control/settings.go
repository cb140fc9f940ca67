package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/shell/settings"
)

// Preferences is what the person has set. Its methods are called on the
// session's loop goroutine.
type Preferences interface {
	Settings() []settings.Value
	// Set changes a setting; done when it has its effect and is kept.
	Set(name, value string, done func(error))
	// Layouts are those of the keyboard.
	Layouts() []Layout
	// SetLayout makes the keyboard one of its layouts; less than 0 is the next.
	SetLayout(n int) error
	// SetOutput changes what an output shows.
	SetOutput(name string, c OutputChange) error
}

// Layout is a layout of the keyboard.
type Layout struct {
	N    int    `json:"n"`
	Name string `json:"name"`
	Used bool   `json:"used,omitempty"`
}

// OutputChange is what is to be another way; zero values stay as they are.
type OutputChange struct {
	Scale     float64
	Size      geom.Size // of the mode, in pixels
	Transform string    // as Output.Transform
	At        *geom.Point
}

var preferenceCommands = []*Command{
	{
		Name: "settings", Reads: true, Help: lang.M("list the settings"), print: printSettings,
		run: func(s Session, _ Values) (any, error) { return s.Preferences().Settings(), nil },
	},
	{
		Name: "set", Help: lang.M("change a setting"),
		Args: []Arg{
			{Name: "name", Kind: KindString, Required: true, Help: "as settings lists them"},
			{Name: "value", Kind: KindString, Required: true, Rest: true, Help: "the value, or default"},
		},
		start: func(s Session, v Values, done func(any, error)) func() {
			name, value := get[string](v, "name"), get[string](v, "value")
			k := settings.Lookup(name)
			if k == nil {
				done(nil, Errorf(CodeBadArgs, "there is no setting %.60q; settings lists them", name))
				return nil
			}
			if value == "default" {
				value = k.Default
			}
			value, err := k.Check(value)
			if err != nil {
				done(nil, Errorf(CodeBadArgs, "%v", err))
				return nil
			}
			s.Preferences().Set(name, value, func(err error) { done(nil, err) })
			return nil
		},
	},
	{
		Name: "layouts", Reads: true, Help: lang.M("list the layouts of the keyboard"), print: printLayouts,
		run: func(s Session, _ Values) (any, error) { return s.Preferences().Layouts(), nil },
	},
	{
		Name: "layout", Help: lang.M("use another layout of the keyboard"),
		Args: []Arg{{Name: "which", Kind: KindString, Default: "next", Help: "its number, as layouts has it, or next"}},
		run: func(s Session, v Values) (any, error) {
			which, n := get[string](v, "which"), -1
			if which != "" && which != "next" {
				var err error
				if n, err = strconv.Atoi(which); err != nil || n < 0 {
					return nil, Errorf(CodeBadArgs, "there is no layout %.20q; layouts lists them", which)
				}
			}
			return nil, s.Preferences().SetLayout(n)
		},
	},
	{
		Name: "output set", Help: lang.M("change the scale, size, direction or place of an output"),
		Args: []Arg{
			{Name: "name", Kind: KindOutput, Required: true, Help: "as outputs tells it"},
			{Name: "scale", Kind: KindFloat, Flag: true, Help: "0.25 to 16"},
			{Name: "size", Kind: KindSize, Flag: true, Help: "of the picture, in pixels"},
			{Name: "transform", Kind: KindChoice, Flag: true, Help: "how the screen is turned", Choices: transforms},
			{Name: "position", Kind: KindPoint, Flag: true, Help: "of its corner among the outputs, in logical pixels"},
		},
		run: func(s Session, v Values) (any, error) {
			var c OutputChange
			if x, ok := v["scale"].(float64); ok {
				if c.Scale = x; !(x >= 0.25 && x <= 16) {
					return nil, Errorf(CodeBadArgs, "a scale of %v: give 0.25 to 16", x)
				}
			}
			if x, ok := v["size"].(geom.Size); ok {
				c.Size = x
			}
			if x, ok := v["transform"].(string); ok {
				c.Transform = x
			}
			if x, ok := v["position"].(geom.FPoint); ok {
				at := x.Floor()
				c.At = &at
			}
			return nil, s.Preferences().SetOutput(get[string](v, "name"), c)
		},
	},
}

// transforms are called as in wlr-randr.
var transforms = []string{"normal", "90", "180", "270", "flipped", "flipped-90", "flipped-180", "flipped-270"}

func printLayouts(w io.Writer, result json.RawMessage) error {
	var list []Layout
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	for _, l := range list {
		mark := " "
		if l.Used {
			mark = "*"
		}
		if _, err := fmt.Fprintf(w, "%s %d  %s\n", mark, l.N, clean(l.Name)); err != nil {
			return err
		}
	}
	return nil
}

func printSettings(w io.Writer, result json.RawMessage) error {
	var list []settings.Value
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	for _, v := range list {
		value := v.Value
		if value == "" {
			value = "-"
		}
		mark := ""
		if !v.Set {
			mark = " (default)"
		}
		if _, err := fmt.Fprintf(w, "%-26s %s%s\n", clean(v.Name), clean(value), mark); err != nil {
			return err
		}
	}
	return nil
}
