package lockscreen

import (
	"unicode"
	"unicode/utf8"
)

// MaxBytes is how long a password may be.
const MaxBytes = 512

// secret is a password that is being typed.
type secret struct {
	buf [MaxBytes]byte
	n   int
}

// add appends what a key types and reports whether there was anything that
// belongs into a password, and room for it.
func (s *secret) add(text string) bool {
	if text == "" || !utf8.ValidString(text) || s.n+len(text) > MaxBytes {
		return false
	}
	for _, r := range text {
		if unicode.IsControl(r) {
			return false
		}
	}
	s.n += copy(s.buf[s.n:], text)
	return true
}

// back deletes the last character.
func (s *secret) back() {
	_, size := utf8.DecodeLastRune(s.buf[:s.n])
	clear(s.buf[s.n-size : s.n])
	s.n -= size
}

func (s *secret) forget() {
	clear(s.buf[:])
	s.n = 0
}

// take returns a copy, which is the caller's to overwrite, and forgets it.
func (s *secret) take() []byte {
	out := append(make([]byte, 0, s.n), s.buf[:s.n]...)
	s.forget()
	return out
}

// length returns how many characters it has.
func (s *secret) length() int { return utf8.RuneCount(s.buf[:s.n]) }
