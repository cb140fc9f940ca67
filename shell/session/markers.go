package session

import (
	"strconv"
	"strings"
	"time"

	"rayos/shell/control/grammar"
	"rayos/shell/theme"
	"rayos/surfaces"
	"rayos/wm"
)

// markers tells programs and tests what becomes of windows. Programs open and
// close windows as they like, so there is a limit to what is told of them.
type markers struct {
	s        *Session
	budget   budget
	fresh    []*window // whose first picture has yet to be on the screen
	composed bool      // a frame has been on the screen
}

// Limits of what is told of programs: so much at once, and then in a second.
const (
	markersAtOnce  = 256
	markersASecond = 32
)

// budget is how much may still be told.
type budget struct {
	owed time.Duration // until all of it is there again
	at   time.Duration
}

// take reports whether there is some left, and takes it.
func (b *budget) take(now time.Duration) bool {
	const each = time.Second / markersASecond
	b.owed = max(b.owed-(now-b.at), 0)
	b.at = now
	if b.owed+each > markersAtOnce*each {
		return false
	}
	b.owed += each
	return true
}

// tell writes a marker about what a program does, as long as there aren't too
// many.
func (m *markers) tell(name string, fields ...grammar.Field) {
	if !m.budget.take(m.s.loop.Now()) {
		return
	}
	line, err := grammar.Marker(name, fields...)
	if err != nil {
		m.s.log.Error("marker", "err", err)
		return
	}
	m.s.console.marker(line)
}

// begun tells which parts of the session are there.
func (m *markers) begun() {
	for _, part := range []string{"RENDERER", "WINDOW_MANAGER", "COMPOSITOR"} {
		m.s.console.marker("RAYOS_UI_" + part + "_INIT:ok")
	}
	if m.s.opt.Shell {
		m.s.console.marker("RAYOS_UI_SHELL_INIT:ok")
	}
}

func number(id wm.WindowID) grammar.Field {
	return grammar.Value(strconv.FormatUint(uint64(id), 10))
}

// opened is told of a window that is on the desktop.
func (m *markers) opened(w *window) {
	if !w.told {
		w.told = true
		app := w.guest.AppID
		if app == "" {
			app = "unknown"
		}
		m.tell("RAYOS_UI_WINDOW_CREATED", number(w.id), grammar.Pair("app", app), grammar.Pair("owner", owners[trust(w.guest.Owner.Trust)]))
		m.desktop(w, "CREATED")
		m.fresh = append(m.fresh, w)
	}
	m.desktop(w, "SHOWN")
}

// takenOff is told of a window that is on the desktop no more.
func (m *markers) takenOff(w *window) { m.desktop(w, "HIDDEN") }

// closed is told of a window that is gone.
func (m *markers) closed(w *window) {
	for i, f := range m.fresh {
		if f == w {
			m.fresh = append(m.fresh[:i], m.fresh[i+1:]...)
			break
		}
	}
	if w.told {
		m.desktop(w, "CLOSED")
		m.tell("RAYOS_UI_WINDOW_DESTROYED", number(w.id))
	}
}

// desktop tells of the window of a virtual machine.
func (m *markers) desktop(w *window, what string) {
	if w.guest.Kind != surfaces.KindGuest {
		return
	}
	switch trust(w.guest.Owner.Trust) {
	case theme.Linux:
		m.tell("RAYOS_UI_LINUX_DESKTOP_"+what, number(w.id))
	case theme.Windows:
		m.tell("RAYOS_UI_WINDOWS_DESKTOP_"+what, number(w.id))
	}
}

// focused is told of the window that has the focus, 0 for none.
func (m *markers) focused(id wm.WindowID) {
	if id == 0 {
		m.tell("RAYOS_UI_WINDOW_FOCUSED", grammar.Value("none"))
		return
	}
	m.tell("RAYOS_UI_WINDOW_FOCUSED", number(id))
}

// placed is told of a window's place and of the one before.
func (m *markers) placed(before, now *wm.Placement) {
	if before.ID == 0 {
		return // it has just come
	}
	tell := func(what string, more ...grammar.Field) {
		m.tell("RAYOS_WINDOW", append([]grammar.Field{grammar.Value(what), number(now.ID)}, more...)...)
	}
	if a, b := shape(before), shape(now); a != b || b == "SNAPPED" && before.Zone != now.Zone {
		if b == "SNAPPED" {
			tell(b, grammar.Value(now.Zone.String()))
		} else {
			tell(b)
		}
	}
	if before.Minimized != now.Minimized {
		tell(map[bool]string{true: "MINIMIZED", false: "UNMINIMIZED"}[now.Minimized])
	}
	if before.Shaded != now.Shaded {
		tell(map[bool]string{true: "SHADED", false: "UNSHADED"}[now.Shaded])
	}
	if before.Workspace != now.Workspace {
		tell("WORKSPACE", grammar.Value(strconv.Itoa(now.Workspace)))
	}
}

// shape is what a window is as to size and place.
func shape(p *wm.Placement) string {
	switch {
	case p.Fullscreen:
		return "FULLSCREEN"
	case p.Maximized:
		return "MAXIMIZED"
	case p.Zone != wm.ZoneNone:
		return "SNAPPED"
	case p.Tiled == wm.EdgesAll:
		return "TILED"
	}
	return "RESTORED"
}

// drawing notes which windows have their first picture in the frame that was
// drawn.
func (m *markers) drawing(o *output) {
	for _, w := range m.fresh {
		if w.firstAt == 0 && w.mapped && w.spot.Visible && w.spot.Output == o.id {
			w.firstOn, w.firstAt = o, o.frames
		}
	}
}

// shown tells what the frames that are on the screen now have for the first
// time.
func (m *markers) shown(o *output) {
	if !m.composed {
		m.composed = true
		m.s.console.marker("RAYOS_UI_COMPOSITE:ok")
	}
	rest := m.fresh[:0]
	for _, w := range m.fresh {
		if w.firstOn != o || w.firstAt > o.shownFrames {
			rest = append(rest, w)
			continue
		}
		if w.guest.Kind != surfaces.KindGuest && w.guest.AppID != "" {
			m.tell("RAYOS_GUI_APP_READY", grammar.Value(appName(w.guest.AppID)), grammar.Pair("window", strconv.FormatUint(uint64(w.id), 10)))
		}
	}
	clear(m.fresh[len(rest):])
	m.fresh = rest
}

// appName is what markers call an application: the last part of its id.
func appName(id string) string {
	return strings.ToLower(strings.ReplaceAll(id[strings.LastIndexByte(id, '.')+1:], " ", "_"))
}

// gone is told of an output that is no more: pictures on it come on another.
func (m *markers) gone(o *output) {
	for _, w := range m.fresh {
		if w.firstOn == o {
			w.firstOn, w.firstAt = nil, 0
		}
	}
}
