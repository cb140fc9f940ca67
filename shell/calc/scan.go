package calc

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is the kind of a token.
type kind uint8

const (
	end kind = iota
	number
	word // a unit, function, constant, or one of "in", "of"
	sign // an operator or parenthesis
)

type token struct {
	kind  kind
	text  string
	value float64
	apart bool // there is space before it
}

// signs are operators as they are written, and what they are.
var signs = map[rune]string{
	'+': "+", '-': "-", '−': "-", '*': "*", '×': "*", '·': "*", '/': "/", '÷': "/", '^': "^", '%': "%", '!': "!", '(': "(", ')': ")", ',': ",",
}

// scan splits a line into tokens.
func scan(line string) ([]token, error) {
	var tokens []token
	apart := false
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		t := token{apart: apart}
		apart = false
		switch {
		case unicode.IsSpace(r):
			i += n
			apart = true
			continue
		case r >= '0' && r <= '9' || r == '.':
			length, value, ok := scanNumber(line[i:])
			if !ok {
				return nil, ErrNotArithmetic
			}
			t.kind, t.value, n = number, value, length
		case unicode.IsLetter(r) || strings.ContainsRune("°µ€$\"'", r):
			for i+n < len(line) {
				r, size := utf8.DecodeRuneInString(line[i+n:])
				if !unicode.IsLetter(r) && r != '²' && r != '³' {
					break
				}
				n += size
			}
			t.kind, t.text = word, line[i:i+n]
		default:
			s, ok := signs[r]
			if !ok {
				return nil, ErrNotArithmetic
			}
			t.kind, t.text = sign, s
			if s == "*" && strings.HasPrefix(line[i+n:], "*") {
				t.text, n = "^", n+1
			}
		}
		i += n
		if len(tokens) == maxTokens {
			return nil, ErrNotArithmetic
		}
		tokens = append(tokens, t)
	}
	return append(tokens, token{kind: end}), nil
}

// scanNumber reads a number at the start of s: 12, 1.5e3, 1_000, 0xff, 0b101,
// 0o17.
func scanNumber(s string) (length int, value float64, ok bool) {
	if len(s) > 2 && s[0] == '0' {
		if base := map[byte]int{'x': 16, 'X': 16, 'b': 2, 'B': 2, 'o': 8, 'O': 8}[s[1]]; base != 0 {
			n := 2
			for n < len(s) && isDigit(s[n], base) {
				n++
			}
			v, err := strconv.ParseUint(s[2:n], base, 64)
			return n, float64(v), err == nil
		}
	}
	n, digits := 0, false
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == '.' || s[n] == '_' && digits) {
		digits = digits || s[n] != '.'
		n++
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		m := n + 1
		if m < len(s) && (s[m] == '+' || s[m] == '-') {
			m++
		}
		if m < len(s) && s[m] >= '0' && s[m] <= '9' {
			for m < len(s) && s[m] >= '0' && s[m] <= '9' {
				m++
			}
			n = m
		}
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(s[:n], "_", ""), 64)
	return n, v, err == nil && digits
}

func isDigit(c byte, base int) bool {
	switch {
	case c >= '0' && c <= '9':
		return int(c-'0') < base
	case base == 16:
		return c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	}
	return false
}
