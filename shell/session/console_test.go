package session

import (
	"strings"
	"testing"
	"time"

	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
	"rayos/shell/vms"
	"rayos/vmm"
)

// until runs the loop until something from another goroutine has come.
func (d *desk) until(done *bool) {
	d.t.Helper()
	for end := time.Now().Add(20 * time.Second); !*done; {
		if time.Now().After(end) {
			d.t.Fatal("nothing has come")
		}
		if err := d.loop.Dispatch(time.Second); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) prompt(line string) (r grammar.Result, a grammar.Ack) {
	d.t.Helper()
	done := false
	d.ctl.Console().Prompt("prompt", line, func(gr grammar.Result, ga grammar.Ack) { r, a, done = gr, ga, true })
	d.until(&done)
	return r, a
}

func TestThePromptTellsTheTruth(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	d := newDesk(t)
	d.talk()
	tests := []struct {
		line    string
		outcome grammar.Outcome
		ack     string
	}{
		{"what is a desktop", grammar.NoMatch, ""},
		{"@ack SHOW_LINUX_DESKTOP ok presented", grammar.Refused, ""},
		{"show windows desktop", grammar.Matched, "RAYOS_HOST_ACK:SHOW_WINDOWS_DESKTOP:err:failed:this session has no virtual machines"},
		{"show processes", grammar.Matched, "RAYOS_HOST_ACK:SHOW_PROCESS_EXPLORER:err:launch_failed"},
		{"run counter", grammar.NoMatch, ""},
		{"run nonsense", grammar.NoMatch, ""},
	}
	for _, tt := range tests {
		r, a := d.prompt(tt.line)
		if r.Outcome != tt.outcome || tt.ack != "" && !strings.HasPrefix(a.String(), tt.ack) {
			t.Errorf("%q: %v %v; want %v %s", tt.line, r.Outcome, a, tt.outcome, tt.ack)
		}
	}
}

// TestWindowsPreflight asks for Windows where there is none.
func TestWindowsPreflight(t *testing.T) {
	root, err := vmm.NewRoot(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	d := newDeskWith(t, Options{VMs: vms.Options{Root: root}})
	d.talk()
	for line, ack := range map[string]string{
		"show windows desktop":       "RAYOS_HOST_ACK:SHOW_WINDOWS_DESKTOP:err:missing_WINDOWS_DISK_env",
		"windows type hello":         "RAYOS_HOST_ACK:WINDOWS_SENDTEXT:err:desktop_not_running",
		"windows press ctrl+alt+del": "RAYOS_HOST_ACK:WINDOWS_SENDKEY:err:desktop_not_running",
	} {
		if _, a := d.prompt(line); a.String() != ack {
			t.Errorf("%q: %v; want %s", line, a, ack)
		}
	}
	for _, name := range []string{"windows", "windows-desktop-001"} {
		done := false
		d.session.console.Do("rayctl", name, grammar.Command{Verb: grammar.Start}, func(string) {}, func(a grammar.Ack, err error) {
			done = true
			if err != nil || a.Detail != "missing_WINDOWS_DISK_env" || !strings.Contains(a.Why, "bring a disk") {
				t.Errorf("vm start %s: %+v, %v", name, a, err)
			}
		})
		d.until(&done)
	}
}

func TestEventsCome(t *testing.T) {
	var out []string
	d := newDeskWith(t, Options{VMs: vms.Options{Marker: func(line string) { out = append(out, line) }}})
	var got []runner.Entry
	done := false
	d.ctl.Console().Events(0, false, func(list []runner.Entry) { done = true })
	if !done {
		t.Error("Events waited and was not asked to")
	}
	done = false
	d.ctl.Console().Events(0, true, func(list []runner.Entry) { got, done = list, true })
	d.session.console.marker("RAYOS_LINUX_VM_READY")
	d.session.console.marker("no marker\n")
	d.until(&done)
	if len(got) != 1 || got[0].Line != "RAYOS_LINUX_VM_READY" || len(out) != 1 || out[0] != got[0].Line {
		t.Errorf("the log says %+v, others were told %q", got, out)
	}
	cancel := d.ctl.Console().Events(1, true, func([]runner.Entry) { t.Error("who waited has gone") })
	cancel()
	d.prompt("show processes")
	d.talk()
}
