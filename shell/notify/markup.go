package notify

import (
	"strings"
	"unicode/utf8"

	"rayos/shell/sessionbus"
)

// Style is how a part of a body is set.
type Style uint8

// Styles, to be combined.
const (
	Bold Style = 1 << iota
	Italic
	Underline
)

// Span is a part of a body in one style.
type Span struct {
	Text  string
	Style Style
	Link  string // where it leads, or ""
}

// maxSpans is how many parts a body has; the rest is one more.
const maxSpans = 64

// parseBody reads the specification's markup: <b>, <i>, <u>, <a href="…">,
// <img alt="…">, and the five entities of XML. Anything else is text as it
// stands, so "a < b" needs no escapes.
func parseBody(s string) []Span {
	s = strings.TrimSpace(sessionbus.Clean(s, MaxBody, true))
	var spans []Span
	var text strings.Builder
	var style [3]int // depth of b, i, u
	link := ""
	flush := func() {
		if text.Len() == 0 {
			return
		}
		sp := Span{Text: text.String(), Link: link}
		for i, depth := range style {
			if depth > 0 {
				sp.Style |= 1 << i
			}
		}
		text.Reset()
		if n := len(spans); n > 0 && (n >= maxSpans || spans[n-1].Style == sp.Style && spans[n-1].Link == sp.Link) {
			spans[n-1].Text += sp.Text
			return
		}
		spans = append(spans, sp)
	}
	for s != "" {
		switch s[0] {
		case '<':
			t, rest, ok := parseTag(s)
			if !ok {
				text.WriteByte('<')
				s = s[1:]
				continue
			}
			s = rest
			switch i := strings.Index("biu", t.name); {
			case t.name == "img":
				text.WriteString(t.value)
			case t.name == "a":
				flush()
				link = ""
				if !t.ends && allowedLink(t.value) {
					link = t.value
				}
			case t.ends:
				flush()
				style[i] = max(style[i]-1, 0)
			default:
				flush()
				style[i]++
			}
		case '&':
			r, n := parseEntity(s)
			text.WriteString(r)
			s = s[n:]
		case '\n':
			text.WriteByte('\n')
			s = strings.TrimLeft(s, "\n \r") // no room for empty lines
		default:
			_, n := utf8.DecodeRuneInString(s)
			text.WriteString(s[:n])
			s = s[n:]
		}
	}
	flush()
	return spans
}

// allowedLink reports whether a link leads to a page or a letter; it is opened
// only when the person clicks it.
func allowedLink(s string) bool {
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(s, scheme) {
			return true
		}
	}
	return false
}

// tag is one of the tags that are understood.
type tag struct {
	name  string
	ends  bool
	value string // of href or alt
}

// parseTag reads a tag at the start of s.
func parseTag(s string) (tag, string, bool) {
	inside, rest, ok := strings.Cut(s[1:], ">")
	if !ok {
		return tag{}, s, false
	}
	var t tag
	inside, t.ends = strings.CutPrefix(inside, "/")
	inside = strings.TrimSuffix(inside, "/")
	name, attributes, _ := strings.Cut(inside, " ")
	t.name = strings.ToLower(name)
	switch t.name {
	case "b", "i", "u":
		return t, rest, attributes == ""
	case "a":
		t.value = attribute(attributes, "href")
		return t, rest, t.ends || t.value != ""
	case "img":
		t.value = attribute(attributes, "alt")
		return t, rest, !t.ends
	}
	return t, s, false
}

// attribute finds name="value" or name='value'.
func attribute(s, name string) string {
	_, after, ok := strings.Cut(s, name+"=")
	if !ok || after == "" || after[0] != '"' && after[0] != '\'' {
		return ""
	}
	value, _, ok := strings.Cut(after[1:], after[:1])
	if !ok {
		return ""
	}
	var b strings.Builder
	for value != "" {
		r, n := string(value[0]), 1
		if value[0] == '&' {
			r, n = parseEntity(value)
		}
		b.WriteString(r)
		value = value[n:]
	}
	return b.String()
}

// entities are those of XML.
var entities = []struct{ name, text string }{{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&apos;", "'"}, {"&#39;", "'"}}

// parseEntity reads an entity at the start of s, or the ampersand itself.
func parseEntity(s string) (text string, length int) {
	for _, e := range entities {
		if strings.HasPrefix(s, e.name) {
			return e.text, len(e.name)
		}
	}
	return "&", 1
}
