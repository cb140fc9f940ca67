package session

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/launcher"
)

// comes lets the session go on until something is so.
func (d *desk) comes(what string, so func() bool) {
	d.t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); {
		if time.Now().After(end) {
			d.t.Fatalf("in 20 s not: %s", what)
		}
		if err := d.loop.Dispatch(100 * time.Millisecond); err != nil {
			d.t.Fatal(err)
		}
	}
}

// oracle answers each line that begins with why, as long as it is let.
type oracle struct {
	more  chan string
	asked chan string
	ended chan string
}

func (o *oracle) Propose(ctx context.Context, line string) iter.Seq2[launcher.Proposal, error] {
	return func(yield func(launcher.Proposal, error) bool) {
		if !strings.HasPrefix(line, "why") {
			return
		}
		o.asked <- line
		defer func() { o.ended <- line }()
		words := ""
		for {
			select {
			case w, ok := <-o.more:
				words += w
				p := launcher.Proposal{Key: "oracle", Kind: launcher.Reply, Title: line, Text: words, Growing: ok}
				if !yield(p, nil) || !ok {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

func TestAnAnswerStreamsIntoThePrompt(t *testing.T) {
	o := &oracle{make(chan string), make(chan string, 100), make(chan string, 100)}
	d := newDeskWith(t, Options{Proposers: []launcher.Proposer{o}})
	p := &d.session.prompt
	d.key("super+space")
	d.enter("why")
	// Letters before the last may have been asked about first.
	d.comes("the line is asked about", func() bool { return len(o.asked) > 0 })
	next := func(what string, from chan string) (line string) {
		d.comes(what, func() bool { return len(from) > 0 })
		return <-from
	}
	say := func(words string) {
		select {
		case o.more <- words:
		case <-time.After(20 * time.Second):
			t.Fatalf("nobody hears %q", words)
		}
	}
	if line := next("a line is asked about", o.asked); line != "why" {
		t.Fatalf("asked about %q", line)
	}
	d.enter("?")
	if line := next("the older line ends", o.ended); line != "why" {
		t.Fatalf("%q ended; want the older line", line)
	}
	if line := next("the next line is asked about", o.asked); line != "why?" {
		t.Fatalf("asked about %q", line)
	}
	say("Because ")
	d.comes("there is a row", func() bool { return p.model.Rows() > 0 })
	d.key("Return")
	read := func() string { words, _ := p.model.Reading(); return words }
	d.comes("it is read", func() bool { return read() == "Because" })
	low := p.panel.Strip().H()
	say(strings.Repeat("it **is**. \n\n", 9))
	d.comes("it has grown", func() bool { return strings.HasPrefix(read(), "Because it is.") })
	d.pass(100 * time.Millisecond)
	if high := p.panel.Strip().H(); high <= low {
		t.Errorf("the panel is %d high, and was %d", high, low)
	}
	d.key("Escape")
	if line := next("the answer ends", o.ended); line != "why?" || !p.shown() || read() == "" {
		t.Errorf("Esc: %q ended, open %v, read %q", line, p.shown(), read())
	}
	d.key("Escape")
	d.key("Escape")
	if p.shown() {
		t.Error("the prompt stays")
	}
}

func TestEscGivesUpWhatRuns(t *testing.T) {
	d := newDesk(t)
	p := &d.session.prompt
	d.key("super+space")
	d.enter(":wait --window none --timeout 1h")
	d.key("Return")
	if q := p.model.Asked(); q.Progress != launcher.Starting {
		t.Fatalf("asked %+v", q)
	}
	d.key("Escape")
	if q := p.model.Asked(); q.Progress != launcher.Failed || !strings.Contains(q.Why, "given up") || !p.shown() {
		t.Errorf("after Esc: %+v, open %v", q, p.shown())
	}
	d.key("Escape")
	if p.shown() {
		t.Error("nothing runs, and Esc doesn't close the prompt")
	}
}

func TestQuestionsAboutTheSession(t *testing.T) {
	d := newDeskWith(t, Options{Wall: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }})
	c := d.connect()
	w := c.open(geom.Size{W: 100, H: 100})
	w.top.SetTitle("main.go")
	d.talk()
	p := &d.session.prompt
	for line, want := range map[string]string{
		"what time is it?": "12:00, Monday 23 November 2026",
		"memory":           "Memory: ",
		"windows":          "Windows: 1 is open",
		"devices":          "Devices: 1 screen",
		"uptime":           "Uptime: ",
	} {
		d.key("super+space")
		d.enter(line)
		if got := p.model.Title(0); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q; want %q", line, got, want)
		}
		d.key("super+space")
	}
	d.key("super+space")
	d.enter("windows")
	d.key("Return")
	if words, ok := p.model.Reading(); !ok || !strings.Contains(words, "main.go") {
		t.Errorf("reading %q", words)
	}
	d.key("Return") // its source
	if p.shown() {
		t.Error("a source opens, and the prompt stays")
	}
}

func TestMemoryIsThatOfTheComputer(t *testing.T) {
	m, err := memoryNow()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join("/proc", "meminfo"))
	if err != nil || m.Total == 0 || m.Heap == 0 || m.Heap > m.Total || len(data) == 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestArgumentsOfTheTableAreUnderstood(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"input key ctrl+t", "chord "},
		{"window nothing", ""},
		{"workspace 3", "n 3"},
		{"workspace three", "!n is"},
		{"screenshot --cursor a.png", "cursor|file a.png"},
		{"move 1 2", "!move"},
	} {
		cmd, rest := control.Lookup(strings.Fields(c.line))
		if cmd == nil {
			if c.want != "" {
				t.Errorf("%q is no command", c.line)
			}
			continue
		}
		args, err := understood(cmd, rest)
		got := strings.Join(args, "|")
		if err != nil {
			got = "!" + err.Error()
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%q: %q; want %q", c.line, got, c.want)
		}
	}
}
