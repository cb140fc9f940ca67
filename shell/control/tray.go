package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"rayos/rayapps/lang"
)

// Tray is what programs have put into the tray. Its methods are called on the
// session's loop goroutine. An item is called by its key or its name.
type Tray interface {
	Items() []TrayItem
	// Press is a click on an item: activate, or secondary for the middle button.
	Press(item, button string) error
	// Scroll turns a wheel over an item, by notches to the right and down.
	Scroll(item string, x, y float64) error
	// Menu asks for the lines of an item's menu; done when its program has
	// answered.
	Menu(item string, done func([]TrayLine, error)) (cancel func())
	// Click chooses a line of an item's menu.
	Click(item string, line int32) error
}

// TrayItem is an item of the tray.
type TrayItem struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Status string `json:"status"` // passive, active, attention
	Menu   bool   `json:"menu,omitempty"`
}

// TrayLine is a line of an item's menu.
type TrayLine struct {
	ID       int32      `json:"id"`
	Text     string     `json:"text,omitempty"` // none of a separator
	Disabled bool       `json:"disabled,omitempty"`
	Checked  *bool      `json:"checked,omitempty"` // of one that can be
	Lines    []TrayLine `json:"lines,omitempty"`   // of the menu below it
}

// trayDeadline is how long a program may take for its menu.
const trayDeadline = 10 * time.Second

var trayArg = Arg{Name: "item", Kind: KindString, Required: true, Help: "its key or name, as tray list has it"}

var trayCommands = []*Command{
	{
		Name: "tray list", Reads: true, Help: lang.M("list what programs have put into the tray"), print: printTray,
		run: func(s Session, _ Values) (any, error) { return append([]TrayItem{}, s.Tray().Items()...), nil },
	},
	{
		Name: "tray press", Help: lang.M("press an item of the tray"),
		Args: []Arg{trayArg, {Name: "button", Kind: KindChoice, Choices: []string{"left", "middle"}, Default: "left", Help: "which button"}},
		run: func(s Session, v Values) (any, error) {
			button := get[string](v, "button")
			if button == "" {
				button = "left"
			}
			return nil, s.Tray().Press(get[string](v, "item"), button)
		},
	},
	{
		Name: "tray scroll", Help: lang.M("turn the wheel over an item of the tray"),
		Args: []Arg{
			trayArg,
			{Name: "dx", Kind: KindFloat, Required: true, Help: "steps to the right"},
			{Name: "dy", Kind: KindFloat, Required: true, Help: "steps down"},
		},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Tray().Scroll(get[string](v, "item"), get[float64](v, "dx"), get[float64](v, "dy"))
		},
	},
	{
		Name: "tray menu", Help: lang.M("list the menu of an item of the tray"), Deadline: trayDeadline, Args: []Arg{trayArg}, print: printTrayMenu,
		start: func(s Session, v Values, done func(any, error)) func() {
			return s.Tray().Menu(get[string](v, "item"), func(l []TrayLine, err error) { done(append([]TrayLine{}, l...), err) })
		},
	},
	{
		Name: "tray click", Help: lang.M("choose a line of an item's menu"),
		Args: []Arg{trayArg, {Name: "line", Kind: KindInt, Required: true, Max: 1<<31 - 1, Help: "its number, as tray menu has it"}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Tray().Click(get[string](v, "item"), get[int32](v, "line"))
		},
	},
}

func printTray(w io.Writer, result json.RawMessage) error {
	var list []TrayItem
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "the tray is empty")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tSTATUS\tMENU\tKEY")
	for _, i := range list {
		menu := "no"
		if i.Menu {
			menu = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", shorten(i.Name, 40), clean(i.Status), menu, clean(i.Key))
	}
	return t.Flush()
}

func printTrayMenu(w io.Writer, result json.RawMessage) error {
	var list []TrayLine
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	return printTrayLines(w, list, "")
}

func printTrayLines(w io.Writer, list []TrayLine, indent string) error {
	for _, l := range list {
		mark := "   "
		if l.Checked != nil {
			mark = "[ ]"
			if *l.Checked {
				mark = "[x]"
			}
		}
		text := clean(l.Text)
		switch {
		case l.Text == "":
			text = "----"
		case l.Disabled:
			text += " (disabled)"
		}
		if _, err := fmt.Fprintf(w, "%5s %s %s%s\n", strconv.Itoa(int(l.ID)), mark, indent, text); err != nil {
			return err
		}
		if err := printTrayLines(w, l.Lines, indent+"  "); err != nil {
			return err
		}
	}
	return nil
}
