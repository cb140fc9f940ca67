package qemu

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// deadline is far beyond what any step takes.
const deadline = 30 * time.Second

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

const greeting = `{"QMP":{"version":{"qemu":{"micro":22,"minor":2,"major":7},"package":""},"capabilities":["oob"]}}` + "\n"

// fakeMonitor serves one connection by script and returns the socket's path.
func fakeMonitor(t *testing.T, script func(conn *net.UnixConn, lines *bufio.Scanner)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "qmp")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		script(conn.(*net.UnixConn), bufio.NewScanner(conn))
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return path
}

// ready greets and grants the capabilities.
func ready(conn io.Writer, lines *bufio.Scanner) {
	io.WriteString(conn, greeting)
	lines.Scan()
	io.WriteString(conn, `{"return":{},"id":1}`+"\n")
}

func TestMonitorCommands(t *testing.T) {
	events := make(chan MonitorEvent, 1)
	path := fakeMonitor(t, func(conn *net.UnixConn, lines *bufio.Scanner) {
		ready(conn, lines)
		lines.Scan()
		if lines.Text() != `{"execute":"query-status","id":2}` {
			t.Errorf("got %s", lines.Text())
		}
		// An event and a late answer to nobody come between.
		io.WriteString(conn, `{"event":"STOP","data":{"a":1},"timestamp":{}}`+"\n"+`{"return":{},"id":77}`+"\n"+`{"return":{"status":"paused"},"id":2}`+"\n")
		lines.Scan()
		io.WriteString(conn, `{"error":{"class":"DeviceNotFound","desc":"no such thing"},"id":3}`+"\n")
		lines.Scan()
	})
	ctx := testContext(t)
	m, err := DialMonitor(ctx, path, func(e MonitorEvent) { events <- e })
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if m.Version != "7.2.22" {
		t.Errorf("version %q", m.Version)
	}
	var status struct{ Status string }
	if err := m.Execute(ctx, "query-status", nil, &status); err != nil || status.Status != "paused" {
		t.Errorf("query-status = %+v, %v", status, err)
	}
	if e := <-events; e.Name != "STOP" || string(e.Data) != `{"a":1}` {
		t.Errorf("event %s %s", e.Name, e.Data)
	}
	var refused *CommandError
	if err := m.Execute(ctx, "device_del", map[string]string{"id": "x"}, nil); !errors.As(err, &refused) || refused.Class != "DeviceNotFound" {
		t.Errorf("device_del = %v", err)
	}
}

func TestMonitorHangs(t *testing.T) {
	release := make(chan struct{})
	path := fakeMonitor(t, func(conn *net.UnixConn, lines *bufio.Scanner) {
		ready(conn, lines)
		<-release
		for lines.Scan() {
			id := strings.TrimSuffix(lines.Text()[strings.Index(lines.Text(), `"id":`)+5:], "}")
			fmt.Fprintf(conn, `{"return":{"n":%s},"id":%s}`+"\n", id, id)
		}
	})
	m, err := DialMonitor(testContext(t), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.Execute(gone, "stop", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stop = %v; want canceled", err)
	}
	close(release)
	var r struct{ N int }
	if err := m.Execute(testContext(t), "cont", nil, &r); err != nil || r.N != 3 {
		t.Errorf("cont = %v, %v; the late answer to stop must not be taken for it", r, err)
	}
}

func TestMonitorDies(t *testing.T) {
	for name, last := range map[string]string{
		"closes":  "",
		"garbage": "%$§!\n",
		"endless": strings.Repeat(" ", maxReply+1),
	} {
		path := fakeMonitor(t, func(conn *net.UnixConn, lines *bufio.Scanner) {
			ready(conn, lines)
			lines.Scan()
			io.WriteString(conn, last)
		})
		m, err := DialMonitor(testContext(t), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Execute(testContext(t), "quit", nil, nil); err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: quit = %v", name, err)
		}
		<-m.Done()
		if err := m.Execute(testContext(t), "quit", nil, nil); err == nil {
			t.Errorf("%s: a command after the end was taken", name)
		}
		m.Close()
	}
}

func TestMonitorThatIsNone(t *testing.T) {
	path := fakeMonitor(t, func(conn *net.UnixConn, _ *bufio.Scanner) { io.WriteString(conn, "{\"hello\":1}\n") })
	if _, err := DialMonitor(testContext(t), path, nil); err == nil || !strings.Contains(err.Error(), "no QMP") {
		t.Errorf("DialMonitor = %v", err)
	}
	silent := fakeMonitor(t, func(conn *net.UnixConn, lines *bufio.Scanner) { lines.Scan() })
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := DialMonitor(ctx, silent, nil); err == nil {
		t.Error("a silent socket was taken for a monitor")
	}
}

func TestMonitorPassesFiles(t *testing.T) {
	got := make(chan uint64, 1)
	path := fakeMonitor(t, func(conn *net.UnixConn, lines *bufio.Scanner) {
		ready(conn, lines)
		var b, oob [4096]byte
		_, oobn, _, _, err := conn.ReadMsgUnix(b[:], oob[:])
		if err != nil {
			t.Error(err)
			return
		}
		msgs, _ := unix.ParseSocketControlMessage(oob[:oobn])
		for i := range msgs {
			fds, _ := unix.ParseUnixRights(&msgs[i])
			for _, fd := range fds {
				var st unix.Stat_t
				unix.Fstat(fd, &st)
				got <- st.Ino
				unix.Close(fd)
			}
		}
		io.WriteString(conn, `{"return":{},"id":2}`+"\n")
	})
	m, err := DialMonitor(testContext(t), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	f, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := m.SendFile(testContext(t), "x", f); err != nil {
		t.Fatal(err)
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		t.Fatal(err)
	}
	if ino := <-got; ino != st.Ino {
		t.Errorf("inode %d came; want %d", ino, st.Ino)
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add([]byte(greeting))
	f.Add([]byte(`{"return":{},"id":1}` + "\n" + `{"event":"X"}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := bufio.NewReaderSize(strings.NewReader(string(data)), 16)
		for range 100 {
			if _, err := readMessage(in); err != nil {
				return
			}
		}
	})
}
