// Package explorer is the window with what runs in the session: programs,
// machines, commands, and how frames come about.
package explorer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/procstat"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
)

// Options says what the window is called.
var Options = rayapps.Options{
	ID: "org.rayos.ProcessExplorer", Title: lang.M("Process Explorer"), Size: geom.Size{W: 820, H: 540}, MinSize: geom.Size{W: 480, H: 320},
}

// every is how often the figures are taken, while they are seen.
const every = 500 * time.Millisecond

// Explorer is the window's state.
type Explorer struct {
	call  func(cmd string, args map[string]any) error // nil outside of a session
	take  func(ctx context.Context) (*sample, error)
	timer *rayapps.Timer
	w     *rayapps.Window
	end   context.CancelFunc
	ctx   context.Context
	busy  bool // figures are on their way

	tab     int
	paused  bool
	before  *sample
	now     *sample
	history history
	query   string
	rows    []row
	sort    int
	down    bool
	chosen  int32 // process
	said    string
}

// row is a program.
type row struct {
	control.ClientProcess
	procstat.Stat
	share float64
}

// New returns a window without figures.
func New() *Explorer { return &Explorer{sort: columnCPU, down: true} }

// Run shows the session that the environment names.
func Run([]string) error {
	path, err := control.FindSocket(os.Getenv)
	if err != nil {
		return err
	}
	c, err := control.Dial(path)
	if err != nil {
		return err
	}
	defer c.Close()
	x := New()
	x.ctx, x.end = context.WithCancel(context.Background())
	defer x.end()
	x.take = func(ctx context.Context) (*sample, error) { return take(ctx, c) }
	x.call = func(cmd string, args map[string]any) error { return c.Call(x.ctx, cmd, args, nil) }
	return rayapps.Run(Options, x)
}

// Start implements rayapps.Starter.
func (x *Explorer) Start(w *rayapps.Window) error {
	x.w = w
	x.timer = w.NewTimer(x.tick)
	return nil
}

// Resume implements rayapps.Resumer.
func (x *Explorer) Resume(*rayapps.Window) { x.tick() }

// Pause implements rayapps.Pauser.
func (x *Explorer) Pause(*rayapps.Window) { x.timer.Stop() }

// tick asks for figures; they come on another goroutine.
func (x *Explorer) tick() {
	if x.take == nil || x.paused {
		return
	}
	x.timer.Reset(every)
	if x.busy {
		return
	}
	x.busy = true
	go func() {
		s, err := x.take(x.ctx)
		x.w.Post(func() {
			x.busy = false
			if err != nil {
				x.say(errors.New(lang.F("The session doesn’t answer: {why}", "why", err.Error())))
				return
			}
			x.add(s)
		})
	}()
}

// add takes figures.
func (x *Explorer) add(s *sample) {
	x.before, x.now = x.now, s
	if x.before != nil {
		x.history.add(x.before, x.now)
	}
	x.arrange()
}

// arrange makes the rows anew.
func (x *Explorer) arrange() {
	x.rows = x.rows[:0]
	if x.now == nil {
		return
	}
	for _, c := range x.now.procs.Clients {
		if x.query != "" && !strings.Contains(strings.ToLower(c.Name), strings.ToLower(x.query)) {
			continue
		}
		r := row{ClientProcess: c, Stat: x.now.usage[c.PID]}
		if x.before != nil {
			if u, ok := x.before.usage[c.PID]; ok {
				r.share = share(u, r.Stat, x.now.at.Sub(x.before.at))
			}
		}
		x.rows = append(x.rows, r)
	}
	slices.SortStableFunc(x.rows, func(a, b row) int {
		if x.down {
			a, b = b, a
		}
		return columns[x.sort].compare(&a, &b)
	})
}

func (x *Explorer) say(err error) {
	if x.said = ""; err != nil {
		x.said = err.Error()
	}
}

// do asks the session for something, beside the window's goroutine.
func (x *Explorer) do(cmd string, args map[string]any) {
	if x.call == nil {
		return
	}
	go func() {
		err := x.call(cmd, args)
		x.w.Post(func() {
			x.say(err)
			x.tick()
		})
	}()
}

// Key implements rayapps.KeyHandler.
func (x *Explorer) Key(w *rayapps.Window, k *ui.Keystroke) bool {
	switch {
	case k.Release:
		return false
	case k.Sym == ui.KeyEscape:
		w.Close()
	case k.Text == "r" || k.Text == "R":
		x.tick()
	case k.Text == " " || k.Text == "p" || k.Text == "P":
		x.pause(!x.paused)
	default:
		return false
	}
	return true
}

func (x *Explorer) pause(on bool) {
	if x.paused = on; !on {
		x.tick()
	}
}

// View implements rayapps.App.
func (x *Explorer) View(w *rayapps.Window) ui.Node {
	th := w.Theme()
	var body ui.Node
	switch x.tab {
	case 0:
		body = x.programs(th, w.Size().W < 640)
	case 1:
		body = x.machines(th)
	case 2:
		body = x.tasks(th)
	default:
		body = x.performance(th)
	}
	return ui.Column{Align: ui.Stretch, Children: ui.Nodes{
		ui.Expand{Child: ui.Tabs{
			Name: lang.T("Parts"), Selected: x.tab, OnSelect: func(i int) { x.tab = i }, Child: body,
			Tabs: []ui.Tab{
				{Text: lang.T("Programs"), Icon: icon.Apps}, {Text: lang.T("Machines"), Icon: icon.Machine}, {Text: lang.T("Tasks"), Icon: icon.List}, {Text: lang.T("Performance"), Icon: icon.Processor},
			},
		}},
		x.foot(th),
	}}
}

func (x *Explorer) foot(th *theme.Theme) ui.Node {
	text := lang.T("No figures yet")
	if s := x.now; s != nil {
		st := &s.procs.Session
		text = strings.Join([]string{
			lang.F("Running for {time}", "time", lang.Elapsed(st.Uptime)), lang.N("{n} program", "{n} programs", len(s.procs.Clients)),
			lang.N("{n} surface", "{n} surfaces", st.Surfaces), lang.N("{n} window", "{n} windows", st.Windows), lang.N("{n} frame", "{n} frames", int(st.Frames)),
		}, lang.C("between parts of a list", ", "))
	}
	color := th.Text2
	if x.said != "" {
		text, color = x.said, th.Bad
	}
	pause := ui.Button{Icon: icon.Pause, Name: lang.T("Pause"), Selected: x.paused, Toggle: true, OnPress: func() { x.pause(!x.paused) }}
	if x.paused {
		pause.Icon, pause.Name = icon.Play, lang.T("Go on")
	}
	return ui.Padding{Insets: ui.Sides(theme.Space3, theme.Space2), Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
		ui.Expand{Child: ui.Label{Text: text, Size: theme.Caption, Color: color, Lines: 1, Tabular: true}},
		ui.Tooltip{Text: pause.Name, Child: pause},
	}}}
}

// Columns of the programs.
const (
	columnName = iota
	columnPID
	columnCPU
	columnMemory
	columnPictures
	columnNice
)

var columns = []struct {
	ui.TableColumn
	compare func(a, b *row) int
	text    func(r *row) string
}{
	{ui.TableColumn{Title: lang.M("Program"), Sortable: true}, func(a, b *row) int { return strings.Compare(a.Name, b.Name) }, func(r *row) string { return r.Name }},
	{ui.TableColumn{Title: lang.M("Number"), Width: 80, Align: ui.End, Sortable: true}, func(a, b *row) int { return cmp.Compare(a.PID, b.PID) }, func(r *row) string { return lang.Number(int(r.PID)) }},
	{ui.TableColumn{Title: lang.M("CPU"), Width: 80, Align: ui.End, Sortable: true}, func(a, b *row) int { return cmp.Compare(a.share, b.share) }, func(r *row) string { return percent(r.share) }},
	{ui.TableColumn{Title: lang.M("Memory"), Width: 96, Align: ui.End, Sortable: true}, func(a, b *row) int { return cmp.Compare(a.Memory, b.Memory) }, func(r *row) string { return size(r.Memory) }},
	{ui.TableColumn{Title: lang.M("Pictures"), Width: 96, Align: ui.End, Sortable: true}, func(a, b *row) int { return cmp.Compare(a.Bytes, b.Bytes) }, func(r *row) string { return size(r.Bytes) }},
	{ui.TableColumn{Title: lang.M("Gives way"), Width: 88, Align: ui.End, Sortable: true}, func(a, b *row) int { return cmp.Compare(a.Nice, b.Nice) }, func(r *row) string { return lang.Number(r.Nice) }},
}

// size writes bytes in binary units.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return lang.F("{n} GiB", "n", lang.Decimal(float64(n)/(1<<30), 1))
	case n >= 1<<20:
		return lang.F("{n} MiB", "n", lang.Decimal(float64(n)/(1<<20), 1))
	}
	return lang.F("{n} KiB", "n", lang.Number(int(n>>10)))
}

func percent(v float64) string { return lang.F("{percent} %", "percent", lang.Decimal(v, 1)) }

// figure writes a value of a chart.
func figure(v float64) string { return lang.Decimal(math.Round(v*100)/100, -1) }

func (x *Explorer) programs(th *theme.Theme, narrow bool) ui.Node {
	shown := []int{columnName, columnPID, columnCPU, columnMemory, columnPictures, columnNice}
	if narrow {
		shown = []int{columnName, columnCPU, columnMemory}
	}
	heads := make([]ui.TableColumn, len(shown))
	for i, c := range shown {
		heads[i] = columns[c].TableColumn
		heads[i].Title = lang.T(heads[i].Title)
	}
	chosen := slices.IndexFunc(x.rows, func(r row) bool { return r.PID == x.chosen })
	nice := 0
	if chosen >= 0 {
		nice = x.rows[chosen].Nice
	}
	act := func(cmd string, args map[string]any) func() {
		return func() {
			args["pid"] = x.chosen
			x.do(cmd, args)
		}
	}
	return ui.Column{Align: ui.Stretch, Children: ui.Nodes{
		ui.Padding{Insets: ui.Sides(theme.Space3, theme.Space2), Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
			ui.Expand{Child: ui.TextField{Icon: icon.Search, Placeholder: lang.T("Find a program"), Name: lang.T("Find a program"), OnChange: func(s string) {
				x.query = s
				x.arrange()
			}}},
			ui.Button{Text: lang.T("Give way"), Disabled: chosen < 0 || nice >= 19, Description: lang.T("Let others go first"), OnPress: act("process nice", map[string]any{"nice": min(max(nice, 0)+5, 19)})},
			ui.Button{Text: lang.T("End"), Disabled: chosen < 0, OnPress: act("process end", map[string]any{})},
			ui.Button{Text: lang.T("Kill"), Tone: ui.Danger, Disabled: chosen < 0, OnPress: act("process end", map[string]any{"kill": true})},
		}}},
		ui.Expand{Child: ui.Table{
			Name: lang.T("Programs"), Columns: heads, Count: len(x.rows), Selected: chosen, SortBy: slices.Index(shown, x.sort), Descending: x.down, RowHeight: 28,
			Key:  func(i int) string { return fmt.Sprint(x.rows[i].PID, x.rows[i].Name) },
			Text: func(i int) string { return x.rows[i].Name },
			Cell: func(i, at int) ui.Node {
				column := shown[at]
				l := ui.Label{Text: columns[column].text(&x.rows[i]), Lines: 1, Tabular: column > 0, Align: columns[column].Align}
				if column > 0 {
					l.Color = th.Text2
				}
				return l
			},
			OnSort: func(at int) {
				column := shown[at]
				x.down = column != x.sort && column > 0 || column == x.sort && !x.down
				x.sort = column
				x.arrange()
			},
			OnSelect: func(i int) { x.chosen = x.rows[i].PID },
			Empty:    ui.Centred(ui.Label{Text: lang.T("No program fits."), Color: th.Text2}),
		}},
	}}
}

func (x *Explorer) machines(th *theme.Theme) ui.Node {
	var list []control.VM
	if x.now != nil {
		list = x.now.vms
	}
	if len(list) == 0 {
		return ui.Centred(ui.Label{Text: lang.T("There are no virtual machines. rayctl vm build linux-desktop makes one."), Color: th.Text2})
	}
	heads := []ui.TableColumn{{Title: lang.T("Machine")}, {Title: lang.T("State"), Width: 160}, {Title: lang.T("CPU"), Width: 80, Align: ui.End}, {Title: lang.T("Memory"), Width: 96, Align: ui.End}, {Width: 150}}
	return ui.Table{
		Name: lang.T("Machines"), Columns: heads, Count: len(list), RowHeight: 40, Selected: -1,
		Key: func(i int) string { return list[i].ID },
		Cell: func(i, column int) ui.Node {
			v := &list[i]
			pid := int32(v.PID)
			l := ui.Label{Lines: 1, Tabular: true, Color: th.Text2, Align: heads[column].Align}
			switch column {
			case 0:
				l.Text, l.Color = v.Name, th.Text1
			case 1:
				l.Text = v.InWords()
			case 2:
				if x.before != nil {
					l.Text = percent(share(x.before.usage[pid], x.now.usage[pid], x.now.at.Sub(x.before.at)))
				}
			case 3:
				l.Text = size(x.now.usage[pid].Memory)
			default:
				verb, text, name := "vm show", lang.T("Show"), lang.F("Show {machine}", "machine", v.Name)
				if v.Shown {
					verb, text, name = "vm hide", lang.T("Hide"), lang.F("Hide {machine}", "machine", v.Name)
				}
				return ui.Row{Gap: theme.Space2, Children: ui.Nodes{ui.Button{
					Text: text, Name: name, OnPress: func() { x.do(verb, map[string]any{"machine": v.ID}) },
				}}}
			}
			return l
		},
	}
}

// work is a row of the page of tasks: a command of the runner, or a task of the
// conductor.
type work struct {
	id         uint64
	what, from string
	runs       bool
	age        time.Duration
	cancel     string // the command that gives it up
}

func (x *Explorer) underWay() []work {
	var list []work
	for i := range x.now.procs.Tasks {
		t := &x.now.procs.Tasks[i]
		list = append(list, work{t.ID, t.What, t.From, t.Running, x.now.at.Sub(t.Since), "cancel"})
	}
	for i := range x.now.procs.Work {
		t := &x.now.procs.Work[i]
		list = append(list, work{t.ID, t.Kind, "conductor", t.State == "running", t.Age, "conductor cancel"})
	}
	return list
}

func (x *Explorer) tasks(th *theme.Theme) ui.Node {
	if x.now == nil || len(x.now.procs.Tasks)+len(x.now.procs.Work) == 0 {
		return ui.Centred(ui.Label{Text: lang.T("Nothing is under way."), Color: th.Text2})
	}
	list := x.underWay()
	heads := []ui.TableColumn{
		{Title: lang.T("Task"), Width: 80, Align: ui.End}, {Title: lang.T("What")}, {Title: lang.T("For"), Width: 96}, {Title: lang.T("State"), Width: 80}, {Title: lang.T("Age"), Width: 80, Align: ui.End}, {Width: 120},
	}
	return ui.Table{
		Name: lang.T("Tasks"), Columns: heads, Count: len(list), RowHeight: 40, Selected: -1,
		Key: func(i int) string { return list[i].cancel + fmt.Sprint(list[i].id) },
		Cell: func(i, column int) ui.Node {
			t := &list[i]
			l := ui.Label{Lines: 1, Tabular: true, Color: th.Text2, Align: heads[column].Align}
			switch column {
			case 0:
				l.Text = lang.Number(int(t.id))
			case 1:
				l.Text, l.Color, l.Mono = t.what, th.Text1, true
			case 2:
				l.Text = t.from
			case 3:
				if l.Text = lang.C("task", "waits"); t.runs {
					l.Text = lang.C("task", "runs")
				}
			case 4:
				l.Text = lang.Elapsed(t.age)
			default:
				return ui.Button{Text: lang.T("Cancel"), Name: lang.F("Cancel task {number}", "number", fmt.Sprint(t.id)), OnPress: func() { x.do(t.cancel, map[string]any{"task": t.id}) }}
			}
			return l
		},
	}
}

func (x *Explorer) performance(th *theme.Theme) ui.Node {
	var frames, rate []ui.Series
	inks := []render.Color{th.Accent, th.Good, th.Warn, th.Bad}
	names := make([]string, 0, len(x.history.frames))
	for name := range x.history.frames {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		frames = append(frames, ui.Series{Name: name, Values: x.history.frames[name], Color: inks[i%len(inks)]})
		rate = append(rate, ui.Series{Name: name, Values: x.history.rate[name], Color: inks[i%len(inks)]})
	}
	chart := func(title string, least float64, list ...ui.Series) ui.Node {
		most := least
		for _, l := range list {
			most = max(most, slices.Max(append(l.Values, 0)))
		}
		return ui.Column{Gap: theme.Space1, Align: ui.Stretch, Children: ui.Nodes{
			ui.Label{Text: title, Size: theme.Caption, Color: th.Text2},
			ui.LineChart{Name: title, Series: list, Area: true, Max: round(most), H: 96, Format: func(v float64) string { return figure(v) }},
		}}
	}
	one := func(name string, v []float64) ui.Series { return ui.Series{Name: name, Values: v} }
	return ui.ScrollView{Child: ui.Padding{Insets: ui.All(theme.Space4), Child: ui.Column{Gap: theme.Space4, Align: ui.Stretch, Children: ui.Nodes{
		chart(lang.T("Time to draw a frame, in ms"), 1, frames...),
		chart(lang.T("Frames in a second"), 60, rate...),
		chart(lang.T("Processor time of the session, in %"), 10, one(lang.T("Session"), x.history.cpu)),
		chart(lang.T("Memory of the session, in MiB"), 10, one(lang.T("Session"), x.history.memory)),
		chart(lang.T("Wakeups of the session in a second"), 10, one(lang.T("Session"), x.history.wakeups)),
	}}}}
}

// round returns the end of a scale that has v in it: 1, 2 or 5 times a power of
// ten.
func round(v float64) float64 {
	for step := 1.0; ; step *= 10 {
		for _, m := range []float64{1, 2, 5} {
			if m*step >= v {
				return m * step
			}
		}
	}
}
