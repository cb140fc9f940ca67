package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"rayos/rayapps/lang"
)

// Notices is what commands act on that are about notifications. Its methods are
// called on the session's loop goroutine.
type Notices interface {
	// List returns what is shown and what was, the newest first.
	List() []Notice
	// Clear takes all away.
	Clear()
	// Dismiss takes one away.
	Dismiss(id uint32) error
	// Invoke does an action of one that is shown.
	Invoke(id uint32, action string) error
	// Quiet turns "do not disturb" on or off.
	Quiet(on bool)
	// Drawer shows all, or no longer.
	Drawer(on bool) error
}

// Notice describes a notification.
type Notice struct {
	ID      uint32    `json:"id"`
	App     string    `json:"app"`   // what its program calls itself
	Owner   string    `json:"owner"` // trust word
	Summary string    `json:"summary"`
	Body    string    `json:"body,omitempty"` // without markup
	At      time.Time `json:"at"`
	Urgency string    `json:"urgency"` // low, normal, critical
	Shown   bool      `json:"shown,omitempty"`
	Unread  bool      `json:"unread,omitempty"`
	Actions []string  `json:"actions,omitempty"` // keys, of one that is shown
}

var noticeArg = Arg{Name: "id", Kind: KindInt, Required: true, Max: 1<<31 - 1, Help: "its number, as notify list has it"}

var noticeCommands = []*Command{
	{
		Name: "notify list", Help: lang.M("list the notifications, the newest first"), print: printNotices,
		run: func(s Session, _ Values) (any, error) { return append([]Notice{}, s.Notices().List()...), nil },
	},
	{
		Name: "notify clear", Help: lang.M("take all notifications away"),
		run: func(s Session, _ Values) (any, error) { s.Notices().Clear(); return nil, nil },
	},
	{
		Name: "notify dismiss", Help: lang.M("take one notification away"), Args: []Arg{noticeArg},
		run: func(s Session, v Values) (any, error) { return nil, s.Notices().Dismiss(uint32(get[int32](v, "id"))) },
	},
	{
		Name: "notify invoke", Help: lang.M("do an action of a notification that is shown"),
		Args: []Arg{noticeArg, {Name: "action", Kind: KindString, Required: true, Help: "its key, as notify list has it"}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Notices().Invoke(uint32(get[int32](v, "id")), get[string](v, "action"))
		},
	},
	{
		Name: "notify dnd", Help: lang.M("turn \"do not disturb\" on or off: then only what is urgent is shown"),
		Args: []Arg{{Name: "state", Kind: KindChoice, Choices: []string{"on", "off"}, Required: true, Help: "whether not to disturb"}},
		run: func(s Session, v Values) (any, error) {
			s.Notices().Quiet(get[string](v, "state") == "on")
			return nil, nil
		},
	},
	{
		Name: "notify drawer", Help: lang.M("show all notifications, or no longer"),
		Args: []Arg{{Name: "state", Kind: KindChoice, Choices: []string{"open", "close"}, Required: true, Help: "what to do"}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Notices().Drawer(get[string](v, "state") == "open")
		},
	},
}

func printNotices(w io.Writer, result json.RawMessage) error {
	var list []Notice
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no notifications")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, " \tID\tAT\tAPP\tOWNER\tSUMMARY\tACTIONS")
	for _, n := range list {
		mark := " "
		switch {
		case n.Shown:
			mark = "*"
		case n.Unread:
			mark = "!"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", mark, n.ID, n.At.Format("15:04"), shorten(n.App, 20), clean(n.Owner),
			shorten(n.Summary, 40), shorten(strings.Join(n.Actions, ","), 40))
	}
	return t.Flush()
}
