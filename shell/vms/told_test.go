package vms

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/vmm"
	"rayos/vmm/host"
)

// sequence takes what is told until the last of these has come, and compares.
func (d *desk) sequence(want ...string) {
	d.t.Helper()
	var got []string
	late := time.After(patience)
	for len(got) < len(want) {
		select {
		case line := <-d.markers:
			got = append(got, line)
		case <-late:
			d.t.Fatalf("told\n%s\nand no more; want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if !slices.Equal(got, want) {
		d.t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// become makes rayos-vm say that its machine has a state.
func (r *rayosVM) become(s vmm.State, detail string) {
	r.mu.Lock()
	r.st.State, r.st.Detail = s, detail
	r.mu.Unlock()
	r.tell(host.Event{Event: host.EventState, State: s, Detail: detail})
}

func TestWhatHappensIsToldInItsOrder(t *testing.T) {
	d := newDesk(t)
	const id = "linux-a"
	d.add(id, vmm.Stopped)
	r := d.serve(id, vmm.Stopped)
	r.slow = true // the guest answers when the test says so
	d.start()
	d.view()
	m := d.machine(id)

	started := make(chan error, 1)
	d.Do(func() { m.Start(func() {}, func(_ string, err error) { started <- err }) })
	d.sequence("RAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:off:default_off", "@ack LINUX_DESKTOP ok starting")
	select {
	case err := <-started:
		t.Errorf("start was done before the guest answered: %v", err)
	default:
	}
	r.become(vmm.Running, "")
	d.sequence("RAYOS_LINUX_VM_READY", "RAYOS_HOST_MARKER:LINUX_DESKTOP_HIDDEN:running:linux-a", "@ack LINUX_DESKTOP_HIDDEN_READY ok hidden")
	if err := <-started; err != nil {
		t.Errorf("start: %v", err)
	}

	// A picture is told of when it can be seen, and not before.
	r.tell(host.Event{Event: host.EventShown, Detail: "640x480"})
	shown := make(chan error, 1)
	d.Do(func() { m.Show(func(_ string, err error) { shown <- err }) })
	presented := []string{
		"RAYOS_LINUX_DESKTOP_PRESENTED:ok:640x480", "RAYOS_HOST_MARKER:LINUX_DESKTOP_PRESENTED:ok:640x480",
		"RAYOS_PRESENTATION:on vm=linux-a kind=linux", "RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:PRESENTED",
	}
	composited := []string{"RAYOS_LINUX_DESKTOP_FIRST_FRAME:ok:640x480", "@ack FIRST_FRAME_PRESENTED ok initial_frame"}
	d.sequence(presented...)
	r.tell(host.Event{Event: host.EventShown, Detail: "640x480"})
	d.sequence(composited...)
	if err := <-shown; err != nil {
		t.Errorf("show: %v", err)
	}
	r.tell(host.Event{Event: host.EventShown, Detail: "640x480"}) // once for each showing
	if _, err := d.result(func(done Done) { done(m.Hide()) }); err != nil {
		t.Error(err)
	}
	d.sequence("RAYOS_PRESENTATION:off vm=linux-a kind=linux", "RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:HIDDEN")
	if got, err := d.result(func(done Done) { done(m.Hide()) }); got != "already_hidden" || err != nil {
		t.Errorf("hide again = %q, %v", got, err)
	}
	d.Do(func() { m.Show(func(_ string, err error) { shown <- err }) })
	d.sequence(presented...)
	r.tell(host.Event{Event: host.EventShown, Detail: "640x480"})
	d.sequence(composited...)
	<-shown
	if _, err := d.result(m.Shutdown); err != nil {
		t.Error(err)
	}
	if _, err := d.result(func(done Done) { done(m.Hide()) }); !errors.Is(err, ErrNotRunning) {
		t.Errorf("hide of a machine that is off = %v; want %v", err, ErrNotRunning)
	}
}

func TestAGuestThatDoesNotAnswer(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped)
	r := d.serve("linux-a", vmm.Stopped)
	r.slow = true
	d.sup.patience = time.Millisecond
	d.start()
	m := d.machine("linux-a")
	if _, err := d.result(start(m)); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("start = %v; want %v", err, ErrNoAnswer)
	}
	d.await("@ack LINUX_DESKTOP_HIDDEN_READY err timeout")
	d.Do(func() {
		if m.State() != vmm.Starting {
			t.Errorf("it is %s; want it on its way still", m.State())
		}
	})
	// One that ends meanwhile is waited for no longer.
	d.Do(func() { d.sup.patience = patience })
	ended := make(chan error, 1)
	free := make(chan struct{})
	d.Do(func() { m.Start(func() { close(free) }, func(_ string, err error) { ended <- err }) })
	<-free
	r.become(vmm.Stopped, "the guest has shut down")
	if err := <-ended; !errors.Is(err, ErrNotRunning) {
		t.Errorf("start of a machine that ended = %v; want %v", err, ErrNotRunning)
	}
}

// TestGuestTextIsNoEvent has a guest say events wherever it can say anything.
func TestGuestTextIsNoEvent(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped)
	r := d.serve("linux-a", vmm.Running)
	d.start()
	d.view()
	d.await("@ack LINUX_DESKTOP_HIDDEN_READY ok hidden")
	const evil = "RAYOS_HOST_EVENT_V0:LINUX_SHUTDOWN\nRAYOS_HOST_ACK:X:ok:y\n@ack X ok y\x1b[2J"
	for _, ev := range []host.Event{
		{Event: host.EventConsole, Detail: evil},
		{Event: host.EventReady, What: "wayland", Detail: evil},
		{Event: host.EventReady, What: evil, Detail: evil},
		{Event: host.EventStage, Stage: host.StageAgent, Detail: evil},
		{Event: "clipboard", Detail: evil},
		{Event: host.EventExited, What: evil, Detail: evil},
		{Event: host.EventBlockers, Blockers: []string{evil}},
		{Event: evil, Detail: evil},
	} {
		r.tell(ev)
	}
	r.become(vmm.Failed, evil)
	d.await("RAYOS_HOST_MARKER:LINUX_DESKTOP:failed:")
	for _, line := range d.said {
		_, event := grammar.ParseEvent(grammar.FromHost(line))
		a, ack := grammar.ParseAck(line)
		switch {
		case ack == nil && a.Op != "LINUX_DESKTOP_HIDDEN_READY":
			t.Errorf("the guest has forged %q", line)
		case ack != nil && grammar.CheckMarker(line) != nil:
			t.Errorf("%q is no marker", line)
		case event == nil && !strings.HasPrefix(line, "RAYOS_GUEST_LOG:linux-a:") && !strings.HasPrefix(line, "RAYOS_HOST_MARKER:LINUX_DESKTOP"):
			t.Errorf("%q could be taken for an event", line)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.Contains(r.ops, host.OpShutdown) || slices.ContainsFunc(r.ops, func(op string) bool { return op != host.OpAttach }) {
		t.Errorf("rayos-vm was asked for %q", r.ops)
	}
}

func TestNetworkMarkers(t *testing.T) {
	for _, tc := range []struct{ policy, want string }{
		{"", "off:default_off"},
		{"[linux]\nnetworking = \"off\"\n", "off:explicit"},
		{"[linux]\nnetworking = \"on\"\n", "on:explicit"},
		{"[linux]\nnetworking = \"provisioning_only\"\n", "off:explicit"},
	} {
		d := newDesk(t)
		d.add("linux-a", vmm.Stopped)
		write(t, d.root.Policy(), "version = 0\n[defaults]\nautoboot_vms = false\n"+tc.policy)
		d.serve("linux-a", vmm.Stopped)
		d.start()
		if _, err := d.result(start(d.machine("linux-a"))); err != nil {
			t.Error(err)
		}
		d.await("RAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:" + tc.want)
		d.close()
	}
}

// TestNetworkMarkerOfABuild: an image is made of packages that are fetched.
func TestNetworkMarkerOfABuild(t *testing.T) {
	d := newDesk(t)
	d.start()
	if err := os.WriteFile(d.root.Dir+"/images", nil, 0o600); err != nil { // no folder: it fails at once
		t.Fatal(err)
	}
	if _, err := d.result(func(done Done) { d.sup.VMBuild("linux-micro", func(string) {}, done) }); err == nil {
		t.Error("an image was built")
	}
	d.await("RAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:on:auto_provisioning")
	d.await("RAYOS_HOST_MARKER:VM_BUILD:err:")
}

func TestPolicyDenies(t *testing.T) {
	for _, tc := range []struct {
		policy string
		verb   grammar.Verb
		rule   string
	}{
		{"[linux]\nenabled = false\n", grammar.Show, "linux.enabled"},
		{"[linux]\nenabled = false\n", grammar.Start, "linux.enabled"},
		{"[linux]\nenabled = false\n", grammar.Shutdown, ""},
		{"[linux.devices]\ninput = false\n", grammar.Type, "linux.devices.input"},
		{"[linux.devices]\ninput = false\n", grammar.Show, ""},
		{"[linux.devices]\ngpu = \"none\"\n", grammar.Show, "linux.devices.gpu"},
		{"[linux.devices]\ngpu = \"none\"\n", grammar.Start, ""},
		{"[linux]\nshares = [{ path = \"no such folder\", tag = \"a\" }]\n", grammar.Show, "shares"},
		{"[linux]\nshares = [{ path = \"no such folder\", tag = \"a\" }]\n", grammar.Resume, "shares"},
		{"[linux]\nshares = [{ path = \"no such folder\", tag = \"a\" }]\n", grammar.Shutdown, ""},
		{"[linux]\nfreedom = true\n", grammar.Show, "safe_mode"},
		{"[linux]\nfreedom = true\n", grammar.Build, "safe_mode"},
		{"", grammar.Show, ""},
	} {
		d := newDesk(t)
		d.add("linux-a", vmm.Stopped)
		write(t, d.root.Policy(), "version = 0\n[defaults]\nautoboot_vms = false\n"+tc.policy)
		d.start()
		rule := ""
		d.Do(func() {
			if v := d.sup.Denies(&grammar.Command{Verb: tc.verb, Kind: grammar.Linux, VM: "linux-a"}); v != nil {
				rule = v.Rule
				if err := grammar.CheckMarker(v.Marker()); err != nil {
					t.Error(err)
				}
			}
		})
		if rule != tc.rule {
			t.Errorf("policy %q denies %s by %q; want %q", tc.policy, tc.verb, rule, tc.rule)
		}
	}
}

// TestPolicyIsReadAgain: who asks what policy leaves a machine hears of the file
// as it is now, and that holds from then on. A file that can't be obeyed changes
// nothing.
func TestPolicyIsReadAgain(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped)
	d.start()
	ask := func() (clip vmm.Clipboard, err error) {
		d.Do(func() {
			d.sup.VMPolicy("linux-a", false, func(p control.VMPolicy, e error) {
				if err = e; e == nil {
					clip = p.Effective.(vmm.Effective).Clipboard
				}
			})
		})
		return clip, err
	}
	if c, err := ask(); c != vmm.ClipOff || err != nil {
		t.Fatalf("%s, %v", c, err)
	}
	if err := vmm.EditPolicy(d.root, "linux-a", vmm.RuleClipboard, string(vmm.ClipBoth)); err != nil {
		t.Fatal(err)
	}
	if c, err := ask(); c != vmm.ClipBoth || err != nil {
		t.Errorf("after a change: %s, %v", c, err)
	}
	write(t, d.root.Policy(), "version = 9\n")
	if _, err := ask(); err == nil {
		t.Error("a policy of another version is obeyed")
	}
	d.Do(func() {
		rec, err := d.sup.reg.Get("linux-a")
		if err != nil {
			t.Fatal(err)
		}
		if e := d.sup.policy.Effective(&rec); e.Clipboard != vmm.ClipBoth {
			t.Errorf("afterwards: %+v", e)
		}
	})
}
