package launcher

import (
	"strings"
	"testing"
	"unicode"
)

func TestWhatStrangersPropose(t *testing.T) {
	m := open(t, desk(t))
	for _, c := range []struct {
		name    string
		p       Proposal
		title   string // "" for refused
		note    string
		actions string
	}{
		{"an answer", Proposal{Key: "a", Kind: Reply, Title: "Why"}, "Why", "", "Read|Copy the answer"},
		{"a command that calls itself another", Proposal{Key: "a", Kind: Command, Title: "Show Linux desktop", Acts: []Act{{Run, "Show", "shutdown linux desktop", ""}}}, "Shut down Linux desktop", "", "Shut down Linux desktop"},
		{"no command", Proposal{Key: "a", Kind: Command, Title: "x", Acts: []Act{{Run, "x", "make coffee", ""}}}, "", "", ""},
		{"a file under another name", Proposal{Key: "a", Kind: File, Title: "report.txt", Note: "/home", Acts: []Act{{Open, "Open", "/tmp/evil.sh", ""}}}, "evil.sh", "/tmp", "Open"},
		{"a file from nowhere", Proposal{Key: "a", Kind: File, Title: "x", Acts: []Act{{Open, "Open", "evil.sh", ""}}}, "", "", ""},
		{"an application", Proposal{Key: "a", Kind: Application, Title: "Firefox", Acts: []Act{{Launch, "Open", "term.desktop", ""}}}, "", "", ""},
		{"an application as an answer", Proposal{Key: "a", Kind: Answer, Title: "Firefox", Acts: []Act{{Launch, "Open", "term.desktop", ""}}}, "Open Terminal", "", "Open Terminal"},
		{"a page of the web", Proposal{Key: "a", Kind: Answer, Title: "bank", Note: "bank.example", Acts: []Act{{Browse, "Open", "https://evil.example/bank.example", ""}}}, "bank", "evil.example", "Open in the browser"},
		{"a script", Proposal{Key: "a", Kind: Answer, Title: "x", Acts: []Act{{Browse, "Open", "javascript:alert(1)", ""}}}, "", "", ""},
		{"a deed", Proposal{Key: "a", Kind: Answer, Title: "Nothing", Acts: []Act{{Perform, "Nothing", "log-out", ""}}}, "Log out", "", "Log out"},
		{"closing windows", Proposal{Key: "a", Kind: Answer, Title: "x", Acts: []Act{{Close, "x", "w1", ""}, {Undo, "x", "", ""}, {Minimise, "x", "w1", ""}}}, "", "", ""},
		{"without a key", Proposal{Kind: Reply, Title: "x"}, "", "", ""},
		{"without a title", Proposal{Key: "a", Kind: Reply, Title: "\u202e\n"}, "", "", ""},
		{"a kind that is none", Proposal{Key: "a", Kind: 200, Title: "x", Acts: []Act{{Copy, "", "x", ""}}}, "", "", ""},
	} {
		got, ok := m.admit(c.p)
		if ok != (c.title != "") || ok && (got.Title != c.title || got.Note != c.note) {
			t.Errorf("%s: %v %q %q; want %q %q", c.name, ok, got.Title, got.Note, c.title, c.note)
			continue
		}
		var names []string
		for _, a := range got.Acts {
			names = append(names, a.Name)
		}
		if ok && strings.Join(names, "|") != c.actions {
			t.Errorf("%s: actions %q; want %q", c.name, names, c.actions)
		}
	}
}

func TestSourcesSayWhereTheyLead(t *testing.T) {
	m := open(t, desk(t))
	p := Proposal{Key: "a", Kind: Reply, Title: "x", Text: strings.Repeat("y", 2*maxText), Sources: []Source{
		{"Notes", "somewhere", Act{Open, "", "/home/a/notes.txt", ""}},
		{"Your bank", "bank.example", Act{Browse, "", "https://evil.example/", ""}},
		{"", "", Act{Browse, "", "http://user@bank.example/", ""}},
		{"", "", Act{Browse, "", "http://bаnk.example/", ""}}, // not in Latin
		{"run", "", Act{Run, "", "kill linux desktop", ""}},
		{"A window", "Text Editor", Act{Show, "", "w1", ""}},
		{"No window", "", Act{Show, "", "w9", ""}},
		{"Displays", "", Act{Settle, "", "displays", ""}},
	}}
	for range 40 {
		p.Sources = append(p.Sources, p.Sources[0])
	}
	q, ok := m.admit(p)
	var got []string
	for _, s := range q.Sources[:4] {
		got = append(got, s.Title+" "+s.Note)
	}
	if want := "Notes /home/a|Your bank evil.example|A window Text Editor|Displays "; !ok || strings.Join(got, "|") != want {
		t.Errorf("%q; want %q", got, want)
	}
	if len(q.Sources) > maxSources || len(q.Text) > maxText+4 {
		t.Errorf("%d sources, %d bytes of text", len(q.Sources), len(q.Text))
	}
}

func FuzzAdmit(f *testing.F) {
	f.Add("key", "title", "**text** `code`\n- item", "https://example.org/", uint8(Browse), uint8(Reply))
	f.Add("k", "\u202eeltit", "```\nx", "show linux desktop", uint8(Run), uint8(Command))
	w := desk(f)
	f.Fuzz(func(t *testing.T, key, title, words, of string, verb, kind uint8) {
		m := open(t, w)
		m.Type("x")
		_, asking := m.Line()
		act := Act{Verb(verb), title, of, ""}
		m.Late(asking, Proposal{Key: key, Kind: Kind(kind), Title: title, Text: words, Acts: []Act{act}, Sources: []Source{{title, words, act}}})
		for i := range m.rows {
			p := &m.rows[i]
			for _, s := range []string{p.Title, p.Note, p.Text} {
				for _, r := range s {
					if r != '\n' && unicode.IsControl(r) || r == 0x202e || r == 0x2066 {
						t.Fatalf("%q has what can't be seen", s)
					}
				}
			}
			m.read(p.Key)
			m.Reading()
		}
	})
}
