package vmm

import "fmt"

// ID names a machine for ever: "linux-desktop-001". It is a folder name and
// part of socket names: a lower-case letter, then letters, digits and dashes,
// at most 63.
type ID string

// ParseID checks an id.
func ParseID(s string) (ID, error) {
	if len(s) == 0 || len(s) > 63 {
		return "", fmt.Errorf("vm id %.70q: want 1 to 63 characters", s)
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '-') {
			continue
		}
		return "", fmt.Errorf("vm id %q: want a lower-case letter, then a-z, 0-9 and '-'", s)
	}
	return ID(s), nil
}

// Kind is the family of a guest system. It decides profile, trust colour and
// policy section.
type Kind string

// Kinds.
const (
	Linux   Kind = "linux"
	Windows Kind = "windows"
)

// Valid reports whether k is a kind we know.
func (k Kind) Valid() bool { return k == Linux || k == Windows }
