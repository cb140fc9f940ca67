package session

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/shell/vms"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/vmm"
	"rayos/vmm/host"
)

// played is a machine whose process is played by the test: it answers on its
// socket as rayos-vm does, and shows a window by the connection it is given.
type played struct {
	t    *testing.T
	id   vmm.ID
	ln   *net.UnixListener
	hand chan int    // the Wayland connection
	win  *deskWindow // that it shows

	mu    sync.Mutex
	conns []*net.UnixConn
	ops   []string // but for those that ask only
	typed []string
}

// machineDesk is a desk with machines that run, hidden, each with a window.
func machineDesk(t *testing.T, opt Options, machines map[vmm.ID]vmm.Kind) (*desk, map[vmm.ID]*played) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "rayos-said-") // paths of sockets are short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	root, err := vmm.NewRoot(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(root.Policy()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(root.Policy(), []byte("version = 0\n[defaults]\nautoboot_vms = false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	reg, err := vmm.OpenRegistry(root)
	if err != nil {
		t.Fatal(err)
	}
	all := map[vmm.ID]*played{}
	names := map[vmm.Kind]string{vmm.Linux: "Linux desktop", vmm.Windows: "Windows 11"}
	for id, kind := range machines {
		if err := reg.Add(vmm.Record{ID: id, Name: names[kind], Kind: kind, State: vmm.Running, Devices: vmm.Devices{CPUs: 1, MemMiB: 64}}); err != nil {
			t.Fatal(err)
		}
		all[id] = play(t, root, id, kind)
	}
	if err := reg.Close(); err != nil {
		t.Fatal(err)
	}
	opt.Shell = true
	opt.VMs = vms.Options{Root: root, Binary: "/nonexistent"}
	d := newDeskWith(t, opt, geom.Size{W: 1280, H: 720})
	for _, m := range all {
		d.await("a machine is given a connection", func() bool { return len(m.hand) > 0 })
		c := d.speak(<-m.hand)
		w := c.prepare(geom.Size{W: 480, H: 320})
		m.win = w
		manager := &client.RayosGuestManagerV1{}
		c.bind(manager, &protocol.RayosGuestManagerV1Interface, 1)
		manager.GetGuest(w.top)
		configured := w.xdg.OnConfigure
		w.xdg.OnConfigure = func(serial uint32) {
			// Who is hidden is told of no frame.
			w.surface.Frame().OnDone = func(uint32) { m.tell(host.Event{Event: host.EventShown, Detail: "480x320"}) }
			configured(serial)
		}
		w.surface.Commit()
		d.talk()
	}
	return d, all
}

func play(t *testing.T, root vmm.Root, id vmm.ID, kind vmm.Kind) *played {
	t.Helper()
	dir := root.VM(kind, id)
	if err := dir.Create(); err != nil {
		t.Fatal(err)
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: dir.Socket("vm"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	p := &played{t: t, id: id, ln: ln, hand: make(chan int, 1)}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := ln.AcceptUnix()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.conns = append(p.conns, c)
			p.mu.Unlock()
			done.Go(func() { p.talk(c) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		done.Wait()
	})
	return p
}

// talk answers requests until the session goes.
func (p *played) talk(c *net.UnixConn) {
	var line []byte
	buf, oob := make([]byte, host.MaxLine), make([]byte, unix.CmsgSpace(4))
	for {
		n, ctl, _, _, err := c.ReadMsgUnix(buf, oob)
		if err != nil || n == 0 {
			return
		}
		if list, err := unix.ParseSocketControlMessage(oob[:ctl]); err == nil {
			for i := range list {
				fds, err := unix.ParseUnixRights(&list[i])
				if err != nil {
					p.t.Error(err)
					return
				}
				p.hand <- fds[0]
			}
		}
		for _, b := range buf[:n] {
			if b != '\n' {
				line = append(line, b)
				continue
			}
			if !p.request(c, line) {
				return
			}
			line = line[:0]
		}
	}
}

func (p *played) request(c *net.UnixConn, line []byte) bool {
	var q host.Request
	if err := json.Unmarshal(line, &q); err != nil {
		p.t.Errorf("request %q: %v", line, err)
		return false
	}
	p.mu.Lock()
	if q.Op != host.OpStatus && q.Op != host.OpAttach {
		p.ops = append(p.ops, q.Op)
	}
	if q.Op == host.OpType {
		p.typed = append(p.typed, q.Text)
	}
	p.mu.Unlock()
	out, err := json.Marshal(host.Answer{ID: q.ID, OK: true, Detail: "did " + q.Op, Status: &host.Status{
		ID: p.id, State: vmm.Running, Host: os.Getpid(), Size: geom.Size{W: 480, H: 320}, Ready: []string{"first-scanout"}, Attached: true,
	}})
	if err != nil {
		p.t.Error(err)
		return false
	}
	_, err = c.Write(append(out, '\n'))
	return err == nil
}

// tell says something that nobody asked for.
func (p *played) tell(ev host.Event) {
	out, err := json.Marshal(ev)
	if err != nil {
		p.t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_, _ = c.Write(append(out, '\n')) // who has gone reads nothing
	}
}

// heard is what the machine was asked to do, and what was typed into it.
func (p *played) heard() (ops, typed []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.ops), slices.Clone(p.typed)
}
