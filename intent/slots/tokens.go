package slots

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

// tokens takes words that say by their form what they are: paths and hosts.
func (s *scanner) tokens() {
	for i, w := range s.words {
		if s.taken[i] {
			continue
		}
		text := s.line[w.start:w.end]
		switch {
		case isPath(text):
			s.take(i, 1, Slot{Kind: Path})
		case isHost(text):
			s.take(i, 1, Slot{Kind: Host, Name: w.folded})
		}
	}
}

func isPath(text string) bool {
	for _, begin := range []string{"/", "~/", "./", "../"} {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	before, after, ok := strings.Cut(text, "/")
	return text == "~" || ok && !number(before) && !number(after) && after != ""
}

func number(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// isHost knows addresses, and names with a display or port behind a colon.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	name, port, ok := strings.Cut(text, ":")
	if strings.HasPrefix(text, "[") {
		_, err := netip.ParseAddrPort(text)
		return err == nil
	}
	if n, err := strconv.Atoi(port); !ok || err != nil || n < 0 || n > 65535 || number(name) {
		return false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	for i, r := range name {
		if !(unicode.IsLetter(r) || i > 0 && (unicode.IsDigit(r) || r == '-' || r == '.' || r == '_')) {
			return false
		}
	}
	return name != ""
}

// fileNames takes words like report.pdf.
func (s *scanner) fileNames() {
	for i, w := range s.words {
		name, ext := w.folded, ""
		if dot := strings.LastIndexByte(w.folded, '.'); dot > 0 {
			name, ext = w.folded[:dot], w.folded[dot+1:]
		}
		letters := strings.IndexFunc(ext, unicode.IsLetter) >= 0
		plain := strings.IndexFunc(ext, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) < 0
		if !s.taken[i] && len(ext) >= 1 && len(ext) <= 5 && letters && plain && !number(name) {
			s.take(i, 1, Slot{Kind: File})
		}
	}
}

// names takes the longest phrases that a lookup knows.
func (s *scanner) names(kind Kind, known Lookup) {
	if known == nil {
		return
	}
	for n := min(MaxNameWords, len(s.words)); n > 0; n-- {
		for i := range s.words {
			if !s.free(i, n) {
				continue
			}
			parts := make([]string, n)
			for k := range parts {
				parts[k] = s.words[i+k].folded
			}
			if id, ok := known.Lookup(strings.Join(parts, " ")); ok {
				s.take(i, n, Slot{Kind: kind, Name: id})
			}
		}
	}
}

var sideWords = map[string]string{"left": "left", "right": "right", "top": "top", "upper": "top", "bottom": "bottom", "lower": "bottom"}

// sides takes "left half", "top right corner", "the right side".
func (s *scanner) sides() {
	for i := range s.words {
		first := sideWords[s.is(i)]
		if first == "" {
			continue
		}
		name, n := first, 1
		if second := sideWords[s.is(i+1)]; (first == "top" || first == "bottom") && (second == "left" || second == "right") {
			name, n = first+"-"+second, 2
		}
		switch s.is(i + n) {
		case "half", "side", "edge", "corner", "quarter", "third", "part", "border":
			n++
		default:
			// Alone, a word like "top" is a program or an adjective; it is a
			// side at the end of what is asked for.
			if n == 1 && i+1 < len(s.words) && s.is(i+1) != "please" {
				continue
			}
		}
		s.take(i, n, Slot{Kind: Side, Name: name})
	}
}

// deictics takes words that point at something.
func (s *scanner) deictics() {
	for i := range s.words {
		w, next := s.is(i), s.is(i+1)
		thing := next == "window" || next == "one" || next == "app" || next == "application" || next == "program" || next == "machine" || next == "workspace" || next == "desktop"
		switch {
		case (w == "this" || w == "that") && thing:
			s.take(i, 2, Slot{Kind: Deictic, Name: w})
		case (w == "focused" || w == "current" || w == "active") && thing:
			s.take(i, 2, Slot{Kind: Deictic, Name: "focused"})
		case w == "this" || w == "that" || w == "it":
			s.take(i, 1, Slot{Kind: Deictic, Name: w})
		case w == "everything" || w == "all" && next != "of":
			s.take(i, 1, Slot{Kind: Deictic, Name: "all"})
		}
	}
}
