package launcher

import (
	"net/url"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"rayos/rayapps/lang"
	"rayos/shell/control/grammar"
)

// Limits of one proposal of a slow proposer.
const (
	maxKey     = 1 << 10
	maxText    = 32 << 10 // bytes of Text
	maxActs    = 8
	maxSources = 16
	maxOf      = 4 << 10 // bytes of what an act is about
)

// admit makes what a slow proposer says fit to be shown, or refuses it. Such a
// proposer may repeat what strangers have written: what a row does is said in
// the launcher's own words, made of the arguments of what will run.
func (m *Model) admit(p Proposal) (Proposal, bool) {
	if p.Key == "" || len(p.Key) > maxKey || !strange(p.Kind) {
		return Proposal{}, false
	}
	q := Proposal{Key: p.Key, Kind: p.Kind, Title: clean(p.Title), Note: clean(p.Note), Growing: p.Growing, Icon: ""}
	for _, a := range p.Acts[:min(len(p.Acts), maxActs)] {
		if act, ok := m.honest(a); ok {
			q.Acts = append(q.Acts, act)
		}
	}
	if p.Kind == Reply {
		q.Text = cleanText(p.Text)
		for _, s := range p.Sources[:min(len(p.Sources), maxSources)] {
			if src, ok := m.traced(s); ok {
				q.Sources = append(q.Sources, src)
			}
		}
		q.Acts = append([]Act{{Read, lang.T("Read"), "", ""}, {Copy, lang.T("Copy the answer"), plain(q.Text), ""}}, q.Acts...)
	}
	if len(q.Acts) == 0 {
		return Proposal{}, false
	}
	switch first := q.Acts[0]; first.Verb {
	case Run:
		r := grammar.Parse(first.Of, m.world.Env)
		own := orders{&m.world}.command(&r.Command, first.Of)
		q.Title, q.Chips, q.Trust, q.Guest, q.Line = own.Title, own.Chips, own.Trust, own.Guest, first.Of
	case Open, Reveal:
		q.Title, q.Note = clean(filepath.Base(first.Of)), clean(filepath.Dir(first.Of))
		if said := clean(p.Excerpt); said != "" {
			q.Note = "“" + said + "” · " + q.Note
		}
	case Browse:
		q.Note, _ = address(first.Of)
	case Launch, Show, Perform:
		q.Title = first.Name
	}
	return q, q.Title != ""
}

// strange reports whether a kind is one that slow proposers may propose. What is
// installed or open, the model knows better.
func strange(k Kind) bool {
	return k == Answer || k == Command || k == File || k == Example || k == Reply
}

// names are what acts of strangers are called. Those that aren't here, nor in
// honest, they may not propose.
var names = map[Verb]string{
	Copy: lang.M("Copy"), Open: lang.M("Open"), Reveal: lang.M("Show in its folder"), Fill: lang.M("Edit the line"), Browse: lang.M("Open in the browser"),
}

// honest returns an act under a name that says what it does.
func (m *Model) honest(a Act) (Act, bool) {
	if len(a.Of) > maxOf || len(a.With) > maxOf || !utf8.ValidString(a.Of) {
		return Act{}, false
	}
	a.Name = lang.T(names[a.Verb])
	switch a.Verb {
	case Run:
		r := grammar.Parse(a.Of, m.world.Env)
		if r.Outcome != grammar.Matched {
			return Act{}, false
		}
		a.Name, _ = m.world.title(&r.Command)
	case Launch:
		for _, app := range m.world.Apps {
			if app.ID == a.Of && a.With == "" {
				a.Name = lang.F("Open {what}", "what", clean(app.Name))
			}
		}
	case Show:
		for i := range m.world.Windows {
			if w := &m.world.Windows[i]; w.ID == a.Of {
				a.Name = lang.F("Go to {window}", "window", clean(w.Title))
			}
		}
	case Settle:
		for i := range m.world.Pages {
			if p := &m.world.Pages[i]; p.ID == a.Of {
				a.Name = lang.F("Open {page} in the settings", "page", lang.T(p.Title))
			}
		}
	case Perform:
		for i := range m.world.Deeds {
			if d := &m.world.Deeds[i]; d.ID == a.Of {
				a.Name = lang.T(d.Title)
			}
		}
	case Fill:
		a.Of = oneLine(a.Of)
	case Copy:
		a.Of = cleanText(a.Of)
	case Open, Reveal:
		if !filepath.IsAbs(a.Of) || strings.ContainsFunc(a.Of, unicode.IsControl) {
			return Act{}, false
		}
	case Browse:
		if _, ok := address(a.Of); !ok {
			return Act{}, false
		}
	}
	return a, a.Name != ""
}

// traced returns a source with a note that says where it leads.
func (m *Model) traced(s Source) (Source, bool) {
	act, ok := m.honest(s.Act)
	if !ok {
		return Source{}, false
	}
	out := Source{Title: clean(s.Title), Note: clean(s.Note), Act: act}
	switch act.Verb {
	case Open:
		out.Note = clean(filepath.Dir(act.Of))
		if out.Title == "" {
			out.Title = clean(filepath.Base(act.Of))
		}
	case Browse:
		out.Note, _ = address(act.Of)
	case Show, Settle:
	default:
		return Source{}, false
	}
	if out.Title == "" {
		out.Title = out.Note
	}
	return out, out.Title != ""
}

// address returns whose an address on the web is, and whether it is one.
func address(s string) (host string, ok bool) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	for i := range len(u.Host) {
		if c := u.Host[i]; c <= ' ' || c > '~' {
			return "", false // it could look like another
		}
	}
	return u.Host, !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
}

// cleanText is text of several lines as it may be shown: of bounded length,
// without what can't be seen or turns the order of text around.
func cleanText(s string) string {
	if len(s) > maxText {
		n := maxText
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n] + "…"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == 0x2028, r == 0x2029:
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
