package pulse

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const within = 30 * time.Second

// serve answers one connection at a time until the test ends.
func serve(t *testing.T, answer func(conn net.Conn, command, tag uint32, r *Reader)) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "native")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			for {
				p, err := ReadPacket(conn, nil)
				if err != nil {
					break
				}
				r := Reader{B: p}
				answer(conn, r.U32(), r.U32(), &r)
			}
			conn.Close()
		}
	}()
	return path
}

func say(t *testing.T, conn net.Conn, b []byte) {
	if _, err := conn.Write(b); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// reply is a packet that answers, with numbers.
func reply(tag uint32, numbers ...uint32) []byte {
	w := NewWriter(Reply, tag)
	for _, n := range numbers {
		w.U32(n)
	}
	return w.Packet()
}

func TestConn(t *testing.T) {
	var greeted []byte
	path := serve(t, func(conn net.Conn, command, tag uint32, r *Reader) {
		switch command {
		case Auth:
			say(t, conn, reply(tag, Version|0x80000000))
		case SetClientName:
			greeted = slices.Clone(r.B)
			say(t, conn, reply(tag))
		case Subscribe:
			say(t, conn, slices.Concat(NewWriter(SubscribeEvent, Invalid).Packet(), reply(tag, 42)))
		default:
			conn.Close()
		}
	})
	told := make(chan uint32, 1)
	c, err := Connect(path, []string{"application.name", "test"}, func(command uint32, _ *Reader) { told <- command })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !strings.Contains(string(greeted), "test\x00") {
		t.Errorf("it was greeted by %q", greeted)
	}
	b, err := c.Ask(Subscribe, func(*Writer) {})
	r := Reader{B: b}
	if n := r.U32(); err != nil || n != 42 {
		t.Errorf("%d, %v", n, err)
	}
	if got := <-told; got != SubscribeEvent {
		t.Errorf("told of %d", got)
	}
	if c.Err() != nil {
		t.Error(c.Err())
	}
	if _, err := c.Ask(GetSinkInfo, func(*Writer) {}); err == nil {
		t.Error("a server that hangs up answers")
	}
	select {
	case <-c.Done():
	case <-time.After(within):
		t.Fatal("the end isn't told")
	}
	if c.Err() == nil {
		t.Error("it has ended for no reason")
	}
}

// TestGreetingIsSigned: a server that asks for credentials only when the greeting
// has come has them nevertheless.
func TestGreetingIsSigned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "native")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ended := make(chan error, 1)
	go func() {
		_, err := Connect(path, nil, nil)
		ended <- err
	}()
	conn, err := l.AcceptUnix()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	// It is there before it is asked for.
	if err := raw.Read(func(fd uintptr) bool {
		n, _, err := unix.Recvfrom(int(fd), make([]byte, 1), unix.MSG_PEEK|unix.MSG_DONTWAIT)
		return n > 0 || err != unix.EAGAIN
	}); err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PASSCRED, 1) }); err != nil {
		t.Fatal(err)
	}
	b, oob := make([]byte, 1024), make([]byte, 128)
	_, n, _, _, err := conn.ReadMsgUnix(b, oob)
	if err != nil {
		t.Fatal(err)
	}
	list, err := unix.ParseSocketControlMessage(oob[:n])
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v; want credentials", list, err)
	}
	who, err := unix.ParseUnixCredentials(&list[0])
	if err != nil || int(who.Pid) != os.Getpid() || int(who.Uid) != os.Getuid() {
		t.Errorf("%+v, %v; want process %d", who, err, os.Getpid())
	}
	conn.Close()
	<-ended
}

func TestServersThatFail(t *testing.T) {
	for name, answer := range map[string]func(conn net.Conn, tag uint32){
		"is too old":    func(conn net.Conn, tag uint32) { say(t, conn, reply(tag, Version-1)) },
		"says nothing":  func(conn net.Conn, tag uint32) { say(t, conn, reply(tag)) },
		"hangs up":      func(conn net.Conn, _ uint32) { conn.Close() },
		"sends garbage": func(conn net.Conn, _ uint32) { say(t, conn, []byte(strings.Repeat("garbage ", 8))) },
		"refuses": func(conn net.Conn, tag uint32) {
			w := NewWriter(Error, tag)
			w.U32(1)
			say(t, conn, w.Packet())
		},
		"answers what nobody asked": func(conn net.Conn, tag uint32) {
			w := NewWriter(Error, tag)
			w.U32(3)
			say(t, conn, slices.Concat(reply(tag+1000, Version), w.Packet()))
		},
	} {
		path := serve(t, func(conn net.Conn, _, tag uint32, _ *Reader) { answer(conn, tag) })
		if _, err := Connect(path, nil, nil); err == nil {
			t.Errorf("one that %s is a server", name)
		}
	}
	if _, err := Connect(filepath.Join(t.TempDir(), "none"), nil, nil); !errors.Is(err, ErrNone) {
		t.Errorf("none: %v; want ErrNone", err)
	}
	if _, err := Connect("", nil, nil); !errors.Is(err, ErrNone) {
		t.Errorf("no address: %v; want ErrNone", err)
	}
}

func TestAddress(t *testing.T) {
	for _, c := range []struct{ server, runtime, xdg, want string }{
		{"", "", "", ""},
		{"", "", "/run/user/1", "/run/user/1/pulse/native"},
		{"", "/run/p", "/run/user/1", "/run/p/native"},
		{"unix:/a", "/run/p", "/run/user/1", "/a"},
		{"tcp:host /b", "", "/run/user/1", "/b"},
		{"tcp:host", "", "/run/user/1", ""},
		{"", "relative", "relative", ""},
	} {
		t.Setenv("PULSE_SERVER", c.server)
		t.Setenv("PULSE_RUNTIME_PATH", c.runtime)
		t.Setenv("XDG_RUNTIME_DIR", c.xdg)
		if got := Address(); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestAwait(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "pulse", "native")
	there, stop := Await(path)
	t.Cleanup(stop)
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	now, stopNow := Await(path)
	t.Cleanup(stopNow)
	for _, c := range []<-chan error{there, now} {
		select {
		case err := <-c:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(within):
			t.Fatal("the socket isn't seen")
		}
	}
	never, end := Await(filepath.Join(dir, "none"))
	end()
	end()
	select {
	case err := <-never:
		if !errors.Is(err, ErrNone) {
			t.Errorf("stopped: %v; want ErrNone", err)
		}
	case <-time.After(within):
		t.Fatal("the wait doesn't end")
	}
	lost, stopLost := Await(filepath.Join(dir, "a", "b", "c"))
	t.Cleanup(stopLost)
	if err := <-lost; err == nil {
		t.Error("a path whose folders aren't there can be awaited")
	}
}

// TestWatch: a server that comes again is told of, though its folder has gone.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "pulse", "native")
	w, err := NewWatch(path)
	if err != nil {
		t.Fatal(err)
	}
	told := func(what string) {
		t.Helper()
		deadline := time.After(within)
		for {
			select {
			case <-w.C:
				if _, err := os.Stat(path); err == nil {
					return
				}
			case <-deadline:
				t.Fatal(what + ": nothing is told")
			}
		}
	}
	for _, what := range []string{"first", "second"} {
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		told(what)
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for range w.C {
	}
}
