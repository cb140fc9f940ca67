package vms

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/control/controltest"
	"rayos/shell/control/grammar"
	"rayos/surfaces"
	"rayos/vmm"
	"rayos/vmm/host"
)

// patience is how long anything may take.
const patience = 30 * time.Second

// desk is a desktop without pixels. Its fields belong to the loop.
type desk struct {
	*controltest.Loop
	t       *testing.T
	root    vmm.Root
	sup     *Supervisor
	markers chan string      // with acknowledgements and events, in order
	said    []string         // all that await has taken
	views   map[string]*view // by the owner's label
	added   chan *view
	gate    atomic.Pointer[gate] // nil lets everybody pass
}

// Post hides that of the loop.
func (d *desk) Post(fn func()) {
	if g := d.gate.Load(); g != nil {
		g.wait()
	}
	d.Loop.Post(fn)
}

// view is a machine's windows that have pixels at once.
type view struct {
	v     Viewer
	owner surfaces.Owner
	shown bool
	at    *vmm.Geometry
	calls []string
}

func (v *view) Show() { v.shown, v.calls = true, append(v.calls, "show"); v.v.ViewPresented() }
func (v *view) Hide() {
	if v.shown {
		v.shown, v.calls = false, append(v.calls, "hide")
		v.at = &vmm.Geometry{X: 7, Y: 8, Width: 640, Height: 480}
	}
}
func (v *view) Shown() bool                 { return v.shown }
func (*view) Busy(bool)                     {}
func (v *view) Raise()                      { v.calls = append(v.calls, "raise") }
func (v *view) Window() (uint32, geom.Size) { return 5, geom.Size{W: 640, H: 480} }
func (v *view) Geometry() *vmm.Geometry     { return v.at }
func (v *view) Close()                      { v.calls = append(v.calls, "close") }

func (d *desk) AddMachine(fd int, owner surfaces.Owner, at *vmm.Geometry, v Viewer) (View, error) {
	n := &view{v: v, owner: owner, at: at}
	d.views[owner.Label] = n
	d.added <- n
	return n, unix.Close(fd)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "rayos-vms-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	root, err := vmm.NewRoot(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		Loop: controltest.NewLoop(), t: t, root: root, markers: make(chan string, 256),
		views: map[string]*view{}, added: make(chan *view, 16),
	}
	t.Cleanup(d.Stop)
	d.sup = New(Options{
		Root: root, Desktop: d, Binary: "/nonexistent", Marker: func(line string) { d.markers <- line }, Ask: d.ask,
		Tell: func(a grammar.Ack) { d.markers <- a.At() }, Notify: func(e grammar.Event) { d.markers <- e.String() },
	})
	return d
}

// ask carries out what windows and policy ask for.
func (d *desk) ask(c grammar.Command, done func(grammar.Ack)) {
	m, err := d.sup.Machine(vmm.ID(c.VM))
	if err != nil {
		d.t.Error(err)
		return
	}
	end := func(detail string, err error) { done(grammar.Ack{Op: c.Op().Name, OK: err == nil, Detail: detail}) }
	switch c.Verb {
	case grammar.Start:
		m.Start(func() {}, end)
	case grammar.Kill:
		m.Kill(end)
	case grammar.Show:
		m.Show(end)
	case grammar.Hide:
		end(m.Hide())
	default:
		d.t.Errorf("asked for %s", c.Line())
	}
}

// start opens the registry. The supervisor is closed with the test.
func (d *desk) start() {
	d.t.Helper()
	d.Do(d.sup.Start)
	d.t.Cleanup(d.close)
}

// close ends the session's part, as a session does that has ended its loop.
func (d *desk) close() {
	d.Stop()
	d.sup.Close()
}

// add puts a machine into the registry that doesn't start by itself.
func (d *desk) add(id vmm.ID, state vmm.State) {
	d.t.Helper()
	write(d.t, d.root.Policy(), "version = 0\n[defaults]\nautoboot_vms = false\n")
	reg, err := vmm.OpenRegistry(d.root)
	if err != nil {
		d.t.Fatal(err)
	}
	defer reg.Close()
	rec := vmm.Record{ID: id, Name: "name of " + string(id), Kind: vmm.Linux, State: state, Devices: vmm.Devices{CPUs: 1, MemMiB: 64}}
	if err := reg.Add(rec); err != nil {
		d.t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// await takes markers until one begins so.
func (d *desk) await(prefix string) string {
	d.t.Helper()
	late := time.After(patience)
	for {
		select {
		case line := <-d.markers:
			d.said = append(d.said, line)
			if strings.HasPrefix(line, prefix) {
				return line
			}
		case <-late:
			d.t.Fatalf("no marker %q", prefix)
		}
	}
}

func (d *desk) view() *view {
	d.t.Helper()
	select {
	case v := <-d.added:
		return v
	case <-time.After(patience):
		d.t.Fatal("no machine was attached")
		return nil
	}
}

// result waits for the end of an operation that begin starts on the loop.
func (d *desk) result(begin func(done Done)) (string, error) {
	d.t.Helper()
	type end struct {
		detail string
		err    error
	}
	ch := make(chan end, 1)
	d.Do(func() { begin(func(detail string, err error) { ch <- end{detail, err} }) })
	select {
	case e := <-ch:
		return e.detail, e.err
	case <-time.After(patience):
		d.t.Fatal("the operation does not end")
		return "", nil
	}
}

func start(m *Machine) func(Done) { return func(done Done) { m.Start(func() {}, done) } }

func (d *desk) machine(id vmm.ID) (m *Machine) {
	d.t.Helper()
	var err error
	d.Do(func() { m, err = d.sup.Machine(id) })
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

// rayosVM is a fake of the process.
type rayosVM struct {
	t  *testing.T
	ln *net.UnixListener

	mu    sync.Mutex
	st    host.Status
	ops   []string
	hangs string // op that is never answered
	slow  bool   // the guest doesn't answer by itself
	hung  chan struct{}
	conns []*net.UnixConn
	// leaves reports whether it lets go of who connects; nil for never.
	leaves atomic.Value
}

func (d *desk) serve(id vmm.ID, state vmm.State) *rayosVM {
	d.t.Helper()
	dir := d.root.VM(vmm.Linux, id)
	if err := dir.Create(); err != nil {
		d.t.Fatal(err)
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: dir.Socket("vm"), Net: "unix"})
	if err != nil {
		d.t.Fatal(err)
	}
	r := &rayosVM{t: d.t, ln: ln, hung: make(chan struct{}, 1)}
	r.st = host.Status{ID: id, State: state, Host: 4710, Size: geom.Size{W: 640, H: 480}, Ready: []string{"first-scanout"}}
	d.t.Cleanup(r.end)
	go func() {
		for {
			c, err := ln.AcceptUnix()
			if err != nil {
				return
			}
			if leaves, ok := r.leaves.Load().(func() bool); ok && leaves() {
				c.Close()
				continue
			}
			r.mu.Lock()
			r.conns = append(r.conns, c)
			r.mu.Unlock()
			go r.talk(c)
		}
	}()
	return r
}

func (r *rayosVM) end() {
	r.ln.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		c.Close()
	}
}

func (r *rayosVM) talk(c *net.UnixConn) {
	in := bufio.NewScanner(c)
	for in.Scan() {
		var q host.Request
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			r.t.Errorf("request %q: %v", in.Bytes(), err)
			return
		}
		r.request(c, &q)
	}
}

func (r *rayosVM) request(c *net.UnixConn, q *host.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if q.Op != host.OpStatus {
		r.ops = append(r.ops, q.Op)
	}
	if q.Op == r.hangs {
		r.hung <- struct{}{}
		return
	}
	a := host.Answer{ID: q.ID, OK: true, Detail: "did " + q.Op}
	switch q.Op {
	case host.OpStart:
		switch {
		case !r.slow:
			r.st.State = vmm.Running
		case !r.st.State.Alive():
			r.st.State = vmm.Starting
		}
	case host.OpShutdown:
		r.st.State = vmm.Stopped
	case host.OpKill:
		r.st.State, r.st.Detail = vmm.Stopped, "killed"
	}
	st := r.st
	a.Status = &st
	r.send(c, a)
}

// send is called with the lock held. Who has gone reads nothing.
func (r *rayosVM) send(c *net.UnixConn, v any) {
	line, err := json.Marshal(v)
	if err != nil {
		r.t.Error(err)
	}
	_, _ = c.Write(append(line, '\n'))
}

// tell sends an event to everybody.
func (r *rayosVM) tell(ev host.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		r.send(c, ev)
	}
}

func TestWhatCantBeReadDisablesMachines(t *testing.T) {
	for _, tc := range []struct {
		name, policy, registry, marker string
	}{
		{"policy", "version = 0\nfreedom = true\n", `{"version":1,"vms":{}}`, "RAYOS_HOST_MARKER:VM_DISABLED:policy:"},
		{"newer registry", "version = 0\n", `{"version":2,"vms":{}}`, "RAYOS_HOST_MARKER:VM_DISABLED:registry:"},
		{"broken registry", "version = 0\n", `{`, "RAYOS_HOST_MARKER:VM_DISABLED:registry:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t)
			write(t, d.root.Policy(), tc.policy)
			write(t, d.root.Registry(), tc.registry)
			d.start()
			d.await(tc.marker)
			d.Do(func() {
				if _, err := d.sup.VMs(); err == nil || !strings.Contains(err.Error(), "disabled") {
					t.Errorf("vm list = %v; want why machines are disabled", err)
				}
			})
			if _, err := d.result(func(done Done) { d.sup.VMBuild("linux-micro", func(string) {}, done) }); err == nil {
				t.Error("an image was built")
			}
			if got, _ := os.ReadFile(d.root.Registry()); string(got) != tc.registry {
				t.Errorf("the registry is %q now; it was %q", got, tc.registry)
			}
		})
	}
}

func TestTheRegistryIsTakenOverFromASessionThatEnds(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped)
	d.serve("linux-a", vmm.Running)
	other, err := vmm.OpenRegistry(d.root)
	if err != nil {
		t.Fatal(err)
	}
	d.start()
	d.await("RAYOS_HOST_MARKER:VM_DISABLED:registry:")
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	d.await("RAYOS_LINUX_VM_READY")
	d.Do(func() {
		if list, err := d.sup.VMs(); err != nil || len(list) != 1 {
			t.Errorf("vm list = %v, %v", list, err)
		}
	})
}

func TestWithoutMachinesNothingIsWritten(t *testing.T) {
	d := newDesk(t)
	d.start()
	if list, err := filepath.Glob(filepath.Join(d.root.Dir, "*")); err != nil || len(list) > 0 {
		t.Errorf("%v, %v in the data folder; want nothing", list, err)
	}
}

func TestShowAndHide(t *testing.T) {
	d := newDesk(t)
	const id = "linux-a"
	d.add(id, vmm.Stopped)
	r := d.serve(id, vmm.Stopped)
	d.start()
	v := d.view()
	m := d.machine(id)
	if want := (surfaces.Owner{
		PID: 4710, UID: uint32(os.Getuid()), GID: uint32(os.Getgid()), Label: "name of linux-a", Trust: surfaces.TrustLinuxGuest,
	}); v.owner != want {
		t.Errorf("owner %+v; want %+v", v.owner, want)
	}
	if _, err := d.result(func(done Done) { m.Type("x", done) }); !errors.Is(err, ErrNotRunning) {
		t.Errorf("typing into a hidden machine = %v; want %v", err, ErrNotRunning)
	}

	// Showing starts it; the answer comes with the first picture.
	shown := make(chan string, 2)
	d.Do(func() { m.Show(func(detail string, err error) { shown <- fmt.Sprint(detail, " ", err) }) })
	d.await("RAYOS_LINUX_DESKTOP_PRESENTED:ok:640x480")
	select {
	case got := <-shown:
		t.Errorf("show was answered %q before a picture was seen", got)
	default:
	}
	r.tell(host.Event{Event: host.EventShown, Detail: "640x480"})
	d.await("RAYOS_LINUX_DESKTOP_FIRST_FRAME:ok:640x480")
	if got := <-shown; got != "presented <nil>" {
		t.Errorf("show was answered %q", got)
	}
	if got, err := d.result(m.Show); got != "already_presented" || err != nil {
		t.Errorf("show again = %q, %v", got, err)
	}
	if got, err := d.result(func(done Done) { m.Type("x", done) }); got != "did type" || err != nil {
		t.Errorf("type = %q, %v", got, err)
	}

	d.Do(func() { v.v.ViewClosed() })
	d.await("RAYOS_PRESENTATION:off vm=linux-a")
	d.Do(func() {
		if m.Shown() || m.State() != vmm.Running || !slices.Equal(v.calls, []string{"show", "raise", "hide"}) {
			t.Errorf("after the close button: shown %v, %s, calls %v", m.Shown(), m.State(), v.calls)
		}
	})
	// A picture that comes late tells nothing.
	r.tell(host.Event{Event: host.EventShown, Detail: "640x480"})
	if _, err := d.result(m.Shutdown); err != nil {
		t.Error(err)
	}
	d.close()
	for len(d.markers) > 0 {
		if line := <-d.markers; strings.Contains(line, "FRAME") || strings.Contains(line, "PRESENTED") {
			t.Errorf("%q while hidden", line)
		}
	}
	reg, err := vmm.OpenRegistry(d.root)
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	rec, err := reg.Get(id)
	if want := (vmm.Geometry{X: 7, Y: 8, Width: 640, Height: 480}); err != nil || rec.Geometry == nil || *rec.Geometry != want || rec.State != vmm.Stopped {
		t.Errorf("registry: %+v, %v; want it stopped at %v", rec, err, want)
	}
}

// TestOutOfReachIsRestarted: what the card of a machine offers that lives, and that
// nobody can speak to, ends it, and it is on the desktop again.
func TestOutOfReachIsRestarted(t *testing.T) {
	d := newDesk(t)
	const id = "linux-a"
	d.add(id, vmm.Stopped)
	r := d.serve(id, vmm.Running)
	r.st.Detail = host.Stuck + ": QEMU doesn't answer"
	d.start()
	v := d.view()
	m := d.machine(id)
	d.await("RAYOS_LINUX_VM_READY") // else it would be started for the show
	d.Do(func() { m.Show(func(string, error) {}) })
	d.await("RAYOS_LINUX_DESKTOP_PRESENTED:ok:640x480")
	d.Do(func() { v.v.ViewAction() })
	d.await("RAYOS_PRESENTATION:off vm=linux-a")
	d.await("RAYOS_LINUX_DESKTOP_PRESENTED:ok:640x480")
	r.mu.Lock()
	ops := slices.DeleteFunc(slices.Clone(r.ops), func(op string) bool { return op != host.OpKill && op != host.OpStart })
	r.mu.Unlock()
	if !slices.Equal(ops, []string{host.OpKill, host.OpStart}) {
		t.Errorf("it was asked to %v", ops)
	}
	d.Do(func() {
		if !m.Shown() || m.State() != vmm.Running {
			t.Errorf("afterwards: shown %v, %s", m.Shown(), m.State())
		}
	})
}

func TestAHungMachineHoldsUpNobody(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped)
	d.add("linux-b", vmm.Stopped)
	a := d.serve("linux-a", vmm.Stopped)
	a.hangs = host.OpStart
	d.serve("linux-b", vmm.Stopped)
	d.start()
	ended := make(chan error, 1)
	ma, mb := d.machine("linux-a"), d.machine("linux-b")
	d.Do(func() { ma.Start(func() {}, func(_ string, err error) { ended <- err }) })
	<-a.hung
	if got, err := d.result(start(mb)); got != "running" || err != nil {
		t.Errorf("start of the other = %q, %v", got, err)
	}
	if _, err := d.result(start(ma)); !errors.Is(err, ErrBusy) {
		t.Errorf("a second start = %v; want %v", err, ErrBusy)
	}
	// Nor does it hold up the end.
	a.end()
	if err := <-ended; err == nil {
		t.Error("an operation on a machine that has gone succeeded")
	}
}

func TestAMachineThatRunsIsFound(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped) // the registry has missed something
	r := d.serve("linux-a", vmm.Running)
	r.st.Process = &vmm.Process{PID: 4711, BootID: "b"}
	d.start()
	d.view()
	d.await("RAYOS_LINUX_VM_READY")
	d.Do(func() {
		if list, err := d.sup.VMs(); err != nil || len(list) != 1 || list[0].State != "running" || list[0].PID != 4711 || list[0].Shown {
			t.Errorf("vm list = %+v, %v", list, err)
		}
	})
	status := func(name string) (id string, err error) {
		return d.result(func(done Done) {
			d.sup.VM(name, func(v control.VM, err error) { done(v.ID, err) })
		})
	}
	if id, err := status("linux"); err != nil || id != "linux-a" {
		t.Errorf("vm status linux = %s, %v", id, err)
	}
	if _, err := status("windows"); err == nil {
		t.Error("there is a windows machine")
	}
}

func TestARayosVMThatCantBeStarted(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Stopped)
	d.start()
	m := d.machine("linux-a")
	if _, err := d.result(start(m)); err == nil || !strings.Contains(err.Error(), "/nonexistent") {
		t.Errorf("start = %v; want what is missing", err)
	}
	if _, err := d.result(m.Show); err == nil {
		t.Error("show succeeded")
	}
	if _, err := d.result(m.Suspend); !errors.Is(err, ErrNotRunning) {
		t.Errorf("suspend = %v; want %v", err, ErrNotRunning)
	}
}

func TestSteps(t *testing.T) {
	for _, from := range vmm.States {
		for _, to := range vmm.States {
			state := from
			for _, e := range steps(from, to) {
				next, err := state.After(e)
				if err != nil {
					t.Fatal(err)
				}
				state = next
			}
			if state != to && state != from {
				t.Errorf("steps from %s to %s lead to %s", from, to, state)
			}
		}
	}
	if got := steps(vmm.Running, vmm.Suspended); !slices.Equal(got, []vmm.Event{vmm.Suspend, vmm.Saved}) {
		t.Errorf("running to suspended: %v", got)
	}
	if got := steps(vmm.Running, vmm.Running); len(got) != 0 {
		t.Errorf("running to running: %v", got)
	}
}

// TestStartRightAfterShutdown: the connection with a rayos-vm that nobody needs
// is let go, and who asks in that moment gets another.
func TestStartRightAfterShutdown(t *testing.T) {
	d := newDesk(t)
	d.add("linux-a", vmm.Running)
	d.serve("linux-a", vmm.Running)
	d.start()
	d.view()
	m := d.machine("linux-a")
	d.Do(func() {
		if m.disconnect(); m.connection() != nil {
			t.Error("a connection that was let go is given to others")
		}
	})
	for range cap(d.added) - 2 {
		_, err := d.result(func(done Done) {
			m.Shutdown(func(detail string, err error) {
				if err != nil {
					done(detail, err)
					return
				}
				m.Start(func() {}, done)
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
