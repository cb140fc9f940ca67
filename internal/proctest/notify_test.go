package proctest

import (
	"image"
	"strings"
	"syscall"
	"testing"

	"rayos/internal/bustest"
	"rayos/shell/control"
)

// TestNotifySend: a program's notification is on the screen, and what a person
// chooses comes back to it.
func TestNotifySend(t *testing.T) {
	t.Parallel()
	Need(t, "notify-send")
	bus := []string{"DBUS_SESSION_BUS_ADDRESS=" + bustest.New(t)}
	s := StartWith(t, Options{Env: bus, Args: []string{"--headless", "--output", "1280x720", "--plain"}})
	corner := image.Rect(840, 0, 1280, 280) // with the shadow
	before := s.Shoot(nil)
	c := s.LaunchWith(t, bus, "sh", "-c", "until notify-send -t 0 -a Chat -A yes=Accept -A no=Decline 'Call from Omar' 'Video call'; do :; done")
	list := func() (l []control.Notice) {
		if err := s.Try("notify list", nil, &l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	s.Until("the notification is there", func() bool { return len(list()) == 1 })
	n := list()[0]
	if n.App != "Chat" || n.Summary != "Call from Omar" || n.Owner != "session" || strings.Join(n.Actions, " ") != "yes no" {
		t.Errorf("%+v", n)
	}
	s.Until("it is on the screen", func() bool {
		d := Diff(before, s.Shoot(nil))
		return d.Dx() > 300 && d.Dy() > 80 && d.In(corner)
	})
	s.Call("notify invoke", Args{"id": int(n.ID), "action": "yes"})
	c.Ends(s)
	if out := strings.TrimSpace(c.Output()); out != "yes" {
		t.Errorf("notify-send says %q; want yes", out)
	}
	s.Until("it is off the screen", func() bool { return Diff(before, s.Shoot(nil)).Intersect(corner).Empty() })
}

// TestTheOtherDaemon: where another program shows notifications the session waits
// until that one ends.
func TestTheOtherDaemon(t *testing.T) {
	t.Parallel()
	Need(t, "mako", "notify-send")
	bus := []string{"DBUS_SESSION_BUS_ADDRESS=" + bustest.New(t)}
	outer := Start(t) // where mako is shown
	mako := outer.LaunchWith(t, bus, "mako")
	first := outer.LaunchWith(t, bus, "sh", "-c", "until notify-send one; do :; done")
	first.Ends(outer)
	s := StartWith(t, Options{Env: bus, Args: []string{"--headless", "--output", "1280x720", "--plain"}})
	count := func() int {
		var l []control.Notice
		if err := s.Try("notify list", nil, &l); err != nil {
			t.Fatal(err)
		}
		return len(l)
	}
	outer.LaunchWith(t, bus, "notify-send", "two").Ends(outer)
	if n := count(); n != 0 {
		t.Errorf("%d notifications have come though mako has the name", n)
	}
	mako.Signal(syscall.SIGTERM)
	mako.Ended(outer)
	third := outer.LaunchWith(t, bus, "sh", "-c", "until notify-send -t 0 three; do :; done")
	third.Ends(outer)
	s.Until("the session has taken over", func() bool { return count() == 1 })
}
