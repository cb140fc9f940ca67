package keys

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		spec, want string
		codes      []uint32
	}{
		{"enter", "enter", []uint32{28}},
		{"Return", "enter", []uint32{28}},
		{"a", "a", []uint32{30}},
		{"A", "shift+a", []uint32{42, 30}},
		{"ctrl+C", "ctrl+c", []uint32{29, 46}},
		{"win-l", "meta+l", []uint32{125, 38}},
		{"CTRL-alt+Delete", "ctrl+alt+delete", []uint32{29, 56, 111}},
		{"alt+ctrl+del", "ctrl+alt+delete", []uint32{29, 56, 111}},
		{"meta", "meta", []uint32{125}},
		{"shift+tab", "shift+tab", []uint32{42, 15}},
		{"-", "-", []uint32{12}},
		{"+", "shift+=", []uint32{42, 13}},
		{"ctrl+-", "ctrl+-", []uint32{29, 12}},
		{"ctrl--", "ctrl+-", []uint32{29, 12}},
		{"ctrl++", "ctrl+shift+=", []uint32{29, 42, 13}},
		{"!", "shift+1", []uint32{42, 2}},
		{"ctrl+?", "ctrl+shift+/", []uint32{29, 42, 53}},
		{"f11", "f11", []uint32{87}},
		{"f12", "f12", []uint32{88}},
		{"pagedown", "pgdn", []uint32{109}},
		{"\\", "\\", []uint32{43}},
		{"`", "`", []uint32{41}},
		{"0", "0", []uint32{11}},
		{"/", "/", []uint32{53}},
	}
	for _, tt := range tests {
		k, err := Parse(tt.spec)
		if err != nil || k.String() != tt.want || !slices.Equal(k.Codes(), tt.codes) {
			t.Errorf("Parse(%q) = %v %v, %v; want %s %v", tt.spec, k, k.Codes(), err, tt.want, tt.codes)
		}
	}
	for _, bad := range []string{"", "++", "+a", "a+", "a+b", "ctrl+ctrl+a", "ctrl++a", "enter+a", "f13", "ä", "ctrl+", "--", "conference", " ", "a b", "\n", "ctrl+enter+", "+++", "ctrl+alt+shift+meta+ctrl+alt+shift+meta+ctrl+alt+shift+meta+ctrl+a"} {
		if k, err := Parse(bad); err == nil {
			t.Errorf("Parse(%q) = %v; want an error", bad, k)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"enter", "ctrl+-", "A", "ctrl++", "meta", "alt-F4", "+", "shift+a", "windows+!", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := Parse(s)
		if err != nil {
			return
		}
		again, err := Parse(k.String())
		if err != nil || again != k {
			t.Fatalf("Parse(%q) = %+v, printed %q, which is %+v, %v", s, k, k, again, err)
		}
		if n := len(k.Codes()); n == 0 || n > 5 {
			t.Fatalf("Parse(%q) presses %v", s, k.Codes())
		}
	})
}

func TestTypeMakesAllOfASCII(t *testing.T) {
	for r := rune(' '); r <= '~'; r++ {
		if code, shift, ok := Type(r); !ok || code == 0 || shift && r >= 'a' && r <= 'z' || !shift && r >= 'A' && r <= 'Z' {
			t.Errorf("Type(%q) = %d, %v, %v", r, code, shift, ok)
		}
	}
	for r, want := range map[rune]uint32{'\n': 28, '\t': 15, '\b': 14, ' ': 57, 'q': 16, '"': 40} {
		if code, _, _ := Type(r); code != want {
			t.Errorf("Type(%q) = %d; want %d", r, code, want)
		}
	}
	for _, r := range []rune{0, 1, 0x7f, 'ä', '€', '\r', -1} {
		if code, _, ok := Type(r); ok {
			t.Errorf("Type(%q) = %d; there is no such key", r, code)
		}
	}
}

func TestNamesAreOfOneKey(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range named {
		for _, name := range n.names {
			if seen[name] || modOf(name) != 0 || len(name) < 2 {
				t.Errorf("%q has two meanings", name)
			}
			seen[name] = true
		}
	}
}
