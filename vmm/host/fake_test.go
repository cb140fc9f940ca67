package host

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rayos/vmm/agent"
)

// fakeEnv makes the test's binary a QEMU that behaves as its value says: words,
// separated by commas.
const fakeEnv = "RAYOS_FAKE_QEMU"

// fakeVersion is what it says it is.
const fakeVersion = "7.2.22"

// fakeQEMU writes a program that is such a QEMU. Each run of it adds a line to
// the file runs in dir.
func fakeQEMU(t *testing.T, dir, behaviour string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "qemu")
	text := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = --version ] || echo run >>%s/runs\n%s=%s exec %s \"$@\"\n", dir, fakeEnv, behaviour, self)
	// Written and renamed: a program that is open for writing can't run.
	if err := os.WriteFile(path+".new", []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	return path
}

// fake is the QEMU that the binary is then.
type fake struct {
	does    []string
	args    []string
	conn    net.Conn
	in      *fakeReader // of conn
	out     *json.Encoder
	named   map[string]*os.File // descriptors by the names that getfd gave
	agent   *agent.Server
	stopped bool
	met     bool // somebody has connected with the monitor
}

// fakeFile has the behaviour of a fake that others start, who give it no
// environment: it is beside the program's folder, where the files of a QEMU in
// a tree of its own are.
const fakeFile = "share/fake-qemu"

// FakeMain runs it. TestMain calls it first of all.
func FakeMain() {
	behaviour, ok := os.LookupEnv(fakeEnv)
	if !ok {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(os.Args[0])), fakeFile))
		if err != nil {
			return
		}
		behaviour = strings.TrimSpace(string(text))
	}
	f := &fake{does: strings.Split(behaviour, ","), args: os.Args[1:]}
	if slices.Contains(os.Args, "--version") {
		fmt.Println("QEMU emulator version " + fakeVersion)
		os.Exit(0)
	}
	signal.Ignore(syscall.SIGPIPE)
	if err := f.run(); err != nil {
		fmt.Fprintln(os.Stderr, "fake:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (f *fake) is(word string) bool { return slices.Contains(f.does, word) }

// socket listens where a chardev says.
func (f *fake) socket(id string) (net.Listener, error) {
	for _, a := range f.args {
		if rest, ok := strings.CutPrefix(a, "socket,id="+id+",path="); ok {
			path, _, _ := strings.Cut(rest, ",server")
			return net.Listen("unix", path)
		}
		if rest, ok := strings.CutPrefix(a, "socket,id="+id+",fd="); ok {
			number, _, _ := strings.Cut(rest, ",")
			fd, err := strconv.Atoi(number)
			if err != nil {
				return nil, err
			}
			return net.FileListener(os.NewFile(uintptr(fd), id))
		}
	}
	return nil, fmt.Errorf("no chardev %s", id)
}

func (f *fake) value(option string) string {
	if i := slices.Index(f.args, option); i >= 0 && i+1 < len(f.args) {
		return f.args[i+1]
	}
	return ""
}

func (f *fake) run() error {
	if f.is("bad-arguments") {
		return fmt.Errorf("-device nonsense: no such device")
	}
	if f.is("noisy") {
		for range 1 << 14 {
			fmt.Fprintln(os.Stderr, strings.Repeat("noise ", 100))
		}
	}
	for _, a := range f.args {
		if _, path, ok := strings.Cut(a, "mem-path="); ok {
			path, _, _ = strings.Cut(path, ",")
			if ram, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err == nil {
				var mib int64
				fmt.Sscan(f.value("-m"), &mib)
				ram.Truncate(mib << 20)
				ram.Close()
			}
		}
	}
	for _, id := range []string{"agent", "serial", "qga"} {
		l, err := f.socket(id)
		if err != nil {
			return err
		}
		go f.serve(id, l)
	}
	l, err := f.socket("qmp")
	if err != nil {
		return err
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		f.conn, f.out = conn, json.NewEncoder(conn)
		if err := f.monitor(); err != io.EOF {
			return err
		}
	}
}

func (f *fake) serve(id string, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		switch {
		case id == "agent" && f.is("mute"):
		case id == "agent" && f.is("agent-flood"):
			go f.flood(conn)
		case id == "agent" && f.is("garbage"):
			go func() {
				for {
					if _, err := conn.Write([]byte(strings.Repeat("RYA1\xff\x00garbage{}", 1000))); err != nil {
						return
					}
				}
			}()
		case id == "qga":
			go f.guestAgent(conn)
		case id == "agent":
			f.agent = agent.NewServer(conn, f.answer)
			go f.agent.Serve()
		default:
			go io.Copy(io.Discard, conn)
		}
	}
}

func (f *fake) answer(op string, m *agent.Message) (any, error) {
	switch op {
	case agent.OpHello:
		h := agent.Hello{Version: agent.Version, Agent: "fake", System: "Fake"}
		if f.is("gives-up") {
			// What it says is no event, acknowledgement or marker of anybody's.
			time.AfterFunc(100*time.Millisecond, func() {
				f.event("SHUTDOWN", map[string]any{"guest": true, "reason": "guest-shutdown"})
				os.Exit(0)
			})
			h.Failed = "rootfs \x1b[2J gone\nRAYOS_READY\n@ack FIRST_FRAME_PRESENTED ok initial_frame"
		}
		return h, nil
	case agent.OpPing, agent.OpTime:
		return nil, nil
	case agent.OpShutdown:
		if f.is("no-shutdown") {
			return nil, agent.Refusal("busy")
		}
		f.event("SHUTDOWN", map[string]any{"guest": true, "reason": "guest-shutdown"})
		time.AfterFunc(10*time.Millisecond, func() { os.Exit(0) })
		return nil, nil
	}
	return nil, agent.Refusal(agent.ErrUnknown)
}

// guestAgent is qemu-guest-agent, if there is to be one.
func (f *fake) guestAgent(conn net.Conn) {
	for in := bufio.NewScanner(conn); in.Scan(); {
		if !f.is("qga") {
			continue
		}
		line, mark := strings.TrimPrefix(in.Text(), "\xff"), ""
		var c struct {
			Execute   string
			Arguments struct{ ID int64 }
		}
		var result any = object{}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			fmt.Fprintln(os.Stderr, "fake: guest agent:", err)
			os.Exit(1)
		}
		switch c.Execute {
		case "guest-sync-delimited":
			result, mark = c.Arguments.ID, "\xff"
		case "guest-get-osinfo":
			result = object{"id": "mswindows", "pretty-name": "Windows 11\x1b[2J"}
		case "guest-shutdown":
			f.event("SHUTDOWN", object{"guest": true, "reason": "guest-shutdown"})
			os.Exit(0)
		}
		answer, _ := json.Marshal(object{"return": result})
		fmt.Fprintf(conn, "%s%s\n", mark, answer)
	}
}

type object = map[string]any

func (f *fake) event(name string, data object) { f.out.Encode(object{"event": name, "data": data}) }

func (f *fake) monitor() error {
	if f.is("silent") || f.is("once") && f.met {
		select {}
	}
	f.met = true
	if f.is("no-qmp") {
		fmt.Fprintln(f.conn, "220 mail.example.com ESMTP")
	} else {
		f.out.Encode(object{"QMP": object{"version": object{"qemu": object{"major": 7, "minor": 2, "micro": 22}}}})
	}
	f.in = &fakeReader{conn: f.conn.(*net.UnixConn)}
	f.named = map[string]*os.File{}
	in := bufio.NewScanner(f.in)
	for in.Scan() {
		var c struct {
			Execute   string
			ID        uint64
			Arguments struct{ FDName string }
		}
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			return err
		}
		switch c.Execute {
		case "getfd":
			f.named[c.Arguments.FDName] = f.in.file()
		case "add_client":
			go f.display(f.named[c.Arguments.FDName])
		}
		result, err := f.command(c.Execute)
		if err != nil {
			f.out.Encode(object{"id": c.ID, "error": object{"class": "GenericError", "desc": err.Error()}})
			continue
		}
		f.out.Encode(object{"id": c.ID, "return": result})
		f.after(c.Execute)
		if c.Execute == "query-uuid" {
			f.nonsense()
		}
	}
	return io.EOF
}

func (f *fake) command(name string) (any, error) {
	switch name {
	case "query-uuid":
		if f.is("other-uuid") {
			return object{"UUID": "00000000-0000-4000-8000-000000000000"}, nil
		}
		return object{"UUID": f.value("-uuid")}, nil
	case "query-status":
		if f.stopped {
			return object{"status": "paused"}, nil
		}
		return object{"status": "running"}, nil
	case "query-migrate":
		if f.is("blocked") {
			return object{"blocked-reasons": []string{"a share is mounted"}}, nil
		}
		return object{"status": "failed", "error-desc": "the disk is full"}, nil
	case "migrate-incoming":
		if f.is("bad-state") {
			return nil, fmt.Errorf("the state is of another machine")
		}
	case "stop":
		f.stopped = true
	case "cont":
		if f.is("dies-at-cont") {
			os.Exit(1)
		}
		f.stopped = false
	}
	return object{}, nil
}

// after is what happens once a command is answered.
func (f *fake) after(name string) {
	switch name {
	case "migrate":
		if f.is("full-disk") {
			f.event("MIGRATION", object{"status": "failed"})
			return
		}
		f.event("MIGRATION", object{"status": "active"})
		f.event("MIGRATION", object{"status": "completed"})
	case "migrate-incoming":
		f.event("MIGRATION", object{"status": "completed"})
	case "system_powerdown":
		if f.is("no-acpi") {
			return
		}
		os.Exit(0)
	case "quit":
		if f.is("no-quit") {
			return
		}
		os.Exit(0)
	case "query-balloon": // what the tests use to make it crash
		fmt.Fprintln(os.Stderr, "assertion failed")
		os.Exit(134)
	}
}
