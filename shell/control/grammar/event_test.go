package grammar

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseEvent(t *testing.T) {
	tests := []struct {
		line, want string // want "" for none, else the line that comes back
		detail     Detail // of the refusal
	}{
		{"RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP", "RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP", ""},
		{"RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP\r\n", "RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP", ""},
		{"[12.3] RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:a:b RAYOS_HOST_EVENT_V0:x", "RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:a:b RAYOS_HOST_EVENT_V0:x", ""},
		{"RAYOS_HOST_EVENT:WINDOWS_SHUTDOWN", "RAYOS_HOST_EVENT_V0:WINDOWS_SHUTDOWN", ""},
		{"RAYOS_HOST_EVENT:LINUX_SENDTEXT:RAYOS_HOST_EVENT_V0:LINUX_SHUTDOWN", "RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:RAYOS_HOST_EVENT_V0:LINUX_SHUTDOWN", ""},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDKEY:ctrl+alt+t", "RAYOS_HOST_EVENT_V0:LINUX_SENDKEY:ctrl+alt+t", ""},
		{"RAYOS_HOST_EVENT_V0:LINUX_MOUSE_ABS:.5:1.0", "RAYOS_HOST_EVENT_V0:LINUX_MOUSE_ABS:.5:1.0", ""},
		{"RAYOS_HOST_EVENT_V0:LINUX_CLICK:left", "RAYOS_HOST_EVENT_V0:LINUX_CLICK:left", ""},
		{"RAYOS_HOST_EVENT_V0:RUN_RAYAPP:vnc:localhost:5901", "RAYOS_HOST_EVENT_V0:RUN_RAYAPP:vnc:localhost:5901", ""},
		{"RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:HIDDEN", "RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:HIDDEN", ""},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:" + strings.Repeat("x", 512), "RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:" + strings.Repeat("x", 512), ""},

		{"rayos_host_event_v0:SHOW_LINUX_DESKTOP", "", ""},
		{"", "", ""},
		{"RAYOS_HOST_EVENT_V0:", "", NotAvailable},
		{"RAYOS_HOST_EVENT_V0:show_linux_desktop", "", NotAvailable},
		{"RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP ", "", NotAvailable},
		{"RAYOS_HOST_EVENT_V0:FIRST_FRAME_PRESENTED", "", NotAvailable},
		{"RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP:", "", Empty},
		{"RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP:now", "", InvalidText},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT", "", Empty},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:\r\n", "", Empty},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:ä", "", InvalidText},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:a\tb", "", InvalidText},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:a\nRAYOS_HOST_EVENT_V0:LINUX_SHUTDOWN", "", InvalidText},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:" + strings.Repeat("x", 513), "", InvalidText},
		{"RAYOS_HOST_EVENT_V0:LINUX_SENDKEY:conference", "", InvalidKeys},
		{"RAYOS_HOST_EVENT_V0:LINUX_MOUSE_ABS:2:0", "", InvalidPoint},
		{"RAYOS_HOST_EVENT_V0:LINUX_MOUSE_ABS:0.5", "", InvalidPoint},
		{"RAYOS_HOST_EVENT_V0:LINUX_MOUSE_ABS:1e0:0", "", InvalidPoint},
		{"RAYOS_HOST_EVENT_V0:LINUX_MOUSE_ABS:.:0", "", InvalidPoint},
		{"RAYOS_HOST_EVENT_V0:LINUX_CLICK:4", "", UnknownButton},
		{"RAYOS_HOST_EVENT_V0:LINUX_LAUNCH_APP:foot -e sh", "", InvalidText},
		{"RAYOS_HOST_EVENT_V0:RUN_RAYAPP:seventeen-letters", "", UnknownApp},
		{"RAYOS_HOST_EVENT_V0:LINUX_PRESENTATION:MAYBE", "", InvalidText},
	}
	for _, tt := range tests {
		e, err := ParseEvent(FromHost(tt.line))
		if tt.want != "" {
			if err != nil || e.String() != tt.want {
				t.Errorf("ParseEvent(%.60q) = %v; want %.60q", tt.line, err, tt.want)
			}
			continue
		}
		var refused *EventError
		switch {
		case tt.detail == "" && !errors.Is(err, ErrNoEvent):
			t.Errorf("ParseEvent(%q) = %v; want none", tt.line, err)
		case tt.detail != "" && (!errors.As(err, &refused) || refused.Detail != tt.detail):
			t.Errorf("ParseEvent(%.60q) = %v; want %s", tt.line, err, tt.detail)
		}
	}
}

func FuzzParseEvent(f *testing.F) {
	for _, op := range ops {
		f.Add("x " + EventTag + op.Name + "\r\n")
		f.Add(legacyTag + op.Name + ":0.5:1")
		f.Add(EventTag + op.Name + ":left")
	}
	f.Fuzz(func(t *testing.T, line string) {
		e, err := ParseEvent(FromHost(line))
		if err != nil {
			return
		}
		again, err := ParseEvent(FromHost(e.String()))
		if err != nil || again != e || !printableASCII(e.String()) || len(e.Payload) > e.Op.Max {
			t.Fatalf("ParseEvent(%q) = %q, which is %q, %v", line, e, again, err)
		}
		if e.Op.Verb == "" {
			return
		}
		c, err := e.Command()
		if err != nil {
			t.Fatalf("%q asks for nothing: %v", e, err)
		}
		back, err := c.Event()
		if err != nil {
			t.Fatalf("%+v has no event: %v", c, err)
		}
		if c2, err := back.Command(); err != nil || c2 != c {
			t.Fatalf("%q asks for %+v, %q for %+v", e, c, back, c2)
		}
	})
}

func TestWhatIsTypedIsRedacted(t *testing.T) {
	c := Command{Verb: Type, Kind: Linux, Text: "secret"}
	if e, err := c.Event(); err != nil || e.Redacted() != "RAYOS_HOST_EVENT_V0:LINUX_SENDTEXT:<6 bytes>" {
		t.Errorf("Redacted = %q, %v", e.Redacted(), err)
	}
}

func TestAck(t *testing.T) {
	for _, tt := range []struct {
		ack      Ack
		long, at string
	}{
		{Ack{Op: "SHOW_LINUX_DESKTOP", OK: true, Detail: "presented"}, "RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented", "@ack SHOW_LINUX_DESKTOP ok presented"},
		{Ack{Op: "LINUX_MOUSE_ABS", OK: true, Detail: "0.5:1"}, "RAYOS_HOST_ACK:LINUX_MOUSE_ABS:ok:0.5:1", "@ack LINUX_MOUSE_ABS ok 0.5:1"},
		{Ack{Op: "X", OK: false, Detail: "failed:no ä\nRAYOS"}, "RAYOS_HOST_ACK:X:err:failed:no __RAYOS", "@ack X err failed:no___RAYOS"},
		{Ack{Op: "X", OK: false, Detail: ""}, "RAYOS_HOST_ACK:X:err:", "@ack X err "},
	} {
		if got := tt.ack.String(); got != tt.long {
			t.Errorf("String = %q; want %q", got, tt.long)
		}
		if got := tt.ack.At(); got != tt.at {
			t.Errorf("At = %q; want %q", got, tt.at)
		}
		for _, line := range []string{tt.long, tt.at} {
			a, err := ParseAck(line)
			if err != nil || a.Op != tt.ack.Op || a.OK != tt.ack.OK || a.String() != tt.long && a.At() != tt.at {
				t.Errorf("ParseAck(%q) = %+v, %v", line, a, err)
			}
		}
	}
	if at := (Ack{Op: "X", OK: true, Detail: strings.Repeat("y", 300)}).At(); len(at) != len("@ack X ok ")+64 {
		t.Errorf("At has %d bytes of detail; want 64", len(at)-len("@ack X ok "))
	}
	for _, bad := range []string{"", "@ack", "@ack X ok", "@ack X yes z", "@ack x ok z", "@ack X ok a b", "RAYOS_HOST_ACK:X:ok", "RAYOS_HOST_ACK::ok:y", "x RAYOS_HOST_ACK:X:ok:y", "RAYOS_HOST_ACK:X:ok:\t"} {
		if a, err := ParseAck(bad); err == nil {
			t.Errorf("ParseAck(%q) = %+v; want an error", bad, a)
		}
	}
}

func FuzzParseAck(f *testing.F) {
	f.Add("@ack X ok y")
	f.Add("RAYOS_HOST_ACK:X:err:a b:c")
	f.Fuzz(func(t *testing.T, line string) {
		if a, err := ParseAck(line); err == nil && a.String() != line && a.At() != line {
			t.Fatalf("ParseAck(%q) = %+v", line, a)
		}
	})
}

func TestMarker(t *testing.T) {
	for _, tt := range []struct {
		want string
		name string
		f    []Field
	}{
		{"RAYOS_READY", "RAYOS_READY", nil},
		{"RAYOS_LINUX_DESKTOP_PRESENTED:ok:1280x800", "RAYOS_LINUX_DESKTOP_PRESENTED", []Field{Value("ok"), Value("1280x800")}},
		{"RAYOS_PRESENTATION:on vm=linux-desktop-001 kind=linux", "RAYOS_PRESENTATION", []Field{Value("on"), Pair("vm", "linux-desktop-001"), Pair("kind", "linux")}},
		{"RAYOS_POLICY_VIOLATION:linux.cpus:want 1: got 9", "RAYOS_POLICY_VIOLATION", []Field{Value("linux.cpus"), Value("want 1: got 9")}},
		{"RAYOS_POLICY_VIOLATION:a_b:c_d", "RAYOS_POLICY_VIOLATION", []Field{Value("a:b"), Value("c\nd")}},
		{"RAYOS_PRESENTATION:on_vm=x vm=a_b", "RAYOS_PRESENTATION", []Field{Value("on vm=x"), Pair("vm", "a b")}},
		{"", "RAYOS_NONE", nil},
		{"", "RAYOS_READY\n", nil},
		{"", "RAYOS_PRESENTATION", []Field{Pair("a b", "c")}},
		{"", "RAYOS_PRESENTATION", []Field{Pair("vm", "")}},
		{"", "RAYOS_PRESENTATION", []Field{Pair("vm", "c"), Value("on")}},
	} {
		got, err := Marker(tt.name, tt.f...)
		if got != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("Marker(%q, %v) = %q, %v; want %q", tt.name, tt.f, got, err, tt.want)
		}
		if err == nil && CheckMarker(got) != nil {
			t.Errorf("CheckMarker(%q) = %v", got, CheckMarker(got))
		}
	}
	if got, err := HostMarker("VM_BUILD", "ok", "linux-micro-001"); err != nil || got != "RAYOS_HOST_MARKER:VM_BUILD:ok:linux-micro-001" {
		t.Errorf("HostMarker = %q, %v", got, err)
	}
	for _, bad := range []string{"", "RAYOS_HOST_ACK:X:ok:y", "RAYOS_HOST_MARKER:NONE:a:b", "RAYOS_HOST_MARKER:VM_BUILD:ok", "RAYOS_READY\n", "RAYOS_READY:ä", " RAYOS_READY", "RAYOS_READY:" + strings.Repeat("x", 1000)} {
		if CheckMarker(bad) == nil {
			t.Errorf("CheckMarker(%.40q) = nil; want an error", bad)
		}
	}
}

// TestEveryCommandHasAnOperation, and each operation says how it ends.
func TestEveryCommandHasAnOperation(t *testing.T) {
	seen := map[string]bool{}
	for _, op := range ops {
		if seen[op.Name] || !isOpName(op.Name) || op.Help == "" || (op.Payload == NoPayload) != (op.Max == 0) {
			t.Errorf("operation %+v: name, help or limit is wrong", op)
		}
		seen[op.Name] = true
		c := Command{Verb: op.Verb, Kind: op.Kind}
		if op.Verb != "" && (c.Op() != op || len(op.OK) == 0) {
			t.Errorf("%s is shadowed, or never succeeds", op.Name)
		}
		for _, d := range append(append([]Detail{}, op.OK...), op.Err...) {
			if strings.Contains(string(d), "vnc") {
				t.Errorf("%s says %s; nothing here is a viewer", op.Name, d)
			}
		}
		if !op.Knows(false, "denied:linux.networking") || !op.Knows(false, "timeout") || op.Knows(false, "denied:") || op.Knows(false, "nonsense") {
			t.Errorf("%s doesn't know the common details", op.Name)
		}
	}
	for i := range phrases {
		kinds := []Kind{phrases[i].Kind}
		if strings.Contains(phrases[i].Pattern, "<id>") {
			kinds = []Kind{Linux}
		}
		for _, k := range kinds {
			if c := (Command{Verb: phrases[i].Verb, Kind: k}); c.Op() == nil {
				t.Errorf("%q has no operation", phrases[i].Pattern)
			}
		}
	}
}

var update = flag.Bool("update", false, "write docs/CONTROL.md anew")

func TestDocIsFresh(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "CONTROL.md")
	want := Markdown()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("docs/CONTROL.md is not what the tables say (%v): go test ./shell/control/grammar -run TestDocIsFresh -update", err)
	}
}
