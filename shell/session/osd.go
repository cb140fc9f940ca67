package session

import (
	"strconv"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/shell/osd"
	"rayos/shell/taskbar"
)

// osdPanel is the on-screen display, on the output where the person works. It
// takes no input and comes over everything but the lock.
type osdPanel struct {
	sheet
	view  osd.View
	timer *loop.Timer
	seen  osdSeen
	known bool // seen is what was there
	fades bool
}

// osdSeen is what the display says by itself when it changes.
type osdSeen struct {
	workspace, group int
	caps             bool
}

func (p *osdPanel) init(s *Session) {
	p.timer = s.loop.NewTimer(p.leave)
	p.sheet = sheet{
		s: s, name: "osd", strip: s.layers.hints,
		view:  func() ui.Node { return p.view.View(taskbar.Height) },
		place: func(area geom.Rect) geom.Rect { return p.view.Place(area, taskbar.Height) },
	}
}

// say shows a state for a moment, and tells what it is.
func (p *osdPanel) say(what string, st osd.State) {
	if p.s == nil || len(p.s.outputs) == 0 {
		return
	}
	value := st.Text
	if st.Level >= 0 {
		value = strconv.Itoa(int(st.Level*100 + 0.5))
	}
	p.s.console.marker("RAYOS_UI_OSD:" + what + ":" + value)
	if p.s.lock.on {
		return
	}
	p.view.Show(st, !p.shown())
	p.fades = false
	p.show(p.s.workOutput())
	p.timer.Arm(p.s.loop.Now() + osd.Lasts - osd.Fades)
}

// leave fades the display out, and then hides it.
func (p *osdPanel) leave() {
	if p.fades {
		p.hide()
		return
	}
	p.fades = true
	p.view.Leave()
	p.invalidate()
	p.timer.Arm(p.s.loop.Now() + osd.Fades)
}

// turn implements part. It sees what has changed since the last turn.
func (p *osdPanel) turn() {
	s := p.s
	st := s.seat.State()
	now := osdSeen{
		workspace: s.wm.Current(), group: st.Group(), caps: s.seat.Mods().Locked&st.Keymap().ModMask("Lock") != 0,
	}
	was, known := p.seen, p.known
	p.seen, p.known = now, true
	switch {
	case !known || now == was:
	case now.workspace != was.workspace:
		if list := s.Workspaces(nil); now.workspace < len(list) {
			p.say("workspace", osd.State{Icon: icon.Workspaces, Text: workspaceTitle(list[now.workspace].Name), Level: osd.NoLevel})
		}
	case now.group != was.group && st.Keymap().Groups() > 1:
		s.bars.stale = true
		p.say("layout", osd.State{Icon: icon.Keyboard, Text: st.Keymap().GroupName(now.group), Level: osd.NoLevel})
	case now.caps != was.caps:
		text := lang.T("Caps Lock off")
		if now.caps {
			text = lang.T("Caps Lock on")
		}
		p.say("caps", osd.State{Icon: icon.Keyboard, Text: text, Level: osd.NoLevel})
	}
	p.sheet.turn()
}

// workspaceTitle is what a workspace is called where nothing else says that it
// is one.
func workspaceTitle(name string) string {
	if _, err := strconv.Atoi(name); err == nil {
		return lang.F("Workspace {name}", "name", lang.Digits(name))
	}
	return name
}

// end implements part.
func (p *osdPanel) end() {
	p.timer.Disarm()
	p.sheet.end()
}
