package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"rayos/rayapps/lang"
)

// Apps is what commands act on that are about installed apps. Its methods are
// called on the session's loop goroutine.
type Apps interface {
	// Run starts the app of exactly this name or id, or hands what it shall open
	// to the one that runs; done is called when its process is confined. The
	// answer is what has become of it: started, shown, or asked (the person
	// decides about its permissions first).
	Run(name string, args []string, done func(how string, err error))
	// Running are those that run or will again.
	Running() []RunningApp
	// Stop ends an app, by its name or id.
	Stop(name string) error
}

// RunningApp describes an app that runs.
type RunningApp struct {
	ID          string   `json:"id"`
	PID         int      `json:"pid,omitempty"`
	State       string   `json:"state"`    // starting, running, waiting (to be started again)
	Confined    string   `json:"confined"` // full, partial
	Lacks       []string `json:"lacks,omitempty"`
	Permissions []string `json:"permissions"`
	Crashes     int      `json:"crashes,omitempty"`
}

var appArg = Arg{Name: "app", Kind: KindString, Required: true, Help: "its name or id, exactly"}

var appCommands = []*Command{
	{
		Name: "run", Help: lang.M("run an app of the session, or an installed one"), print: printName,
		Args:     []Arg{appArg, {Name: "args", Kind: KindString, Rest: true, Help: "what it shall open: files, addresses"}},
		Deadline: closeDeadline,
		start: func(s Session, v Values, done func(any, error)) func() {
			s.Apps().Run(get[string](v, "app"), strings.Fields(get[string](v, "args")), func(how string, err error) { done(Name{how}, err) })
			return nil
		},
	},
	{
		Name: "app running", Reads: true, Help: lang.M("list the installed apps that run, and how they are confined"), print: printRunning,
		run: func(s Session, _ Values) (any, error) { return append([]RunningApp{}, s.Apps().Running()...), nil },
	},
	{
		Name: "app stop", Help: lang.M("end an installed app"), Args: []Arg{appArg},
		run: func(s Session, v Values) (any, error) { return nil, s.Apps().Stop(get[string](v, "app")) },
	},
}

func printRunning(w io.Writer, result json.RawMessage) error {
	var list []RunningApp
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no installed app runs")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tPID\tSTATE\tCONFINED\tPERMISSIONS\tCRASHES")
	for _, a := range list {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%d\n", clean(a.ID), a.PID, clean(a.State), clean(a.Confined), clean(strings.Join(a.Permissions, ",")), a.Crashes)
	}
	return t.Flush()
}
