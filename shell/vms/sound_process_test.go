package vms_test

import (
	"strings"
	"testing"

	"rayos/internal/proctest"
)

// TestMachinesAreMuted: whether the guest is really heard is a test of vmm/host.
func TestMachinesAreMuted(t *testing.T) {
	if testing.Short() {
		t.Skip("boots a machine")
	}
	w := newWorld(t, microID)
	if err := w.Try("vm build", proctest.Args{"image": "linux-micro"}, nil); err != nil {
		t.Fatal(err)
	}
	mute := func(how string) error { return w.Try("vm "+how, proctest.Args{"machine": microID}, nil) }
	if err := mute("mute"); err == nil || !strings.Contains(err.Error(), "desktop_not_running") {
		t.Errorf("muted while it doesn't run: %v", err)
	}
	start := func() {
		t.Helper()
		if err := w.Try("vm start", proctest.Args{"machine": microID}, nil); err != nil {
			t.Fatal(err)
		}
	}
	start()
	if err := mute("mute"); err == nil || !strings.Contains(err.Error(), "policy: audio is off") {
		t.Errorf("muted without sound: %v", err)
	}
	w.policy("[vm." + microID + "]\naudio = true\n")
	w.Call("vm kill", proctest.Args{"machine": microID})
	w.Until("it has ended", func() bool { return w.vm().State == "stopped" })
	start()
	for _, c := range []struct {
		how   string
		muted bool
	}{{"mute", true}, {"unmute", false}, {"mute", true}} {
		if err := mute(c.how); err != nil {
			t.Fatal(err)
		}
		if got := strings.HasPrefix(w.vm().Sound, "muted"); got != c.muted {
			t.Errorf("after %s its sound is %q", c.how, w.vm().Sound)
		}
	}
	w.Call("vm kill", proctest.Args{"machine": microID})
	w.Until("it has ended", func() bool { return w.vm().State == "stopped" })
	start()
	if s := w.vm().Sound; !strings.HasPrefix(s, "muted") {
		t.Errorf("started again its sound is %q; want it as it was", s)
	}
}
