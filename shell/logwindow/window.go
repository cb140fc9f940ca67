// Package logwindow is the window with the session's log: live, by subsystem
// and severity, searchable.
package logwindow

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/atomicfile"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/shell/syslog"
)

// Options says what the window is called.
var Options = rayapps.Options{
	ID: "org.rayos.SystemLog", Title: lang.M("System Log"), Size: geom.Size{W: 900, H: 560}, MinSize: geom.Size{W: 480, H: 240},
}

// kept is how many lines the window has at most.
const kept = 8 * syslog.Length

// severities are the least levels that one may ask for.
var severities = []struct {
	name  string
	level slog.Level
}{
	{lang.M("All"), slog.LevelDebug - 4}, {lang.M("Info"), slog.LevelInfo}, {lang.M("Warnings"), slog.LevelWarn}, {lang.M("Errors"), slog.LevelError},
}

// Log is the window's state.
type Log struct {
	follow func(l *Log, w *rayapps.Window) // brings lines, in a session

	lines  []syslog.Entry
	held   []syslog.Entry // came while the person read
	shown  []int          // of lines, those that the filters let through
	paused bool
	from   int // of the subsystems, 0 for all
	least  int // of severities
	query  string
	chosen int // of shown, -1 while the end is followed
	said   string
	ended  func()
}

// New returns a window without lines.
func New() *Log { return &Log{chosen: -1} }

// Run shows the log of the session that the environment names.
func Run([]string) error {
	l := New()
	l.follow = followSession
	return rayapps.Run(Options, l)
}

// Start implements rayapps.Starter.
func (l *Log) Start(w *rayapps.Window) error {
	if l.follow != nil {
		l.follow(l, w)
	}
	return nil
}

// Destroy implements rayapps.Destroyer.
func (l *Log) Destroy() {
	if l.ended != nil {
		l.ended()
	}
}

// followSession asks the session for lines until the window goes.
func followSession(l *Log, w *rayapps.Window) {
	ctx, cancel := context.WithCancel(context.Background())
	l.ended = cancel
	go func() {
		err := read(ctx, func(list []syslog.Entry) { w.Post(func() { l.add(list) }) })
		if err != nil && ctx.Err() == nil {
			w.Post(func() { l.said = lang.F("The session doesn’t answer any more: {why}", "why", err.Error()) })
		}
	}()
}

// read hands over what the session logs, as it comes.
func read(ctx context.Context, got func([]syslog.Entry)) error {
	path, err := control.FindSocket(os.Getenv)
	if err != nil {
		return err
	}
	c, err := control.Dial(path)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	for last := uint64(0); ; {
		var list []syslog.Entry
		if err := c.Call(ctx, "log", map[string]any{"after": last, "follow": true}, &list); err != nil {
			return err
		}
		if n := len(list); n > 0 {
			last = list[n-1].Seq
			got(list)
		}
	}
}

// add takes new lines.
func (l *Log) add(list []syslog.Entry) {
	if l.paused {
		l.held = trim(append(l.held, list...))
		return
	}
	l.lines = append(l.lines, list...)
	if len(l.lines) > kept+kept/8 {
		l.lines = trim(l.lines)
		l.choose()
		return
	}
	for i := len(l.lines) - len(list); i < len(l.lines); i++ {
		if l.fits(&l.lines[i]) {
			l.shown = append(l.shown, i)
		}
	}
}

func trim(list []syslog.Entry) []syslog.Entry {
	if n := len(list) - kept; n > 0 {
		return append(list[:0:0], list[n:]...)
	}
	return list
}

// choose applies the filters anew.
func (l *Log) choose() {
	l.shown, l.chosen = l.shown[:0], -1
	for i := range l.lines {
		if l.fits(&l.lines[i]) {
			l.shown = append(l.shown, i)
		}
	}
}

func (l *Log) fits(e *syslog.Entry) bool {
	return e.Level >= severities[l.least].level && (l.from == 0 || e.Subsystem == syslog.Subsystems[l.from-1]) &&
		(l.query == "" || strings.Contains(strings.ToLower(e.Text), strings.ToLower(l.query)))
}

func (l *Log) pause(on bool) {
	l.paused = on
	if !on {
		held := l.held
		l.held = nil
		l.add(held)
	}
}

// save writes what is shown to a file in the home folder.
func (l *Log) save() {
	home, err := os.UserHomeDir()
	if err != nil {
		l.said = lang.F("Nothing was saved: {why}", "why", err.Error())
		return
	}
	var b strings.Builder
	for _, i := range l.shown {
		e := &l.lines[i]
		fmt.Fprintf(&b, "%s %s %s %s\n", e.At.Format(time.RFC3339Nano), e.Level, e.Subsystem, e.Text)
	}
	path := home + "/rayos-log-" + time.Now().Format("20060102-150405") + ".txt"
	if err := atomicfile.Write(path, []byte(b.String())); err != nil {
		l.said = lang.F("Nothing was saved: {why}", "why", err.Error())
		return
	}
	l.said = lang.N("{n} line is in {file}", "{n} lines are in {file}", len(l.shown), "file", path)
}

// Key implements rayapps.KeyHandler.
func (l *Log) Key(_ *rayapps.Window, k *ui.Keystroke) bool {
	switch {
	case k.Release:
		return false
	case k.Text == " " || k.Text == "p":
		l.pause(!l.paused)
	default:
		return false
	}
	return true
}

// View implements rayapps.App.
func (l *Log) View(w *rayapps.Window) ui.Node {
	th := w.Theme()
	levels := make([]string, len(severities))
	for i, s := range severities {
		levels[i] = lang.T(s.name)
	}
	narrow := w.Size().W < 720
	pause := ui.Button{Icon: icon.Pause, Name: lang.T("Pause"), Selected: l.paused, Toggle: true, OnPress: func() { l.pause(!l.paused) }}
	if l.paused {
		pause.Icon, pause.Name = icon.Play, lang.T("Go on")
	}
	search := ui.TextField{Icon: icon.Search, Placeholder: lang.T("Search"), Name: lang.T("Search the log"), OnChange: func(s string) {
		l.query = s
		l.choose()
	}}
	subsystem := ui.Choice{Name: lang.T("Subsystem"), Options: append([]string{lang.T("Everything")}, syslog.Subsystems...), Selected: l.from, OnChange: func(i int) {
		l.from = i
		l.choose()
	}}
	level := ui.Choice{Name: lang.T("Severity"), Options: levels, Selected: l.least, OnChange: func(i int) {
		l.least = i
		l.choose()
	}}
	acts := ui.Nodes{
		ui.Tooltip{Text: pause.Name, Child: pause},
		ui.Tooltip{Text: lang.T("Save what is shown"), Child: ui.Button{Icon: icon.Download, Name: lang.T("Save what is shown"), Disabled: len(l.shown) == 0, OnPress: l.save}},
		ui.Tooltip{Text: lang.T("Clear"), Child: ui.Button{Icon: icon.Trash, Name: lang.T("Clear"), Disabled: len(l.lines) == 0, OnPress: func() {
			l.lines, l.held = nil, nil
			l.choose()
		}}},
	}
	row := func(kids ...ui.Node) ui.Node {
		return ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: append(kids, acts...)}
	}
	bar := row(ui.Expand{Child: search}, ui.Sized{W: 176, Child: subsystem}, ui.Sized{W: 128, Child: level})
	if narrow {
		bar = ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: ui.Nodes{search, row(ui.Expand{Child: subsystem}, ui.Expand{Child: level})}}
	}
	columns := []ui.TableColumn{{Title: lang.T("Time"), Width: 104}, {Title: lang.T("Severity"), Width: 96}, {Title: lang.T("Subsystem"), Width: 104}, {Title: lang.T("Message")}}
	if narrow {
		columns = []ui.TableColumn{{Title: lang.T("Time"), Width: 104}, {Title: lang.T("Message")}}
	}
	selected := l.chosen
	if selected < 0 {
		selected = len(l.shown) - 1
	}
	return ui.Column{Align: ui.Stretch, Children: ui.Nodes{
		ui.Padding{Insets: ui.All(theme.Space3), Child: bar},
		ui.Expand{Child: ui.Table{
			Name: lang.T("Log"), Columns: columns, Count: len(l.shown), RowHeight: 24, Selected: selected,
			Key:  func(row int) string { return fmt.Sprint(l.lines[l.shown[row]].Seq) },
			Text: func(row int) string { return l.lines[l.shown[row]].Text },
			Cell: func(row, column int) ui.Node {
				if narrow && column == 1 {
					column = 3
				}
				return cell(th, &l.lines[l.shown[row]], column)
			},
			OnSelect: func(row int) {
				if l.chosen = row; row == len(l.shown)-1 {
					l.chosen = -1
				}
			},
			Empty: ui.Centred(ui.Label{Text: lang.T("No line fits."), Color: th.Text2}),
		}},
		l.foot(th),
	}}
}

// foot tells how much there is, and what the last act came to.
func (l *Log) foot(th *theme.Theme) ui.Node {
	text := lang.N("{shown} of {n} line", "{shown} of {n} lines", len(l.lines), "shown", lang.Number(len(l.shown)))
	if l.paused && len(l.held) == 0 {
		text = lang.F("{lines}; paused", "lines", text)
	} else if l.paused {
		text = lang.N("{lines}; paused, {n} waits", "{lines}; paused, {n} wait", len(l.held), "lines", text)
	}
	if l.said != "" {
		text = l.said
	}
	return ui.Padding{Insets: ui.Sides(theme.Space3, theme.Space2), Child: ui.Label{Text: text, Size: theme.Caption, Color: th.Text2, Lines: 1, Tabular: true}}
}

func cell(th *theme.Theme, e *syslog.Entry, column int) ui.Node {
	label := ui.Label{Lines: 1, Mono: true, Size: theme.Caption, Color: th.Text2}
	switch column {
	case 0:
		label.Text = e.At.Local().Format("15:04:05.000")
	case 1:
		label.Text, label.Color = severity(th, e.Level)
	case 2:
		label.Text = e.Subsystem
	default:
		label.Text, label.Color = e.Text, th.Text1
		if e.Level >= slog.LevelWarn {
			_, label.Color = severity(th, e.Level)
		}
	}
	return label
}

func severity(th *theme.Theme, l slog.Level) (string, render.Color) {
	switch {
	case l >= slog.LevelError:
		return lang.T("Error"), th.Bad
	case l >= slog.LevelWarn:
		return lang.T("Warning"), th.Warn
	case l >= slog.LevelInfo:
		return lang.T("Info"), th.Text2
	}
	return lang.T("Debug"), th.Text3
}
