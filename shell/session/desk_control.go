package session

import (
	"slices"

	"rayos/shell/control"
	"rayos/shell/taskbar"
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

// Taskbar implements control.Desk.
func (c deskCommands) Taskbar(sheet control.BarSheet, do control.OverviewAction) error {
	b := c.s.bars.here()
	which := taskbar.Sheet(slices.Index(barSheets[:], sheet))
	switch {
	case c.s.lock.on:
		return errLocked
	case b == nil:
		return control.Errorf(control.CodeFailed, "there is no taskbar")
	case wanted(do, b.view.Opened(which)) == b.view.Opened(which):
		return nil
	case b.view.Opened(which):
		b.panel.Release()
	case !b.view.Has(which):
		return control.Errorf(control.CodeFailed, "there is nothing on it now")
	default:
		b.panel.Release() // of another one
		b.view.Sheet(which, true)
		b.panel.Focus()
	}
	b.panel.Invalidate()
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
