package session

import (
	"rayos/shell/control"
	"rayos/wm"
)

// wanted tells what is to be from what is.
func wanted(do control.OverviewAction, now bool) bool {
	return do == control.OverviewOn || do == control.OverviewToggle && !now
}

// Launcher implements control.Desk.
func (c deskCommands) Launcher(do control.OverviewAction) error {
	p := &c.s.prompt
	if wanted(do, p.shown()) == p.shown() {
		return nil
	}
	open := !p.shown()
	if p.toggle(); p.shown() != open {
		return errLocked
	}
	return nil
}

// Undo implements control.Desk.
func (c deskCommands) Undo() error {
	u := &c.s.prompt.undo
	switch {
	case c.s.lock.on:
		return errLocked
	case u.back == nil:
		return control.Errorf(control.CodeFailed, "there is nothing to take back")
	}
	u.take()
	return nil
}

// Tile implements control.Desk.
func (c deskCommands) Tile(do control.OverviewAction) error {
	if c.s.lock.on {
		return errLocked
	}
	tiled := c.s.wm.Layout(c.s.wm.Current()) == wm.Tiling
	if wanted(do, tiled) != tiled {
		c.s.toggleTiling()
	}
	return nil
}
