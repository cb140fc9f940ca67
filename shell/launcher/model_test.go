package launcher

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rayos/shell/control/grammar"
)

func TestWhatIsProposed(t *testing.T) {
	for _, c := range []struct {
		line  string
		first string
		act   Act
		ghost string
	}{
		{"fire", "Firefox", Act{Launch, "Open", "firefox.desktop", ""}, "fox"},
		{"FIRE", "Firefox", Act{Launch, "Open", "firefox.desktop", ""}, "fox"},
		{"browser", "Firefox", Act{Launch, "Open", "firefox.desktop", ""}, ""},
		{"inbox", "Inbox", Act{Show, "Go to the window", "w2", ""}, ""},
		{"monitor", "Displays", Act{Settle, "Open the page", "displays", ""}, ""},
		{"2*(3+4)", "14", Act{Copy, "Copy the result", "14", ""}, ""},
		{"show linux desktop", "Show Linux desktop", Act{Run, "Run", "show linux desktop", ""}, ""},
		{"show linux desk", "Show Linux desktop", Act{Run, "Run", "show linux desktop", ""}, "top"},
		{"show system log", "Show the system log", Act{Run, "Run", "show system log", ""}, ""},
	} {
		t.Run(c.line, func(t *testing.T) {
			m := open(t, desk(t))
			m.Type(c.line)
			p := m.picked()
			if p == nil || p.Title != c.first || p.Acts[0] != c.act || m.ghost() != c.ghost {
				t.Errorf("%+v, ghost %q; want %q, %+v, ghost %q", p, m.ghost(), c.first, c.act, c.ghost)
			}
		})
	}
}

func TestNothingTyped(t *testing.T) {
	m := open(t, desk(t))
	wantRows(t, "at first", m, ">show linux desktop", "15 % of 80", "show processes")
	m.Type("term")
	if c, ok := m.Enter(false); !ok || c.Of != "term.desktop" || c.Stays() {
		t.Fatalf("Enter = %+v, %t", c, ok)
	}
	m.Open(desk(t))
	wantRows(t, "after a choice", m, ">Terminal", "show linux desktop", "15 % of 80", "show processes")
	m.Move(2)
	if c, ok := m.Enter(false); ok {
		t.Errorf("Enter on an example = %+v; want only the line", c)
	}
	if line, _ := m.Line(); line != "15 % of 80" || m.picked().Title != "12" {
		t.Errorf("line %q, first row %+v", line, m.picked())
	}
}

func TestHelp(t *testing.T) {
	m := open(t, desk(t))
	m.Type("?")
	if len(m.rows) != MaxRows || m.rows[0].Acts[0].Verb != Read {
		t.Errorf("%q", titlesOf(m))
	}
	for i := range m.rows[1:] {
		if c := m.rows[1+i].Acts[0]; c.Verb != Fill {
			t.Errorf("row %d does %+v", 1+i, c)
		}
	}
}

func TestNoTwoRowsDoTheSame(t *testing.T) {
	m := open(t, desk(t))
	for _, line := range []string{"linux", "linux desktop", "show", "s", "w", "show l", "type", "f"} {
		m.Type(line)
		if len(m.rows) > MaxRows {
			t.Errorf("%q: %d rows", line, len(m.rows))
		}
		for i := range m.rows {
			for k := range i {
				if m.rows[i].Acts[0].same(m.rows[k].Acts[0]) {
					t.Errorf("%q: rows %d and %d of %q do the same", line, k, i, titlesOf(m))
				}
			}
		}
	}
}

func TestWordsForTheSameAreOneRow(t *testing.T) {
	w := desk(t)
	m := open(t, w)
	machine := Proposal{Key: "machine:x", Acts: w.machineActs(&w.Env.Machines[0])}
	c := grammar.Command{Verb: grammar.Show, Kind: grammar.Linux, VM: "linux-desktop"}
	command := orders{&m.world}.command(&c, "show linux desktop")
	other := machine
	other.Key = "machine:y"
	for _, pair := range [][2]Proposal{{machine, command}, {command, machine}, {machine, other}} {
		rows := rowList{pair[0]}
		if rows.add(pair[1]) {
			t.Errorf("%q and %q are two rows", pair[0].Key, pair[1].Key)
		}
	}
}

func TestLateOnesStandBelow(t *testing.T) {
	m := open(t, desk(t))
	m.Type("fi")
	line, asking := m.Line()
	before := titlesOf(m)
	if line != "fi" || !m.Late(asking, file("/home/fi.txt")) {
		t.Fatalf("Late about %q was dropped", line)
	}
	if got := titlesOf(m); !slices.Equal(got, append(slices.Clone(before), "fi.txt")) {
		t.Errorf("%q; want %q and the file", got, before)
	}
	if m.Late(asking, file("/home/fi.txt")) {
		t.Error("the same file stands there twice")
	}
	w := desk(t)
	w.Windows = nil
	m.See(w)
	if indexOf(m.rows, "file:/home/fi.txt") != len(m.rows)-1 {
		t.Errorf("after another world: %q", titlesOf(m))
	}
	m.Type("fir")
	if m.Late(asking, file("/home/x")) || indexOf(m.rows, "file:/home/fi.txt") >= 0 {
		t.Errorf("%q has what was meant for another line", titlesOf(m))
	}
	_, asking = m.Line()
	n := 0
	for i := range 20 {
		if m.Late(asking, file("/"+strings.Repeat("x", i+1))) {
			n++
		}
	}
	if len(m.rows) != MaxRows || n == 0 {
		t.Errorf("%d rows after %d late ones", len(m.rows), n)
	}
}

func TestRowsDownToTheCursorStay(t *testing.T) {
	m := open(t, desk(t))
	m.Type("t")
	before := titlesOf(m)
	m.Move(1)
	picked := m.picked().Key
	m.Type("te")
	if m.pick != 1 || m.picked().Key != picked {
		t.Errorf("rows %q, before %q: the cursor has moved", titlesOf(m), before)
	}
	m.See(desk(t))
	if m.picked().Key != picked {
		t.Errorf("after another world the cursor is on %q", m.picked().Title)
	}
	m.Type("zzzz")
	if m.pick != 0 || m.held {
		t.Errorf("with nothing of the rows left the cursor is at %d", m.pick)
	}
	// Without a choice of row the best is first.
	m.Type("te")
	m.Type("terminal")
	if m.picked().Title != "Terminal" {
		t.Errorf("%q", titlesOf(m))
	}
}

func TestActions(t *testing.T) {
	m := open(t, desk(t))
	m.Type("files")
	if c, ok := m.Enter(true); !ok || c.With != "new" {
		t.Errorf("Ctrl+Enter = %+v, %t; want the second action", c, ok)
	}
	m.Actions()
	m.Move(-1)
	if c, ok := m.Enter(false); !ok || c.Act != (Act{Copy, "Copy its name", "Files", ""}) {
		t.Errorf("the last action = %+v, %t", c, ok)
	}
	m.Actions()
	if !m.Cancel() || m.Cancel() {
		t.Error("Cancel closes the actions once, then the panel")
	}
	m.Actions()
	m.Type("file")
	if m.acting {
		t.Error("typing leaves the actions open")
	}
	m.Type("show l")
	m.Actions()
	m.Move(1)
	if c, ok := m.Enter(false); ok || m.line != "show linux desktop" {
		t.Errorf("to edit the line = %+v, %t, line %q", c, ok, m.line)
	}
}

func TestSecondOfOne(t *testing.T) {
	w := desk(t)
	m := open(t, w)
	m.Type("displays")
	if c, ok := m.Enter(true); ok {
		t.Errorf("Ctrl+Enter on a row with one act = %+v", c)
	}
}

func TestRunAndItsAnswer(t *testing.T) {
	m := open(t, desk(t))
	m.Type("show linux desk")
	c, ok := m.Enter(false)
	if !ok || c.Verb != Run || c.Of != "show linux desktop" || c.ID == 0 || !c.Stays() {
		t.Fatalf("Enter = %+v, %t", c, ok)
	}
	if m.line != "" || m.asked.Progress != Starting {
		t.Errorf("line %q, %+v", m.line, m.asked)
	}
	m.Answer(c.ID+1, grammar.Ack{Op: "X"}, 0)
	m.Answer(c.ID, grammar.Ack{Op: "SHOW_LINUX_DESKTOP", OK: true, Detail: "presented"}, 11*time.Millisecond)
	if m.asked.Progress != OK || m.asked.Op != "SHOW_LINUX_DESKTOP" {
		t.Errorf("%+v", m.asked)
	}
	m.Type("show windows")
	c, _ = m.Enter(false)
	m.Answer(c.ID, grammar.Ack{Op: "SHOW_WINDOWS_DESKTOP", Detail: "no_machine"}, 0)
	if m.asked.Progress != Failed {
		t.Errorf("%+v", m.asked)
	}
}

func TestOlderLines(t *testing.T) {
	m := open(t, desk(t))
	for _, line := range []string{"show linux desktop", "hide linux desktop", "show processes"} {
		m.Type(line)
		m.Enter(false)
	}
	step := func(f func(), want string) {
		t.Helper()
		f()
		if m.line != want {
			t.Fatalf("line %q; want %q", m.line, want)
		}
	}
	step(m.Up, "show processes")
	step(m.Up, "hide linux desktop")
	step(m.Down, "show processes")
	step(m.Down, "")
	m.Type("show l")
	step(m.Up, "show linux desktop")
	step(m.Up, "show linux desktop")
	step(m.Down, "show l")
}

func TestWhatIsTypedIntoMachinesIsSecret(t *testing.T) {
	path := t.TempDir() + "/lines"
	m := open(t, desk(t))
	lines, err := LoadLines(path)
	if err != nil {
		t.Fatal(err)
	}
	m.Lines = lines
	for _, line := range []string{"linux type hunter2", "show processes"} {
		m.Type(line)
		if _, ok := m.Enter(false); !ok {
			t.Fatalf("%q doesn't run: %q", line, titlesOf(m))
		}
	}
	if err := lines.Save()(); err != nil {
		t.Fatal(err)
	}
	again, err := LoadLines(path)
	if err != nil || again.Len() != 1 || again.At(0) != "show processes" {
		t.Errorf("%d lines, %v", again.Len(), err)
	}
}

func TestComplete(t *testing.T) {
	m := open(t, desk(t))
	m.Type("show linux desk")
	m.Complete(false)
	if m.line != "show linux desktop" {
		t.Errorf("line %q", m.line)
	}
	m.Type("f")
	m.Type("te")
	n := m.pick
	m.Complete(true)
	if m.line != "te" || m.pick == n {
		t.Errorf("Shift+Tab: line %q, row %d", m.line, m.pick)
	}
}

func TestHostileNames(t *testing.T) {
	w := desk(t)
	bad := "\u202eevil\x00\x1b[31m\nsecond\u2028line\u200b " + strings.Repeat("W", 1<<16) + "\xff"
	w.Windows = []WindowInfo{{ID: "w", Title: bad, App: bad}, {ID: "empty", Title: "\u202e\n"}}
	w.Machines["linux-desktop"] = MachineInfo{Name: bad, State: bad}
	w.Pages = []PageInfo{{"p", bad, []string{bad}}}
	m := open(t, w)
	for _, line := range []string{"", "e", "evil", bad, "show l", "?", ":", "@", "RAYOS_HOST_ACK:", "\x00", "= ", strings.Repeat("((", 200)} {
		m.Type(line)
		for i := range m.rows {
			p := &m.rows[i]
			for _, s := range []string{p.Title, p.Note} {
				if strings.ContainsAny(s, "\n\r\x00\x1b\u202e\u2028\u200b") || len([]rune(s)) > 2*maxName+40 {
					t.Errorf("line %.20q: row %q", line, s)
				}
			}
			if p.Key == "window:empty" {
				t.Error("a window without a name has a row")
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\u202eb\nc")
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if n := len([]rune(got)); n > 2*maxName+1 {
			t.Errorf("%d characters", n)
		}
		if again := clean(got); again != got && !strings.HasSuffix(got, "…") {
			t.Errorf("clean(%q) = %q, and of that %q", s, got, again)
		}
		if strings.ContainsAny(got, "\n\r\t\x00\u202d\u202e\u2066") {
			t.Errorf("clean(%q) = %q", s, got)
		}
	})
}

func FuzzType(f *testing.F) {
	for _, s := range []string{"show linux desk", "1+1", "?", ": x", "fi"} {
		f.Add(s)
	}
	w := desk(f)
	f.Fuzz(func(t *testing.T, line string) {
		m := open(t, w)
		m.Type(line)
		if len(m.rows) > MaxRows {
			t.Errorf("%d rows", len(m.rows))
		}
		_ = m.ghost()
		m.Complete(false)
		m.Enter(true)
		m.Enter(false)
	})
}

func TestGather(t *testing.T) {
	found := func(n int, fail error) Files {
		return Files{Find: func(ctx context.Context, _ string, found func(string) bool) error {
			for i := range n {
				if ctx.Err() != nil || !found("/f"+strings.Repeat("x", i)) {
					return ctx.Err()
				}
			}
			return fail
		}}
	}
	var got []string
	post := func(p Proposal) { got = append(got, p.Acts[0].Of) }
	if err := gather(context.Background(), found(2, nil), "f", post); err != nil || !slices.Equal(got, []string{"/f", "/fx"}) {
		t.Errorf("%q, %v", got, err)
	}
	broken := errors.New("disk")
	if err := gather(context.Background(), found(1, broken), "f", post); !errors.Is(err, broken) {
		t.Errorf("gather = %v; want the error", err)
	}
	got = nil
	if err := gather(context.Background(), found(1000, nil), "f", post); err != nil || len(got) != maxLate {
		t.Errorf("%d proposals, %v; want %d", len(got), err, maxLate)
	}
	ctx, cancel := context.WithCancel(context.Background())
	got = nil
	err := gather(ctx, found(1000, nil), "f", func(p Proposal) { post(p); cancel() })
	if !errors.Is(err, context.Canceled) || len(got) != 1 {
		t.Errorf("%d proposals after the end, %v", len(got), err)
	}
	relative := Files{Find: func(_ context.Context, _ string, found func(string) bool) error { found("x"); return nil }}
	if err := gather(context.Background(), relative, "f", post); !errors.Is(err, errNotAbsolute) {
		t.Errorf("gather = %v", err)
	}
}

func TestWhyThereIsNothing(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"zzzz", "Nothing fits."},
		{": ls", "no such command"},
		{"RAYOS_HOST_ACK:OK", "."},
	} {
		m := open(t, desk(t))
		m.Type(c.line)
		if len(m.rows) > 0 || !strings.Contains(m.reason(), c.want) {
			t.Errorf("%q: rows %q, %q; want none, and %q", c.line, titlesOf(m), m.reason(), c.want)
		}
	}
}
