package qemu

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

// request is a line that the fake agent was sent.
type request struct {
	Execute   string
	Arguments map[string]int64
	flushed   bool // a delimiter stood before it
}

// connected is a pair of sockets.
func connected(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	conn, f, err := socketPair()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if theirs, err = net.FileConn(f); err != nil {
		t.Fatal(err)
	}
	return conn, theirs
}

// fakeGuestAgent answers each line by script; what it returns is sent.
func fakeGuestAgent(t *testing.T, script func(r request) string) *GuestAgent {
	t.Helper()
	ours, theirs := connected(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer theirs.Close()
		for in := bufio.NewScanner(theirs); in.Scan(); {
			line, flushed := bytes.CutPrefix(in.Bytes(), []byte{delimiter})
			var raw struct {
				Execute   string
				Arguments json.RawMessage
			}
			if err := json.Unmarshal(line, &raw); err != nil {
				t.Errorf("got %q: %v", line, err)
				return
			}
			r := request{Execute: raw.Execute, flushed: flushed}
			_ = json.Unmarshal(raw.Arguments, &r.Arguments) // of shutdown they are no numbers
			if _, err := io.WriteString(theirs, script(r)); err != nil {
				return
			}
		}
	}()
	a := NewGuestAgent(ours)
	t.Cleanup(func() {
		a.Close()
		<-done
	})
	return a
}

func synced(r request) string {
	return fmt.Sprintf("\xff{\"return\": %d}\n", r.Arguments["id"])
}

func TestGuestAgentCommands(t *testing.T) {
	var got []request
	a := fakeGuestAgent(t, func(r request) string {
		got = append(got, r)
		switch r.Execute {
		case "guest-sync-delimited":
			// What an older session has left comes first.
			return "{\"return\": {}}\n\xff{\"return\": 1}\nhalf a li" + synced(r)
		case "guest-get-osinfo":
			return `{"return": {"id": "mswindows", "pretty-name": "Windows 11 Pro", "machine": "x86_64"}}` + "\n"
		case "guest-set-time":
			return `{"error": {"class": "GenericError", "desc": "no clock\u001b[2J"}}` + "\n"
		}
		return "{\"return\": {}}\n"
	})
	ctx := testContext(t)
	if err := a.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	if os, err := a.OS(ctx); err != nil || os.ID != "mswindows" || os.Name != "Windows 11 Pro" {
		t.Errorf("OS = %+v, %v", os, err)
	}
	var refused *GuestError
	if err := a.SetTime(ctx, time.Unix(3, 5)); !errors.As(err, &refused) || refused.Detail != `"no clock\x1b[2J"` {
		t.Errorf("SetTime = %v; want a refusal", err)
	}
	if err := a.Ping(ctx); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
	want := []string{"guest-sync-delimited", "guest-ping", "guest-get-osinfo", "guest-set-time", "guest-ping"}
	for i, r := range got {
		if i >= len(want) || r.Execute != want[i] || r.flushed != (i == 0) {
			t.Fatalf("sent %+v; want %v, a delimiter before the first", got, want)
		}
	}
	if time := got[3].Arguments["time"]; time != 3e9+5 {
		t.Errorf("time %d", time)
	}
}

// TestGuestAgentLate has an agent that starts late: what it answers to a
// command that was given up must not be taken for another's answer.
func TestGuestAgentLate(t *testing.T) {
	pings, syncs, number := 0, 0, int64(0)
	timeout, expire := context.WithCancel(testContext(t))
	a := fakeGuestAgent(t, func(r request) string {
		if r.Execute == "guest-sync-delimited" {
			if syncs++; !r.flushed {
				t.Error("no delimiter before the synchronisation")
			}
			if syncs == 1 {
				number = r.Arguments["id"]
				return synced(r)
			}
			if r.Arguments["id"] == number {
				t.Error("two synchronisations have one number: an answer to the first would be one to the second")
			}
			return `{"error": {"class": "GenericError", "desc": "late"}}` + "\n" + synced(r)
		}
		if pings++; pings == 1 {
			expire()
			return ""
		}
		return "{\"return\": {}}\n"
	})
	if err := a.Ping(timeout); !errors.Is(err, context.Canceled) {
		t.Fatalf("Ping = %v; want it given up", err)
	}
	if err := a.Ping(testContext(t)); err != nil || syncs != 2 {
		t.Errorf("next Ping = %v after %d synchronisations; want 2", err, syncs)
	}
}

func TestGuestAgentShutdown(t *testing.T) {
	for name, test := range map[string]struct {
		answer string // to shutdown
		refuse bool
	}{
		"silence is consent": {"", false},
		"refused":            {`{"error": {"class": "GenericError", "desc": "no"}}` + "\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			asked := false
			a := fakeGuestAgent(t, func(r request) string {
				if r.Execute == "guest-shutdown" {
					asked = true
					return test.answer
				}
				return synced(r)
			})
			err := a.Shutdown(testContext(t))
			var refused *GuestError
			if !asked || errors.As(err, &refused) != test.refuse || err != nil && refused == nil {
				t.Errorf("asked %v; Shutdown = %v", asked, err)
			}
		})
	}
}

func TestGuestAgentFlood(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	go io.Copy(io.Discard, theirs)
	go func() {
		for junk := bytes.Repeat([]byte("x"), 1<<20); ; {
			if _, err := theirs.Write(junk); err != nil {
				return
			}
		}
	}()
	a := NewGuestAgent(ours)
	defer a.Close()
	if err := a.Ping(testContext(t)); !errors.Is(err, errGuestFlood) {
		t.Errorf("Ping = %v; want it given up", err)
	}
}

// FuzzGuestAgent reads whatever a guest says: no line is believed that doesn't
// carry the number of the synchronisation.
func FuzzGuestAgent(f *testing.F) {
	for _, s := range []string{"", "\xff", "\xff{\"return\": 7}\n", "{\"return\": {}}\n", "\xff{\"return\": -1}\n{\"error\": {}}\n", "\n\n", "\xff\xff{\"return\": 1e99}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		ours, theirs := net.Pipe()
		go io.Copy(io.Discard, theirs)
		go func() {
			theirs.Write(said)
			theirs.Close()
		}()
		a := NewGuestAgent(ours)
		defer a.Close()
		a.last = 1 << 40 // nothing that is said by chance
		if err := a.Ping(t.Context()); err == nil && !bytes.Contains(said, []byte("1099511627777")) {
			t.Errorf("%q was taken for an answer", said)
		}
	})
}
