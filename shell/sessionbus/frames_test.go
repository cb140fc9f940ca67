package sessionbus

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

func TestSocketOf(t *testing.T) {
	for address, want := range map[string]string{
		"unix:path=/run/user/1000/bus": "/run/user/1000/bus", "unix:path=/tmp/a%20b%2c,guid=00": "/tmp/a b,",
		"unix:guid=00,abstract=/tmp/x": "@/tmp/x", "unix:path=": "", "unix:path=%2": "", "unix:path=%zz": "",
		"tcp:host=localhost,port=1": "", "": "", "unix:tmpdir=/tmp": "",
	} {
		if got, ok := socketOf(address); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v; want %q", address, got, ok, want)
		}
	}
}

func TestConnect(t *testing.T) {
	address := bustest.New(t)
	for _, a := range []string{address, "tcp:host=localhost;unix:path=/none;" + address} {
		conn, err := Connect(a)
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		conn.Close()
	}
	for _, a := range []string{"", "unix:path=/none", "tcp:host=localhost,port=1"} {
		if conn, err := Connect(a); err == nil {
			conn.Close()
			t.Errorf("%q: a connection to nothing", a)
		}
	}
}

// TestHugeMessagesAreSkipped: those before and after come.
func TestHugeMessagesAreSkipped(t *testing.T) {
	address := bustest.New(t)
	got := make(signals, 16)
	us, err := Connect(address, dbus.WithSignalHandler(got))
	if err != nil {
		t.Fatal(err)
	}
	defer us.Close()
	if err := us.AddMatchSignal(dbus.WithMatchInterface("org.example.A")); err != nil {
		t.Fatal(err)
	}
	them, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer them.Close()
	for _, text := range []string{"one", strings.Repeat("x", Largest), "two", strings.Repeat("y", 3*Largest), strings.Repeat("z", Largest/2)} {
		if err := them.Emit("/", "org.example.A.B", text); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"one", "two", strings.Repeat("z", Largest/2)} {
		select {
		case text := <-got:
			if text != want {
				t.Errorf("%.20q… of %d bytes; want %.20q… of %d", text, len(text), want, len(want))
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%.20q doesn't come", want)
		}
	}
	var names []string
	if err := us.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&names); err != nil || len(names) == 0 {
		t.Error(names, err)
	}
}

type signals chan string

// DeliverSignal implements dbus.SignalHandler.
func (s signals) DeliverSignal(iface, _ string, sig *dbus.Signal) {
	if text, ok := sig.Body[0].(string); ok && iface == "org.example.A" {
		s <- text
	}
}

// FuzzFrames: what is read is what was sent, without messages that are too large,
// however the reads fall.
func FuzzFrames(f *testing.F) {
	message := func(order binary.ByteOrder, fields, body uint32, rest int) []byte {
		b := make([]byte, fixed+rest)
		b[0] = map[bool]byte{true: 'l', false: 'B'}[order == binary.LittleEndian]
		order.PutUint32(b[4:], body)
		order.PutUint32(b[12:], fields)
		return b
	}
	f.Add(append(message(binary.LittleEndian, 9, 3, 19), message(binary.BigEndian, 0, 1, 1)...), 5)
	f.Add(message(binary.LittleEndian, 1<<31, 1<<31, 40), 1)
	f.Add([]byte("x234567812345678"), 100)
	f.Fuzz(func(t *testing.T, data []byte, step int) {
		fr := &frames{r: bufio.NewReader(bytes.NewReader(data))}
		fr.begun.Store(true)
		p := make([]byte, min(max(step, 1), 1<<12))
		var out []byte
		for {
			n, err := fr.Read(p)
			out = append(out, p[:n]...)
			if err != nil {
				break
			}
		}
		// What came out is messages, each no larger than may be, and a part of
		// what came in.
		if len(out) > len(data) {
			t.Fatalf("%d bytes of %d", len(out), len(data))
		}
		for rest := out; len(rest) >= fixed; {
			order := binary.ByteOrder(binary.LittleEndian)
			if rest[0] == 'B' {
				order = binary.BigEndian
			}
			size := fixed + (int64(order.Uint32(rest[12:]))+7)&^7 + int64(order.Uint32(rest[4:]))
			if size > Largest || !bytes.Contains(data, rest[:min(size, int64(len(rest)))]) {
				t.Fatalf("a message of %d bytes", size)
			}
			rest = rest[min(size, int64(len(rest))):]
		}
	})
}

var _ io.ReadWriteCloser = (*frames)(nil)
