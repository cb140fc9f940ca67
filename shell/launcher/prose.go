package launcher

import (
	"strings"

	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// Prose is text in a small part of Markdown: paragraphs between empty lines,
// headings behind #, lists behind - or * or 1., code between ``` and `, words in
// bold between **. A link is its words: what it leads to is a source.

// block is a paragraph, an item of a list, a heading or some code.
type block struct {
	kind   blockKind
	marker string // of an item
	spans  []span
}

type blockKind uint8

const (
	paragraph blockKind = iota
	heading
	item
	code
)

// span is words in one style.
type span struct {
	text       string
	bold, mono bool
}

// maxBlocks bounds the blocks of an answer; what is beyond is one of them.
const maxBlocks = 512

// parseProse never fails: what has no meaning is text.
func parseProse(s string) []block {
	var list []block
	var lines []string // of the paragraph or item that is open
	open := block{}
	end := func() {
		if len(lines) > 0 {
			open.spans = inline(strings.Join(lines, " "))
			list = append(list, open)
		}
		lines, open = nil, block{}
	}
	fenced := false
	var fence []string
	endFence := func() {
		list = append(list, block{kind: code, spans: []span{{text: strings.Join(fence, "\n"), mono: true}}})
		fence = nil
	}
	for line := range strings.SplitSeq(s, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			if end(); fenced {
				endFence()
			}
			fenced = !fenced
			continue
		}
		if fenced {
			fence = append(fence, strings.TrimRight(line, " "))
			continue
		}
		if len(list) >= maxBlocks {
			lines = append(lines, trimmed)
			continue
		}
		marker, rest, isItem := listItem(trimmed)
		switch {
		case trimmed == "":
			end()
		case strings.HasPrefix(trimmed, "#") && strings.HasPrefix(strings.TrimLeft(trimmed, "#"), " "):
			end()
			lines, open.kind = []string{strings.TrimLeft(trimmed, "# ")}, heading
			end()
		case isItem:
			end()
			lines, open = []string{rest}, block{kind: item, marker: marker}
		default:
			lines = append(lines, trimmed)
		}
	}
	if end(); fenced && len(fence) > 0 {
		endFence() // more will come
	}
	return list
}

// listItem takes the marker off an item of a list.
func listItem(s string) (marker, rest string, ok bool) {
	for _, m := range []string{"- ", "* ", "• "} {
		if rest, ok := strings.CutPrefix(s, m); ok {
			return "•", strings.TrimSpace(rest), true
		}
	}
	n := 0
	for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 && strings.HasPrefix(s[n:], ". ") {
		return s[:n+1], strings.TrimSpace(s[n+2:]), true
	}
	return "", "", false
}

// inline finds bold words, code and links in a paragraph.
func inline(s string) []span {
	var list []span
	bold := false
	plainly := func(t string) {
		if t != "" {
			list = append(list, span{text: t, bold: bold})
		}
	}
	for s != "" {
		at := strings.IndexAny(s, "*`[")
		if at < 0 {
			plainly(s)
			break
		}
		rest := s[at:]
		switch {
		case strings.HasPrefix(rest, "**") && (bold || strings.Contains(rest[2:], "**")):
			plainly(s[:at])
			bold, s = !bold, rest[2:]
			continue
		case rest[0] == '`':
			if n := strings.IndexByte(rest[1:], '`'); n > 0 {
				plainly(s[:at])
				list = append(list, span{text: rest[1 : 1+n], mono: true})
				s = rest[n+2:]
				continue
			}
		case rest[0] == '[':
			if words, after, ok := link(rest); ok {
				plainly(s[:at])
				plainly(words)
				s = after
				continue
			}
		}
		plainly(s[:at+1])
		s = s[at+1:]
	}
	return list
}

// link returns the words of [words](address) and what is behind it.
func link(s string) (words, after string, ok bool) {
	n := strings.IndexByte(s, ']')
	if n < 2 || !strings.HasPrefix(s[n+1:], "(") {
		return "", "", false
	}
	end := strings.IndexByte(s[n:], ')')
	if end < 0 {
		return "", "", false
	}
	return s[1:n], s[n+end+1:], true
}

// Plain is what a Reply says without its marks, as it is copied.
func Plain(s string) string { return plain(s) }

// plain is prose without its marks, as it is copied and read aloud.
func plain(s string) string {
	var b strings.Builder
	for i, k := range parseProse(s) {
		if i > 0 {
			b.WriteByte('\n')
			if k.kind != item {
				b.WriteByte('\n')
			}
		}
		if k.marker != "" {
			b.WriteString(k.marker + " ")
		}
		for _, sp := range k.spans {
			b.WriteString(sp.text)
		}
	}
	return b.String()
}

// paragraph returns the block as it is laid out in a width.
func (b *block) paragraph(width int32, align text.Align) text.Paragraph {
	p := text.Paragraph{Width: text.Px(max(width, 1)), Align: align}
	for _, s := range b.spans {
		st := text.Style{Size: text.Px(theme.Body)}
		if s.bold || b.kind == heading {
			st.Weight = text.SemiBold
		}
		if s.mono {
			st.Family = text.Mono
		}
		p.Spans = append(p.Spans, text.Span{Text: s.text, Style: st})
	}
	if len(p.Spans) == 0 {
		p.Style = text.Style{Size: text.Px(theme.Body)}
	}
	return p
}
