package answers

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rayos/shell/launcher"
)

var noon = time.Date(2026, 11, 23, 12, 4, 5, 0, time.FixedZone("CET", 3600))

func facts() Facts {
	return Facts{
		Now:    func() time.Time { return noon },
		Uptime: func() time.Duration { return 125*time.Minute + 7*time.Second },
		Memory: func() (Memory, error) { return Memory{16 << 30, 11 << 30, 20 << 20}, nil },
		Windows: func() []Window {
			return []Window{{"3", "report **bold**", "Text Editor"}, {"4", "Inbox\n- \u202espoof", "Mail"}}
		},
		Machines: func() ([]Machine, error) {
			return []Machine{{"Linux desktop", "running, hidden", true}, {"Windows desktop", "stopped", false}}, nil
		},
		Outputs: func() []Output { return []Output{{"DP-1", 1920, 1080, 1.5, 59940}} },
		Devices: func() []Device { return []Device{{"AT keyboard", "keyboard"}} },
		Version: func() string { return "1.2" },
		System1: func() System1 { return System1{Running: true, Backend: "cpu", Done: 7, Waiting: 2} },
		System2: func() System2 { return System2{Ready: true, Lines: 3, Begun: 4, Dropped: 1} },
		Volume:  func() Volume { return Volume{There: true, Folders: 2, Documents: 41} },
	}
}

func ask(f Facts, line string) (launcher.Proposal, bool) {
	for p, err := range New(f).Propose(context.Background(), line) {
		return p, err == nil
	}
	return launcher.Proposal{}, false
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct{ line, title, note, text string }{
		{"time", "12:04, Monday 23 November 2026", "UTC: 2026-11-23 11:04:05", ""},
		{"What time is it?", "12:04, Monday 23 November 2026", "UTC: 2026-11-23 11:04:05", ""},
		{"what’s the time", "12:04, Monday 23 November 2026", "UTC: 2026-11-23 11:04:05", ""},
		{"what day of the week is it", "Weekday: Monday", "23 November 2026, week 48", ""},
		{"how old are you?", "Uptime: 2 h 5 min", "since 09:58, Mon 23 Nov", ""},
		{"memory", "Memory: 5.0 GiB of 16.0 GiB in use", "11.0 GiB available", "• 5.0 GiB of the computer's memory is in use,\n• 11.0 GiB is available,\n• heap_used of the session: 20.0 MiB."},
		{"windows", "Windows: 2 are open", "", "• report ∗∗bold∗∗, Text Editor\n• Inbox - spoof, Mail"},
		{"virtual machines", "Machines: 2 machines", "1 is running", "• Linux desktop, running, hidden\n• Windows desktop, stopped"},
		{"what devices do we have", "Devices: 1 screen, 1 input device", "", "• DP-1, 1920 × 1080 at 1.5, 59.94 Hz\n• AT keyboard, keyboard"},
		{"status", "Status: uptime 2 h 5 min", "Windows: 2 are open", "• Uptime: 2 h 5 min\n• Windows: 2 are open\n• Machines: 2 machines\n• Memory: 5.0 GiB of 16.0 GiB in use\n• Devices: 1 screen, 1 input device"},
		{"who are you", "RayOS 1.2", "", ""},
		{"hi", "Hello", "Status: uptime 2 h 5 min", "• Uptime: 2 h 5 min\n• Windows: 2 are open\n• Machines: 2 machines\n• Memory: 5.0 GiB of 16.0 GiB in use\n• Devices: 1 screen, 1 input device"},
		{"system 1", "System 1: it computes by cpu", "7 tasks done, 2 wait", ""},
		{"what is system 2?", "System 2: it understands sentences", "3 lines, 4 steps begun, 1 left", ""},
		{"why is volume not found", "Volume: 2 folders are known", "41 documents", ""},
		{"windows desktop", "", "", ""},
		{"tim", "", "", ""},
		{"", "", "", ""},
		{strings.Repeat("the ", 100) + "time", "", "", ""},
	} {
		p, ok := ask(facts(), c.line)
		if ok != (c.title != "") || p.Title != c.title || p.Note != c.note || launcher.Plain(p.Text) != c.text {
			t.Errorf("%q: %v %q %q %q; want %q %q %q", c.line, ok, p.Title, p.Note, launcher.Plain(p.Text), c.title, c.note, c.text)
		}
		if ok && len(p.Acts) == 0 {
			t.Errorf("%q: nothing can be done with the answer", c.line)
		}
	}
	if p, _ := ask(facts(), "windows"); len(p.Sources) != 2 || p.Sources[1].Act.Of != "4" {
		t.Errorf("sources %+v", p.Sources)
	}
}

func TestNothingIsMadeUp(t *testing.T) {
	for _, q := range questions {
		for _, line := range q.asks {
			if p, ok := ask(Facts{}, line); ok {
				t.Errorf("%q: nothing is known, and the answer is %q", line, p.Title)
			}
			if got := find(line); got == nil || got.name != q.name {
				t.Errorf("%q is not what asks for %s", line, q.name)
			}
		}
	}
	f := Facts{
		Memory:   func() (Memory, error) { return Memory{}, errors.New("no /proc") },
		Machines: func() ([]Machine, error) { return nil, errors.New("no KVM") },
	}
	none := Facts{Windows: func() []Window { return nil }, Machines: func() ([]Machine, error) { return nil, nil }}
	for line, want := range map[string]string{"windows": "Windows: none is open", "machines": "Machines: none"} {
		if p, _ := ask(none, line); p.Title != want {
			t.Errorf("%q: %q; want %q", line, p.Title, want)
		}
	}
	for line, why := range map[string]string{"memory": "No /proc.", "machines": "No KVM."} {
		if p, _ := ask(f, line); p.Note != why {
			t.Errorf("%q: %q %q; want %q", line, p.Title, p.Note, why)
		}
	}
}

func TestHelpKnowsWhatIsKnown(t *testing.T) {
	p, ok := ask(facts(), "help")
	text := launcher.Plain(p.Text)
	if !ok || !strings.HasPrefix(p.Title, "Help: ") || !strings.Contains(text, "uptime: Uptime: 2 h 5 min") || strings.Count(text, "\n") < 9 {
		t.Errorf("%v %q\n%s", ok, p.Title, text)
	}
	f := facts()
	f.Volume = func() Volume { return Volume{} }
	if p, _ := ask(f, "why is volume not found"); p.Title != "Volume: this session keeps none" {
		t.Errorf("%+v", p)
	}
	f.Volume = func() Volume { return Volume{There: true} }
	if p, _ := ask(f, "why is volume not found"); p.Title != "Volume: no folder is named" || p.Note == "" {
		t.Errorf("%+v", p)
	}
	f.Volume = func() Volume { return Volume{There: true, Folders: 1, Documents: -1} }
	if p, _ := ask(f, "why is volume not found"); p.Title != "Volume: 1 folder is known" || p.Note != "" {
		t.Errorf("%+v", p)
	}
	f.System1, f.System2 = func() System1 { return System1{} }, func() System2 { return System2{} }
	if p, _ := ask(f, "system 1"); !strings.Contains(p.Title, "rests") {
		t.Errorf("%+v", p)
	}
	if p, _ := ask(f, "system 2"); !strings.Contains(p.Title, "first sentence") {
		t.Errorf("%+v", p)
	}
	for line, want := range map[string]bool{"how many files do I have?": true, "how many windows": false, "files": false} {
		if AsksFiles(line) != want {
			t.Errorf("%q: %v", line, !want)
		}
	}
}

func TestSpans(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0 s", 59 * time.Second: "59 s", 61 * time.Second: "1 min 1 s", 3 * time.Hour: "3 h 0 min", 50 * time.Hour: "2 d 2 h",
	} {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q; want %q", d, got, want)
		}
	}
	for n, want := range map[uint64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 KiB", 300 << 20: "300 MiB", 5 << 40: "5.0 TiB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %q; want %q", n, got, want)
		}
	}
}

func TestParseMemInfo(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Memory
		ok   bool
	}{
		{"MemTotal:       16 kB\nMemFree: 1 kB\nMemAvailable:    8 kB\n", Memory{Total: 16 << 10, Available: 8 << 10}, true},
		{"MemTotal: 16 kB\n", Memory{}, false},
		{"MemTotal: 16 kB\nMemAvailable: 17 kB\n", Memory{}, false},
		{"MemTotal: 16 MB\nMemAvailable: 1 kB\n", Memory{}, false},
		{"MemTotal: -1 kB\nMemAvailable: 1 kB\n", Memory{}, false},
	} {
		got, err := ParseMemInfo(strings.NewReader(c.in))
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("ParseMemInfo(%q) = %+v, %v; want %+v", c.in, got, err, c.want)
		}
	}
}

func FuzzParseMemInfo(f *testing.F) {
	f.Add("MemTotal: 16 kB\nMemAvailable: 8 kB\n")
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := ParseMemInfo(strings.NewReader(s)); err == nil && m.Available > m.Total {
			t.Errorf("%+v", m)
		}
	})
}

func FuzzAsk(f *testing.F) {
	f.Add("what is the time?")
	f.Fuzz(func(_ *testing.T, line string) { ask(facts(), line) })
}
