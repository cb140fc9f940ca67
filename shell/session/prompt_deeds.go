package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rayos/rayapps/lang"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
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
	{launcher.DeedInfo{ID: "lock", Title: lang.M("Lock the session"), Keywords: []string{lang.M("screen away")}}, func(s *Session) error { s.screenLock.lock("asked", s.lockFailed); return nil }},
	{launcher.DeedInfo{ID: "suspend", Title: lang.M("Suspend…"), Keywords: []string{lang.M("sleep standby")}}, func(s *Session) error { s.leave.open(control.Sleep); return nil }},
	{launcher.DeedInfo{ID: "log-out", Title: lang.M("Log out…"), Keywords: []string{lang.M("quit exit end session leave")}}, func(s *Session) error { s.leave.open(control.LogOut); return nil }},
	{launcher.DeedInfo{ID: "restart", Title: lang.M("Restart…"), Keywords: []string{lang.M("reboot machine")}}, func(s *Session) error { s.leave.open(control.Restart); return nil }},
	{launcher.DeedInfo{ID: "power-off", Title: lang.M("Shut down…"), Keywords: []string{lang.M("poweroff turn off halt")}}, func(s *Session) error { s.leave.open(control.PowerOff); return nil }},
	{launcher.DeedInfo{ID: "overview", Title: lang.M("Show all windows"), Keywords: []string{lang.M("overview spread expose")}}, func(s *Session) error { s.spread.set(true); return nil }},
	{launcher.DeedInfo{ID: "notifications", Title: lang.M("Show notifications"), Keywords: []string{lang.M("messages drawer")}}, func(s *Session) error { s.notices.open(true); return nil }},
	{launcher.DeedInfo{ID: "tile", Title: lang.M("Tile the windows, or let them float"), Keywords: []string{lang.M("tiling layout")}}, func(s *Session) error { s.toggleTiling(); return nil }},
	{launcher.DeedInfo{ID: "frames", Title: lang.M("Show or hide frame times"), Keywords: []string{lang.M("statistics fps overlay")}}, func(s *Session) error { s.overlay.set(!s.overlay.on); return nil }},
	{launcher.DeedInfo{ID: "explorer", Title: lang.M("Show what is running"), Keywords: []string{lang.M("process explorer top htop")}}, func(s *Session) error { return s.show("explorer") }},
	{launcher.DeedInfo{ID: launcher.SeeLog, Title: lang.M("Show the system log"), Keywords: []string{lang.M("dmesg journal errors")}}, func(s *Session) error { return s.show("log") }},
	{launcher.DeedInfo{ID: "settings", Title: lang.M("Settings"), Keywords: []string{lang.M("preferences options configure")}}, func(s *Session) error { return s.show("settings") }},
}

// appsProgram shows the windows that are the session's own. It lies beside it.
const appsProgram = "rayos-apps"

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
		page := launcher.PageInfo{ID: p.ID, Title: p.Title, Keywords: []string{p.Help}}
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
		p.answered(id, command(line), failure(line, err), s.loop.Now()-since)
		p.refresh()
	}
	cmd, rest := control.Lookup(strings.Fields(strings.TrimPrefix(line, ":")))
	if cmd == nil {
		fail(control.Errorf(control.CodeBadArgs, "%s", lang.M("there is no such command")))
		return
	}
	values, err := cmd.ParseWords(rest)
	if err != nil {
		fail(err)
		return
	}
	over := false
	late := s.loop.NewTimer(nil)
	show := func(result any, err error) {
		if over {
			return // it was given up
		}
		over = true
		late.Disarm()
		text := ""
		if err == nil {
			text, err = printed(cmd, result)
		}
		if err != nil {
			fail(err)
			return
		}
		s.traced.step(id, cmd.Name, &grammar.Ack{OK: true}, s.loop.Now()-since)
		if p.goOn(id) {
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
	if over {
		return
	}
	giveUp := func(why error) {
		if cancel != nil {
			cancel()
		}
		show(nil, why)
	}
	if limit := cmd.Limit(values); limit > 0 {
		late = s.loop.NewTimer(func() { giveUp(cmd.TooLate(values)) })
		late.Arm(s.loop.Now() + limit)
	}
	p.running = running{id, func() bool {
		if over || cancel == nil {
			return false
		}
		giveUp(errGivenUp)
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
