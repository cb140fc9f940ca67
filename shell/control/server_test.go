package control_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

// start serves a fake session on a socket.
func start(t *testing.T) (*controltest.Session, *controltest.Loop, *control.Server) {
	t.Helper()
	s, l := controltest.New(), controltest.NewLoop()
	srv, err := control.Listen(filepath.Join(t.TempDir(), "c.sock"), l, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.Stop()
		if err := srv.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return s, l, srv
}

func dial(t *testing.T, path string) *control.Client {
	t.Helper()
	c, err := control.Dial(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// raw speaks the protocol by hand.
type raw struct {
	*net.UnixConn
	r *bufio.Reader
	t *testing.T
}

func dialRaw(t *testing.T, path string) raw {
	t.Helper()
	c, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return raw{c, bufio.NewReader(c), t}
}

func (r raw) say(format string, args ...any) {
	r.t.Helper()
	if _, err := fmt.Fprintf(r, format+"\n", args...); err != nil {
		r.t.Fatal(err)
	}
}

func (r raw) hear() string {
	r.t.Helper()
	line, err := r.r.ReadString('\n')
	if err != nil {
		r.t.Fatalf("ReadString = %q, %v", line, err)
	}
	return strings.TrimSuffix(line, "\n")
}

func TestCommandsReachTheSession(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	tests := []struct{ cmd, args, call, want string }{
		{"focus", `{"window":1}`, "focus 1", `"ok":true`},
		{"focus", `{"window":"foot"}`, "focus 1", `"ok":true`},
		{"focus", `{"window":"~"}`, "focus 1", `"ok":true`},
		{"focus", `{"window":"focused"}`, "focus 2", `"ok":true`},
		{"focus", `{"window":9}`, "", `"code":"no-window"`},
		{"focus", `{"window":"nobody"}`, "", `"code":"no-window"`},
		{"focus", `{}`, "", `"code":"bad-args"`},
		{"focus", `{"window":1,"x":2}`, "", `"code":"bad-args"`},
		{"move", `{"window":1,"x":-5,"y":"7"}`, "move 1 -5,7", `"ok":true`},
		{"move", `{"window":1,"x":1e99,"y":7}`, "", `"code":"bad-args"`},
		{"resize", `{"window":1,"size":"800x600"}`, "resize 1 800x600", `"ok":true`},
		{"resize", `{"window":1,"size":"0x600"}`, "", `"code":"bad-args"`},
		{"resize", `{"window":1,"size":"2147483648x1"}`, "", `"code":"bad-args"`},
		{"close", `{"window":2}`, "close 2", `"ok":true`},
		{"state", `{"window":2,"state":"top-left"}`, "state 2 top-left", `"ok":true`},
		{"state", `{"window":2,"state":"explode"}`, "", `"code":"bad-args"`},
		{"workspace", `{"n":3}`, "workspace 3", `"ok":true`},
		{"workspace", `{"n":3,"window":"foot"}`, "send 1 to 3", `"ok":true`},
		{"workspace", `{"n":-1}`, "", `"code":"bad-args"`},
		{"workspaces", `{}`, "", `"shown":true`},
		{"workspace add", `{"name":"mail"}`, `workspace "mail"`, `"name":"4"`},
		{"workspace remove", `{"n":2}`, "remove workspace 2", `"ok":true`},
		{"screenshot", `{"output":"HEADLESS-1"}`, "screenshot {Window:0 Region:0x0+0+0 Output:HEADLESS-1 Cursor:false}", `"png":"`},
		{"screenshot", `{"window":2,"cursor":true}`, "screenshot {Window:2 Region:0x0+0+0 Output: Cursor:true}", `"width":2`},
		{"screenshot", `{"window":2,"output":"x"}`, "", `"code":"bad-args"`},
		{"screenshot", `{"file":"/etc/passwd"}`, "", `"code":"bad-args"`},
		{"input type", `{"text":"hé\n"}`, `type "hé\n"`, `"ok":true`},
		{"input key", `{"chord":"ctrl+T"}`, "tap ctrl+T", `"ok":true`},
		{"input key", `{"chord":"shift","press":true}`, "press shift", `"ok":true`},
		{"input key", `{"chord":"a","press":true,"release":true}`, "", `"code":"bad-args"`},
		{"input key", `{"chord":"a+b"}`, "", `"code":"bad-args"`},
		{"input pointer", `{"x":1.5,"y":-2}`, "pointer 1.5,-2 relative=false", `"ok":true`},
		{"input pointer", `{"x":"NaN","y":0}`, "", `"code":"bad-args"`},
		{"input click", `{}`, "button 0x110 tap", `"ok":true`},
		{"input click", `{"button":"right","count":2,"at":"3,4"}`, "pointer 3,4 relative=false\nbutton 0x111 tap\nbutton 0x111 tap", `"ok":true`},
		{"input scroll", `{"dx":0,"dy":-1.5}`, "scroll 0,-1.5", `"ok":true`},
		{"input gesture", `{"kind":"pinch","dx":3,"scale":2,"rotation":-10}`, "gesture {Kind:pinch Fingers:2 Delta:{X:3 Y:0} Scale:2 Rotation:-10}", `"ok":true`},
		{"input gesture", `{"kind":"swipe","dx":3,"dy":4,"fingers":3}`, "gesture {Kind:swipe Fingers:3 Delta:{X:3 Y:4} Scale:1 Rotation:0}", `"ok":true`},
		{"input gesture", `{"kind":"wave"}`, "", `"code":"bad-args"`},
		{"input pen", `{"x":3,"y":4,"away":true}`, "pen {At:{X:3 Y:4} Pressure:0.5 Hover:false Away:true Action:tap}", `"ok":true`},
		{"input pen", `{"x":3,"y":4,"pressure":1,"press":true}`, "pen {At:{X:3 Y:4} Pressure:1 Hover:false Away:false Action:press}", `"ok":true`},
		{"input pen", `{"x":3,"y":4,"pressure":2}`, "", `"code":"bad-args"`},
		{"input pen", `{"x":3,"y":4,"press":true,"release":true}`, "", `"code":"bad-args"`},
		{"outputs", `{}`, "", `"name":"HEADLESS-1"`},
		{"windows", `{}`, "", `"app_id":"foot"`},
		{"output add", `{"size":"800x600","scale":1.25}`, "add {Name: Size:800x600 Scale:150 Refresh:60000 Transform:normal}", `"name":"HEADLESS-2"`},
		{"output add", `{"size":"8x6","transform":"flipped-90"}`, "add {Name: Size:8x6 Scale:120 Refresh:60000 Transform:flipped-90}", `"name":"HEADLESS-2"`},
		{"output add", `{"size":"8x6","transform":"45"}`, "", `"code":"bad-args"`},
		{"output add", `{"size":"800x600","scale":99}`, "", `"code":"bad-args"`},
		{"output remove", `{"name":"HEADLESS-1"}`, "remove HEADLESS-1", `"ok":true`},
		{"wait", `{"window":"foot"}`, "wait {Window:foot Gone:false Idle:false Frames:0 Output:}", `"app_id":"foot"`},
		{"wait", `{"idle":true}`, "wait {Window: Gone:false Idle:true Frames:0 Output:}", `"ok":true`},
		{"wait", `{"idle":true,"frames":3}`, "", `"code":"bad-args"`},
		{"wait", `{}`, "", `"code":"bad-args"`},
		{"wait", `{"idle":true,"timeout":"-1s"}`, "", `"code":"bad-args"`},
		{"stats", `{}`, "", `"wakeups":99`},
		{"version", `{}`, "", `"name":"rayos test"`},
		{"run", `{"app":"tally","args":"a b"}`, `run tally ["a" "b"]`, `"name":"started"`},
		{"run", `{}`, "", `"code":"bad-args"`},
		{"app running", `{}`, "", `"state":"running"`},
		{"app stop", `{"app":"tally"}`, "stop tally", `"ok":true`},
		{"quit", `{}`, "quit", `"ok":true`},
		{"input", `{}`, "", `"code":"unknown-command"`},
		{"focus now", `{}`, "", `"code":"unknown-command"`},
	}
	for i, tt := range tests {
		l.Do(func() { s.Log = nil })
		c.say(`{"id":%d,"cmd":%q,"args":%s}`, i, tt.cmd, tt.args)
		got := c.hear()
		if !strings.HasPrefix(got, fmt.Sprintf(`{"id":%d,`, i)) || !strings.Contains(got, tt.want) {
			t.Errorf("%s %s = %s; want %s", tt.cmd, tt.args, got, tt.want)
		}
		l.Do(func() {
			if calls := strings.Join(s.Log, "\n"); calls != tt.call {
				t.Errorf("%s %s called %q; want %q", tt.cmd, tt.args, calls, tt.call)
			}
		})
	}
}

func TestAnswerComesAfterTheEffect(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	l.Do(func() { s.Hold = true })
	c.say(`{"id":1,"cmd":"resize","args":{"window":1,"size":"5x5"}}`)
	<-s.Changed
	c.say(`{"id":2,"cmd":"version"}`)
	if got := c.hear(); !strings.HasPrefix(got, `{"id":2,`) {
		t.Fatalf("first answer = %s; want that of 2, for 1 is not done", got)
	}
	l.Do(func() { s.Release(nil) })
	if got := c.hear(); got != `{"id":1,"ok":true}` {
		t.Errorf("answer = %s", got)
	}
	c.say(`{"id":3,"cmd":"close","args":{"window":1}}`)
	<-s.Changed
	l.Do(func() { s.Release(errors.New("it asks to save")) })
	if got := c.hear(); got != `{"id":3,"ok":false,"error":{"code":"failed","message":"it asks to save"}}` {
		t.Errorf("answer = %s", got)
	}
}

func TestEffectThatDoesNotComeTimesOut(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	l.Do(func() { s.Hold = true })
	c.say(`{"id":1,"cmd":"wait","args":{"idle":true,"timeout":0.01}}`)
	if got := c.hear(); !strings.Contains(got, `"code":"timeout"`) {
		t.Errorf("answer = %s; want a timeout", got)
	}
	l.Do(func() {
		if s.Held() != 0 {
			t.Error("the session was not told that nobody waits any more")
		}
	})
}

func TestDisconnectCancelsEffects(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	l.Do(func() { s.Hold = true })
	c.say(`{"id":1,"cmd":"wait","args":{"idle":true}}`)
	<-s.Changed
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	<-s.Changed // by cancel
	l.Do(func() {
		if s.Held() != 0 {
			t.Error("an effect is under way for a client that has gone")
		}
	})
}

func TestRequestsUnderWayAreBounded(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	l.Do(func() { s.Hold = true })
	for i := range 40 {
		c.say(`{"id":%d,"cmd":"wait","args":{"idle":true}}`, i)
	}
	for range 16 {
		<-s.Changed
	}
	for left := 40; left > 0; {
		held := 0
		l.Do(func() {
			held = s.Held()
			if held > 16 {
				t.Errorf("%d requests under way; want at most 16", held)
			}
			s.Release(nil)
		})
		for range held {
			c.hear()
		}
		left -= held
		for range min(left, held) {
			<-s.Changed
		}
	}
}

func TestBadRequests(t *testing.T) {
	_, _, srv := start(t)
	c := dialRaw(t, srv.Path())
	for _, line := range []string{"", "{", "7", `{"id":1,"cmd":"windows"} x`, `{"id":1,"cmd":"windows","more":1}`, `{"id":"x"}`, "\xff"} {
		c.say("%s", line)
		if got := c.hear(); !strings.Contains(got, `"code":"bad-request"`) {
			t.Errorf("%q = %s; want bad-request", line, got)
		}
	}
	// The server does not read to the end of what is too long.
	if _, err := c.Write([]byte(strings.Repeat("x", 70<<10))); err != nil && !errors.Is(err, unix.EPIPE) {
		t.Fatal(err)
	}
	if got := c.hear(); !strings.Contains(got, "longer than") {
		t.Errorf("a long line = %s", got)
	}
	if line, err := c.r.ReadString('\n'); err == nil {
		t.Errorf("after a long line = %q; want the end", line)
	}
}

func TestPanicCostsOneAnswer(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	l.Do(func() { s.Panic = true })
	c.say(`{"id":1,"cmd":"focus","args":{"window":1}}`)
	if got := c.hear(); !strings.Contains(got, `"code":"internal"`) {
		t.Errorf("answer = %s; want internal", got)
	}
	c.say(`{"id":2,"cmd":"focus","args":{"window":1}}`)
	if got := c.hear(); got != `{"id":2,"ok":true}` {
		t.Errorf("answer = %s", got)
	}
}

func TestHalfClosedClientGetsItsAnswers(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	l.Do(func() { s.Hold = true })
	if _, err := fmt.Fprint(c, `{"id":1,"cmd":"wait","args":{"idle":true}}`+"\n"+`{"id":2,"cmd":"version"}`); err != nil {
		t.Fatal(err)
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	<-s.Changed
	if got := c.hear(); !strings.HasPrefix(got, `{"id":2,"ok":true`) {
		t.Errorf("answer = %s", got)
	}
	l.Do(func() { s.Release(nil) })
	if got := c.hear(); got != `{"id":1,"ok":true}` {
		t.Errorf("answer = %s", got)
	}
	if line, err := c.r.ReadString('\n'); err == nil {
		t.Errorf("then %q; want the end", line)
	}
}

func TestCloseSendsReadyAnswers(t *testing.T) {
	s, l, srv := start(t)
	c := dialRaw(t, srv.Path())
	c.say(`{"id":1,"cmd":"quit"}`)
	<-s.Quits
	// What follows in the session: the loop ends, then the server.
	l.Do(func() {})
	l.Stop()
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	if got := c.hear(); got != `{"id":1,"ok":true}` {
		t.Errorf("answer = %s", got)
	}
	if _, err := os.Lstat(srv.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Lstat(socket) = %v; want it removed", err)
	}
}

func TestSocketIsTakenOverOnlyFromTheDead(t *testing.T) {
	_, l, srv := start(t)
	if _, err := control.Listen(srv.Path(), l, controltest.New()); err == nil || !strings.Contains(err.Error(), "another session") {
		t.Errorf("Listen on a socket in use = %v", err)
	}
	dir := t.TempDir()
	dead := filepath.Join(dir, "dead.sock")
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: dead, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	ln.SetUnlinkOnClose(false)
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := control.Listen(dead, l, controltest.New())
	if err != nil {
		t.Fatalf("Listen on a dead socket = %v", err)
	}
	if info, err := os.Stat(dead); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("Stat(socket) = %v, %v; want mode 0600", info.Mode(), err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := control.Listen(file, l, controltest.New()); err == nil {
		t.Error("Listen over a file = nil; want an error")
	}
	if b, err := os.ReadFile(file); string(b) != "precious" {
		t.Errorf("ReadFile = %q, %v", b, err)
	}
}

// TestOtherUsersAreRefused connects from a thread that has become nobody.
func TestOtherUsersAreRefused(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	_, _, srv := start(t)
	if err := os.Chmod(srv.Path(), 0o666); err != nil {
		t.Fatal(err)
	}
	// The socket is reached through a descriptor, since nobody may not enter
	// the directory.
	dir, err := os.Open(filepath.Dir(srv.Path()))
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		result <- func() error {
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				return err
			}
			defer unix.Close(fd)
			const nobody = 65534
			if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, ^uintptr(0), nobody, ^uintptr(0)); errno != 0 {
				return errno
			}
			path := fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(srv.Path()))
			err = unix.Connect(fd, &unix.SockaddrUnix{Name: path})
			if errors.Is(err, unix.EACCES) {
				err = unix.Connect(fd, &unix.SockaddrUnix{Name: srv.Path()})
			}
			if err != nil {
				return fmt.Errorf("connect: %w", err)
			}
			n, err := unix.Read(fd, make([]byte, 16))
			if n != 0 {
				return fmt.Errorf("read = %d, %v; want the end", n, err)
			}
			return nil
		}()
	}()
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestServesOnTheSessionsLoop(t *testing.T) {
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	srv, err := control.Listen(filepath.Join(t.TempDir(), "c.sock"), l, controltest.New())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(l.Run(), srv.Close(), l.Close()) }()
	c := dial(t, srv.Path())
	var n control.Name
	if err := c.Call(context.Background(), "version", nil, &n); err != nil || n.Name != "rayos test" {
		t.Errorf("Call(version) = %v, %v", n, err)
	}
	l.Post(l.Stop)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestClientsAreBounded(t *testing.T) {
	_, _, srv := start(t)
	for range 32 {
		c := dial(t, srv.Path())
		if err := c.Call(context.Background(), "version", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	c := dial(t, srv.Path())
	if err := c.Call(context.Background(), "version", nil, nil); err == nil {
		t.Error("the 33rd client is served; want it refused")
	}
}
