package network

import (
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// attr is an attribute of a route.
func attr(name uint16, v uint32) []byte {
	b := binary.NativeEndian.AppendUint16(nil, 8)
	b = binary.NativeEndian.AppendUint16(b, name)
	return binary.NativeEndian.AppendUint32(b, v)
}

func body(bits, table, kind byte, attrs ...[]byte) []byte {
	b := make([]byte, unix.SizeofRtMsg)
	b[1], b[4], b[7] = bits, table, kind
	for _, a := range attrs {
		b = append(b, a...)
	}
	return b
}

func message(kind uint16, seq uint32, body []byte) []byte {
	b := make([]byte, unix.SizeofNlMsghdr, unix.SizeofNlMsghdr+len(body))
	binary.NativeEndian.PutUint32(b, uint32(cap(b)))
	binary.NativeEndian.PutUint16(b[4:], kind)
	binary.NativeEndian.PutUint32(b[8:], seq)
	return append(b, body...)
}

func TestTheBestDefaultRouteCounts(t *testing.T) {
	via := func(dev, metric uint32) []byte {
		return message(unix.RTM_NEWROUTE, 7, body(0, unix.RT_TABLE_MAIN, unix.RTN_UNICAST, attr(unix.RTA_OIF, dev), attr(unix.RTA_PRIORITY, metric)))
	}
	var all []byte
	for _, m := range [][]byte{
		message(unix.RTM_NEWROUTE, 6, via(9, 0)[unix.SizeofNlMsghdr:]), // of another question
		message(unix.RTM_NEWROUTE, 7, body(24, unix.RT_TABLE_MAIN, unix.RTN_UNICAST, attr(unix.RTA_OIF, 4))),
		message(unix.RTM_NEWROUTE, 7, body(0, unix.RT_TABLE_LOCAL, unix.RTN_UNICAST, attr(unix.RTA_OIF, 5))),
		message(unix.RTM_NEWROUTE, 7, body(0, unix.RT_TABLE_MAIN, unix.RTN_UNREACHABLE, attr(unix.RTA_OIF, 1))),
		via(3, 600), via(2, 100), via(8, 200), message(unix.NLMSG_DONE, 7, nil),
	} {
		all = append(all, m...)
	}
	r := reply{seq: 7}
	if err := r.add(all); err != nil || !r.done || r.best == nil || *r.best != (route{2, 100}) {
		t.Errorf("%+v, %+v, %v", r, r.best, err)
	}
	if err := (&reply{seq: 7}).add(message(unix.NLMSG_ERROR, 7, binary.NativeEndian.AppendUint32(nil, ^uint32(0)))); err != unix.EPERM {
		t.Errorf("a refusal: %v", err)
	}
	if err := (&reply{}).add(all[:20]); err == nil {
		t.Error("half a message is one")
	}
}

func TestKindOf(t *testing.T) {
	class := t.TempDir()
	if err := os.MkdirAll(filepath.Join(class, "wlan0", "wireless"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		flags net.Flags
		want  Kind
	}{{"wlan0", net.FlagRunning, Wireless}, {"eth0", net.FlagRunning, Wired}, {"wlan0", net.FlagUp, None}} {
		if got := kindOf(class, &net.Interface{Name: c.name, Flags: c.flags}); got != c.want {
			t.Errorf("%s: %d; want %d", c.name, got, c.want)
		}
	}
}

func TestTheKernelAnswers(t *testing.T) {
	got := make(chan Kind, 4)
	w, err := Watch(Class, func(k Kind) { got <- k })
	if err != nil {
		t.Skip(err)
	}
	select {
	case k := <-got:
		if k == Unknown {
			t.Error("nobody knows")
		}
	case <-time.After(30 * time.Second):
		t.Error("nothing is told")
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzReply(f *testing.F) {
	f.Add(append(message(unix.RTM_NEWROUTE, 0, body(0, unix.RT_TABLE_MAIN, unix.RTN_UNICAST, attr(unix.RTA_OIF, 2))), message(unix.NLMSG_DONE, 0, nil)...))
	f.Add(message(unix.NLMSG_ERROR, 0, []byte{1, 0, 0, 0x80}))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := reply{}
		if err := r.add(b); err == nil && r.best != nil && r.best.device == 0 {
			t.Error("a route to nowhere")
		}
	})
}
