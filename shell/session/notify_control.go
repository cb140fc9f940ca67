package session

import (
	"slices"

	"rayos/shell/control"
	"rayos/shell/notify"
	"rayos/shell/theme"
)

// Notices implements control.Session.
func (c *commands) Notices() control.Notices { return noticeCommands{&c.s.notices} }

// noticeCommands are the notifications as rayctl and the prompt see them.
type noticeCommands struct{ n *notices }

// owners are the words of control.Window for trust.
var owners = [...]string{
	theme.Session: "session", theme.Linux: "linux", theme.Windows: "windows", theme.Remote: "remote",
	theme.Sandboxed: "sandboxed", theme.Unknown: "unknown",
}

var urgencies = [...]string{notify.Low: "low", notify.Normal: "normal", notify.Critical: "critical"}

// List implements control.Notices.
func (c noticeCommands) List() []control.Notice {
	var out []control.Notice
	add := func(list []*notify.Notification, shown bool) {
		for _, n := range slices.Backward(list) {
			v := control.Notice{
				ID: n.ID, App: n.App, Owner: owners[n.Trust], Summary: n.Summary, Body: n.Text(), At: n.At,
				Urgency: urgencies[n.Urgency], Shown: shown, Unread: n.Unread,
			}
			if shown && n.Default {
				v.Actions = append(v.Actions, notify.DefaultAction)
			}
			for _, a := range n.Actions {
				if shown {
					v.Actions = append(v.Actions, a.Key)
				}
			}
			out = append(out, v)
		}
	}
	add(c.n.center.Shown(), true)
	add(c.n.center.History(), false)
	return out
}

// Clear implements control.Notices.
func (c noticeCommands) Clear() { c.n.center.Clear() }

// Dismiss implements control.Notices.
func (c noticeCommands) Dismiss(id uint32) error {
	if !c.n.center.Remove(id) {
		return control.Errorf(control.CodeFailed, "there is no notification %d", id)
	}
	return nil
}

// Invoke implements control.Notices.
func (c noticeCommands) Invoke(id uint32, action string) error {
	if c.n.s == nil || !c.n.choose(id, action) {
		return control.Errorf(control.CodeFailed, "there is no action %.40q of a notification %d that is shown", action, id)
	}
	return nil
}

// Quiet implements control.Notices.
func (c noticeCommands) Quiet(on bool) {
	if c.n.s != nil {
		c.n.setQuiet(on)
	}
}

// Drawer implements control.Notices.
func (c noticeCommands) Drawer(on bool) error {
	if c.n.s == nil {
		return control.Errorf(control.CodeFailed, "this session has no shell")
	}
	if c.n.open(on); c.n.drawer.shown() != on {
		return control.Errorf(control.CodeFailed, "the session is locked")
	}
	return nil
}
