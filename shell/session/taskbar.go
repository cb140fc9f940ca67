package session

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/panel"
	"rayos/shell/taskbar"
	"rayos/shell/theme"
	"rayos/surfaces/seat"
	"rayos/vmm"
	"rayos/wm"
)

// taskbars are the bars of all outputs.
type taskbars struct {
	s      *Session
	tray   trayArea
	work   work
	bars   []*bar
	minute *loop.Timer
	stale  bool // the state may have changed
}

// bar is that of one output.
type bar struct {
	o     *output
	view  *taskbar.Bar
	panel *panel.Panel
}

func (t *taskbars) init(s *Session) {
	t.s = s
	t.minute = s.loop.NewTimer(t.tick)
	t.tray.init(s)
	t.work.init(s)
}

// wall returns the time that clocks show.
func (t *taskbars) wall() time.Time {
	if t.s.opt.Wall != nil {
		return t.s.opt.Wall()
	}
	return time.Now()
}

// tick is a new minute, or the first that can be seen.
func (t *taskbars) tick() {
	if t.s.unseen() {
		return // until an output comes, or gets power
	}
	now := t.wall()
	// A little later, so that no rounding shows the minute before.
	next := now.Truncate(time.Minute).Add(time.Minute + 5*time.Millisecond)
	t.minute.Arm(t.s.loop.Now() + next.Sub(now))
	t.stale = true
}

// reserve keeps room on an output that has come.
func (t *taskbars) reserve(o *output) {
	if t.minute != nil {
		o.global.Reserve(taskbar.Height)
	}
}

// follow gives every output its bar, in its place.
func (t *taskbars) follow() {
	t.bars = slices.DeleteFunc(t.bars, func(b *bar) bool {
		if slices.Contains(t.s.outputs, b.o) {
			return false
		}
		b.panel.Close()
		return true
	})
	for _, o := range t.s.outputs {
		i := slices.IndexFunc(t.bars, func(b *bar) bool { return b.o == o })
		if i < 0 {
			i = len(t.bars)
			t.bars = append(t.bars, t.add(o))
		}
		b, area := t.bars[i], o.scene.Logical()
		strip := area
		strip.Y0 = max(area.Y1-taskbar.Height, area.Y0)
		b.view.Resize(area.W())
		b.panel.Place(area, strip, o.info.Scale)
	}
	if !t.minute.Armed() {
		t.tick()
	}
}

// add makes the bar of an output.
func (t *taskbars) add(o *output) *bar {
	s, b := t.s, &bar{o: o}
	b.view = taskbar.New(s.parts.theme, barActions{s, b})
	b.view.Show(t.state())
	po := s.parts.options("taskbar", b.view.View)
	po.Name += " " + o.info.Name
	po.Strip = s.layers.top
	failed := po.Failed
	po.Failed = func(last bool) {
		if last {
			s.loop.Post(func() { b.o.global.Reserve(0) })
		}
		failed(last)
	}
	b.panel = panel.New(po)
	return b
}

// turn shows what has changed.
func (t *taskbars) turn() {
	if t.stale {
		t.stale = false
		st := t.state()
		for _, b := range t.bars {
			if b.view.Show(st) {
				b.panel.Invalidate()
			}
		}
	}
	for _, b := range t.bars {
		b.panel.Turn()
	}
}

// owns reports whether input goes to a bar.
func (t *taskbars) owns(f seat.Focus) bool {
	return slices.ContainsFunc(t.bars, func(b *bar) bool { return b.panel.Owns(f) })
}

// release closes menus and gives the keyboard back.
func (t *taskbars) release() {
	for _, b := range t.bars {
		b.panel.Release()
	}
}

// keyboard returns the bar that the person uses by keyboard, or nil.
func (t *taskbars) keyboard() seat.Focus {
	for _, b := range t.bars {
		if f := b.panel.Keyboard(); f != nil {
			return f
		}
	}
	return nil
}

// focus gives the keyboard to the bar where the person works, or takes it back.
func (t *taskbars) focus() {
	if t.keyboard() != nil {
		t.release()
		return
	}
	if b := t.here(); b != nil {
		b.panel.Focus()
	}
}

// here returns the bar where the person works, nil if there is none.
func (t *taskbars) here() *bar {
	g := t.s.PreferredOutput()
	for _, b := range t.bars {
		if b.o.global == g || len(t.bars) == 1 {
			return b
		}
	}
	return nil
}

// end frees what the bars have.
func (t *taskbars) end() {
	t.tray.end()
	t.work.end()
	for _, b := range t.bars {
		b.panel.Close()
	}
	t.bars = nil
}

// state is what there is to show now.
func (t *taskbars) state() taskbar.State {
	s := t.s
	st := taskbar.State{
		Now: t.wall().Truncate(time.Minute), Layout: s.seat.State().Group(), Layouts: s.layouts(), Recording: s.record.out != nil, Unread: s.notices.center.Unread(), Quiet: s.notices.center.Quiet,
	}
	for _, w := range s.windows {
		if !w.mapped || s.server.Parent(w.guest) != nil || s.machineOf(w.guest) != nil {
			continue // dialogs come with their windows, machines have a place of their own
		}
		p, ok := s.placement(w.id)
		if !ok {
			continue
		}
		e := t.work.of(w)
		st.Windows = append(st.Windows, taskbar.Window{
			Count: e.Count, Working: e.Working, Percent: e.Percent,
			ID: uint32(w.id), App: w.guest.AppID, Title: w.title(), Trust: trust(w.guest.Owner.Trust),
			Icon:   s.parts.appIcon(w.guest.AppID, taskbar.IconSize),
			Active: p.Activated, Minimised: p.Minimized, Maximised: p.Maximized, Attention: w.attention || e.Urgent && !p.Activated, Workspace: p.Workspace,
		})
	}
	slices.SortFunc(st.Windows, func(a, b taskbar.Window) int { return cmp.Compare(a.ID, b.ID) })
	for _, w := range s.Workspaces(nil) {
		st.Workspaces = append(st.Workspaces, taskbar.Workspace{Name: w.Name, Shown: w.Active, Urgent: w.Urgent})
	}
	st.Machines = t.machines()
	st.Tray, st.TrayMenu = t.tray.shown, t.tray.menu
	st.Status = s.status.state()
	st.Job = s.recall.job()
	return st
}

func (t *taskbars) machines() []taskbar.Machine {
	s := t.s
	if s.vms == nil {
		return nil
	}
	list, err := s.vms.VMs()
	if err != nil {
		return nil // there are none; who asks for one is told why
	}
	var out []taskbar.Machine
	for i := range list {
		v := &list[i]
		m := taskbar.Machine{ID: v.ID, Name: v.Name, State: control.StateInWords(v.State), Trust: theme.Linux, Shown: v.Shown}
		if v.Kind == string(vmm.Windows) {
			m.Trust = theme.Windows
		}
		m.Sound, m.Muted = v.Sound != "", strings.HasPrefix(v.Sound, "muted")
		m.Alive, m.Failed = vmm.State(v.State).Alive(), vmm.State(v.State) == vmm.Failed
		if p, ok := s.placement(wm.WindowID(v.Window)); ok && v.Window != 0 {
			m.Active = p.Activated
		}
		out = append(out, m)
	}
	return out
}

// barActions does what people ask of a bar.
type barActions struct {
	s *Session
	b *bar
}

func (a barActions) Activate(id uint32) { a.s.do(wm.Activate{ID: wm.WindowID(id)}) }

func (a barActions) Minimise(id uint32) { a.s.do(wm.Minimize{ID: wm.WindowID(id), To: wm.On}) }

func (a barActions) Maximise(id uint32)                  { a.s.do(wm.Maximize{ID: wm.WindowID(id), To: wm.Toggle}) }
func (a barActions) Workspace(n int)                     { a.s.do(wm.Workspace{N: n}) }
func (a barActions) Tile()                               { a.s.toggleTiling() }
func (a barActions) Tray(key string, v taskbar.TrayVerb) { a.s.bars.tray.do(key, v) }
func (a barActions) TrayEntry(key string, id int32)      { a.s.bars.tray.entry(key, id) }
func (a barActions) TrayScroll(key string, x, y float64) { a.s.bars.tray.scroll(key, x, y) }
func (a barActions) Layout(n int)                        { a.s.setLayout(n) }
func (a barActions) Statistics()                         { a.s.overlay.set(!a.s.overlay.on) }
func (a barActions) Jobs() {
	if err := a.s.show("explorer"); err != nil {
		a.s.log.Error("the process explorer", "err", err)
	}
}
func (a barActions) StopRecording()        { a.s.record.stop(nil) }
func (a barActions) Hover(h taskbar.Hover) { a.s.peeks.hover(a.b, h) }
func (a barActions) End()                  { a.b.panel.Release(); a.s.leave.open("") }

// Notifications opens the drawer, unless this press has just closed it.
func (a barActions) Notifications() {
	if n := &a.s.notices; n.closedBy != a.s.seat.LastPress() {
		a.b.panel.Release()
		n.open(true)
	}
}

func (a barActions) Close(id uint32) {
	if w := a.s.windows[wm.WindowID(id)]; w != nil && w.mapped {
		w.guest.Window.Close()
	}
}

func (a barActions) MoveTo(id uint32, n int) {
	a.s.do(wm.MoveToWorkspace{ID: wm.WindowID(id), N: n})
}

func (a barActions) Prompt() {
	a.b.panel.Release()
	a.s.prompt.toggle()
}

// barVerbs are what commands are called in the table.
var barVerbs = map[taskbar.Verb]grammar.Verb{
	taskbar.Show: grammar.Show, taskbar.Hide: grammar.Hide, taskbar.Suspend: grammar.Suspend, taskbar.ShutDown: grammar.Shutdown,
	taskbar.Mute: grammar.Mute, taskbar.Unmute: grammar.Unmute,
}

// Opened implements taskbar.Actions.
func (a barActions) Opened(sheet taskbar.Sheet, open bool) {
	state := "closed"
	if open {
		state = "opened"
	}
	a.s.markers.tell("RAYOS_SHELL", grammar.Value(string(barSheets[sheet])), grammar.Value(state))
}

// barSheets are what sheets are called by commands.
var barSheets = [...]control.BarSheet{
	taskbar.Calendar: control.SheetCalendar, taskbar.Quick: control.SheetQuick, taskbar.Spilled: control.SheetTray,
}

func (a barActions) Machine(id string, do taskbar.Verb) {
	s := a.s
	cmd := grammar.Command{Verb: barVerbs[do]}
	s.console.Do("taskbar", id, cmd, func(string) {}, func(ack grammar.Ack, err error) {
		if err != nil {
			s.log.Warn("taskbar", "machine", id, "err", err)
		}
		s.bars.stale = true
	})
}

var _ taskbar.Actions = barActions{}

// largestScale is that of the output with the most pixels.
func (s *Session) largestScale() float64 {
	most := geom.ScaleOne
	for _, o := range s.outputs {
		most = max(most, o.info.Scale)
	}
	return most.Float()
}
