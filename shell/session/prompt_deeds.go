package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
	"rayos/shell/launcher"
	"rayos/shell/settings"
)

// This file is what the session can do by the launcher beside the grammar of
// its lines: deeds, pages of the settings and, behind a colon, the commands of
// the table.

// deed is something that the session can do.
type deed struct {
	launcher.DeedInfo
	do func(*Session) error
}

// deeds are offered where there is a shell.
var deeds = []deed{
	{launcher.DeedInfo{ID: "lock", Title: "Lock the session", Keywords: []string{"screen", "away"}}, func(s *Session) error { s.screenLock.lock("asked", s.lockFailed); return nil }},
	{launcher.DeedInfo{ID: "suspend", Title: "Suspend…", Keywords: []string{"sleep", "standby"}}, func(s *Session) error { s.leave.open(control.Sleep); return nil }},
	{launcher.DeedInfo{ID: "log-out", Title: "Log out…", Keywords: []string{"quit", "exit", "end", "session", "leave"}}, func(s *Session) error { s.leave.open(control.LogOut); return nil }},
	{launcher.DeedInfo{ID: "restart", Title: "Restart…", Keywords: []string{"reboot", "machine"}}, func(s *Session) error { s.leave.open(control.Restart); return nil }},
	{launcher.DeedInfo{ID: "power-off", Title: "Shut down…", Keywords: []string{"poweroff", "turn off", "halt"}}, func(s *Session) error { s.leave.open(control.PowerOff); return nil }},
	{launcher.DeedInfo{ID: "overview", Title: "Show all windows", Keywords: []string{"overview", "spread", "expose"}}, func(s *Session) error { s.spread.set(true); return nil }},
	{launcher.DeedInfo{ID: "notifications", Title: "Show notifications", Keywords: []string{"messages", "drawer"}}, func(s *Session) error { s.notices.open(true); return nil }},
	{launcher.DeedInfo{ID: "tile", Title: "Tile the windows, or let them float", Keywords: []string{"tiling", "layout"}}, func(s *Session) error { s.toggleTiling(); return nil }},
	{launcher.DeedInfo{ID: "frames", Title: "Show or hide frame times", Keywords: []string{"statistics", "fps", "overlay"}}, func(s *Session) error { s.overlay.set(!s.overlay.on); return nil }},
	{launcher.DeedInfo{ID: "explorer", Title: "Show what is running", Keywords: []string{"process", "explorer", "top", "htop"}}, func(s *Session) error { return s.spawn("", appsProgram, "explorer") }},
	{launcher.DeedInfo{ID: launcher.SeeLog, Title: "Show the system log", Keywords: []string{"dmesg", "journal", "errors"}}, func(s *Session) error { return s.spawn("", appsProgram, "log") }},
	{launcher.DeedInfo{ID: "settings", Title: "Settings", Keywords: []string{"preferences", "options", "configure"}}, func(s *Session) error { return s.spawn("", appsProgram, "settings") }},
}

// appsProgram shows the windows that are the session's own. It lies beside it.
const appsProgram = "rayos-apps"

// ownWindows are those that lines can name: run counter.
var ownWindows = []string{"counter", "explorer", "log", "settings"}

// windowOf returns which of the session's own windows a command is about, "" for
// other commands.
func windowOf(c *grammar.Command) (app string, args []string) {
	switch c.Verb {
	case grammar.Run:
		return c.App, strings.Fields(c.Text)
	case grammar.Processes:
		return "explorer", nil
	case grammar.SystemLog:
		return "log", nil
	}
	return "", nil
}

// openWindow opens a window of the session's own.
func (s *Session) openWindow(c *grammar.Command, app string, args []string) (detail string, err error) {
	if !slices.Contains(ownWindows, app) {
		return "", &runner.Error{Detail: grammar.UnknownApp}
	}
	if err := s.spawn("", appsProgram, append([]string{app}, args...)...); err != nil {
		return "", &runner.Error{Detail: grammar.LaunchFailed, Err: err}
	}
	if c.Verb == grammar.Run {
		return string(grammar.Launched), nil
	}
	return string(grammar.Presented), nil
}

func (s *Session) perform(id string) error {
	for i := range deeds {
		if deeds[i].ID == id {
			return deeds[i].do(s)
		}
	}
	return errGone
}

// offered are the deeds, the pages and the commands as the launcher has them.
// They are made once, for the launcher looks anew at a slice that is another.
type offered struct {
	deeds    []launcher.DeedInfo
	pages    []launcher.PageInfo
	commands []launcher.CommandInfo
}

func newOffered(shell bool) offered {
	var o offered
	for _, c := range control.Commands() {
		o.commands = append(o.commands, launcher.CommandInfo{Name: c.Name, Usage: c.Usage(), Help: c.Help, Args: func(words []string) ([]string, error) {
			return understood(c, words)
		}})
	}
	if !shell {
		return o
	}
	for i := range deeds {
		o.deeds = append(o.deeds, deeds[i].DeedInfo)
	}
	for _, p := range settings.Pages {
		page := launcher.PageInfo{ID: p.ID, Title: p.Title, Keywords: strings.Fields(p.Help)}
		for i := range settings.Table {
			if k := &settings.Table[i]; k.Page() == p.ID {
				page.Keywords = append(page.Keywords, k.Title)
			}
		}
		o.pages = append(o.pages, page)
	}
	return o
}

// understood says what the words behind a command's name mean to it.
func understood(c *control.Command, words []string) ([]string, error) {
	values, err := c.ParseWords(words)
	if err != nil {
		var told *control.Error
		if errors.As(err, &told) {
			err = errors.New(told.Message)
		}
		return nil, err
	}
	var list []string
	for i := range c.Args {
		a := &c.Args[i]
		v, ok := values[a.Name]
		if !ok {
			continue
		}
		text := fmt.Sprint(v)
		if on, isBool := v.(bool); isBool {
			if !on {
				continue
			}
			text = ""
		}
		list = append(list, strings.TrimSpace(a.Name+" "+text))
	}
	return list, nil
}

// command carries out a command of the table.
func (p *promptPanel) command(line string, id uint64) {
	s, since := p.s, p.s.loop.Now()
	fail := func(err error) {
		p.model.Answer(id, failure(line, err), s.loop.Now()-since)
		p.refresh()
	}
	cmd, rest := control.Lookup(strings.Fields(strings.TrimPrefix(line, ":")))
	if cmd == nil {
		fail(control.Errorf(control.CodeBadArgs, "there is no such command"))
		return
	}
	values, err := cmd.ParseWords(rest)
	if err != nil {
		fail(err)
		return
	}
	over := false
	show := func(result any, err error) {
		if over {
			return // it was given up
		}
		over = true
		text := ""
		if err == nil {
			text, err = printed(cmd, result)
		}
		if err != nil {
			fail(err)
			return
		}
		p.model.Print(id, text, s.loop.Now()-since)
		p.refresh()
	}
	note := func(what string) {
		p.model.Busy(id, what)
		p.invalidate()
	}
	cancel := cmd.StartNoted(s.Commands(), values, note, func(result any, err error) {
		later, ok := result.(control.Later)
		if !ok || err != nil {
			show(result, err)
			return
		}
		go func() {
			result, err := later()
			s.loop.Post(func() { show(result, err) })
		}()
	})
	p.running = running{id, func() bool {
		if over || cancel == nil {
			return false
		}
		cancel()
		show(nil, errGivenUp)
		return true
	}}
}

// printed is a result in words.
func printed(cmd *control.Command, result any) (string, error) {
	if result == nil {
		return "", nil
	}
	text, err := json.Marshal(result)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = cmd.Print(&b, text)
	return b.String(), err
}
