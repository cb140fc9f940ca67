package session

import (
	"os/exec"
	"testing"
	"time"

	"rayos/internal/bustest"
	"rayos/shell/taskbar"
	"rayos/shell/tray"
)

func TestTrayMenusHavePages(t *testing.T) {
	d := barDesk(t)
	tr := &d.session.bars.tray
	tr.changed([]tray.Item{{Key: "k", Title: "Mixer", Menu: true}, {Key: "l", Status: tray.Passive}})
	if len(tr.shown) != 2 || tr.shown[0].Name != "Mixer" || !tr.shown[1].Passive {
		t.Fatalf("the bar gets %+v", tr.shown)
	}
	tr.entries = []tray.Entry{{ID: 1, Text: "Open"}, {ID: 2, Text: "More", Entries: []tray.Entry{{ID: 3, Text: "Low"}}}}
	lines := func() (out []string) {
		for _, e := range tr.menu.Entries {
			out = append(out, e.Text)
		}
		return out
	}
	tr.show("k")
	first := tr.menu.Page
	tr.close()
	tr.entry("k", 2)
	if got := lines(); len(got) != 3 || got[0] != "Back" || got[2] != "Low" || tr.menu.Page == first {
		t.Errorf("the page below has %q", got)
	}
	tr.close()
	tr.entry("k", trayBack)
	if got := lines(); len(got) != 2 || got[0] != "Open" || tr.menu.Page != first {
		t.Errorf("the page above has %q", got)
	}
	tr.changed(nil)
	if tr.menu != nil {
		t.Error("the menu of an item that is gone stays")
	}
	tr.do("k", taskbar.TrayActivate) // of nobody: nothing happens
}

// TestTrayIsOnTheBus asks as a program would.
func TestTrayIsOnTheBus(t *testing.T) {
	if _, err := exec.LookPath("dbus-send"); err != nil {
		t.Skip("dbus-send is not installed (package dbus)")
	}
	address := bustest.New(t)
	d := newDeskWith(t, Options{Shell: true, Bus: address})
	ask := func() error {
		return exec.Command(
			"dbus-send", "--bus="+address, "--print-reply", "--dest=org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher",
			"org.freedesktop.DBus.Properties.Get", "string:org.kde.StatusNotifierWatcher", "string:IsStatusNotifierHostRegistered",
		).Run()
	}
	var err error
	for late := time.Now().Add(30 * time.Second); time.Now().Before(late); {
		d.pass(time.Millisecond)
		if err = ask(); err == nil {
			return
		}
	}
	t.Errorf("nobody has the tray: %v", err)
}
