package xkb

import (
	"fmt"
	"strconv"
	"strings"
)

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokIdent
	tokString // text without quotes
	tokKey    // text without <>
	tokNumber
	tokPunct // one character
)

type token struct {
	kind tokenKind
	text string
	num  uint32
	line int
}

func (t token) String() string {
	switch t.kind {
	case tokEOF:
		return "end of text"
	case tokString:
		return strconv.Quote(t.text)
	case tokKey:
		return "<" + t.text + ">"
	}
	return "“" + t.text + "”"
}

// Error is a fault in keymap text.
type Error struct {
	Line int
	Msg  string
}

func (e *Error) Error() string { return fmt.Sprintf("keymap line %d: %s", e.Line, e.Msg) }

// scanner cuts keymap text into tokens with one token of lookahead.
type scanner struct {
	text string
	pos  int
	line int
	tok  token // current
	err  error
}

func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = &Error{s.tok.line, fmt.Sprintf(format, args...)}
	}
	s.tok = token{kind: tokEOF, line: s.tok.line}
	s.pos = len(s.text)
}

func isIdent(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func (s *scanner) skipSpace() {
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case c == '\n':
			s.line++
			s.pos++
		case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
			s.pos++
		case c == '#' || c == '/' && strings.HasPrefix(s.text[s.pos:], "//"):
			end := strings.IndexByte(s.text[s.pos:], '\n')
			if end < 0 {
				end = len(s.text) - s.pos
			}
			s.pos += end
		default:
			return
		}
	}
}

// next moves to the next token.
func (s *scanner) next() {
	if s.err != nil {
		return
	}
	s.skipSpace()
	s.tok = token{line: s.line}
	if s.pos >= len(s.text) {
		return
	}
	start := s.pos
	c := s.text[start]
	switch {
	case c == '"':
		s.scanString()
	case c == '<':
		end := strings.IndexByte(s.text[start:], '>')
		if end < 0 || end > 64 {
			s.fail("key name without “>”")
			return
		}
		s.pos += end + 1
		s.tok.kind, s.tok.text = tokKey, s.text[start+1:start+end]
	case c >= '0' && c <= '9':
		s.scanNumber()
	case isIdent(c):
		for s.pos < len(s.text) && isIdent(s.text[s.pos]) {
			s.pos++
		}
		s.tok.kind, s.tok.text = tokIdent, s.text[start:s.pos]
	case strings.IndexByte("{}()[];,=+-!~*/.", c) >= 0:
		s.pos++
		s.tok.kind, s.tok.text = tokPunct, s.text[start:s.pos]
	default:
		s.fail("unexpected character %q", c)
	}
}

func (s *scanner) scanString() {
	start := s.pos + 1
	for i := start; i < len(s.text) && s.text[i] != '\n'; i++ {
		if s.text[i] == '\\' {
			i++
			continue
		}
		if s.text[i] == '"' {
			s.tok.kind, s.tok.text = tokString, s.text[start:i]
			s.pos = i + 1
			return
		}
	}
	s.fail("string without closing quote")
}

func (s *scanner) scanNumber() {
	start := s.pos
	for s.pos < len(s.text) && isIdent(s.text[s.pos]) {
		s.pos++
	}
	word := s.text[start:s.pos]
	v, err := strconv.ParseUint(word, 0, 32)
	if err != nil && strings.Trim(word, "0123456789") == "" {
		v, err = strconv.ParseUint(word, 10, 32) // leading zeros are not octal here
	}
	if err != nil && strings.IndexByte(word, '_') > 0 {
		s.tok.kind, s.tok.text = tokIdent, word // keysyms such as 3270_Copy
		return
	}
	if err != nil {
		s.fail("bad number %q", word)
		return
	}
	s.tok.kind, s.tok.text, s.tok.num = tokNumber, word, uint32(v)
}

// is reports whether the current token is this punctuation.
func (s *scanner) is(punct string) bool { return s.tok.kind == tokPunct && s.tok.text == punct }

// word reports whether the current token is this identifier, in any case.
func (s *scanner) word(name string) bool {
	return s.tok.kind == tokIdent && strings.EqualFold(s.tok.text, name)
}

// accept moves past punctuation if it is there.
func (s *scanner) accept(punct string) bool {
	if s.is(punct) {
		s.next()
		return true
	}
	return false
}

// expect moves past punctuation that must be there.
func (s *scanner) expect(punct string) {
	if !s.accept(punct) {
		s.fail("found %v where %q was expected", s.tok, punct)
	}
}

func (s *scanner) take(kind tokenKind, what string) token {
	t := s.tok
	if t.kind != kind {
		s.fail("found %v where %s was expected", t, what)
		return token{}
	}
	s.next()
	return t
}

func (s *scanner) ident() string   { return s.take(tokIdent, "a name").text }
func (s *scanner) str() string     { return s.take(tokString, "a string").text }
func (s *scanner) keyName() string { return s.take(tokKey, "a key name").text }
func (s *scanner) number() uint32  { return s.take(tokNumber, "a number").num }
func (s *scanner) end() bool       { return s.tok.kind == tokEOF }
func (s *scanner) optString() string { // section names
	if s.tok.kind == tokString {
		return s.str()
	}
	return ""
}

// skipBlock moves past a brace block whose content does not matter. It does
// not recurse, so depth needs no limit.
func (s *scanner) skipBlock() {
	s.expect("{")
	for depth := 1; depth > 0 && !s.end(); s.next() {
		switch {
		case s.is("{"):
			depth++
		case s.is("}"):
			depth--
		}
	}
}

// skipExpr moves to the comma or closing mark that ends an expression.
func (s *scanner) skipExpr() {
	depth := 0
	for !s.end() {
		switch {
		case s.is("(") || s.is("[") || s.is("{"):
			depth++
		case s.is(")") || s.is("]") || s.is("}"):
			if depth == 0 {
				return
			}
			depth--
		case depth == 0 && (s.is(",") || s.is(";")):
			return
		}
		s.next()
	}
}

// boolean reads true/yes/on/1 or false/no/off/0.
func (s *scanner) boolean() bool {
	t := s.tok
	switch strings.ToLower(t.text) {
	case "true", "yes", "on", "1":
		s.next()
		return true
	case "false", "no", "off", "0":
		s.next()
		return false
	}
	s.fail("found %v where a truth value was expected", t)
	return false
}
