package host_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/qemu"
)

// TestEveryKeyArrivesAsItself presses every key that there is, and asks the
// guest's kernel which came. The window's keys then all go up when it loses
// the focus.
func TestEveryKeyArrivesAsItself(t *testing.T) {
	v := newVM(t)
	v.run()
	s := startSession(t)
	v.ask(host.Request{Op: host.OpStart})
	v.heard("the agent", 0, ready("agent"))
	v.logged(s, "RAYOS_LINUX_INPUT_WATCH_OPENED")
	v.kill() // QEMU has one display connection, which is ours now

	ctx, cancel := context.WithTimeout(context.Background(), 2*proctest.Patience)
	defer cancel()
	m, err := qemu.DialMonitor(ctx, v.dir.Socket("qmp"), nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := qemu.OpenDisplay(ctx, m, blind{})
	if err != nil {
		t.Fatal(err)
	}
	serial, err := net.Dial("unix", v.dir.Socket("serial"))
	if err != nil {
		t.Fatal(err)
	}
	serial.SetDeadline(time.Now().Add(2 * proctest.Patience))
	lines := bufio.NewScanner(serial)
	// ask has the guest answer by a line that begins so.
	ask := func(command, begins string) string {
		fmt.Fprintln(serial, command)
		for lines.Scan() {
			if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, begins) {
				return line
			}
		}
		t.Fatalf("%s: no answer: %v", command, lines.Err())
		return ""
	}
	missing := qemu.Keys()
	if len(missing) < 130 {
		t.Errorf("%d keys; a keyboard of 105 with media keys has more", len(missing))
	}
	for len(missing) > 0 {
		for i, code := range missing {
			for range 2 { // a second time, for the keys that lock
				for _, down := range []bool{true, false} {
					if known, err := d.Key(code, down); !known || err != nil {
						t.Fatalf("key %d: %v, %v", code, known, err)
					}
				}
			}
			if i%6 == 5 { // the guest's queue has 64 places; what finds none is lost
				ask("PING", "RAYOS_LINUX_AGENT_PONG")
			}
		}
		line := ask("INPUT_STATE", "RAYOS_LINUX_INPUT_STATE")
		pressed, down, _ := strings.Cut(strings.TrimPrefix(line, "RAYOS_LINUX_INPUT_STATE pressed="), " ")
		came := map[string]bool{}
		for code := range strings.SplitSeq(pressed, ",") {
			came[code] = true
		}
		stuck := strings.Split(strings.TrimPrefix(down, "down="), ",")
		missing = slices.DeleteFunc(qemu.Keys(), func(code uint32) bool {
			name := fmt.Sprint(code)
			return came[name] && !slices.Contains(stuck, name)
		})
		if n := len(qemu.Keys()); len(came) > n {
			t.Fatalf("%d keys came as %d: %s", n, len(came), line)
		}
	}
	serial.Close()
	d.Close()
	m.Close()
	v.run()
	v.attach(s)
	w := v.window(s)
	s.Until("rayos-vm has found the machine", func() bool { return v.status().State == vmm.Running })
	// What the window holds, it lets go.
	s.Call("focus", proctest.Args{"window": w.ID})
	for _, chord := range []string{"a", "Control_L", "F5"} {
		s.Call("input key", proctest.Args{"chord": chord, "press": true})
	}
	s.Call("state", proctest.Args{"window": w.ID, "state": "minimize"})
	s.Until("the window is hidden", func() bool { return !v.status().Visible })
	// The console is asked, not the keyboard: with all keys pressed, a lock may be on.
	s.Until("nothing is down", func() bool {
		v.ask(host.Request{Op: host.OpConsole, Text: "INPUT_STATE"})
		log := v.logText("serial.log")
		at := strings.LastIndex(log, "RAYOS_LINUX_INPUT_STATE")
		line, _, whole := strings.Cut(log[max(at, 0):], "\n")
		return at >= 0 && whole && strings.HasSuffix(strings.TrimSpace(line), "down=")
	})
}
